"""Sealed blobs in the stores: written as part of a change, and read back for those who can open them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, insert, select

from records.errors import NotFound
from records.sealing import Place, Sealed, Wrap
from records.store import Stores
from records.tables import BlobRow, ChunkRow, WrapRow

ORIGINAL, REDACTED, PREVIEW, CONTACT, RESPONSE = "original", "redacted", "preview", "contact", "response"
UPLOAD_HOURS = 6  # No upload lives longer: the gateway's total limit for one message is minutes.

# Statements are built once: building one costs several times what SQLite takes to run it.
_BLOB, _CHUNK = insert(BlobRow), insert(ChunkRow)
_CHUNKS = select(ChunkRow.sealed).where(ChunkRow.blob_id == bindparam("of_blob")).order_by(ChunkRow.number)
_WRAPS = select(WrapRow.__table__).where(WrapRow.blob_id.in_(bindparam("ids", expanding=True)))
_NEWEST = (
    select(BlobRow.id)
    .where(BlobRow.inquiry_id == bindparam("of_inquiry"), BlobRow.part == bindparam("of_part"))
    .order_by(BlobRow.created_at.desc())
    .limit(1)
)


def insert_sealed(connection: Connection, sealed: Sealed, now: datetime) -> None:
    """Write a blob that was sealed in memory."""
    place = sealed.place
    insert_blob(connection, place.blob_id, place.part, now, inquiry_id=place.inquiry_id)
    insert_chunks(connection, place.blob_id, 0, sealed.chunks)


def insert_blob(
    connection: Connection, blob_id: str, part: str, now: datetime, *, inquiry_id: str | None = None
) -> None:
    """Write a blob's row; without an inquiry it is an upload under way."""
    connection.execute(_BLOB, [{"id": blob_id, "inquiry_id": inquiry_id, "part": part, "created_at": now}])


def insert_chunks(connection: Connection, blob_id: str, first: int, chunks: Sequence[bytes]) -> None:
    """Write chunks, numbered on from `first`."""
    rows = [{"blob_id": blob_id, "number": first + i, "sealed": chunk} for i, chunk in enumerate(chunks)]
    if rows:
        connection.execute(_CHUNK, rows)


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
    old = select(BlobRow.id).where(
        BlobRow.inquiry_id.is_(None), BlobRow.created_at < now - timedelta(hours=UPLOAD_HOURS)
    )
    orphans = tuple(connection.scalars(old))
    for blob_id in orphans:
        remove_blob(connection, blob_id)
    return len(orphans)


def sweep_wraps(stores: Stores, since: datetime, until: datetime) -> int:
    """Drop wraps made between two moments whose blob does not exist; give how many."""
    with stores.keys.reading() as connection:
        asked = select(WrapRow.blob_id).where(WrapRow.made_at >= since, WrapRow.made_at < until).distinct()
        made = tuple(connection.scalars(asked))
    dropped = 0
    for start in range(0, len(made), 500):
        group = made[start : start + 500]
        with stores.record.reading() as connection:
            known = set(connection.scalars(select(BlobRow.id).where(BlobRow.id.in_(group))))
        orphans = [blob_id for blob_id in group if blob_id not in known]
        if orphans:
            with stores.keys.writing() as connection:
                connection.execute(delete(WrapRow).where(WrapRow.blob_id.in_(orphans)))
            dropped += len(orphans)
    return dropped


def is_upload_known(connection: Connection, blob_id: str) -> bool:
    """Tell whether pieces of an upload were written already."""
    return bool(connection.execute(select(exists().where(BlobRow.id == blob_id))).scalar())


def _wrap(row: Any) -> Wrap:
    return Wrap(blob_id=row.blob_id, compartment=row.compartment, key_id=row.key_id, suite=row.suite, sealed=row.sealed)
