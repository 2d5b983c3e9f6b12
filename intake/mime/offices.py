"""The XML inside office files as text: runs joined, paragraphs and rows on lines of their own, cells parted by tabs."""

from __future__ import annotations

import re
from html import unescape

# Local names, whatever the prefix: WordprocessingML, SpreadsheetML, PresentationML and OpenDocument.
BREAKS = "p|br|tr|row|h|table-row|line-break|si|sst|list-item|comment|footnote|endnote"
CELLS = "tc|c|table-cell|tab"
BREAK = re.compile(rf"</?(?:[a-zA-Z0-9]{{1,20}}:)?(?:{BREAKS})(?=[\s/>])[^<>]*+>")
CELL = re.compile(rf"</(?:[a-zA-Z0-9]{{1,20}}:)?(?:{CELLS})\s*>|<(?:[a-zA-Z0-9]{{1,20}}:)?tab(?=[\s/>])[^<>]*+>")
TAG = re.compile(r"<[^<>]*+>")
ATTRIBUTE = re.compile(r"(?<![dD])=\s{0,5}(?:\"([^\"<]{4,2000})\"|'([^'<]{4,2000})')")
DIGITS = re.compile(r"\d\D{0,4}+\d\D{0,4}+\d\D{0,4}+\d\D{0,4}+\d\D{0,4}+\d\D{0,4}+\d")
SHARED = re.compile(r"<(?:[a-zA-Z0-9]{1,20}:)?si(?=[\s>])[^<>]*+>")
SHARED_END = re.compile(r"</(?:[a-zA-Z0-9]{1,20}:)?si>")
SHARED_CELL = re.compile(
    r"<(?:[a-zA-Z0-9]{1,20}:)?c\s([^>]{0,400}+)>\s{0,20}<(?:[a-zA-Z0-9]{1,20}:)?v>(\d{1,9})</(?:[a-zA-Z0-9]{1,20}:)?v>"
)


def xml_text(source: str) -> str:
    """Give the text of an XML member. Entities that a document declares itself are not expanded."""
    text = CELL.sub("\t", BREAK.sub("\n", source.replace("\n", " ").replace("\r", " ")))
    return unescape(TAG.sub("", text)).strip()


def attribute_text(source: str) -> str:
    """Give the attribute values that hold many digits or an address: links, titles, properties."""
    values = (match[1] or match[2] for match in ATTRIBUTE.finditer(source))
    return "\n".join(unescape(value) for value in values if "@" in value or DIGITS.search(value))


def shared_strings(source: str) -> tuple[str, ...]:
    """Give a workbook's shared strings in their order."""
    items = SHARED.split(source)[1:]
    return tuple(unescape(TAG.sub("", SHARED_END.split(item, maxsplit=1)[0])) for item in items)


def with_shared_strings(sheet: str, strings: tuple[str, ...]) -> str:
    """Put the shared strings into a sheet's cells, so that a heading stands above its column again."""

    def cell(match: re.Match[str]) -> str:
        index = int(match[2])
        if 't="s"' not in match[1] or index >= len(strings):
            return match[0]
        return (
            match[0][: match.start(2) - match.start()]
            + _escaped(strings[index])
            + match[0][match.end(2) - match.start() :]
        )

    return SHARED_CELL.sub(cell, sheet)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
