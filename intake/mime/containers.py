"""Files that hold other files: zip and office documents, gzip, winmail.dat, and S/MIME with the message inside."""

from __future__ import annotations

import re
from dataclasses import replace

from intake.mime.archives import BrokenArchive, Member, gunzip, unzip
from intake.mime.charsets import decode
from intake.mime.leaf import Leaf
from intake.mime.lzfu import rich_texts
from intake.mime.offices import attribute_text, shared_strings, with_shared_strings, xml_text
from intake.mime.plain import rich_text, runs
from intake.mime.regions import Region, Shape
from intake.mime.winmail import read_winmail
from intake.submission import Place

SHOWN_MEMBERS = re.compile(
    r"word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml|xl/(?:worksheets|comments)[^/]*/?[^/]*\.xml"
    r"|ppt/(?:slides|notesSlides|comments)/[^/]+\.xml|content\.xml"
)
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
# Made by programs: a picture of the first page, a printer's settings, fonts. They are searched for printable runs only.
PROGRAM_MADE = re.compile(
    r"(?:docprops/thumbnail|thumbnails/|xl/printersettings/|word/fonts/|layout-cache)", re.IGNORECASE
)
PLAIN_XML = re.compile(r"\.(?:xml|rels|vml|rdf)$", re.IGNORECASE)
# Where the signed message begins, and the ASN.1 OCTET STRING that may stand right in front of it.
SIGNED_START = re.compile(rb"(?:content-type|mime-version|content-transfer-encoding)[ \t]*:", re.IGNORECASE)
OCTET_STRING = 0x04
LONG_LENGTH = 0x80


def read_gzip(leaf: Leaf) -> list[Region]:
    """Unpack, and read what is inside as a file of the same attachment."""
    try:
        data = gunzip(leaf.data, leaf.gathering.purse)
    except BrokenArchive as fault:
        leaf.fail(fault.reason)
        return []
    name = leaf.name[:-3] if leaf.name.lower().endswith(".gz") else leaf.name
    return [leaf.inside(data, name=name)]


def read_zip(leaf: Leaf) -> list[Region]:
    """Unpack; the members of an office file are read as one document, others as files of the same attachment."""
    try:
        members = list(unzip(leaf.data, leaf.gathering.purse))
    except BrokenArchive as fault:
        leaf.fail(fault.reason)
        leaf.note(runs(leaf.data, leaf.gathering.purse.budget.runs), place=Place.RAW)
        return []
    names = {member.name for member in members}
    is_office = "[Content_Types].xml" in names or {"mimetype", "content.xml"} <= names
    strings: tuple[str, ...] = ()
    if is_office:
        found = next((member.data for member in members if member.name == "xl/sharedStrings.xml"), b"")
        strings = shared_strings(decode(found, "utf-8"))
    regions: list[Region] = []
    for member in members:
        if member.reason:
            leaf.fail(member.reason)
        if member.reason == "password":
            leaf.gathering.flags.add("encrypted")
        if is_office and PLAIN_XML.search(member.name):
            _office_member(leaf, member, strings)
        elif is_office and PROGRAM_MADE.match(member.name):
            leaf.note(runs(member.data, leaf.gathering.purse.budget.runs), place=Place.RAW)
        else:
            leaf.gathering.add(Place.FILE_NAME, leaf.label, member.name)
            regions.append(leaf.inside(member.data, name=member.name))
    return regions


def _office_member(leaf: Leaf, member: Member, strings: tuple[str, ...]) -> None:
    source = decode(member.data, "utf-8")
    if strings and SHEET.fullmatch(member.name):
        source = with_shared_strings(source, strings)
    text = xml_text(source)
    if SHOWN_MEMBERS.fullmatch(member.name):
        leaf.show(text)
    else:
        leaf.note(text)
    leaf.note(attribute_text(source))


def read_winmail_file(leaf: Leaf) -> list[Region]:
    """Read the texts as the message's own, and the files inside as further attachments."""
    found = read_winmail(leaf.data)
    for text in found.texts:
        leaf.show(decode(text))
    for block in found.properties:
        for rich in rich_texts(block):
            leaf.gathering.purse.decode(len(rich))
            leaf.show(rich_text(decode(rich, "cp1252")))
        leaf.note(runs(block, leaf.gathering.purse.budget.runs), place=Place.RAW)
    if not found.is_read:
        leaf.fail("broken" if not found.is_whole else "type-not-read")
    return [
        replace(leaf.inside(data, name=decode(title)), attachment=None, is_member=False) for title, data in found.files
    ]


def read_signed(leaf: Leaf) -> list[Region]:
    """Find the message inside the signature, and read it as the message itself."""
    leaf.note(runs(leaf.data, leaf.gathering.purse.budget.runs), place=Place.RAW)
    start = SIGNED_START.search(leaf.data)
    if start is None:
        leaf.fail("type-not-read")
        return []
    data = _octets(leaf.data, start.start())
    return [replace(leaf.inside(data, shape=Shape.PART), attachment=leaf.region.attachment, is_member=False)]


def _octets(data: bytes, start: int) -> bytes:
    """Give the content of the octet strings that begin in front of `start`; all the rest when there are none."""
    pieces: list[bytes] = []
    position = _string_start(data, start)
    while 0 <= position < len(data) - 1 and data[position] == OCTET_STRING:
        size, content = data[position + 1], position + 2
        if size & LONG_LENGTH:
            count = size & ~LONG_LENGTH
            size, content = int.from_bytes(data[content : content + count], "big"), content + count
        pieces.append(data[content : content + size])
        position = content + size
    return b"".join(pieces) or data[start:]


def _string_start(data: bytes, start: int) -> int:
    """Give where an octet string's tag stands if its content begins at `start`, else -1."""
    for header in (2, 3, 4, 5):
        at = start - header
        if at < 0 or data[at] != OCTET_STRING:
            continue
        short = header == 2 and data[at + 1] < LONG_LENGTH  # noqa: PLR2004 - a tag and one byte of length
        if short or data[at + 1] == LONG_LENGTH + header - 2:
            return at
    return -1
