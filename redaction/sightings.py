"""Sightings: where in a view the words of the label tables stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import re2

from redaction.labels import TABLES, Meaning
from redaction.view import normalise

# What may stand between the words of a label, and between its letters where it is an abbreviation.
GAP: Final = re.compile(r"[\s._'-]+")
GAP_PATTERN: Final = r"[\s._'-]{0,3}"
LONGEST_LABEL: Final = 80  # Characters, with gaps.
# "Number" and its like after a label belong to it.
TAIL: Final = r"(?:[\s._-]{0,3}(?:numbers?|no\.?|nos|num|nr|id|code|numero|n\xb0|#s?))?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A label in a view: the words are ours, from the tables."""

    start: int
    end: int
    meaning: Meaning
    words: str  # As the table has them, without gaps.


def _key(words: str) -> str:
    return GAP.sub("", normalise(words).text.casefold())


def _words() -> Mapping[str, Meaning]:
    meanings: dict[str, Meaning] = {}
    for meaning, labels in TABLES.items():
        for label in labels:
            meanings.setdefault(_key(label), meaning)
    return MappingProxyType(meanings)


def _pattern() -> str:
    labels = {
        GAP_PATTERN.join(re2.escape(word) for word in GAP.split(normalise(label).text.casefold()) if word)
        for table in TABLES.values()
        for label in table
    }
    return rf"(?i)(?:^|[^a-z])((?:{'|'.join(sorted(labels))})s?)({TAIL})"


def _compiled() -> re2._Regexp:
    options = re2.Options()
    options.longest_match = True  # "social security number", not "social".
    options.max_mem = 64 << 20  # The tables of fourteen languages need more than the default for a fast automaton.
    return re2.compile(_pattern(), options)


WORDS: Final = _words()
LABELS: Final = _compiled()


def sightings(text: str) -> Iterator[Sighting]:
    """Give the labels in a view, in order. Linear: RE2 walks the text once."""
    last = 0
    for match in LABELS.finditer(text):
        if match.start(1) < last:
            continue
        found = _read(match, text, 0) or _inside(text, match.start(1) + 1)
        if found is not None:
            yield found
            last = found.end


def _inside(text: str, begin: int) -> Sighting | None:
    """Look for a label within one that turned out to be the beginning of a longer word: "my soc" in "my social"."""
    stretch = text[begin : begin + LONGEST_LABEL]
    for match in LABELS.finditer(stretch):
        if match.start(1) and (found := _read(match, stretch, begin)):
            return found
    return None


def _read(match: re2._Match, text: str, offset: int) -> Sighting | None:
    """Read a match as a label, with the word "number" after it if that is a whole word; None inside a longer word."""
    start, end = match.span(1)
    key = _key(match[1])
    key = key if key in WORDS else key.removesuffix("s")
    meaning = WORDS.get(key)
    whole = next((last for last in (match.end(), end) if not _goes_on(text, last)), None)
    if meaning is None or whole is None:
        return None
    return Sighting(start=start + offset, end=whole + offset, meaning=meaning, words=key)


def _goes_on(text: str, end: int) -> bool:
    """Tell whether a word goes on: scripts that put no space between words never do."""
    return 0 < end < len(text) and all(sign.isascii() and sign.isalpha() for sign in text[end - 1 : end + 1])
