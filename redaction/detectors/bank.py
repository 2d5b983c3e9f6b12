"""Bank accounts: up to seventeen digits without a check digit, so a label has to say it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from redaction.kinds import Kind
from redaction.labels import Meaning
from redaction.numbers import LONGEST_ACCOUNT
from redaction.page import Evidence, Labelled, Page

SHORTEST: Final = 5
SURE_LENGTH: Final = 6  # Digits: a shorter number needs its label beside it.


def find(page: Page) -> Iterator[Evidence]:
    """Find them by label."""
    for labelled in page.of_length(*range(SHORTEST, LONGEST_ACCOUNT + 1)):
        number = labelled.number
        if _is_account(labelled):
            confidence = 0.9 if labelled.is_adjacent(Meaning.BANK) else 0.6
            yield Evidence(
                kind=Kind.BANK_ACCOUNT,
                start=number.start,
                end=number.end,
                confidence=confidence,
                rule="a number labelled as a bank account",
            )


def _is_account(labelled: Labelled) -> bool:
    number = labelled.number
    if number.is_guess or not (number.is_whole or len(number.shape) == 1):
        return False
    if number.shape in {(3, 2, 4), (3, 3, 4), (2, 2, 4), (4, 2, 2), (2, 7)}:
        return False
    if len(number.digits) < SURE_LENGTH:
        return labelled.is_adjacent(Meaning.BANK)
    return labelled.is_labelled(Meaning.BANK, within=30)
