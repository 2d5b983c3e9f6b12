"""Claimant numbers: by label only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from redaction.kinds import Kind
from redaction.labels import Meaning
from redaction.page import Evidence, Labelled, Page

LONG: Final = 7  # Digits: a shorter number called "id" may be anything.
MOST_GROUPS: Final = 3


def find(page: Page) -> Iterator[Evidence]:
    """Find them under a label of their own, and long numbers that are just called "id"."""
    for labelled in page.of_length(*range(6, 13)):
        found = _judged(labelled)
        if found is not None:
            number = labelled.number
            yield Evidence(
                kind=Kind.CLAIMANT_ID, start=number.start, end=number.end, confidence=found[0], rule=found[1]
            )


def _judged(labelled: Labelled) -> tuple[float, str] | None:
    number = labelled.number
    if number.is_guess or number.shape in {(2, 2, 4), (4, 2, 2), (3, 2, 4), (3, 3, 4), (2, 7)}:
        return None
    if labelled.is_labelled(Meaning.CLAIMANT, within=30) and (number.is_whole or len(number.shape) == 1):
        return 0.85, "a number labelled as a claimant's"
    if labelled.is_adjacent(Meaning.ANY_ID) and len(number.digits) >= LONG and len(number.shape) <= MOST_GROUPS:
        return 0.5, "a long number called id"
    return None
