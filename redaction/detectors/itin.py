"""Individual Taxpayer Identification Numbers: nine digits that begin with 9, in the ranges the IRS issues."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from redaction.kinds import Kind
from redaction.labels import Meaning
from redaction.page import Evidence, Labelled, Page

GROUPS: Final = frozenset({*range(50, 66), *range(70, 89), 90, 91, 92, *range(94, 100)})
PERSONAL: Final = (Meaning.ITIN, Meaning.SSN, Meaning.TAX_ID)  # Writers call an ITIN "my social".


def find(page: Page) -> Iterator[Evidence]:
    """Find them: as 3-2-4 without a label, in any grouping with one."""
    for labelled in page.of_length(9):
        found = _judged(labelled)
        if found is not None:
            number = labelled.number
            yield Evidence(kind=Kind.US_ITIN, start=number.start, end=number.end, confidence=found[0], rule=found[1])


def _judged(labelled: Labelled) -> tuple[float, str] | None:
    number = labelled.number
    if labelled.is_labelled(Meaning.ITIN, within=80):
        return 0.99, "nine digits labelled as an ITIN"
    if number.digits[0] != "9" or int(number.digits[3:5]) not in GROUPS:
        return None
    if labelled.is_labelled(*PERSONAL, within=60):
        return 0.985, "nine digits in the range of ITINs, labelled"
    if number.shape == (3, 2, 4) and number.is_evenly_separated and not number.is_cut and not number.is_guess:
        return None if labelled.is_adjacent(Meaning.OTHER) else (0.9, "nine digits as 3-2-4 in the range of ITINs")
    return None
