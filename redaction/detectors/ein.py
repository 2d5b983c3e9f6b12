"""Employer Identification Numbers: PP-NNNNNNN with a prefix the IRS assigns, or nine digits under a label."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from redaction.kinds import Kind
from redaction.labels import Meaning
from redaction.page import Evidence, Labelled, Page

# The IRS list "How EINs are assigned and valid EIN prefixes": these seventeen are not assigned.
UNASSIGNED: Final = frozenset("00 07 08 09 17 18 19 28 29 49 69 70 78 79 89 96 97".split())  # noqa: SIM905 - reads as the list it is
LENGTH: Final = 9
CANONICAL: Final = (2, 7)
SHAPE_OF_AN_SSN: Final = (3, 2, 4)
MISCOUNTED: Final = frozenset({(8,), (2, 6), (10,), (2, 8)})


def find(page: Page) -> Iterator[Evidence]:
    """Find them: the shape alone passes 83 % of random digits, so the sign between must be a hyphen."""
    for labelled in page.of_length(8, 9, 10):
        found = _judged(labelled)
        if found is not None:
            number = labelled.number
            yield Evidence(kind=Kind.US_EIN, start=number.start, end=number.end, confidence=found[0], rule=found[1])


def _judged(labelled: Labelled) -> tuple[float, str] | None:
    number = labelled.number
    if number.shape in MISCOUNTED and labelled.is_adjacent(Meaning.EIN):
        return 0.7, "labelled as an EIN, with a digit too few or too many"
    if len(number.digits) != LENGTH:
        return None
    if labelled.is_adjacent(Meaning.EIN):
        return 0.99, "nine digits labelled as an EIN"
    if number.shape != SHAPE_OF_AN_SSN and labelled.is_labelled(Meaning.EIN, within=60):
        return 0.96, "nine digits near the label of an EIN"
    return _by_shape(labelled) if number.shape == CANONICAL and not number.is_guess else None


def _by_shape(labelled: Labelled) -> tuple[float, str] | None:
    number = labelled.number
    if labelled.is_labelled(Meaning.TAX_ID, within=60):
        return 0.9, "two and seven digits labelled as a tax number"
    if number.separators != ("-",) or number.digits[:2] in UNASSIGNED or number.is_cut or _is_another(labelled):
        return None
    return 0.8, "two and seven digits with a prefix the IRS assigns"


def _is_another(labelled: Labelled) -> bool:
    return labelled.is_adjacent(Meaning.OTHER, Meaning.CLAIMANT, Meaning.BANK) or labelled.is_labelled(
        Meaning.OTHER, within=15
    )
