"""Employer accounts with the agency: eight digits, written 2-6, 4-4 or bare."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from redaction.kinds import Kind
from redaction.labels import Meaning
from redaction.page import Evidence, Labelled, Page

DATES: Final = frozenset({(2, 2, 4), (4, 2, 2), (1, 2, 4), (2, 1, 4)})

WRITTEN: Final = frozenset({(8,), (4, 4), (2, 6)})

NEAR: Final = 30  # Characters: a label of any kind this near says that it is something else.


def find(page: Page) -> Iterator[Evidence]:
    """Find them by label; two groups of four that are no years are reported without one, with little confidence."""
    for labelled in page.of_length(8):
        found = _judged(labelled)
        if found is not None:
            number = labelled.number
            yield Evidence(
                kind=Kind.STATE_EMPLOYER_ACCOUNT,
                start=number.start,
                end=number.end,
                confidence=found[0],
                rule=found[1],
            )


def _judged(labelled: Labelled) -> tuple[float, str] | None:
    number = labelled.number
    if number.shape in DATES:
        return None
    if labelled.is_labelled(Meaning.EMPLOYER_ACCOUNT, within=45):
        return 0.92, "eight digits labelled as an employer account"
    if number.shape in WRITTEN and number.is_whole and labelled.is_adjacent(Meaning.PHONE):
        return 0.5, "eight digits, which no telephone number has"
    if number.shape != (4, 4) or number.separators != ("-",) or number.is_cut or _is_labelled(labelled):
        return None
    if number.digits[0] in "012":  # Two years, or a year and a number of its own.
        return None
    return 0.4, "eight digits as 4-4"


def _is_labelled(labelled: Labelled) -> bool:
    return labelled.owner is not None and labelled.owner.cost <= NEAR
