"""Arrivals: submissions that are sealed, and are written together in one commit, with as few statements as for one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from intake.errors import OurFault
from records.blobs import ORIGINAL, Chunk, blob_row, insert_blobs, insert_chunks, remove_blob
from records.bulk import insert_rows
from records.clock import Clock
from records.inquiries import insert_inquiries
from records.jobs import enqueue_all
from records.references import new_reference
from records.sealing import new_id
from records.tables import BlobRow, DeliveryRow, InquiryRow, SubmissionRow
from records.values import Accepted, Channel, State

SWEPT = "upload-swept"  # The sweep took an upload under way: a clock that jumped.

# Statements are built once: building one costs several times what SQLite takes to run it, on the path of every mail.
_KNOWN = (
    select(SubmissionRow.id, SubmissionRow.digest, InquiryRow.reference, InquiryRow.id.label("inquiry_id"))
    .join(InquiryRow, InquiryRow.submission_id == SubmissionRow.id)
    .where(SubmissionRow.digest.in_(bindparam("digests", expanding=True)))
)
_DELIVERED = select(DeliveryRow.mailbox).where(DeliveryRow.submission_id == bindparam("of_submission"))


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptSettings:
    """What every inquiry carries from its first moment."""

    reference_prefix: str
    policy_version: str
    record_series: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A submission that is sealed. Its first chunks may be in the store already, from before it was complete."""

    inquiry_id: str
    blob_id: str
    digest: bytes = field(repr=False)
    channel: Channel
    size: int
    mailboxes: tuple[str, ...]
    language: str
    access_code: bytes | None = field(repr=False)
    chunks: tuple[Chunk, ...] = field(repr=False)
    is_begun: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """Writes arrivals."""

    settings: AcceptSettings
    clock: Clock

    def write(self, connection: Connection, arrivals: Sequence[Arrival]) -> list[Accepted]:
        """Write submissions, deliveries, inquiries and their first jobs; what is known adds recipients at most."""
        now, digests = self.clock(), [each.digest for each in arrivals]
        known = _known(connection, digests)
        first = {each.digest: each for each in reversed(arrivals) if each.digest not in known}
        new = [each for each in arrivals if first.get(each.digest) is each]
        written = zip(new, self._write_new(connection, new, now), strict=True)
        answers = {each.inquiry_id: answer for each, answer in written}
        if len(new) < len(arrivals):
            known = _known(connection, digests)
        return [answers.get(each.inquiry_id) or _again(connection, each, known[each.digest], now) for each in arrivals]

    def _write_new(self, connection: Connection, arrivals: Sequence[Arrival], now: datetime) -> list[Accepted]:
        if not arrivals:
            return []
        named = [(each, new_id(), new_reference(self.settings.reference_prefix)) for each in arrivals]
        insert_rows(connection, SubmissionRow, [_submission(each, name, now) for each, name, _ in named])
        rows = [row for each, submission_id, _ in named for row in _deliveries(submission_id, each.mailboxes, now)]
        insert_rows(connection, DeliveryRow, rows)
        insert_inquiries(connection, [self._inquiry(*name, now) for name in named])
        _place_blobs(connection, arrivals, now)
        enqueue_all(connection, "admit", [each.inquiry_id for each in arrivals], now)
        return [Accepted(reference=reference, is_duplicate=False) for _, _, reference in named]

    def _inquiry(self, arrival: Arrival, submission_id: str, reference: str, now: datetime) -> dict[str, Any]:
        return {
            "id": arrival.inquiry_id,
            "reference": reference,
            "submission_id": submission_id,
            "channel": arrival.channel.value,
            "language": arrival.language,
            "state": State.RECEIVED.value,
            "received_at": now,
            "changed_at": now,
            "policy_version": self.settings.policy_version,
            "record_series": self.settings.record_series,
            "access_code": arrival.access_code,
        }


def _known(connection: Connection, digests: Sequence[bytes]) -> dict[bytes, Any]:
    rows: Iterable[Any] = connection.execute(_KNOWN, {"digests": digests})
    return {row.digest: row for row in rows}


def _again(connection: Connection, arrival: Arrival, known: Any, now: datetime) -> Accepted:
    """Answer what is there already: ours, from a commit whose answer was lost, or the same bytes sent again."""
    if known.inquiry_id == arrival.inquiry_id:
        return Accepted(reference=known.reference, is_duplicate=False)
    # The wrap just written belongs to no blob then; the sweep drops it.
    remove_blob(connection, arrival.blob_id)
    delivered = set(connection.scalars(_DELIVERED, {"of_submission": known.id}))
    new = (mailbox for mailbox in arrival.mailboxes if mailbox not in delivered)
    insert_rows(connection, DeliveryRow, _deliveries(known.id, new, now))
    return Accepted(reference=known.reference, is_duplicate=True)


def _place_blobs(connection: Connection, arrivals: Sequence[Arrival], now: datetime) -> None:
    for each in arrivals:
        if each.is_begun:
            own = update(BlobRow).where(BlobRow.id == each.blob_id).values(inquiry_id=each.inquiry_id)
            if connection.execute(own).rowcount != 1:
                raise OurFault(SWEPT)
    whole = [blob_row(each.blob_id, ORIGINAL, now, each.inquiry_id) for each in arrivals if not each.is_begun]
    insert_blobs(connection, whole)
    insert_chunks(connection, [chunk for each in arrivals for chunk in each.chunks])


def _submission(arrival: Arrival, submission_id: str, now: datetime) -> dict[str, Any]:
    return {
        "id": submission_id,
        "digest": arrival.digest,
        "channel": arrival.channel.value,
        "size": arrival.size,
        "received_at": now,
    }


def _deliveries(submission_id: str, mailboxes: Iterable[str], now: datetime) -> list[dict[str, Any]]:
    new = dict.fromkeys(mailboxes)
    return [{"submission_id": submission_id, "mailbox": mailbox, "received_at": now} for mailbox in new]
