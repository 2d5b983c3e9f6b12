"""Telephone numbers: North American 3-3-4, and others with a plus sign or a label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from redaction.kinds import Kind
from redaction.labels import Meaning
from redaction.page import Evidence, Labelled, Page

INTERNATIONAL: Final = re.compile(r"\+[0-9](?:[-. ()]{0,2}[0-9]){7,14}(?![0-9])")
NORTH_AMERICAN: Final = frozenset({(3, 3, 4), (1, 3, 3, 4), (10,), (11,), (3, 7), (6, 4), (1, 10)})
MOST_GROUPS: Final = 6
NUMBERS_OF_OTHERS: Final = (
    Meaning.OTHER, Meaning.CLAIMANT, Meaning.BANK, Meaning.EMPLOYER_ACCOUNT, Meaning.SSN, Meaning.ANY_ID, Meaning.EIN,
)  # fmt: skip


def find(page: Page) -> Iterator[Evidence]:
    """Find them; the area and the exchange of a North American number begin with 2 to 9."""
    for match in INTERNATIONAL.finditer(page.text):
        yield _evidence(match.start(), match.end(), 0.6, "a number with a plus sign")
    for labelled in page.of_length(*range(7, 13)):
        found = _judged(labelled)
        if found is not None:
            start, end = _with_its_signs(page.text, labelled.number.start, labelled.number.end)
            yield _evidence(start, end, *found)


def _judged(labelled: Labelled) -> tuple[float, str] | None:
    number = labelled.number
    if number.is_guess:
        return None
    if number.shape in NORTH_AMERICAN and _is_north_american(number.digits):
        if number.shape in {(10,), (11,), (3, 7), (6, 4), (1, 10)}:
            return None if labelled.is_adjacent(*NUMBERS_OF_OTHERS) else (0.35, "ten digits as in a telephone number")
        if number.is_cut or labelled.is_adjacent(Meaning.OTHER, Meaning.CLAIMANT):
            return None
        return 0.6, "ten digits as 3-3-4"
    if (
        labelled.is_adjacent(Meaning.PHONE)
        and (number.is_whole or number.shape == (3, 4))
        and len(number.shape) <= MOST_GROUPS
    ):
        return 0.45, "a number labelled as a telephone's"
    return None


def _is_north_american(digits: str) -> bool:
    ten = digits[-10:]
    return ten[0] in "23456789" and ten[3] in "23456789" and (len(digits) == len(ten) or digits[0] == "1")


def _with_its_signs(text: str, start: int, end: int) -> tuple[int, int]:
    while start and text[start - 1] in "(+":
        start -= 1
    return start, end


def _evidence(start: int, end: int, confidence: float, rule: str) -> Evidence:
    return Evidence(kind=Kind.PHONE, start=start, end=end, confidence=confidence, rule=rule)
