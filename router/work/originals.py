"""Opening an original: a ground from a table, a second person's approval, a short time, once.

What is asked for and approved is recorded here; the unsealer checks it again and is the only one that opens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from records import inquiries
from records.errors import NotFound
from records.sealing import new_id
from records.tables import ApprovalRow, InquiryRow
from records.values import InquiryFacts, Reader
from router.accounts import reader_by_id
from router.clearance import Refused, may_second
from router.opening import NotOpened, OriginalText
from router.work.asked import Asked, Done, NotDone, Work, listed, may_see_listed, note, perform

GROUNDS: Mapping[str, str] = {
    "not-scanned": "It was not fully scanned and has to be redacted by hand",
    "missed-identifier": "Something was missed, and the scanner has to be put right",
    "verify-identity": "The caller's number must be compared with the one that was written",
    "records-request": "A records request asks for it",
    "legal-process": "A court or a subpoena asks for it",
    "harm": "Somebody may come to harm",
}
WAITS = timedelta(hours=24)  # A request nobody approved in a day is asked anew, with the facts of that day.
OPEN_FOR = timedelta(minutes=15)  # From the approval on; as long as a session may rest.


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingOriginal:
    """A request that waits for a second person, or an approval that has not been used."""

    id: str
    reference: str
    ground: str
    asked_by: str
    asked_by_name: str
    asked_at: datetime
    is_approved: bool


def request_original(work: Work, asked: Asked, ground: str) -> Done | NotDone:
    """Ask for a second person's approval to open an original."""
    if ground not in GROUNDS:
        return NotDone(reason="no-ground")

    def act(connection: Connection, facts: InquiryFacts) -> Done | NotDone:
        approval_id = new_id()
        row = {"id": approval_id, "inquiry_id": facts.id, "asked_by": asked.reader.id, "ground": ground}
        times = {"asked_at": asked.now, "expires_at": asked.now + WAITS}
        connection.execute(insert(ApprovalRow), [{**row, **times}])
        note(connection, work, asked, "original-asked", {"ground": ground, "approval": approval_id})
        return Done(act="original-asked", version=facts.version, made=approval_id)

    return perform(work, asked, may_see_listed, act)


def approve_original(work: Work, asked: Asked, approval_id: str) -> Done | NotDone:
    """Approve a colleague's request, as the second person."""

    def act(connection: Connection, facts: InquiryFacts) -> Done | NotDone:
        row = connection.execute(
            select(ApprovalRow.__table__)
            .where(ApprovalRow.id == approval_id, ApprovalRow.inquiry_id == facts.id)
            .with_for_update()
        ).one_or_none()
        first = reader_by_id(connection, row.asked_by) if row is not None else None
        if row is None or first is None or row.approved_at is not None or asked.now >= row.expires_at:
            return NotDone(reason="no-request")
        verdict = may_second(asked.reader, first, facts, asked.now)
        if isinstance(verdict, Refused):
            return NotDone(reason=verdict.reason)
        values = {"approved_by": asked.reader.id, "approved_at": asked.now, "expires_at": asked.now + OPEN_FOR}
        connection.execute(update(ApprovalRow).where(ApprovalRow.id == approval_id).values(values))
        note(connection, work, asked, "original-approved", {"approval": approval_id, "for": first.id})
        return Done(act="original-approved", version=facts.version)

    return perform(work, asked, may_see_listed, act)


def show_original(work: Work, asked: Asked, approval_id: str) -> OriginalText | NotDone:
    """Open an original on its approval. The unsealer checks, records and opens; the desk only passes it on."""
    with work.books.store.reading() as connection:
        if listed(connection, asked) is None:
            return NotDone(reason="not-there")
    opened = work.opening.original(asked.session, asked.reference, approval_id)
    return NotDone(reason=opened.reason) if isinstance(opened, NotOpened) else opened


def pending_originals(
    connection: Connection, reference: str, reader: Reader, now: datetime
) -> tuple[PendingOriginal, ...]:
    """Give an inquiry's live requests: those of others to be approved, and one's own."""
    try:
        facts = inquiries.find(connection, reference=reference)
    except NotFound:
        return ()
    rows = connection.execute(
        select(ApprovalRow.__table__, InquiryRow.reference)
        .join(InquiryRow, InquiryRow.id == ApprovalRow.inquiry_id)
        .where(ApprovalRow.inquiry_id == facts.id, ApprovalRow.expires_at > now, ApprovalRow.used_at.is_(None))
        .order_by(ApprovalRow.asked_at)
    ).all()
    found = []
    for row in rows:
        first = reader_by_id(connection, row.asked_by)
        if first is None or (row.approved_at is not None and first.id != reader.id):
            continue
        found.append(
            PendingOriginal(
                id=row.id,
                reference=row.reference,
                ground=row.ground,
                asked_by=first.id,
                asked_by_name=first.name,
                asked_at=row.asked_at,
                is_approved=row.approved_at is not None,
            )
        )
    return tuple(found)
