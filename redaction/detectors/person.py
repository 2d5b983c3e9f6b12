"""Names of persons: only behind words that say a name follows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import re2

from redaction.kinds import Kind
from redaction.labels.names import FIELDS, INTRODUCTIONS, LAST_WORDS, SAYING_WHO, WHOSE
from redaction.page import Evidence, Page

CAPITALISED: Final = r"[A-Z][a-z'-]{1,20}(?:[A-Z][a-z]{1,20})?"
PARTICLE: Final = r"[A-Z]\.|de|da|dos|del|la|van|von|Le"
NAME: Final = rf"{CAPITALISED}(?:\s(?:{PARTICLE}|{CAPITALISED})){{0,2}}\s(?:[A-Z]')?{CAPITALISED}"
CUE: Final = re2.compile(
    rf"(?:^|[^\w])(?i:{'|'.join(INTRODUCTIONS)})\s({NAME}|[A-Z][a-z'-]{{2,20}})"
    rf"|(?:^|\W)(?:{'|'.join(SAYING_WHO)})\s({NAME})"
    rf"|(?:^|\n|[;,.]\s)(?i:(?:(?:{'|'.join(WHOSE)}) ?)?(?:{'|'.join(FIELDS)}))\s?:[ \t]{{0,3}}({NAME})"
    rf"|(?:^|\n)[ \t>]{{0,4}}(?i:{'|'.join(LAST_WORDS)})[,.!]?\s{{0,2}}\n\s{{0,4}}({NAME})(?:\n|\r|$)"
)
GROUPS: Final = range(1, 5)


def find(page: Page) -> Iterator[Evidence]:
    """Find them behind an introduction, a field called name, and the last words of a letter."""
    for match in CUE.finditer(page.text):
        start, end = next(match.span(group) for group in GROUPS if match.span(group)[0] >= 0)
        yield Evidence(
            kind=Kind.PERSON, start=start, end=end, confidence=0.5, rule="a name behind words that announce one"
        )
