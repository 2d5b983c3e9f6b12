"""Bodies read by their kind: each reader takes a leaf, gathers its texts, and gives the regions it found inside."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import unescape
from types import MappingProxyType
from urllib.parse import unquote_to_bytes

from intake.mime import plain
from intake.mime.charsets import decode, other_reading
from intake.mime.containers import read_gzip, read_signed, read_winmail_file, read_zip
from intake.mime.kinds import Kind
from intake.mime.leaf import Leaf
from intake.mime.markup import read_html
from intake.mime.multipart import cut, guess_boundary
from intake.mime.offices import attribute_text
from intake.mime.regions import Region, Shape
from intake.mime.transfer import base64_bytes, uuencoded
from intake.submission import Place

META_CHARSET = re.compile(rb"""charset\s{0,5}=\s{0,5}["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
ANY_TAG = re.compile(r"<[^<>]*+>")
DATA_TYPES = frozenset({"text/xml", "application/xml"})


def read_text(leaf: Leaf) -> list[Region]:
    """Show a text; uuencoded files and undeclared MIME parts inside it are read further."""
    text = decode(leaf.data, leaf.charset).replace("\r\n", "\n")
    leaf.note(other_reading(leaf.data, leaf.charset, text), place=Place.RAW)
    if leaf.is_flowed:
        text = plain.unflowed(text, deletes_space=leaf.deletes_space)
    if plain.is_pgp_message(text):
        _encrypted_text(leaf)
    leaf.show(plain.without_dash_escapes(text))
    regions: list[Region] = []
    if b"begin " in leaf.data:
        files = uuencoded(leaf.data)
        regions += [
            replace(leaf.inside(data, name=decode(name)), attachment=None, is_member=False) for name, data in files
        ]
    if boundary := guess_boundary(leaf.data):
        found = cut(leaf.data, boundary, leaf.gathering.purse.budget.parts)
        parts = found.parts + found.late_parts if found else ()
        regions += [leaf.inside(part, shape=Shape.PART, is_hidden=True) for part in parts]
    return regions


def _encrypted_text(leaf: Leaf) -> None:
    leaf.gathering.flags.add("encrypted")
    if leaf.attachment:
        leaf.fail("password")
    else:
        leaf.gathering.hold = leaf.gathering.hold or "encrypted"


def read_markup(leaf: Leaf) -> list[Region]:
    """Show HTML as text; what it hides is gathered for the scanner, and files in data: URIs are read further."""
    meta = META_CHARSET.search(leaf.data[:2048])
    charset = leaf.charset or (meta[1].decode("ascii") if meta else "")
    source = decode(leaf.data, charset)
    leaf.note(other_reading(leaf.data, charset, source), place=Place.RAW)
    if leaf.media_type in DATA_TYPES:
        # Elements of plain XML are fields of data: each on a line of its own.
        leaf.show(unescape(ANY_TAG.sub("\n", source)), place=Place.HTML)
        leaf.note(attribute_text(source))
        return []
    reading = read_html(source)
    leaf.show(reading.shown, place=Place.HTML)
    leaf.note(reading.hidden)
    if plain.is_pgp_message(reading.shown):
        _encrypted_text(leaf)
    regions: list[Region] = []
    for file in reading.files:
        raw = unquote_to_bytes(file.content)
        data = base64_bytes(raw) if file.is_base64 else raw
        leaf.gathering.purse.decode(len(data))
        regions.append(leaf.inside(data, is_hidden=True))
    return regions


def read_folded(leaf: Leaf) -> list[Region]:
    """Show a calendar or a card with its lines unfolded."""
    text = decode(leaf.data, leaf.charset).replace("\r\n", "\n")
    leaf.show(plain.unfolded(text))
    return []


def read_message(leaf: Leaf) -> list[Region]:
    """Read a mail inside the mail."""
    return [leaf.inside(leaf.data, shape=Shape.MESSAGE)]


def read_rich_text(leaf: Leaf) -> list[Region]:
    """Show the text of RTF."""
    leaf.show(plain.rich_text(decode(leaf.data, "cp1252")))
    if b"\\object" in leaf.data or b"\\pict" in leaf.data:
        leaf.fail("type-not-read")
    return []


def read_encrypted(leaf: Leaf) -> list[Region]:
    """Note that OpenPGP or S/MIME hides the words."""
    leaf.gathering.flags.add("encrypted")
    leaf.gathering.has_encrypted_words = True
    leaf.fail("password")
    return []


def read_locked(leaf: Leaf) -> list[Region]:
    """Note that a file wants a password."""
    leaf.gathering.flags.add("encrypted")
    leaf.fail("password")
    return []


def read_nothing(leaf: Leaf) -> list[Region]:
    """Take the printable runs of a file of another type: better than nothing, and said to be no more than that."""
    leaf.fail("type-not-read")
    leaf.note(plain.runs(leaf.data, leaf.gathering.purse.budget.runs), place=Place.RAW)
    return []


def read_empty(leaf: Leaf) -> list[Region]:
    """Read nothing where nothing is."""
    del leaf
    return []


READERS: Mapping[Kind, Callable[[Leaf], list[Region]]] = MappingProxyType(
    {
        Kind.TEXT: read_text,
        Kind.MARKUP: read_markup,
        Kind.FOLDED: read_folded,
        Kind.MESSAGE: read_message,
        Kind.ZIP: read_zip,
        Kind.GZIP: read_gzip,
        Kind.TNEF: read_winmail_file,
        Kind.SIGNED: read_signed,
        Kind.ENCRYPTED: read_encrypted,
        Kind.RTF: read_rich_text,
        Kind.LOCKED: read_locked,
        Kind.UNREAD: read_nothing,
        Kind.EMPTY: read_empty,
    },
)
