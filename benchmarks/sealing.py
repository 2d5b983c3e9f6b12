"""Sealing: wraps and openings a second, and megabytes a second against the bare cipher."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from benchmarks.measuring import Case, Figures, Row, interleaved, seconds_of
from benchmarks.scale import Scale
from records.sealing import CHUNK, Place, new_id, seal, wrap
from records.unsealing import PrivateKey, PrivateKeys, open_chunks

BARE = "AES-256-GCM alone"


def wraps(_folder: Path, scale: Scale) -> Iterator[Row]:
    """Wrap content keys, and open the wraps again."""
    private = PrivateKey.generate("intake")
    public, keys = private.public(), PrivateKeys([private])
    place = Place(inquiry_id=new_id(), blob_id=new_id(), part="original")
    content_key, count = secrets.token_bytes(32), scale.wraps
    sample = wrap(content_key, public, place)

    def wrapping() -> Figures:
        return {"per second": count / seconds_of(lambda: [wrap(content_key, public, place) for _ in range(count)])}

    def opening() -> Figures:
        return {"per second": count / seconds_of(lambda: [keys.unwrap(sample, place) for _ in range(count)])}

    cases: dict[str, Case] = {"wrap": wrapping, "open": opening}
    yield from interleaved("sealing, a content key", cases, scale.repetitions, against="wrap")


def chunks(_folder: Path, scale: Scale) -> Iterator[Row]:
    """Seal and open a blob in chunks."""
    text = secrets.token_bytes(scale.sealed)
    pieces = [text[start : start + CHUNK] for start in range(0, len(text), CHUNK)]
    sealed = seal(text, inquiry_id=new_id(), part="original")

    def bare() -> Figures:
        cipher, nonce = AESGCM(sealed.content_key), bytes(12)
        return _rate(text, seconds_of(lambda: [cipher.encrypt(nonce, piece, None) for piece in pieces]))

    def sealing() -> Figures:
        return _rate(text, seconds_of(lambda: seal(text, inquiry_id=sealed.place.inquiry_id, part="original")))

    def opening() -> Figures:
        return _rate(text, seconds_of(lambda: open_chunks(sealed.content_key, sealed.place, sealed.chunks)))

    cases: dict[str, Case] = {BARE: bare, "seal": sealing, "open": opening}
    yield from interleaved("sealing, a blob", cases, scale.repetitions, against=BARE)


def _rate(text: bytes, seconds: float) -> Figures:
    return {"MB/s": len(text) / 1e6 / seconds}
