"""A form post as it streams in: its raw bytes go to the upload, its small fields are read on the way.

Nothing is spooled to a file, and a file's content is never kept: it is counted, hashed and passed on.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Protocol
from urllib.parse import parse_qsl

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Event, Field, File, MultipartDecoder, NeedData, Preamble

from intake.errors import SenderFault

PIECE = 64 * 1024
LARGEST_BODY = 60 * 1000 * 1000
LARGEST_URLENCODED = 256 * 1024  # It holds no files: 64 fields' words fit, with every octet escaped.
LARGEST_HELD = 256 * 1024  # What the decoder may hold: a part's head, or the end of a piece.
FIELDS = 64
FIELD_SIZE = 16 * 1024
MESSAGE_SIZE = 32 * 1024  # 8,000 characters, of which one takes up to four octets.
FILES = 5
FILE_SIZE = 10 * 1000 * 1000

# The fields that are read; all others pass by. Those of the form itself do not make a submission another one.
CONTROL = frozenset({"csrf_token", "confirmed", "asked", "take_out"})
WORDS = frozenset(
    {"subject", "name", "email", "phone", "postal_address", "message", "kind", "best_time", "spoken_language", "need"}
)
BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")  # RFC 2046 section 5.1.1

STATUS: Mapping[str, HTTPStatus] = {
    "form-type": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "form-length": HTTPStatus.LENGTH_REQUIRED,
    "form-large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "form-broken": HTTPStatus.BAD_REQUEST,
    "form-slow": HTTPStatus.REQUEST_TIMEOUT,
}


class FormFault(SenderFault):
    """A post that cannot be read as a form; `status` is what the browser hears."""

    @property
    def status(self) -> HTTPStatus:
        """Give the answer for the reason."""
        return STATUS[self.reason]


class Stream(Protocol):
    """What a post is read from."""

    def read(self, size: int, /) -> bytes:
        """Give at most `size` bytes; none at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormType:
    """A post's declared type, checked. An empty boundary means urlencoded."""

    boundary: str
    length: int

    @property
    def block(self) -> bytes:
        """Give the block of our own that goes before the raw body, so that it can be read again."""
        multipart = f'multipart/form-data; boundary="{self.boundary}"'
        declared = multipart if self.boundary else "application/x-www-form-urlencoded"
        return f"Sallyport-Form: 1\r\nContent-Type: {declared}\r\n\r\n".encode("ascii")


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What was filled in."""

    fields: MultiDict[str, str] = field(repr=False)
    # Sizes of the files, in order; their names and contents are not kept.
    files: tuple[int, ...]
    too_long: frozenset[str]
    # Of names, values and file contents; those of `CONTROL` left out.
    digest: bytes = field(repr=False)


def read_type(content_type: str, content_encoding: str, length: int | None) -> FormType:
    """Check what a post says of itself, or raise `FormFault`."""
    declared, options = parse_options_header(content_type)
    if content_encoding or declared not in {"multipart/form-data", "application/x-www-form-urlencoded"}:
        raise FormFault("form-type")
    if length is None:
        raise FormFault("form-length")
    is_multipart = declared == "multipart/form-data"
    if length > (LARGEST_BODY if is_multipart else LARGEST_URLENCODED):
        raise FormFault("form-large")
    boundary = options.get("boundary", "") if is_multipart else ""
    if is_multipart and not BOUNDARY.fullmatch(boundary):
        raise FormFault("form-broken")
    return FormType(boundary=boundary, length=length)


def read_form(stream: Stream, form_type: FormType, sink: Callable[[bytes], None]) -> Posted:
    """Read a whole post; every byte goes to `sink`. Raises `FormFault`."""
    sink(form_type.block)
    collector = Collector()
    pieces = _pieces(stream, form_type.length, sink)
    if form_type.boundary:
        _read_multipart(pieces, form_type.boundary.encode("ascii"), collector)
    else:
        _read_urlencoded(b"".join(pieces), collector)
    return collector.posted()


def _pieces(stream: Stream, length: int, sink: Callable[[bytes], None]) -> Iterator[bytes]:
    left = length
    while left:
        try:
            piece = stream.read(min(PIECE, left))
        except OSError:
            raise FormFault("form-slow") from None
        if not piece:
            raise FormFault("form-broken")
        left -= len(piece)
        sink(piece)
        yield piece


class Collector:
    """Puts the parts together, within bounds."""

    def __init__(self) -> None:
        self._fields: MultiDict[str, str] = MultiDict()
        self._files: list[int] = []
        self._too_long: set[str] = set()
        self._whole = hashlib.sha256()
        self._name, self._is_file = "", False
        self._kept = bytearray()
        self._size = 0
        self._part = hashlib.sha256()

    def begin(self, name: str, file_name: str | None) -> None:
        """Begin a part; a file has a name, be it an empty one."""
        self._name, self._is_file = name, file_name is not None
        self._kept.clear()
        self._size = 0
        # Hashed by itself, so that where the name ends and the content begins counts.
        kind = b"field" if file_name is None else b"file " + file_name.encode("utf-8", "surrogatepass")
        self._part = hashlib.sha256(hashlib.sha256(kind).digest())

    def take(self, data: bytes) -> None:
        """Take a piece of the part."""
        self._size += len(data)
        self._part.update(data)
        if not self._is_file and self._name in WORDS | CONTROL:
            self._kept += data[: max(self._limit - len(self._kept), 0)]

    def end(self) -> None:
        """End the part."""
        if self._is_file:
            # A browser sends one file without name and bytes where none was chosen.
            self._files += [self._size] if self._size else []
        elif self._name in WORDS | CONTROL:
            self._fields.add(self._name, self._kept.decode("utf-8", "replace"))
            if self._size > self._limit:
                self._too_long.add(self._name)
        if self._name not in CONTROL:
            name = hashlib.sha256(self._name.encode("utf-8", "surrogatepass")).digest()
            self._whole.update(name + self._part.digest())

    def posted(self) -> Posted:
        """Give all of it."""
        return Posted(
            fields=self._fields,
            files=tuple(self._files),
            too_long=frozenset(self._too_long),
            digest=self._whole.digest(),
        )

    @property
    def _limit(self) -> int:
        return MESSAGE_SIZE if self._name == "message" else FIELD_SIZE


def _read_urlencoded(body: bytes, collector: Collector) -> None:
    try:
        pairs = parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, errors="replace", max_num_fields=FIELDS
        )
    except ValueError:
        raise FormFault("form-large") from None
    for name, value in pairs:
        collector.begin(name, None)
        collector.take(value.encode("utf-8", "replace"))
        collector.end()


def _read_multipart(pieces: Iterable[bytes], boundary: bytes, collector: Collector) -> None:
    decoder = MultipartDecoder(boundary, max_form_memory_size=LARGEST_HELD, max_parts=FIELDS + FILES)
    try:
        for piece in pieces:
            decoder.receive_data(piece)
            for event in _events(decoder):
                _take_event(event, collector)
        decoder.receive_data(None)
        for event in _events(decoder):
            _take_event(event, collector)
    except RequestEntityTooLarge:
        raise FormFault("form-large") from None
    except ValueError:
        # Its text can hold the post's own words: it goes no further.
        raise FormFault("form-broken") from None


def _events(decoder: MultipartDecoder) -> Iterator[Event]:
    while not isinstance(event := decoder.next_event(), NeedData):
        yield event
        if isinstance(event, Epilogue):
            return


def _take_event(event: Event, collector: Collector) -> None:
    match event:
        case Field(name=str(name)):
            collector.begin(name, None)
        case File(name=str(name), filename=str(file_name)):
            collector.begin(name, file_name)
        case Data(data=data, more_data=more_data):
            collector.take(data)
            if not more_data:
                collector.end()
        case Preamble() | Epilogue():
            pass
        case _:
            raise FormFault("form-broken")
