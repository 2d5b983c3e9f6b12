"""The catalogue: six languages that say the same things."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from intake.site.form import KINDS, NEEDS, SPOKEN, TIMES
from intake.site.languages import LANGUAGES, language_of, load_texts, say_date, say_time
from intake.site.warning import WARNED

MOMENT = datetime(2026, 11, 20, 14, 2, tzinfo=UTC)


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from leaves(inner, f"{path}.{number}")
    else:
        yield path, value


ENGLISH = dict(leaves(load_texts("en")))


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_has_every_text(code: str):
    """No language lacks a text, none has one too many, and each keeps the places to be filled in."""
    texts = dict(leaves(load_texts(code)))
    assert texts.keys() == ENGLISH.keys()
    for path, text in texts.items():
        if not path.startswith(".dates"):
            assert text.strip(), path
            assert sorted(re.findall(r"{\w+}", text)) == sorted(re.findall(r"{\w+}", ENGLISH[path])), path


@pytest.mark.parametrize("code", set(LANGUAGES) - {"en"})
def test_no_language_is_english_by_mistake(code: str):
    """Sentences are translated; only names and the like are the same in two languages."""
    texts = dict(leaves(load_texts(code)))
    kept = (".spoken", ".dates")
    same = [path for path, text in texts.items() if text == ENGLISH[path] and " " in text and not path.startswith(kept)]
    assert same == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_choices_have_words(code: str):
    """Each value the form knows has its words, and nothing else is offered."""
    texts = load_texts(code)
    assert (
        tuple(texts["form"]["kinds"]) == tuple(texts["form"]["kind_hints"]) == tuple(texts["receipt"]["how"]) == KINDS
    )
    assert tuple(texts["form"]["needs"]) == NEEDS
    assert tuple(texts["form"]["times"]) == TIMES
    assert tuple(texts["spoken"]) == SPOKEN
    assert set(WARNED.values()) == set(texts["warning"]["kinds"])


@pytest.mark.parametrize(
    ("code", "date", "time"),
    [
        ("en", "Friday, November 20, 2026", "2:02 pm"),
        ("es", "viernes 20 de noviembre de 2026", "2:02 pm"),
        ("pt", "sexta-feira, 20 de novembro de 2026", "14:02"),
        ("ht", "vandredi 20 novanm 2026", "2:02 pm"),
        ("zh", "2026年11月20日（星期五）", "下午2:02"),
        ("vi", "thứ Sáu, ngày 20 tháng 11 năm 2026", "14:02"),
    ],
)
def test_times_are_told_as_the_language_does(code: str, date: str, time: str):
    """A date and a time of day read naturally."""
    texts = load_texts(code)
    assert say_date(texts, MOMENT) == date
    assert say_time(texts, MOMENT) == time


@pytest.mark.parametrize(("path", "code"), [("/", "en"), ("/es/", "es"), ("/zh/print", "zh"), ("/nowhere", "en")])
def test_errors_speak_the_language_of_the_path(path: str, code: str):
    """A path that is in no language is answered in English."""
    assert language_of(path) == code
