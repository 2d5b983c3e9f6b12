"""Routing numbers of banks: the label decides, never the check digit, which one Massachusetts SSN in ten passes too."""

from __future__ import annotations

from collections.abc import Iterator

from redaction.kinds import Kind
from redaction.labels import Meaning
from redaction.page import Evidence, Page


def find(page: Page) -> Iterator[Evidence]:
    """Find them by label."""
    for labelled in page.of_length(9):
        number = labelled.number
        if labelled.is_labelled(Meaning.ROUTING, within=35) and number.shape not in {(3, 2, 4), (2, 7)}:
            yield Evidence(
                kind=Kind.ROUTING_NUMBER,
                start=number.start,
                end=number.end,
                confidence=0.9,
                rule="nine digits labelled as a routing number",
            )
