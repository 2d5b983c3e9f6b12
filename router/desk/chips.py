"""Tokens of a redacted text as solid chips. Everything else of the text is escaped; nothing of it is markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markupsafe import Markup, escape

# The short names of `redaction`'s tokens. A bracket that holds anything else stays text.
TOKEN = re.compile(
    r"\[((?:SSN|PARTIAL SSN|EIN|ITIN|CARD|BANK|ROUTING|EMPLOYER ACCOUNT|CLAIMANT ID|BIRTH DATE"
    r"|PHONE|EMAIL|ADDRESS|NAME) [0-9]{1,4})\]"
)
CHIP = Markup('<span class="chip"><span class="vh">removed: </span>{}</span>')
BREAK = Markup("<br>")


def chips(text: str) -> Markup:
    """Give one line of text with its tokens as chips.

    >>> str(chips("<b> [SSN 1]"))
    '&lt;b&gt; <span class="chip"><span class="vh">removed: </span>SSN 1</span>'
    """
    return Markup("").join(_pieces(printable(text)))


def paragraphs(text: str) -> tuple[Markup, ...]:
    """Give a text's paragraphs, single line ends kept as they were typed."""
    blocks = (block.strip("\n") for block in re.split(r"\n[ \t]*\n", printable(text).replace("\r\n", "\n")))
    return tuple(BREAK.join(chips(line) for line in block.split("\n")) for block in blocks if block.strip())


def has_token(text: str) -> bool:
    """Tell whether something was removed from a text."""
    return TOKEN.search(text) is not None


def printable(text: str) -> str:
    """Give a text without what could reorder or hide the page's own words: bidi controls, NUL, lone surrogates."""
    return UNSEEN.sub("\ufffd", text)


# Unicode Technical Report 36 section 2.5: overrides and isolates reach beyond the text that holds them.
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def _pieces(text: str) -> Iterator[Markup]:
    end = 0
    for token in TOKEN.finditer(text):
        yield escape(text[end : token.start()])
        yield CHIP.format(token[1])
        end = token.end()
    yield escape(text[end:])
