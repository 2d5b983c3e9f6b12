"""E-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from redaction.kinds import Kind
from redaction.page import Evidence, Page

# The characters of RFC 5322's atoms that people have in addresses; lengths are those of RFC 5321 section 4.5.3.1. The
# walk goes from one at sign to the next, so a text of letters costs nothing.
BEFORE: Final = re.compile(r"[^\s@<>()\[\]\",;:\\\ufffc]{1,64}$")
AFTER: Final = re.compile(r"(?:[^\W_](?:[\w-]{0,62})\.){1,8}[^\W\d_]{2,24}")


def find(page: Page) -> Iterator[Evidence]:
    """Find them around their at signs."""
    at = page.text.find("@")
    while at >= 0:
        before = BEFORE.search(page.text[max(0, at - 64) : at])
        after = AFTER.match(page.text, at + 1)
        if before and after:
            start = at - len(before[0])
            yield Evidence(kind=Kind.EMAIL, start=start, end=after.end(), confidence=0.65, rule="an e-mail address")
        at = page.text.find("@", at + 1)
