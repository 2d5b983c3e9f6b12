from typing import Any

import pytest
from sqlalchemy import Table, insert, select

from records.audit import Chain
from records.blobs import ORIGINAL, place_of
from records.destruction import destroy, replay_tombstones
from records.errors import CannotOpen, NotFound, WrongState
from records.inquiries import find, hold, move
from records.ledger import total
from records.store import Store
from records.tables import Base, ChunkRow, LegalHoldRow, SubmissionRow, WrapRow
from records.unsealing import PrivateKeys, open_blob
from records.values import State
from tests.records.builders import accept_mail, acceptor, private_keys

CHAIN = Chain("officer", b"k" * 32)
MAIL = b"Subject: destroy me\r\n\r\n" + b"text " * 30_000


def closed(stores, committer, clock, keys) -> str:
    reference = accept_mail(acceptor(committer, keys["intake"], clock), MAIL).reference
    with stores.record.writing() as connection:
        inquiry = find(connection, reference=reference)
        hold(connection, inquiry.id, "unreadable", now=clock())
        move(connection, inquiry.id, State.CLOSED, now=clock())
    return reference


def rows_of(store: Store) -> dict[Table, list[dict[str, Any]]]:
    """Read every row of the record: a backup."""
    with store.reading() as connection:
        return {
            table: [dict(row) for row in connection.execute(table.select()).mappings()]
            for table in Base.metadata.sorted_tables
        }


def put_back(store: Store, backup: dict[Table, list[dict[str, Any]]]) -> None:
    """Put a backup in place of all that is there."""
    with store.writing() as connection:
        for table in reversed(backup):
            connection.execute(table.delete())
        for table, rows in backup.items():
            if rows:
                connection.execute(table.insert(), rows)


def test_what_is_destroyed_opens_nowhere(stores, committer, clock, on_disk) -> None:
    """After destruction no wrap, no byte and no digest is left, not in the tables' files either; the row says it was.

    PostgreSQL's write-ahead log keeps its segments for a while: the operator's guide says for how long.
    """
    keys = private_keys()
    reference = closed(stores, committer, clock, keys)
    with stores.record.reading() as connection:
        inquiry = find(connection, reference=reference)
        place = place_of(connection, inquiry.id, ORIGINAL)
        sealed = connection.execute(select(ChunkRow.sealed)).scalars().first()
    with stores.keys.reading() as connection:
        wrapped = connection.execute(select(WrapRow.sealed)).scalar_one()
    destroy(stores, reference, approval="RCB-2026-14", actor="officer", chain=CHAIN, now=clock())
    with pytest.raises(CannotOpen):
        open_blob(stores, PrivateKeys([keys["intake"]]), place)
    kept = on_disk(with_log=False)
    assert reference.encode() in kept  # The search does find what is kept.
    assert wrapped[:64] not in kept
    assert sealed[:64] not in kept
    with stores.record.reading() as connection:
        assert find(connection, reference=reference).state is State.DESTROYED
        assert connection.execute(select(SubmissionRow.digest)).scalar_one() is None
        with pytest.raises(NotFound):
            place_of(connection, inquiry.id, ORIGINAL)
    assert total(stores).is_even


def test_a_legal_hold_stops_destruction(stores, committer, clock) -> None:
    """Whatever the schedule says, what is on legal hold stays and still opens."""
    keys = private_keys()
    reference = closed(stores, committer, clock, keys)
    with stores.record.writing() as connection:
        inquiry = find(connection, reference=reference)
        connection.execute(insert(LegalHoldRow), [{"inquiry_id": inquiry.id, "set_by": "x", "set_at": clock()}])
    with pytest.raises(WrongState):
        destroy(stores, reference, approval="RCB-2026-14", actor="officer", chain=CHAIN, now=clock())
    with stores.record.reading() as connection:
        place = place_of(connection, inquiry.id, ORIGINAL)
    assert open_blob(stores, PrivateKeys([keys["intake"]]), place)


def test_only_what_is_closed_is_destroyed(stores, committer, clock) -> None:
    """An inquiry that waits for somebody cannot be destroyed by mistake."""
    reference = accept_mail(acceptor(committer, private_keys()["intake"], clock), MAIL).reference
    with pytest.raises(WrongState):
        destroy(stores, reference, approval="RCB-2026-14", actor="officer", chain=CHAIN, now=clock())


def test_a_restored_record_is_destroyed_again(stores, committer, clock) -> None:
    """A record restored from before a destruction is brought up to it by the tombstones of the key store."""
    keys = private_keys()
    accept = acceptor(committer, keys["intake"], clock)
    stays = accept_mail(accept, b"stays").reference
    reference = accept_mail(accept, MAIL).reference
    backup = rows_of(stores.record)
    with stores.record.writing() as connection:
        inquiry = find(connection, reference=reference)
        hold(connection, inquiry.id, "unreadable", now=clock())
        move(connection, inquiry.id, State.CLOSED, now=clock())
    destroy(stores, reference, approval="RCB-2026-14", actor="officer", chain=CHAIN, now=clock())
    put_back(stores.record, backup)
    assert replay_tombstones(stores, clock()) == 1
    assert replay_tombstones(stores, clock()) == 0
    with stores.record.reading() as connection:
        assert find(connection, reference=reference).state is State.DESTROYED
        place = place_of(connection, find(connection, reference=stays).id, ORIGINAL)
    assert open_blob(stores, PrivateKeys([keys["intake"]]), place)
    assert total(stores).is_even
