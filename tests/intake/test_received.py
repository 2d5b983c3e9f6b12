"""A batch of admissions is read at once, whatever is in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.received import read_received
from records.blobs import chunks_of, place_of, remove_blob
from records.commit import Committer
from records.inquiries import find
from records.sealing import CHUNK
from records.store import Stores
from records.unsealing import PrivateKeys, open_sealed
from tests.records.builders import TickingClock, accept_mail, acceptor, private_keys, stores_in

KEYS = private_keys()


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    opened = stores_in(tmp_path)
    yield opened
    opened.close()


def accepted(stores: Stores, *mails: bytes) -> list[str]:
    """Accept mails; give the ids of their inquiries in the same order."""
    clock = TickingClock()
    committer = Committer(stores, clock)
    door = acceptor(committer, KEYS["intake"], clock)
    references = [accept_mail(door, mail).reference for mail in mails]
    committer.close()
    with stores.record.reading() as connection:
        return [find(connection, reference=reference).id for reference in references]


def test_each_of_a_batch_opens_to_its_own_bytes(stores: Stores) -> None:
    """What is read together is kept apart: each inquiry's chunks and wraps open to what was accepted."""
    mails = [b"Subject: %d\r\n\r\nx" % number for number in range(5)]
    ids = accepted(stores, *mails)
    found = read_received(stores, ids)
    keys = PrivateKeys([KEYS["intake"]])
    for inquiry_id, mail in zip(ids, mails, strict=True):
        received = found[inquiry_id]
        assert received.place is not None
        assert received.chunks is not None
        assert open_sealed(keys, received.place, received.wraps, received.chunks)[0].startswith(mail)


def test_a_large_mail_is_left_for_its_turn(stores: Stores) -> None:
    """A batch of large mails is never in memory at once."""
    small, large = accepted(stores, b"x", b"y" * CHUNK)
    found = read_received(stores, [small, large])
    assert found[small].chunks is not None
    assert found[large].chunks is None
    assert found[large].wraps
    with stores.record.reading() as connection:
        assert chunks_of(connection, place_of(connection, large, "original").blob_id)


def test_what_is_not_there_is_left_out(stores: Stores) -> None:
    """An id without an inquiry stops none of the others; an inquiry without its blob says so by having no place."""
    kept, bare = accepted(stores, b"x", b"y")
    with stores.record.writing() as connection:
        remove_blob(connection, place_of(connection, bare, "original").blob_id)
    found = read_received(stores, [kept, bare, "0" * 32])
    assert set(found) == {kept, bare}
    assert found[kept].place is not None
    assert found[bare].place is None
