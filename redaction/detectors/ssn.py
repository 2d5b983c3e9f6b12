"""Social Security numbers: AAA-GG-SSSS, by grouping, nearest label and validity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from redaction.kinds import Kind
from redaction.labels import Meaning
from redaction.numbers import Number
from redaction.page import Evidence, Labelled, Page

CANONICAL: Final = (3, 2, 4)
# How far a label reaches, in characters, by grouping: the odder the grouping, the nearer the label has to be.
REACH: Final[Mapping[tuple[int, ...], int]] = MappingProxyType(
    {CANONICAL: 160, (9,): 100, (3, 3, 3): 45, (3, 6): 45, (5, 4): 45, (4, 5): 45}
)
REACH_OF_OTHERS: Final = 35
JOINED_BY: Final = frozenset({"-", " ", ".", "/", "--", "\xb7", "_", "", "*"})
MEANINGS: Final = (Meaning.SSN, Meaning.TAX_ID)
# A spreadsheet drops the zeros an SSN begins with, and people skip or repeat a digit.
MISCOUNTED: Final = frozenset({(7,), (8,), (10,), (3, 2, 3), (3, 2, 5), (3, 1, 4), (4, 2, 4)})


def find(page: Page) -> Iterator[Evidence]:
    """Find them; whatever the label says, three-two-four is never a telephone number."""
    for labelled in page.of_length(9):
        evidence = _canonical(labelled) if labelled.number.shape == CANONICAL else _labelled(labelled)
        if evidence is not None:
            yield _evidence(labelled.number, *evidence)
    for labelled in page.of_length(7, 8, 10):
        if _lacks_digits(labelled):
            yield _evidence(labelled.number, 0.75, "labelled as an SSN, with a digit too few or too many")


def is_possible(digits: str) -> bool:
    """Tell whether it could have been issued; since June 2011 areas run from 001 to 899 (SSA, "Randomization")."""
    return "000" < digits[:3] < "900" and digits[:3] != "666" and digits[3:5] != "00" and digits[5:] != "0000"


def _canonical(labelled: Labelled) -> tuple[float, str] | None:
    number = labelled.number
    if labelled.is_labelled(Meaning.SSN, Meaning.ITIN, Meaning.TAX_ID, within=60):
        return 0.98, "nine digits as 3-2-4, labelled"
    if labelled.is_adjacent(Meaning.OTHER) or not is_possible(number.digits) or number.is_guess:
        return None
    if not set(number.separators) <= JOINED_BY or number.is_cut:
        return None
    if number.is_evenly_separated:
        return 0.9, "nine digits as 3-2-4"
    return 0.7, "nine digits as 3-2-4, unevenly separated"


def _labelled(labelled: Labelled) -> tuple[float, str] | None:
    number = labelled.number
    reach = REACH.get(number.shape, 60 if number.is_spaced else REACH_OF_OTHERS)
    if number.is_guess and labelled.is_labelled(Meaning.SSN, within=60):
        return 0.85, "nine digits in words, labelled"
    if number.is_guess:
        return None
    if labelled.is_labelled(Meaning.SSN, within=reach):
        return (0.95 if number.shape == (9,) else 0.85), "nine digits labelled as an SSN"
    if number.shape != (2, 7) and labelled.is_labelled(Meaning.TAX_ID, within=reach):
        return 0.8, "nine digits labelled as a tax number"
    if number.is_whole and labelled.is_adjacent(Meaning.PHONE):
        return 0.5, "nine digits, which no telephone number has"
    return None


def _lacks_digits(labelled: Labelled) -> bool:
    number = labelled.number
    return number.shape in MISCOUNTED and not number.is_guess and labelled.is_adjacent(Meaning.SSN)


def _evidence(number: Number, confidence: float, rule: str) -> Evidence:
    return Evidence(kind=Kind.US_SSN, start=number.start, end=number.end, confidence=confidence, rule=rule)
