"""A search of everything at rest for numbers that must not be there. It never says which number it was."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sallyport.demo.databases import whole_numbers
from sallyport.demo.views import views

# A file is read in pieces that overlap by more than any number, encoded in any way, is long.
PIECE = 8 * 1024 * 1024
OVERLAP = 64 * 1024
# Digits, and what people and programs put between them. Digits on either side make it another, longer number.
RUN = re.compile(rb"[0-9](?:[ \t\r\n./,:;_()|>+'\"\\-]{0,4}+[0-9])*+")
GROUP = re.compile(rb"[0-9]+")


@dataclass(frozen=True, slots=True)
class Hit:
    """One find: the file (or "process N"), which of the planted numbers by its place, and how it was encoded."""

    file: str
    which: int
    encoding: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search looked at, and what it found."""

    files: int
    bytes: int
    hits: tuple[Hit, ...]

    def __add__(self, other: Found) -> Found:
        return Found(
            files=self.files + other.files,
            bytes=self.bytes + other.bytes,
            hits=tuple(dict.fromkeys((*self.hits, *other.hits))),
        )


def search(paths: Iterable[Path], planted: Sequence[str], processes: Iterable[int] = ()) -> Found:
    """Search every file under `paths`, its name too, and the command lines of `processes`."""
    wanted = _wanted(planted)
    files = size = 0
    hits: list[Hit] = []
    for name, path in _files(paths):
        files += 1
        for piece in _pieces(path):
            size += len(piece)
            hits += _hits(name, piece, wanted)
        with contextlib.suppress(FileNotFoundError):  # It was removed meanwhile.
            hits += [replace(hit, encoding="table") for row in whole_numbers(path) for hit in _hits(name, row, wanted)]
        hits += _hits(name, name.encode("utf-8", "surrogateescape"), wanted)
    for number in processes:
        hits += _hits(f"process {number}", _command_line(number), wanted)
    return Found(files=files, bytes=size, hits=tuple(dict.fromkeys(hits)))


def _wanted(planted: Sequence[str]) -> Mapping[bytes, tuple[int, str]]:
    """Give the digits of each number, forwards and backwards, with its place."""
    wanted: dict[bytes, tuple[int, str]] = {}
    for which, number in enumerate(planted):
        digits = "".join(character for character in number if character.isdecimal()).encode()
        wanted[digits[::-1]] = (which, ", reversed")
        wanted[digits] = (which, "")
    return wanted


def _files(paths: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    for path in paths:
        if path.is_file():
            yield path.name, path
        for inner in sorted(path.rglob("*")) if path.is_dir() else ():
            # Sockets and pipes hold nothing at rest, and a link's target is searched where it is.
            if inner.is_file() and not inner.is_symlink():
                yield inner.relative_to(path).as_posix(), inner


def _pieces(path: Path) -> Iterator[bytes]:
    """Give a file's bytes; one that is removed while everything runs holds nothing any more."""
    try:
        with path.open("rb") as opened:
            before = b""
            while piece := opened.read(PIECE):
                yield before + piece
                before = piece[-OVERLAP:]
    except FileNotFoundError:
        return


def _command_line(number: int) -> bytes:
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" | ")
    except OSError:  # It has ended, or this system does not show it.
        return b""


def _hits(name: str, data: bytes, wanted: Mapping[bytes, tuple[int, str]]) -> Iterator[Hit]:
    lengths = sorted({len(digits) for digits in wanted})
    for encoding, view in views(data):
        for digits in _numbers(view, lengths):
            if (known := wanted.get(digits)) is not None:
                which, direction = known
                yield Hit(file=name, which=which, encoding=encoding + direction)


def _numbers(view: bytes, lengths: Sequence[int]) -> Iterator[bytes]:
    """Give every number of these lengths that begins and ends with a group of digits, whatever is between."""
    for run in RUN.finditer(view):
        if len(run[0]) < lengths[0]:
            continue
        groups = [group.span() for group in GROUP.finditer(run[0])]
        digits = b"".join(run[0][start:end] for start, end in groups)
        ends: set[int] = set()
        starts: list[int] = []
        reached = 0
        for start, end in groups:
            starts.append(reached)
            reached += end - start
            ends.add(reached)
        for begin in starts:
            yield from (digits[begin : begin + length] for length in lengths if begin + length in ends)
