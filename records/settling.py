"""What is made good in time: wraps that are not needed any more, and work that lost its job."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, exists, select

from records.blobs import CONTACT, ORIGINAL, PREVIEW, REDACTED
from records.jobs import enqueue
from records.store import Stores
from records.tables import BlobRow, InquiryRow, JobRow, WrapRow
from records.values import State

LOOK_BACK = timedelta(days=2)
SETTLED = timedelta(hours=1)  # Nothing is under way for so long.
PAGE = 500
ROUTED = (State.ROUTED.value, State.ASSIGNED.value, State.ANSWERED.value, State.CLOSED.value)
OVER = (State.ANSWERED.value, State.CLOSED.value)
# Compartment, parts and states: whoever could open these parts on their way has no more business with them.
NOT_NEEDED: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("intake", (ORIGINAL,), ROUTED),
    ("triage", (REDACTED, PREVIEW), ROUTED),
    ("dispatch", (CONTACT,), OVER),
)
JOBS = {State.RECEIVED.value: "admit", State.ADMITTED.value: "triage"}


def drop_settled_wraps(stores: Stores, now: datetime) -> int:
    """Drop the wraps that a step should have dropped, or that ended with the inquiry; give how many."""
    dropped = 0
    for compartment, parts, states in NOT_NEEDED:
        with stores.record.reading() as connection:
            settled = (
                select(BlobRow.id)
                .join(InquiryRow, InquiryRow.id == BlobRow.inquiry_id)
                .where(InquiryRow.state.in_(states), BlobRow.part.in_(parts))
                .where(InquiryRow.changed_at >= now - LOOK_BACK, InquiryRow.changed_at < now - SETTLED)
            )
            blobs = tuple(connection.scalars(settled))
        for start in range(0, len(blobs), PAGE):
            doomed = delete(WrapRow).where(
                WrapRow.blob_id.in_(blobs[start : start + PAGE]), WrapRow.compartment == compartment
            )
            with stores.keys.writing() as connection:
                dropped += connection.execute(doomed).rowcount
    return dropped


def find_lost_work(connection: Connection, now: datetime) -> int:
    """Write the jobs again that unfinished inquiries should have and don't; give how many."""
    lost = select(InquiryRow.id, InquiryRow.state).where(
        InquiryRow.state.in_(tuple(JOBS)),
        InquiryRow.changed_at < now - SETTLED,
        ~exists().where(JobRow.kind.in_(tuple(JOBS.values())), JobRow.subject_id == InquiryRow.id),
    )
    rows = connection.execute(lost).all()
    for inquiry_id, state in rows:
        enqueue(connection, JOBS[state], inquiry_id, now)
    return len(rows)
