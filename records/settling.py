"""What is made good in time: wraps that are not needed any more, and work that lost its job.

After a restoration the sweep lets orphan wraps be for a while: they may belong to inquiries that were accepted after
the backup, and an operator who finds a newer one can still bring those back.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, exists, select

from records.blobs import CONTACT, ORIGINAL, PREVIEW, REDACTED
from records.jobs import enqueue
from records.store import Stores
from records.tables import EPOCH, AlarmRow, BlobRow, InquiryRow, JobRow, WrapRow
from records.values import State

LOOK_BACK = timedelta(days=2)
SETTLED = timedelta(hours=1)  # Nothing is under way for so long.
RESTORED = "restored"  # The alarm that a restoration raises; its time is the restoration's.
REST_AFTER_RESTORING = timedelta(hours=24)
WHOLE_SWEEPS = timedelta(days=30)  # So long after a restoration a worker that starts looks at every wrap once.
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


class Sweep:
    """Remembers how far it got, so that each round reads what is new and not the days before it again."""

    def __init__(self) -> None:
        self._made_until: datetime | None = None
        self._changed_until: datetime | None = None

    def drop_wraps(self, stores: Stores, now: datetime) -> int:
        """Drop the wraps that nobody needs; give how many."""
        dropped = drop_settled_wraps(stores, now, self._changed_until)
        # What was settled an hour ago is read once more: hosts' clocks differ a little.
        self._changed_until = now - SETTLED - SETTLED
        with stores.record.reading() as connection:
            restored = connection.scalar(select(AlarmRow.at).where(AlarmRow.kind == RESTORED))
        if restored is not None and now < restored + REST_AFTER_RESTORING:
            return dropped
        since = self._made_until
        if since is None:
            since = EPOCH if restored is not None and now < restored + WHOLE_SWEEPS else now - LOOK_BACK
        dropped += sweep_wraps(stores, since, now - SETTLED)
        self._made_until = now - SETTLED - SETTLED
        return dropped


def sweep_wraps(stores: Stores, since: datetime, until: datetime) -> int:
    """Drop wraps made between two moments whose blob does not exist; give how many blobs those were of."""
    dropped = 0
    for made in _made(stores, since, until):
        with stores.record.reading() as connection:
            orphans = set(made) - set(connection.scalars(select(BlobRow.id).where(BlobRow.id.in_(made))))
        if orphans:
            with stores.keys.writing() as connection:
                connection.execute(delete(WrapRow).where(WrapRow.blob_id.in_(sorted(orphans))))
        dropped += len(orphans)
    return dropped


def _made(stores: Stores, since: datetime, until: datetime) -> Iterator[tuple[str, ...]]:
    """Give the blobs whose wraps were made between two moments, a page at a time, each page from the index alone.

    A page ends with a moment, and takes all of that moment along: a group commit gives many wraps the same.
    """
    last = since - timedelta.resolution
    while True:
        later = select(WrapRow.made_at, WrapRow.blob_id).where(WrapRow.made_at > last, WrapRow.made_at < until)
        with stores.keys.reading() as connection:
            page = connection.execute(later.order_by(WrapRow.made_at).limit(PAGE)).all()
            if not page:
                return
            last = page[-1].made_at
            same = connection.scalars(select(WrapRow.blob_id).where(WrapRow.made_at == last)).all()
        blobs = sorted({row.blob_id for row in page} | set(same))
        for start in range(0, len(blobs), PAGE):
            yield tuple(blobs[start : start + PAGE])


def drop_settled_wraps(stores: Stores, now: datetime, since: datetime | None = None) -> int:
    """Drop the wraps that a step should have dropped, or that ended with the inquiry; give how many."""
    dropped = 0
    for compartment, parts, states in NOT_NEEDED:
        with stores.record.reading() as connection:
            settled = (
                select(BlobRow.id)
                .join(InquiryRow, InquiryRow.id == BlobRow.inquiry_id)
                .where(InquiryRow.state.in_(states), BlobRow.part.in_(parts))
                .where(InquiryRow.changed_at >= (since or now - LOOK_BACK), InquiryRow.changed_at < now - SETTLED)
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
    rows = connection.execute(lost.limit(PAGE)).all()
    for inquiry_id, state in rows:
        enqueue(connection, JOBS[state], inquiry_id, now)
    return len(rows)
