"""Parts of a Social Security number: the last four digits under a label, and masks with digits left in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from redaction.kinds import Kind
from redaction.labels import Meaning
from redaction.page import Evidence, Labelled, Page

SIGN: Final = r"[xX*#\u2022\u25cf\u00d7?_]"
# Each begins with a class of characters, so that text without them is skipped fast.
MASKED: Final = (
    re.compile(rf"{SIGN}(?<![\w*#]{SIGN}){SIGN}{{2}}[-. ]{{0,3}}{SIGN}{{2}}[-. ]{{0,3}}[0-9]{{4}}(?![0-9])"),
    re.compile(rf"[0-9](?<![0-9][0-9])[0-9]{{2}}[-. ]{{1,3}}[0-9]{{2}}[-. ]{{1,3}}{SIGN}{{4}}(?!\w)"),
)
REACH: Final = 60
YEARS: Final = ("19", "20")
OF_ANOTHER: Final = frozenset({Meaning.CARD, Meaning.BANK, Meaning.EIN, Meaning.PHONE, Meaning.ROUTING, Meaning.OTHER})


def find(page: Page) -> Iterator[Evidence]:
    """Find them; the last four digits of a card or a telephone number are none."""
    for match in (match for pattern in MASKED for match in pattern.finditer(page.text)):
        yield _evidence(match.start(), match.end(), 0.9, "a masked SSN")
    for labelled in page.of_length(4):
        if labelled.number.is_cut or not (len(labelled.number.shape) == 1 or labelled.number.is_spaced):
            continue
        if _is_last_four(labelled):
            yield _evidence(labelled.number.start, labelled.number.end, 0.85, "the last four digits of an SSN")
        elif _is_short(labelled):
            yield _evidence(labelled.number.start, labelled.number.end, 0.6, "four digits labelled as an SSN")


def _is_last_four(labelled: Labelled) -> bool:
    near = [n for n in labelled.near if n.cost <= REACH]
    last_four = next((n for n in near if n.meaning is Meaning.LAST_FOUR), None)
    if last_four is None:
        return False
    of = next((n for n in near if n.meaning is Meaning.SSN or n.meaning in OF_ANOTHER), None)
    if of is not None:
        return of.meaning is Meaning.SSN
    return last_four.is_adjacent and labelled.number.digits[:2] not in YEARS


def _is_short(labelled: Labelled) -> bool:
    number = labelled.number
    return labelled.is_adjacent(Meaning.SSN) and number.digits[:2] not in YEARS and number.is_whole


def _evidence(start: int, end: int, confidence: float, rule: str) -> Evidence:
    return Evidence(kind=Kind.PARTIAL_SSN, start=start, end=end, confidence=confidence, rule=rule)
