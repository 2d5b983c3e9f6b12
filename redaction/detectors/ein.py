"""Employer Identification Numbers: PP-NNNNNNN with a prefix the IRS assigns, or nine digits under a label."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from redaction.kinds import Kind
from redaction.labels import Meaning
from redaction.page import Evidence, Labelled, Page

# The IRS list "How EINs are assigned and valid EIN prefixes": these seventeen are not assigned.
UNASSIGNED: Final = frozenset({"00", "07", "08", "09", "17", "18", "19", "28", "29", "49", "69", "70", "78", "79", "89", "96", "97"})  # fmt: skip
CANONICAL: Final = (2, 7)


def find(page: Page) -> Iterator[Evidence]:
    """Find them: the shape alone passes 83 % of random digits, so the sign between must be a hyphen."""
    for labelled in page.of_length(8, 9, 10):
        found = _judged(labelled)
        if found is not None:
            number = labelled.number
            yield Evidence(kind=Kind.US_EIN, start=number.start, end=number.end, confidence=found[0], rule=found[1])


def _judged(labelled: Labelled) -> tuple[float, str] | None:
    number = labelled.number
    if len(number.digits) != 9:
        if labelled.is_adjacent(Meaning.EIN) and number.shape in {(8,), (2, 6), (10,), (2, 8)}:
            return 0.7, "labelled as an EIN, with a digit too few or too many"
        return None
    if number.shape != (3, 2, 4) and labelled.is_labelled(Meaning.EIN, within=60):
        return 0.96, "nine digits labelled as an EIN"
    if number.shape == (3, 2, 4) and labelled.is_adjacent(Meaning.EIN):
        return 0.99, "nine digits labelled as an EIN"
    if number.shape != CANONICAL or number.is_guess:
        return None
    if labelled.is_labelled(Meaning.TAX_ID, within=60):
        return 0.9, "two and seven digits labelled as a tax number"
    if number.separators == ("-",) and number.digits[:2] not in UNASSIGNED and not number.is_cut:
        return None if _is_another(labelled) else (0.8, "two and seven digits with a prefix the IRS assigns")
    return None


def _is_another(labelled: Labelled) -> bool:
    return labelled.is_adjacent(Meaning.OTHER, Meaning.CLAIMANT, Meaning.BANK) or labelled.is_labelled(
        Meaning.OTHER, within=15
    )
