"""Where the digits of a known number stand again in a text, however they are separated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from redaction.bare import bare
from redaction.view import normalise

# What may stand between two digits of one number; anything else parts them.
DIGIT: Final = re.compile("[0-9]")
WIDEST_GAP: Final = 4
LETTER: Final = re.compile(r"[^\W\d_]|\ufffc")

# A shorter number stands by chance elsewhere ("last four are 2024"), so only its own place counts.
LONG_ENOUGH: Final = 7


def long_number(value: str) -> str:
    """Give the digits of a value that is told by them wherever it recurs, or the empty string."""
    number = bare(value)
    return number if number.isdecimal() and len(number) >= LONG_ENOUGH else ""


def recurrences(
    text: str, masked: Iterable[tuple[int, int]], numbers: frozenset[str]
) -> Iterator[tuple[int, int, str]]:
    """Give (start, end, number) for each place outside the masked spans where one of the numbers stands.

    Linear in the text for each length a number has, and there are few lengths.
    """
    if not numbers:
        return
    digits, places = _digits_in_clear(text, masked)
    for length in sorted(set(map(len, numbers)), reverse=True):
        for start in range(len(digits) - length + 1):
            number = digits[start : start + length]
            if number in numbers:
                yield places[start][0], places[start + length - 1][1], number


def _digits_in_clear(text: str, masked: Iterable[tuple[int, int]]) -> tuple[str, list[tuple[int, int]]]:
    """Give the digits outside the spans, parted by a space where no number goes on, and each one's original span."""
    digits: list[str] = []
    places: list[tuple[int, int]] = []
    for begin, end in _stretches_in_clear(text, masked):
        view = normalise(text[begin:end])
        last = 0
        for match in DIGIT.finditer(view.text):
            if match.start() - last > WIDEST_GAP or LETTER.search(view.text, last, match.start()):
                digits.append(" ")
                places.append((0, 0))
            digits.append(match[0])
            first, past = view.original(match.start(), match.end())
            places.append((begin + first, begin + past))
            last = match.end()
        digits.append(" ")
        places.append((0, 0))
    return "".join(digits), places


def _stretches_in_clear(text: str, masked: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    begin = 0
    for start, end in (*masked, (len(text), len(text))):
        if begin < start:
            yield begin, start
        begin = end
