"""A header block split into fields, and the questions one asks of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from intake.mime.transfer import encoding_name
from intake.mime.words import parameters, text_of

FIELD = re.compile(rb"([!-9;-~]{1,998})[ \t]*:")
FIELD_LINE = re.compile(rb"[!-9;-~]{1,200}[ \t]*:")
# A line that is no field ends the header for most readers; before one of these names it is only a damaged line.
KNOWN_FIELD = re.compile(
    rb"(?:content-[a-z-]+|mime-version|from|to|cc|subject|date|message-id|received|return-path|reply-to|sender|x-[!-9;-~]+)"
    rb"[ \t]*:",
    re.IGNORECASE,
)
TOKEN = re.compile(r"[a-z0-9!#$&^_.+-]{1,80}/[a-z0-9!#$&^_.+-]{1,120}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Headers:
    """The fields of one header block in their order: name in lower case, and unfolded value."""

    fields: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)
    # Lines in the block that are no fields.
    strays: tuple[bytes, ...] = field(default=(), repr=False)
    # The same fields by name: a hostile header has a million of them, and is asked twenty questions.
    by_name: Mapping[str, tuple[bytes, ...]] = field(default_factory=dict, repr=False)

    def raw(self, name: str) -> bytes:
        """Give the first value of a name, or nothing. The first wins, as with most readers."""
        return self.by_name.get(name, (b"",))[0]

    def all_raw(self, *names: str) -> list[bytes]:
        """Give every value of these names."""
        return [value for name in names for value in self.by_name.get(name, ())]

    def text(self, name: str) -> str:
        """Give the first value of a name as text, on one line."""
        return " ".join(text_of(self.raw(name)).split())

    def has(self, name: str) -> bool:
        """Tell whether there is such a field."""
        return name in self.by_name

    def content(self, default: str) -> Content:
        """Give what the block says of the body."""
        media_type, found = parameters(self.raw("content-type"))
        disposition, placed = parameters(self.raw("content-disposition"))
        names = [text for key, text in (*placed, *found) if key in {"filename", "name"} and text.strip()]
        return Content(
            media_type=media_type if TOKEN.fullmatch(media_type) else default,
            declared=media_type,
            parameters=tuple(found),
            disposition=disposition,
            names=tuple(dict.fromkeys(names)),
            field_name=next((text for key, text in placed if key == "name"), ""),
            encodings=tuple(encoding_name(text_of(value)) for value in self.all_raw("content-transfer-encoding")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a header block says of its body."""

    media_type: str
    # The media type as written, where it is no media type at all.
    declared: str = field(repr=False)
    parameters: tuple[tuple[str, str], ...] = field(repr=False)
    disposition: str = field(repr=False)
    # File names, that of the disposition first.
    names: tuple[str, ...] = field(repr=False)
    # The name of a web form's field (RFC 7578).
    field_name: str = field(repr=False)
    encodings: tuple[str, ...] = field(repr=False)

    def parameter(self, name: str) -> str:
        """Give the first parameter of this name, or ""."""
        return next((value for known, value in self.parameters if known == name), "")


def split(data: bytes) -> tuple[Headers, bytes]:
    """Split a message or a part into its header and its body. A body without a header is all body."""
    if data[:1] == b"\n":
        return Headers(), data[1:]
    end = data.find(b"\n\n")
    block, body = (data, b"") if end < 0 else (data[: end + 1], data[end + 2 :])
    lines = block.split(b"\n")
    fields: list[tuple[str, list[bytes]]] = []
    strays: list[bytes] = []
    offset = 0
    for number, line in enumerate(lines):
        match = FIELD.match(line)
        if line[:1] in b" \t" and line and fields:
            fields[-1][1].append(line)
        elif match is not None:
            fields.append((match[1].decode("ascii").lower(), [line[match.end() :]]))
        elif line and not _is_stray(line, lines, number):
            # The header ends here, and this line is the body's first.
            body = data[offset:]
            break
        elif line:
            strays.append(line)
        offset += len(line) + 1
    unfolded = tuple((name, b"".join(pieces).replace(b"\0", b"").strip()) for name, pieces in fields)
    by_name: dict[str, list[bytes]] = {}
    for name, value in unfolded:
        by_name.setdefault(name, []).append(value)
    index = {name: tuple(values) for name, values in by_name.items()}
    return Headers(fields=unfolded, strays=tuple(strays), by_name=index), body


def _is_stray(line: bytes, lines: list[bytes], number: int) -> bool:
    """Tell whether a line that is no field is only damage, with the header going on behind it."""
    following = lines[number + 1] if number + 1 < len(lines) else b""
    if number == 0:
        # An mbox separator, or a continuation of nothing.
        return line.startswith((b"From ", b">From ", b" ", b"\t")) or bool(KNOWN_FIELD.match(following))
    return bool(KNOWN_FIELD.match(following))
