"""Long numbers inside e-mail and web addresses: people's systems put identifiers there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from redaction.kinds import Kind
from redaction.page import Evidence, Page

LONG: Final = re.compile("[0-9]{8,}")
LOCAL_PART: Final = re.compile(r"[A-Za-z0-9._%+=-]{1,80}@")
# Where a value stands in a web address (RFC 3986 section 3.4), and path segments that are nine digits and nothing else.
VALUE: Final = re.compile(r"(?<=[?&;/=#])[A-Za-z0-9_.%+-]{0,40}=?([0-9]{8,})")
WEB: Final = re.compile(r"(?:https?://|www\.|/[a-z]{1,20}\?)[^\s<>\"]{1,2000}", re.IGNORECASE)
SEGMENT: Final = re.compile(r"(?<=/)[0-9]{9}(?![^/?#.,)])")


def find(page: Page) -> Iterator[Evidence]:
    """Find runs of eight or more digits there."""
    if "@" in page.text:
        for local in LOCAL_PART.finditer(page.text):
            for digits in LONG.finditer(page.text, *local.span()):
                yield _evidence(*digits.span())
    if "/" in page.text:
        for web in WEB.finditer(page.text):
            for value in VALUE.finditer(page.text, *web.span()):
                yield _evidence(*value.span(1))
            for segment in SEGMENT.finditer(page.text, *web.span()):
                yield _evidence(*segment.span())


def _evidence(start: int, end: int) -> Evidence:
    return Evidence(kind=Kind.CLAIMANT_ID, start=start, end=end, confidence=0.7, rule="a long number inside an address")
