"""Opening what was sealed. Only processes that hold a compartment's private key come here: worker, unsealer, officer.

The import contracts keep every module that faces the public from reaching this one.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey

from records.blobs import chunks_of, wraps_of
from records.errors import CannotOpen, KeyFault
from records.sealing import HPKE, PADDING_START, SUITE, Place, PublicKey, Wrap, associated, nonce, wrap_info
from records.store import Stores

MLKEM_SEED_LENGTH = 64
X25519_LENGTH = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateKey:
    """A compartment's private key. `seed` is ML-KEM's seed (64 bytes) and the raw X25519 key (32)."""

    compartment: str
    key_id: str
    seed: bytes = field(repr=False)

    @classmethod
    def generate(cls, compartment: str) -> PrivateKey:
        """Make a new key."""
        seed = secrets.token_bytes(MLKEM_SEED_LENGTH + X25519_LENGTH)
        return cls(compartment=compartment, key_id=secrets.token_hex(8), seed=seed)

    def _parts(self) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
        if len(self.seed) != MLKEM_SEED_LENGTH + X25519_LENGTH:
            raise KeyFault("a private key has the wrong length")
        return (
            MLKEM768PrivateKey.from_seed_bytes(self.seed[:MLKEM_SEED_LENGTH]),
            X25519PrivateKey.from_private_bytes(self.seed[MLKEM_SEED_LENGTH:]),
        )

    def hpke(self) -> MLKEM768X25519PrivateKey:
        """Give the form that HPKE takes."""
        return MLKEM768X25519PrivateKey(*self._parts())

    def public(self) -> PublicKey:
        """Give the public half."""
        kem, curve = self._parts()
        raw = kem.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()
        return PublicKey(compartment=self.compartment, key_id=self.key_id, raw=raw)


class PrivateKeys:
    """The private keys that one process holds, by compartment and key id."""

    def __init__(self, keys: Sequence[PrivateKey]) -> None:
        self._keys: Mapping[tuple[str, str], MLKEM768X25519PrivateKey] = {
            (key.compartment, key.key_id): key.hpke() for key in keys
        }
        self.compartments = frozenset(key.compartment for key in keys)

    def __repr__(self) -> str:
        return f"PrivateKeys({sorted(self.compartments)})"

    def unwrap(self, wrap: Wrap, place: Place) -> bytes:
        """Give the content key, or raise `CannotOpen`."""
        key = self._keys.get((wrap.compartment, wrap.key_id))
        if key is None or wrap.suite != SUITE:
            raise CannotOpen("no key for this wrap")
        try:
            return HPKE.decrypt(wrap.sealed, key, wrap_info(wrap.suite, wrap.key_id, wrap.compartment, place))
        except (InvalidTag, ValueError):
            raise CannotOpen("the wrap does not open") from None


def open_chunks(content_key: bytes, place: Place, chunks: Sequence[bytes]) -> bytes:
    """Give a blob's plaintext; raise `CannotOpen` where a chunk was changed, left out, moved or added."""
    aead, extra, last = AESGCM(content_key), associated(place.blob_id), len(chunks) - 1
    try:
        padded = b"".join(
            aead.decrypt(nonce(number, is_last=number == last), chunk, extra) for number, chunk in enumerate(chunks)
        )
    except InvalidTag:
        raise CannotOpen("a chunk does not open") from None
    plaintext, mark, _ = padded.rpartition(PADDING_START)
    if not mark:
        raise CannotOpen("a blob without its padding")
    return plaintext


def open_blob(stores: Stores, keys: PrivateKeys, place: Place) -> tuple[bytes, bytes]:
    """Open a blob from the stores with whichever key fits; give plaintext and content key (for wrapping it on)."""
    with stores.record.reading() as connection:
        chunks = chunks_of(connection, place.blob_id)
    return open_sealed(keys, place, wraps_of(stores, [place.blob_id]).get(place.blob_id, ()), chunks)


def open_sealed(keys: PrivateKeys, place: Place, wraps: Sequence[Wrap], chunks: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Open a blob whose wraps and sealed bytes were read already; as `open_blob`."""
    fitting = [wrap for wrap in wraps if wrap.compartment in keys.compartments]
    if not fitting:
        raise CannotOpen("no wrap for the keys of this process")
    content_key = keys.unwrap(fitting[0], place)
    if not chunks:
        raise CannotOpen("no bytes")
    return open_chunks(content_key, place, chunks), content_key
