"""A web form's post: our own block in front says so, then the body stands as the browser sent it."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from intake.mime.charsets import decode
from intake.mime.headers import split
from intake.mime.multipart import cut
from intake.mime.regions import Gathering, Region, Shape
from intake.mime.walking import normalised, walk
from intake.submission import Place

BLOCK = b"Sallyport-Form: 1\r\n"
END_OF_HEADER = re.compile(rb"\r?\n\r?\n")
# Fields of ours; others are the sender's invention, and so is their name.
KNOWN = frozenset(
    "message q subject name email phone postal_address best_time spoken_language language lang need kind".split(),  # noqa: SIM905 - a table that is read as one line
)
SHOWN = frozenset({"message", "q"})
# Drawn by us, and no words of the sender.
UNSCANNED = frozenset({"csrf_token"})
MOST_FIELDS = 1000

Fields = tuple[tuple[str, str], ...]


def is_form(raw: bytes) -> bool:
    """Tell whether the bytes begin with the block of a web form."""
    return raw.startswith(BLOCK)


def read_form(gathering: Gathering, raw: bytes) -> Fields:
    """Gather fields and files; gives the fields in their order. Raises `OverBudget`."""
    block, body = _divided(raw)
    headers, _ = split(normalised(block) + b"\n\n")
    content = headers.content("application/x-www-form-urlencoded")
    files: list[tuple[str, str, bytes]] = []
    if content.media_type == "multipart/form-data":
        boundary = content.parameter("boundary").encode("utf-8", "replace")
        fields, files = _multipart(gathering, body, boundary)
    else:
        fields = _urlencoded(body)
    for name, value in fields:
        _gather_field(gathering, name, value)
    for name, media_type, data in files:
        gathering.purse.decode(len(data))
        walk(gathering, Region(data=data, shape=Shape.FILE, depth=1, default_type=media_type, name=name))
    return fields


def language_of(fields: Fields) -> str:
    """Give the language the form was filled in, or ""."""
    value = next((value for name, value in fields if name in {"language", "lang"}), "")
    return value if re.fullmatch(r"[a-z]{2,3}", value) else ""


def _divided(raw: bytes) -> tuple[bytes, bytes]:
    end = END_OF_HEADER.search(raw)
    return (raw, b"") if end is None else (raw[: end.start()], raw[end.end() :])


def _urlencoded(body: bytes) -> Fields:
    try:
        pairs = parse_qsl(decode(body), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        # More fields than any form of ours has: it is read as one text.
        return (("message", decode(body)),)
    return tuple((name, _lines(value)) for name, value in pairs)


def _multipart(gathering: Gathering, body: bytes, boundary: bytes) -> tuple[Fields, list[tuple[str, str, bytes]]]:
    """Take the parts (RFC 7578); a part with a file name, empty or not, is a file."""
    found = cut(body, boundary, gathering.purse.budget.parts)
    if found is None:
        return (("message", decode(body)),), []
    gathering.add(Place.HIDDEN, "message", decode(found.preamble))
    gathering.add(Place.HIDDEN, "message", decode(found.epilogue))
    fields: list[tuple[str, str]] = []
    files: list[tuple[str, str, bytes]] = []
    for part in (*found.parts, *found.late_parts):
        block, data = _divided(part)
        headers, _ = split(normalised(block) + b"\n\n")
        content = headers.content("text/plain")
        is_file = b"filename" in headers.raw("content-disposition").lower()
        if is_file:
            name = next((name for name in content.names if name != content.field_name), "")
            if data or name:
                files.append((name, content.media_type, data))
        else:
            fields.append((content.field_name, _lines(decode(data, "utf-8"))))
    return tuple(fields), files


def _gather_field(gathering: Gathering, name: str, value: str) -> None:
    if name in UNSCANNED:
        return
    label = name if name in KNOWN else "field"
    if name not in KNOWN:
        gathering.add(Place.FORM, label, name)
    place = Place.SUBJECT if name == "subject" else Place.FORM
    gathering.add(place, label, value, is_shown=name in SHOWN or place is Place.SUBJECT)


def _lines(value: str) -> str:
    return value.replace("\r\n", "\n").replace("\r", "\n")
