"""What the job `admit` reads: all of a batch in a few questions, since asking costs several times what answers do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, select

from records.blobs import ORIGINAL, wraps_of
from records.inquiries import INQUIRIES, facts
from records.sealing import Place, Wrap
from records.store import Stores
from records.tables import BlobRow, ChunkRow, InquiryRow
from records.values import InquiryFacts

ONE, TWO = 1, 2  # An original of one chunk is read with its batch; a larger one when its turn comes.
_INQUIRIES = INQUIRIES.where(InquiryRow.id.in_(bindparam("ids", expanding=True)))
_ORIGINALS = (
    select(BlobRow.id, BlobRow.inquiry_id)
    .where(BlobRow.inquiry_id.in_(bindparam("ids", expanding=True)), BlobRow.part == ORIGINAL)
    .order_by(BlobRow.created_at)
)
_CHUNKS = (
    select(ChunkRow.blob_id, ChunkRow.sealed)
    .where(ChunkRow.blob_id.in_(bindparam("ids", expanding=True)), ChunkRow.number < TWO)
    .order_by(ChunkRow.blob_id, ChunkRow.number)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One inquiry as it was accepted. `chunks` is None where they are read later; `place` where there are none."""

    inquiry: InquiryFacts
    place: Place | None
    wraps: tuple[Wrap, ...] = ()
    chunks: tuple[bytes, ...] | None = field(default=None, repr=False)


def read_received(stores: Stores, inquiry_ids: Sequence[str]) -> Mapping[str, Received]:
    """Read inquiries with their sealed originals, by id; one that is not there is left out."""
    with stores.record.reading() as connection:
        inquiries = facts(connection, connection.execute(_INQUIRIES, {"ids": list(inquiry_ids)}).all())
        # The newest of an inquiry comes last, and stays.
        originals = {row.inquiry_id: row.id for row in connection.execute(_ORIGINALS, {"ids": list(inquiry_ids)})}
        chunks = _small_ones(connection, tuple(originals.values()))
    wraps = wraps_of(stores, tuple(originals.values()))
    found = {}
    for inquiry in inquiries:
        blob_id = originals.get(inquiry.id, "")
        place = Place(inquiry_id=inquiry.id, blob_id=blob_id, part=ORIGINAL) if blob_id else None
        found[inquiry.id] = Received(
            inquiry=inquiry, place=place, wraps=wraps.get(blob_id, ()), chunks=chunks.get(blob_id)
        )
    return found


def _small_ones(connection: Connection, blob_ids: Sequence[str]) -> Mapping[str, tuple[bytes, ...]]:
    found: dict[str, tuple[bytes, ...]] = {}
    for blob_id, sealed in connection.execute(_CHUNKS, {"ids": list(blob_ids)}):
        found[blob_id] = (*found.get(blob_id, ()), sealed)
    return {blob_id: chunks for blob_id, chunks in found.items() if len(chunks) == ONE}
