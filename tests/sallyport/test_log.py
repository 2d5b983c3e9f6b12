import ast
import contextlib
import enum
import io
import json
import logging
import re
import sys

import pytest

from sallyport.log import NOT_SHOWN, PLACE, configure, shown
from tests.guards.tree import sources

SENDERS = [
    "512-37-4096", "512374096", "51 2374096", "ssn512374096", "ana@example.org", "Ana Rourke", "my claim is late",
    "O'Brien", "+1 617 555 0134", "6175550134", "Ünsal", "a\nb", "x" * 81, "<script>alert(1)</script>", "1990-04-01",
]  # fmt: skip


class Word(enum.Enum):
    KIND = "admit"
    SENT = "Ana Rourke"


@pytest.fixture
def said():
    """Give a way to log something in a form and read the line back; the tests' own logging is put back after it."""
    root = logging.getLogger()
    before = root.handlers[:], root.level, sys.excepthook

    def say(form: str, name: str, *words: object, **options: object) -> str:
        with contextlib.redirect_stderr(io.StringIO()) as stream:
            configure("smtp", form=form)
            logging.getLogger(name).warning(*words, **options)  # type: ignore[arg-type]  # as a caller would
        return stream.getvalue()

    yield say
    root.handlers[:], root.level, sys.excepthook = before


@pytest.mark.parametrize("value", SENDERS)
def test_what_a_sender_wrote_is_not_shown(value, said) -> None:
    """A string that is no id and no single word of ours is replaced, in both forms and whatever it came as."""
    assert shown(value) == NOT_SHOWN
    assert shown(value.encode()) == NOT_SHOWN
    assert shown(ValueError(value)) == NOT_SHOWN
    assert shown([value]) == NOT_SHOWN
    for form in ("text", "json"):
        line = said(form, "intake.smtp", "refused: reason=%s", value)
        assert value not in line
        assert NOT_SHOWN in line
        assert line.count("\n") == 1


@pytest.mark.parametrize(
    "value",
    ["admit", "no-space", "OperationalError", "INQ-K4M7-B29X", "0f" * 16, "worker-1", "ab12" * 4 + "/worker-1.2",
     "sallyport.web:116", "/inquiries/<reference>/open", "/", "unit/appeals", "a1b2c3d4", 7, 2.5, None, True, ""],
)  # fmt: skip
def test_ids_words_and_numbers_are_shown(value) -> None:
    """What the program's own calls tell goes through as it is."""
    assert shown(value) == value


def test_a_value_of_an_enumeration_is_looked_at_too() -> None:
    """Being an enumeration's value makes no word ours."""
    assert shown(Word.KIND) == "admit"
    assert shown(Word.SENT) == NOT_SHOWN


def test_a_line_for_programs_has_its_fields(said) -> None:
    """One JSON object: when, how grave, which role, what happened, and each named place by its name."""
    line = json.loads(said("json", "records.jobs", "job failed: kind=%s subject=%s failures=%d", "admit", "0f" * 16, 2))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line.pop("at"))
    assert line == {
        "level": "warning", "role": "smtp", "logger": "records.jobs", "event": "job failed",
        "kind": "admit", "subject": "0f" * 16, "failures": 2,
    }  # fmt: skip


def test_places_without_a_name_are_values(said) -> None:
    """A number in the middle of a sentence keeps its sentence."""
    line = json.loads(said("json", "records.commit", "group of %d rolled back, each is tried alone", 3))
    assert (line["event"], line["values"]) == ("group of %d rolled back, each is tried alone", [3])


def test_a_line_for_people_is_as_before(said) -> None:
    """Text is the default, one line with its values in their places."""
    assert said("text", "records.jobs", "took kind=%s in %.1f s", "admit", 2.25).endswith(
        "warning smtp records.jobs: took kind=admit in 2.2 s\n"
    )


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_librarys_message_is_told_by_its_place(said, form) -> None:
    """Whatever a library puts into its own message, only that it said something, and where, is in the log."""
    line = said(form, "some.library", "exception calling callback for %r of Ana Rourke", "512-37-4096")
    assert "Rourke" not in line
    assert "512" not in line
    assert "test_log:" in line


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_exception_is_told_by_its_class(said, form) -> None:
    """The text of an exception, and its trace, stay out."""
    try:
        raise ValueError("Ana Rourke")  # noqa: TRY301 - as a view would
    except ValueError:
        line = said(form, "sallyport.web", "not shown", exc_info=True)
    assert "ValueError" in line
    assert "Rourke" not in line


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_message_with_wrong_places_is_still_one_line(said, form) -> None:
    """A fault in a call of ours is no way in either: what does not fit is not shown."""
    assert said(form, "sallyport.web", "seconds=%d", "Ana Rourke").count("Rourke") == 0
    assert said(form, "sallyport.web", "one=%s", "a", "Ana Rourke").count("Rourke") == 0


def test_every_message_of_the_program_can_be_told() -> None:
    """The places of every message in the code are understood, so that each field gets its own value."""
    calls = [node for source in sources("records", "intake", "router", "sallyport") for node in source.all_of(ast.Call)]
    found = 0
    for call in calls:
        is_log = isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) in {"log", "logger"}
        is_plain = not any(isinstance(each, ast.Starred) for each in call.args)
        if is_log and is_plain and call.args and isinstance(call.args[0], ast.Constant):
            places = [place for place in PLACE.finditer(str(call.args[0].value)) if place[1] != "%"]
            assert len(places) == len(call.args) - 1, ast.unparse(call)
            found += 1
    assert found > 20
