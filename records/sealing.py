"""Sealing: what anybody with a public key can do. Opening lies in `records.unsealing`, out of the public side's reach.

A blob's plaintext is cut into chunks of 64 KiB, each sealed with AES-256-GCM under a content key that is made for this
blob and never used again. The nonce is the chunk's number and a flag on the last one, so that chunks can be neither
left out, swapped nor cut off at the end; the blob's id is authenticated with each. Lengths are padded (Padme: at most
12 % longer), so that a length tells little. The content key is wrapped with HPKE (RFC 9180) for each compartment
that may open it; `info` binds the wrap to its place.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PublicKey, Suite

SUITE = 1
HPKE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
CHUNK = 64 * 1024
KEY_LENGTH = 32
TAG_LENGTH = 16
MLKEM_PUBLIC_LENGTH = 1184
SMALLEST = 1024  # Below this all lengths look alike: a short mail, its preview and its contact have one size.
PADDING_START = b"\x80"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """A compartment's public key. `raw` is ML-KEM-768's 1,184 bytes and X25519's 32."""

    compartment: str
    key_id: str
    raw: bytes = field(repr=False)

    def hpke(self) -> MLKEM768X25519PublicKey:
        """Give the form that HPKE takes."""
        return _public(self.raw)


@lru_cache(maxsize=256)  # Public keys, one for each compartment: expanding one costs a third of a wrap.
def _public(raw: bytes) -> MLKEM768X25519PublicKey:
    return MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(raw[:MLKEM_PUBLIC_LENGTH]),
        X25519PublicKey.from_public_bytes(raw[MLKEM_PUBLIC_LENGTH:]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a blob belongs: a wrap made for one place opens in no other."""

    inquiry_id: str
    blob_id: str
    part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrap:
    """A content key sealed to one compartment."""

    blob_id: str
    compartment: str
    key_id: str
    suite: int
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A sealed blob in memory: its chunks, and the content key that is to be wrapped and forgotten."""

    place: Place
    chunks: tuple[bytes, ...] = field(repr=False)
    content_key: bytes = field(repr=False)


def new_id() -> str:
    """Give an id: 48 bits of time in milliseconds and 80 random ones, as 32 hexadecimal digits.

    New rows lie side by side in every index then, so that a commit touches few pages, however many went before.
    """
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"


def padded_length(length: int) -> int:
    """Give the length to pad to: Padme (Nikitin and others, PETS 2019), which leaks O(log log n) bits of a length.

    >>> [padded_length(n) for n in (1, 1024, 1025, 70_000)]
    [1024, 1024, 1088, 71680]
    """
    if length <= SMALLEST:
        return SMALLEST
    exponent = length.bit_length() - 1
    mask = (1 << (exponent - exponent.bit_length())) - 1
    return (length + mask) & ~mask


def nonce(number: int, *, is_last: bool) -> bytes:
    """Give the nonce of a chunk. A content key seals one blob only, so a counter never repeats under it."""
    return number.to_bytes(11, "big") + bytes([is_last])


def associated(blob_id: str) -> bytes:
    """Give what is authenticated with every chunk of a blob."""
    return bytes([SUITE]) + bytes.fromhex(blob_id)


def wrap_info(suite: int, key_id: str, compartment: str, place: Place) -> bytes:
    """Give HPKE's `info`: suite, key, compartment and place, unambiguously joined."""
    purpose = compartment.partition("/")[0]
    fields = [suite, key_id, compartment, place.inquiry_id, place.blob_id, place.part, purpose]
    return b"sallyport wrap " + json.dumps(fields, separators=(",", ":")).encode()


class Sealer:
    """Seals one blob as its bytes arrive; holds at most one chunk of plaintext."""

    def __init__(self, blob_id: str, content_key: bytes | None = None) -> None:
        self.content_key = content_key or secrets.token_bytes(KEY_LENGTH)
        self.length = 0
        self.number = 0
        self._blob_id = blob_id
        self._aead = AESGCM(self.content_key)
        self._associated = associated(blob_id)
        self._waiting = bytearray()

    def __repr__(self) -> str:
        return f"Sealer(blob_id={self._blob_id!r}, length={self.length})"

    def write(self, data: bytes) -> Iterator[bytes]:
        """Take bytes in; give each chunk that is full. The last one is only ever given by `finish`."""
        self.length += len(data)
        self._waiting += data
        while len(self._waiting) > CHUNK:
            piece = bytes(self._waiting[:CHUNK])
            del self._waiting[:CHUNK]
            yield self._seal(piece, is_last=False)

    def finish(self) -> Iterator[bytes]:
        """Pad, and give the chunks that remain; the last one says that it is the last."""
        total = self.length + 1
        self._waiting += PADDING_START + bytes(padded_length(total) - total)
        while len(self._waiting) > CHUNK:
            piece = bytes(self._waiting[:CHUNK])
            del self._waiting[:CHUNK]
            yield self._seal(piece, is_last=False)
        yield self._seal(bytes(self._waiting), is_last=True)
        self._waiting.clear()

    def _seal(self, piece: bytes, *, is_last: bool) -> bytes:
        sealed = self._aead.encrypt(nonce(self.number, is_last=is_last), piece, self._associated)
        self.number += 1
        return sealed


def seal(plaintext: bytes, *, inquiry_id: str, part: str, blob_id: str | None = None) -> Sealed:
    """Seal a text that is in memory as one blob."""
    place = Place(inquiry_id=inquiry_id, blob_id=blob_id or new_id(), part=part)
    sealer = Sealer(place.blob_id)
    chunks = (*sealer.write(plaintext), *sealer.finish())
    return Sealed(place=place, chunks=chunks, content_key=sealer.content_key)


def wrap(content_key: bytes, key: PublicKey, place: Place) -> Wrap:
    """Seal a content key to a compartment, bound to its place."""
    info = wrap_info(SUITE, key.key_id, key.compartment, place)
    return Wrap(
        blob_id=place.blob_id,
        compartment=key.compartment,
        key_id=key.key_id,
        suite=SUITE,
        sealed=HPKE.encrypt(content_key, key.hpke(), info),
    )
