"""Archives unpacked in memory, within a budget that a bomb cannot talk its way around."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from intake.errors import IntakeError
from intake.mime.budget import OverBudget, Purse

PIECE = 1 << 16
ENCRYPTED_FLAG = 1


class BrokenArchive(IntakeError):
    """The archive cannot be read whole; `reason` is an attachment's reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file of an archive; `reason` says why its bytes are not here."""

    name: str = field(repr=False)
    data: bytes = field(default=b"", repr=False)
    reason: str | None = None


def gunzip(data: bytes, purse: Purse) -> bytes:
    """Unpack gzip, with several members if there are; raises `BrokenArchive` or `OverBudget`."""
    pieces: list[bytes] = []
    total, members, rest = 0, 0, data
    while rest:
        members += 1
        if members > purse.budget.archive_members:
            raise OverBudget("archive-bomb")
        unpacker = zlib.decompressobj(wbits=31)
        while not unpacker.eof and rest:
            try:
                piece = unpacker.decompress(rest, PIECE)
            except zlib.error:
                if pieces:
                    return b"".join(pieces)
                raise BrokenArchive("broken") from None
            rest = unpacker.unconsumed_tail or unpacker.unused_data
            total += len(piece)
            purse.unpack(len(piece), len(data), total)
            pieces.append(piece)
            if not piece and not unpacker.eof and not unpacker.unconsumed_tail:
                break
        if not unpacker.unused_data:
            break
    return b"".join(pieces)


def unzip(data: bytes, purse: Purse) -> Iterator[Member]:
    """Unpack a zip archive member by member; raises `BrokenArchive` or `OverBudget`."""
    # Late: most mails hold no archive, and a child starts faster without it.
    import zipfile  # noqa: PLC0415 - as said

    faults = (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        struct.error,
        NotImplementedError,
        KeyError,
    )
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        infos = archive.infolist()
    except faults:
        raise BrokenArchive("broken") from None
    if len(infos) > purse.budget.archive_members:
        raise OverBudget("archive-bomb")
    total = 0
    for info in infos:
        if info.is_dir():
            continue
        if info.flag_bits & ENCRYPTED_FLAG:
            yield Member(name=info.filename, reason="password")
            continue
        pieces: list[bytes] = []
        try:
            with archive.open(info) as stream:
                while piece := stream.read(PIECE):
                    total += len(piece)
                    purse.unpack(len(piece), len(data), total)
                    pieces.append(piece)
        except (*faults, RuntimeError):
            yield Member(name=info.filename, data=b"".join(pieces), reason="broken")
            continue
        yield Member(name=info.filename, data=b"".join(pieces))
