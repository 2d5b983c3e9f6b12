"""Postal addresses: a house number and a street, with what follows it; and post office boxes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import re2

from redaction.kinds import Kind
from redaction.page import Evidence, Page

STREETS: Final = (
    "St|Street|Ave|Avenue|Av|Rd|Road|Dr|Drive|Ln|Lane|Ct|Court|Pl|Place|Blvd|Boulevard|Ter|Terrace|Way|Cir|Circle|Pkwy|Parkway|Sq|Square"
    "|Hwy|Highway|Path|Row|Tpke|Turnpike|Pike|Trl|Trail|Park|Aly|Alley|Crescent|Wharf|Green|Mews"
)
REST: Final = (
    r"(?:,?\s{1,2}(?:Apt|Apartment|Unit|Suite|Ste|Fl|Floor|Rm|No|#)\.?\s?#?\w{1,5})?"
    r"(?:,?\s{1,2}[A-Z][a-z]{1,20}(?:\s[A-Z][a-z]{1,20}){0,2})?(?:,?\s{1,2}(?:MA|Mass\.?|Massachusetts|[A-Z]{2}))?(?:,?\s{1,2}[0-9]{5}(?:-[0-9]{4})?)?"
)
ADDRESS: Final = re2.compile(
    rf"(?:^|[^\w$.-])([0-9]{{1,5}}[A-Za-z]?(?:-[0-9]{{1,4}})?\s(?:[NSEW]\.?\s)?(?:[0-9]{{0,3}}[A-Z][\w'.]{{0,20}}\s){{1,4}}(?:{STREETS})\b\.?{REST}"
    rf"|(?i:P\.?\s?O\.?\s?Box)\s[0-9]{{1,6}}{REST})"
)


def find(page: Page) -> Iterator[Evidence]:
    """Find them; a text without numbers has none."""
    if not page.has_digits:
        return
    for match in ADDRESS.finditer(page.text):
        start, end = match.span(1)
        if page.text[end : end + 1].isalnum():
            continue  # Its last word or number goes on: the next letters would be torn from it.
        yield Evidence(
            kind=Kind.POSTAL_ADDRESS, start=start, end=end, confidence=0.55, rule="a house number and a street"
        )
