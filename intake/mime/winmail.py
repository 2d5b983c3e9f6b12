"""TNEF, the file winmail.dat in which Outlook wraps a message (MS-OXTNEF): its texts, and the files inside."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from intake.mime.lzfu import holds_rich_text, rich_texts

HEADER = struct.Struct("<IH")
ATTRIBUTE = struct.Struct("<BII")
CHECKSUM_BYTES = 2

SUBJECT = 0x00018004
BODY = 0x0002800C
FILE_TITLE = 0x00018010
FILE_DATA = 0x0006800F
PROPERTIES = frozenset({0x00069003, 0x00069005})


@dataclass(frozen=True, slots=True, kw_only=True)
class Winmail:
    """What a TNEF file holds."""

    texts: tuple[bytes, ...] = field(default=(), repr=False)
    # Name and bytes.
    files: tuple[tuple[bytes, bytes], ...] = field(default=(), repr=False)
    # Blocks of properties, of which only the printable runs are read.
    properties: tuple[bytes, ...] = field(default=(), repr=False)
    # False when it ends too early.
    is_whole: bool = True

    @property
    def is_read(self) -> bool:
        """Tell whether all of its text was read."""
        return self.is_whole and not any(holds_rich_text(block) and not rich_texts(block) for block in self.properties)


def read_winmail(data: bytes) -> Winmail:
    """Read the attributes in their order, up to the first that is cut off."""
    texts: list[bytes] = []
    properties: list[bytes] = []
    titles: list[bytes] = []
    contents: list[bytes] = []
    position = HEADER.size
    while position + ATTRIBUTE.size <= len(data):
        _, name, size = ATTRIBUTE.unpack_from(data, position)
        start = position + ATTRIBUTE.size
        value = data[start : start + size]
        if name in {SUBJECT, BODY}:
            texts.append(value.rstrip(b"\0"))
        elif name == FILE_TITLE:
            titles.append(value.rstrip(b"\0"))
        elif name == FILE_DATA:
            contents.append(value)
        elif name in PROPERTIES:
            properties.append(value)
        position = start + size + CHECKSUM_BYTES
    titles += [b""] * (len(contents) - len(titles))
    return Winmail(
        texts=tuple(texts),
        files=tuple(zip(titles, contents, strict=False)),
        properties=tuple(properties),
        is_whole=position == len(data),
    )
