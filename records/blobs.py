"""Sealed blobs in the stores: written as part of a change, and read back for those who can open them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select

from records.bulk import insert_rows
from records.errors import NotFound
from records.sealing import Place, Sealed, Wrap
from records.store import Stores
from records.tables import BlobRow, ChunkRow, WrapRow

ORIGINAL, REDACTED, PREVIEW, CONTACT, RESPONSE = "original", "redacted", "preview", "contact", "response"
# Sealed bytes of a blob: its id, their number in it, and they.
Chunk = tuple[str, int, bytes]
UPLOAD_HOURS = 6  # No upload lives longer: the gateway's total limit for one message is minutes.

# Statements are built once: building one costs several times what SQLite takes to run it.
_CHUNKS = select(ChunkRow.sealed).where(ChunkRow.blob_id == bindparam("of_blob")).order_by(ChunkRow.number)
_WRAPS = select(WrapRow.__table__).where(WrapRow.blob_id.in_(bindparam("ids", expanding=True)))
_NEWEST = (
    select(BlobRow.id)
    .where(BlobRow.inquiry_id == bindparam("of_inquiry"), BlobRow.part == bindparam("of_part"))
    .order_by(BlobRow.created_at.desc())
    .limit(1)
)
_LATEST = select(func.max(BlobRow.created_at)).where(BlobRow.inquiry_id == bindparam("of_inquiry"))


def insert_sealed(connection: Connection, sealed: Sealed, now: datetime) -> None:
    """Write a blob that was sealed in memory."""
    insert_all_sealed(connection, [sealed], now)


def insert_all_sealed(connection: Connection, blobs: Sequence[Sealed], now: datetime) -> None:
    """Write blobs that were sealed in memory, in two statements however many they are."""
    insert_blobs(
        connection, [blob_row(each.place.blob_id, each.place.part, now, each.place.inquiry_id) for each in blobs]
    )
    chunks = [(each.place.blob_id, number, chunk) for each in blobs for number, chunk in enumerate(each.chunks)]
    insert_chunks(connection, chunks)


def blob_row(blob_id: str, part: str, now: datetime, inquiry_id: str | None = None) -> dict[str, Any]:
    """Give a blob's row; without an inquiry it is an upload under way."""
    return {"id": blob_id, "inquiry_id": inquiry_id, "part": part, "created_at": now}


def insert_blobs(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Write the rows of blobs."""
    insert_rows(connection, BlobRow, rows)


def insert_chunks(connection: Connection, chunks: Sequence[Chunk]) -> None:
    """Write sealed bytes, of one blob or of many."""
    rows = [{"blob_id": blob_id, "number": number, "sealed": sealed} for blob_id, number, sealed in chunks]
    insert_rows(connection, ChunkRow, rows)


def remove_blob(connection: Connection, blob_id: str) -> None:
    """Remove a blob's bytes and row. Its wraps are dropped by the change that removes it, or by the sweep."""
    connection.execute(delete(ChunkRow).where(ChunkRow.blob_id == blob_id))
    connection.execute(delete(BlobRow).where(BlobRow.id == blob_id))


def place_of(connection: Connection, inquiry_id: str, part: str) -> Place:
    """Find the newest blob of a part, or raise `NotFound`."""
    blob_id = connection.execute(_NEWEST, {"of_inquiry": inquiry_id, "of_part": part}).scalar()
    if blob_id is None:
        raise NotFound("no such part")
    return Place(inquiry_id=inquiry_id, blob_id=blob_id, part=part)


def after_earlier(connection: Connection, inquiry_id: str, now: datetime) -> datetime:
    """Give a moment after every blob of an inquiry: what is written anew is the newest though a clock was set back."""
    newest = connection.execute(_LATEST, {"of_inquiry": inquiry_id}).scalar()
    return now if newest is None else max(now, newest + timedelta(microseconds=1))


def chunks_of(connection: Connection, blob_id: str) -> tuple[bytes, ...]:
    """Read a blob's sealed bytes in order."""
    return tuple(connection.scalars(_CHUNKS, {"of_blob": blob_id}))


def wraps_of(stores: Stores, blob_ids: Sequence[str]) -> dict[str, tuple[Wrap, ...]]:
    """Read the wraps of blobs, by blob."""
    found: dict[str, tuple[Wrap, ...]] = {}
    with stores.keys.reading() as connection:
        for row in connection.execute(_WRAPS, {"ids": list(blob_ids)}):
            found[row.blob_id] = (*found.get(row.blob_id, ()), _wrap(row))
    return found


def sweep_uploads(connection: Connection, now: datetime) -> int:
    """Remove uploads that were never accepted; give how many."""
    is_old = BlobRow.inquiry_id.is_(None) & (BlobRow.created_at < now - timedelta(hours=UPLOAD_HOURS))
    # The rows first, by what they are when they go: an upload that is accepted in this moment stays, or finds itself
    # swept; asked for and then deleted, it could be accepted in between.
    orphans = tuple(connection.scalars(delete(BlobRow).where(is_old).returning(BlobRow.id)))
    for blob_id in orphans:
        connection.execute(delete(ChunkRow).where(ChunkRow.blob_id == blob_id))
    return len(orphans)


def is_upload_known(connection: Connection, blob_id: str) -> bool:
    """Tell whether pieces of an upload were written already."""
    # The row is held until the pieces that follow are written: a sweep comes before them or after, not in between.
    known = select(BlobRow.id).where(BlobRow.id == blob_id).with_for_update(read=True, key_share=True)
    return connection.execute(known).first() is not None


def _wrap(row: Any) -> Wrap:
    return Wrap(blob_id=row.blob_id, compartment=row.compartment, key_id=row.key_id, suite=row.suite, sealed=row.sealed)
