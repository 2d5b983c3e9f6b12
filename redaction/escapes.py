"""Ways of writing one character with several: tags, entities, quoted-printable, percent signs, backslashes, quotes."""

from __future__ import annotations

import html
import re
from typing import Final

from redaction.folding import fold
from redaction.kinds import TOKEN

# What an escape may begin with. The pattern consumes the sign first, so that text without signs is skipped fast.
SIGNS: Final = r"<\-&=%\\\n\["

# Every alternative names its sign and is bounded, so one walk over the text is linear.
AFTER_A_SIGN: Final = (
    rf"(?<=\[){TOKEN.pattern[2:]}"
    # A tag has a name and then a space, a slash or its end: `<claim@example.test>` and `<https://...>` are none.
    r"|(?<=<)/?[A-Za-z][A-Za-z0-9]{0,30}(?::[A-Za-z]{1,20})?(?:/?>|[\s/][^<>]{0,2000}>)"
    r"|(?<=<)!--|(?<=-)->"
    r"|(?<=&)(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});?"
    # Quoted-printable (RFC 2045 section 6.7): octets, and soft line breaks.
    r"|(?<==)(?:\r?\n|[0-9A-F]{2}(?:=[0-9A-F]{2}){0,3})"
    # Percent escapes (RFC 3986 section 2.1), and the escapes of JSON and Markdown.
    r"|(?<=%)[0-9A-Fa-f]{2}(?:%[0-9A-Fa-f]{2}){0,3}"
    r"|(?<=\\)(?:u[0-9A-Fa-f]{4}|[-.#*_()])"
    # The prefix of a quoted line (RFC 3676 section 4.5); the line end stays.
    r"|(?<=\n)[ \t]{0,3}>(?:[ \t]?>){0,20}[ \t]?"
)


def pattern(dropped: str = "") -> re.Pattern[str]:
    """Give the pattern of all escapes, and of the characters that are dropped as well."""
    also = re.escape(dropped)
    return re.compile(f"[{SIGNS}{also}](?:{AFTER_A_SIGN}" + (f"|(?<=[{also}]))" if also else ")"))


ESCAPES: Final = pattern()

# A letter among its hexadecimal digits, or a soft line break, tells quoted-printable from `id=201234567`.
TELLS_QUOTED_PRINTABLE: Final = re.compile(r"=(?:[0-9][A-F]|[A-F][0-9A-F])|=\r?\n|=20(?:\r?\n|$)")

# `?id=` before a number: the sign there assigns a value (RFC 3986 section 3.4).
NAME_OF_A_VALUE: Final = re.compile(r"[?&;][\w.-]*$")
# The only characters of ASCII that are decoded: those that numbers are written with.
SEPARATES: Final = re.compile(r"[0-9\s.,:;/=_()*#'\"+-]+")

# Tags within a line leave no trace; cells are apart as by a tab; every other tag ends a line, as a browser shows it.
CELLS: Final = frozenset({"td", "th"})
LINES: Final = frozenset(
    {
        "address", "article", "blockquote", "body", "br", "dd", "div", "dl", "dt", "footer", "form", "h1",
        "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "li", "ol", "option", "p", "pre",
        "section", "table", "tbody", "textarea", "thead", "title", "tr", "ul",
    }
)  # fmt: skip
TAG_NAME: Final = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)")


def looks_quoted_printable(text: str) -> bool:
    """Tell whether octets of quoted-printable were left in a text."""
    return "=" in text and TELLS_QUOTED_PRINTABLE.search(text) is not None


def replacement(matched: str, *, quoted_printable: bool, before: str) -> str | None:
    """Give what an escape is seen as; None when it is to stay as it is written.

    >>> replacement("&#x2d;", quoted_printable=False, before="3")
    '-'
    """
    sign = matched[0]
    if sign in "<-":
        return _tag(matched)
    if sign == "&":
        return _folded(html.unescape(matched))
    if sign == "=":
        tells = before[-1:].isdigit() or (quoted_printable and not NAME_OF_A_VALUE.search(before))
        return _octets(matched) if tells else None
    if sign == "%":
        return _octets(matched)
    if sign == "\\":
        return _folded(chr(int(matched[len("\\u") :], 16))) if matched[1] == "u" else matched[1]
    return "\n"  # A line end and the prefix of the quoted line.


def _tag(matched: str) -> str:
    name = TAG_NAME.match(matched)
    if name is None:
        return "\n"  # Where a comment begins or ends.
    tag = name[1].lower()
    return "\t" if tag in CELLS else "\n" if tag in LINES else ""


def _octets(matched: str) -> str | None:
    if matched[1:].isspace():
        return ""  # A soft line break.
    octets = bytes.fromhex(matched.replace(matched[0], ""))
    try:
        seen = octets.decode()
    except UnicodeDecodeError:
        seen = octets.decode("cp1252", "replace")
    return _folded(seen) if not seen.isascii() or SEPARATES.fullmatch(seen) else None


def _folded(seen: str) -> str:
    return "".join(map(fold, seen))
