"""Destruction: the wraps go first, then the record's traces. What is destroyed opens nowhere, from that moment.

A key store's backups live a few days; when the last one is gone, so is every copy of the inquiry in any backup.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from records.audit import Chain, append
from records.errors import WrongState
from records.inquiries import bring_back, find, move
from records.store import Stores, insert_ignoring
from records.tables import (
    BlobRow,
    CallAttemptRow,
    ChunkRow,
    ContactRow,
    InquiryRow,
    LegalHoldRow,
    ResponseRow,
    SubmissionRow,
    TombstoneRow,
    WrapRow,
)
from records.values import State

PAGE = 500  # SQLite takes a limited number of values in one question.


def destroy(stores: Stores, reference: str, *, approval: str, actor: str, chain: Chain, now: datetime) -> None:
    """Destroy a closed inquiry under an approval number. A legal hold, or another state, is `WrongState`."""
    with stores.record.reading() as connection:
        facts = find(connection, reference=reference)
        held = connection.execute(select(LegalHoldRow).where(LegalHoldRow.inquiry_id == facts.id)).first()
        blobs = tuple(connection.scalars(select(BlobRow.id).where(BlobRow.inquiry_id == facts.id)))
    if held is not None:
        raise WrongState("a legal hold stops destruction")
    if facts.state is not State.CLOSED:
        raise WrongState("only what is closed is destroyed")
    with stores.keys.writing() as connection:
        connection.execute(insert_ignoring(connection, TombstoneRow), [{"inquiry_id": facts.id, "at": now}])
        connection.execute(delete(WrapRow).where(WrapRow.blob_id.in_(blobs)))
    stores.keys.truncate_log()
    with stores.record.writing() as connection:
        _erase(connection, facts.id, now)
        append(
            connection, chain, kind="destroyed", actor=actor, at=now, reference=reference, detail={"approval": approval}
        )
    stores.record.truncate_log()


def replay_tombstones(stores: Stores, now: datetime) -> int:
    """Destroy again what a restored record brought back, or a crash left half done; give how many."""
    with stores.keys.reading() as connection:
        buried = tuple(connection.scalars(select(TombstoneRow.inquiry_id)))
    again = sum(_bury_again(stores, buried[start : start + PAGE], now) for start in range(0, len(buried), PAGE))
    if again:
        stores.keys.truncate_log()
        stores.record.truncate_log()
    return again


def _bury_again(stores: Stores, buried: Sequence[str], now: datetime) -> int:
    with stores.record.reading() as connection:
        is_alive = InquiryRow.id.in_(buried) & (InquiryRow.state != State.DESTROYED.value)
        alive = tuple(connection.scalars(select(InquiryRow.id).where(is_alive)))
        blobs = tuple(connection.scalars(select(BlobRow.id).where(BlobRow.inquiry_id.in_(alive))))
    if not alive:
        return 0
    with stores.keys.writing() as connection:
        connection.execute(delete(WrapRow).where(WrapRow.blob_id.in_(blobs)))
    with stores.record.writing() as connection:
        for inquiry_id in alive:
            _erase(connection, inquiry_id, now)
    return len(alive)


def _erase(connection: Connection, inquiry_id: str, now: datetime) -> None:
    """Take away all but the row that says it was: reference, times, state."""
    blobs = select(BlobRow.id).where(BlobRow.inquiry_id == inquiry_id)
    connection.execute(delete(ChunkRow).where(ChunkRow.blob_id.in_(blobs)))
    connection.execute(delete(BlobRow).where(BlobRow.inquiry_id == inquiry_id))
    for table in (ContactRow, ResponseRow, CallAttemptRow):
        connection.execute(delete(table).where(table.inquiry_id == inquiry_id))
    row = connection.execute(
        select(InquiryRow.submission_id, InquiryRow.state).where(InquiryRow.id == inquiry_id)
    ).one()
    connection.execute(update(SubmissionRow).where(SubmissionRow.id == row.submission_id).values(digest=None, size=0))
    if row.state != State.CLOSED.value:
        # A restored record may hold it in any earlier state; it was closed when it was destroyed.
        bring_back(connection, inquiry_id, State.CLOSED, now=now)
    move(connection, inquiry_id, State.DESTROYED, now=now, access_code=None, flags=[], finding_counts={}, reasons=[])
