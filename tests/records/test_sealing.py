import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.errors import CannotOpen
from records.sealing import CHUNK, Place, Sealer, Wrap, padded_length, seal, wrap
from records.unsealing import PrivateKey, PrivateKeys, open_chunks

VECTORS = json.loads((Path(__file__).parent / "vectors" / "sealing-suite-1.json").read_text("utf-8"))
INQUIRY = "ab" * 16


def opened(key: PrivateKey, wrapped: Wrap, place: Place, chunks: tuple[bytes, ...]) -> bytes:
    return open_chunks(PrivateKeys([key]).unwrap(wrapped, place), place, chunks)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_what_was_sealed_by_an_earlier_version_opens(vector) -> None:
    """Committed vectors of suite 1 open after every upgrade: old inquiries never become unreadable."""
    key = PrivateKey(compartment=vector["compartment"], key_id=vector["key_id"], seed=bytes.fromhex(vector["seed"]))
    place = Place(**vector["place"])
    wrapped = Wrap(
        blob_id=place.blob_id,
        compartment=key.compartment,
        key_id=key.key_id,
        suite=vector["suite"],
        sealed=bytes.fromhex(vector["wrap"]),
    )
    chunks = tuple(bytes.fromhex(chunk) for chunk in vector["chunks"])
    assert opened(key, wrapped, place, chunks) == bytes.fromhex(vector["plaintext"])


@given(st.binary(max_size=3 * CHUNK))
def test_any_bytes_come_back_exactly(plaintext: bytes) -> None:
    """Whatever the bytes (trailing zeros and padding marks included), opening gives them back."""
    sealed = seal(plaintext, inquiry_id=INQUIRY, part="original")
    assert open_chunks(sealed.content_key, sealed.place, sealed.chunks) == plaintext


@given(st.lists(st.binary(max_size=CHUNK), max_size=8))
def test_pieces_as_they_arrive_seal_the_same_text(pieces: list[bytes]) -> None:
    """However a submission is cut on its way, the same bytes come back."""
    sealer = Sealer("cd" * 16)
    chunks = [chunk for piece in pieces for chunk in sealer.write(piece)]
    chunks += sealer.finish()
    place = Place(inquiry_id=INQUIRY, blob_id="cd" * 16, part="original")
    assert open_chunks(sealer.content_key, place, chunks) == b"".join(pieces)


@pytest.mark.parametrize(
    "damage",
    [
        lambda chunks: chunks[:-1],
        lambda chunks: chunks[1:],
        lambda chunks: (chunks[1], chunks[0], *chunks[2:]),
        lambda chunks: (*chunks, chunks[-1]),
        lambda chunks: (chunks[0][:-1] + bytes([chunks[0][-1] ^ 1]), *chunks[1:]),
    ],
    ids=["cut off", "first left out", "swapped", "added", "one bit changed"],
)
def test_damaged_chunks_do_not_open(damage) -> None:
    """A chunk that was cut off, left out, moved, added or changed is noticed, never shown."""
    sealed = seal(bytes(3 * CHUNK), inquiry_id=INQUIRY, part="original")
    with pytest.raises(CannotOpen):
        open_chunks(sealed.content_key, sealed.place, damage(sealed.chunks))


def test_no_bytes_at_all_do_not_open() -> None:
    """A blob whose chunks are all gone is an error, not an empty text."""
    sealed = seal(b"x", inquiry_id=INQUIRY, part="original")
    with pytest.raises(CannotOpen):
        open_chunks(sealed.content_key, sealed.place, ())


@pytest.mark.parametrize("field", ["inquiry_id", "blob_id", "part"])
def test_a_wrap_opens_in_its_own_place_only(field: str) -> None:
    """A wrap moved to another inquiry, blob or part opens nothing, even with the right key."""
    key = PrivateKey.generate("triage")
    sealed = seal(b"text", inquiry_id=INQUIRY, part="redacted")
    wrapped = wrap(sealed.content_key, key.public(), sealed.place)
    values = {"inquiry_id": INQUIRY, "blob_id": sealed.place.blob_id, "part": "redacted"}
    elsewhere = Place(**{**values, field: "ef" * 16})
    with pytest.raises(CannotOpen):
        PrivateKeys([key]).unwrap(wrapped, elsewhere)


def test_another_compartments_key_opens_nothing() -> None:
    """A process without a compartment's key cannot open what is sealed to it."""
    sealed = seal(b"text", inquiry_id=INQUIRY, part="redacted")
    wrapped = wrap(sealed.content_key, PrivateKey.generate("unit/appeals").public(), sealed.place)
    with pytest.raises(CannotOpen):
        PrivateKeys([PrivateKey.generate("unit/appeals"), PrivateKey.generate("triage")]).unwrap(wrapped, sealed.place)


@given(st.integers(min_value=1, max_value=1 << 40))
def test_padding_costs_little(length: int) -> None:
    """Padding never shortens, is at most 12 % beyond the smallest size, and padded lengths stay as they are."""
    padded = padded_length(length)
    assert length <= padded <= max(1024, int(length * 1.12) + 1)
    assert padded_length(padded) == padded


def test_short_texts_have_one_size() -> None:
    """A short mail and a shorter one cannot be told apart by their sealed size."""
    sizes = {sum(map(len, seal(b"x" * n, inquiry_id=INQUIRY, part="original").chunks)) for n in (0, 10, 500, 1023)}
    assert len(sizes) == 1


def test_keys_and_texts_have_no_repr() -> None:
    """A private key, a sealed blob or a sealer printed by mistake shows nothing of what it holds."""
    key = PrivateKey.generate("intake")
    sealed = seal(b"my words", inquiry_id=INQUIRY, part="original")
    printed = f"{key!r} {sealed!r} {Sealer('cd' * 16)!r} {PrivateKeys([key])!r}"
    assert key.seed.hex() not in printed
    assert repr(key.seed) not in printed
    assert repr(sealed.content_key) not in printed
