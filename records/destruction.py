"""Destruction: the wraps go first, then the record's traces. What is destroyed opens nowhere, from that moment.

A key store's backups live a few days; when the last one is gone, so is every copy of the inquiry in any backup.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, literal, select, update

from records.audit import Chain, append
from records.errors import NotFound, WrongState
from records.inquiries import bring_back, move
from records.store import Stores, insert_ignoring
from records.tables import (
    AlarmRow,
    BlobRow,
    CallAttemptRow,
    ChunkRow,
    ContactRow,
    InquiryRow,
    JobRow,
    LegalHoldRow,
    ResponseRow,
    SubmissionRow,
    TombstoneRow,
    WrapRow,
)
from records.values import State

ERASED = (ChunkRow, BlobRow, ContactRow, ResponseRow, CallAttemptRow, SubmissionRow)
PAGE = 500  # SQLite takes a limited number of values in one question.


def destroy(stores: Stores, reference: str, *, approval: str, actor: str, chain: Chain, now: datetime) -> None:
    """Destroy a closed inquiry under an approval number. A legal hold, or another state, is `WrongState`.

    The inquiry's row is locked while its wraps go in the other database: no legal hold comes in between, because the
    row of a hold refers to this one, and nobody reopens it. The record is committed last. A crash before that leaves
    a tombstone, and the record is brought up to it by `replay_tombstones`.
    """
    with stores.record.writing() as connection:
        inquiry_id = _may_be_destroyed(connection, reference)
        blobs = tuple(connection.scalars(select(BlobRow.id).where(BlobRow.inquiry_id == inquiry_id)))
        with stores.keys.writing() as keys:
            keys.execute(insert_ignoring(keys, TombstoneRow), [{"inquiry_id": inquiry_id, "at": now}])
            keys.execute(delete(WrapRow).where(WrapRow.blob_id.in_(blobs)))
        _erase(connection, inquiry_id, now)
        append(
            connection, chain, kind="destroyed", actor=actor, at=now, reference=reference, detail={"approval": approval}
        )
    stores.keys.wipe_deleted(WrapRow)
    stores.record.wipe_deleted(*ERASED)


def _may_be_destroyed(connection: Connection, reference: str) -> str:
    """Lock the inquiry and give its id, or raise `WrongState`."""
    asked = select(InquiryRow.id, InquiryRow.state).where(InquiryRow.reference == reference).with_for_update()
    row = connection.execute(asked).one_or_none()
    if row is None:
        raise NotFound("no such inquiry")
    if connection.execute(select(LegalHoldRow).where(LegalHoldRow.inquiry_id == row.id)).first() is not None:
        raise WrongState("a legal hold stops destruction")
    if row.state != State.CLOSED.value:
        raise WrongState("only what is closed is destroyed")
    return str(row.id)


def half_done(stores: Stores) -> int:
    """Count what has a tombstone and is in the record all the same: `replay_tombstones` brings it to its end."""
    with stores.keys.reading() as connection:
        buried = tuple(connection.scalars(select(TombstoneRow.inquiry_id)))
    found = 0
    with stores.record.reading() as connection:
        for start in range(0, len(buried), PAGE):
            alive = InquiryRow.id.in_(buried[start : start + PAGE]) & (InquiryRow.state != State.DESTROYED.value)
            found += connection.execute(select(func.count()).select_from(InquiryRow).where(alive)).scalar_one()
    return found


def replay_tombstones(stores: Stores, now: datetime) -> int:
    """Destroy again what a restored record brought back, or a crash left half done; give how many."""
    with stores.keys.reading() as connection:
        buried = tuple(connection.scalars(select(TombstoneRow.inquiry_id)))
    again = sum(_bury_again(stores, buried[start : start + PAGE], now) for start in range(0, len(buried), PAGE))
    if again:
        stores.keys.wipe_deleted(WrapRow)
        stores.record.wipe_deleted(*ERASED)
    return again


def bury(stores: Stores) -> int:
    """Write the tombstones that a key store of an earlier day does not have yet; give how many."""
    with stores.record.reading() as connection:
        ended = select(InquiryRow.id, InquiryRow.changed_at).where(InquiryRow.state == State.DESTROYED.value)
        destroyed = {row.id: row.changed_at for row in connection.execute(ended)}
    with stores.keys.writing() as connection:
        missing = destroyed.keys() - set(connection.scalars(select(TombstoneRow.inquiry_id)))
        rows = [{"inquiry_id": each, "at": destroyed[each]} for each in sorted(missing)]
        if rows:
            connection.execute(insert_ignoring(connection, TombstoneRow), rows)
    return len(rows)


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
    # No work is left for it: an acknowledgement or an answer on its way would only fail.
    subjects = select(ResponseRow.id).where(ResponseRow.inquiry_id == inquiry_id).union(select(literal(inquiry_id)))
    connection.execute(delete(JobRow).where(JobRow.subject_id.in_(subjects)))
    is_its_alarm = AlarmRow.subject_id.in_(subjects) & AlarmRow.cleared_at.is_(None)
    connection.execute(update(AlarmRow).where(is_its_alarm).values(cleared_at=now))
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
