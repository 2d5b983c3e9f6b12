"""The job `admit`: open what was accepted, have it parsed by a bare child, find and remove identifiers, seal the rest.

The redacted inquiry and its preview are sealed to `triage`, the address to `dispatch`, the original to `custodian`, and
the copy that `intake` could open is dropped. What cannot be read is held with a reason; nothing is ever dropped.

Where the next step can be decided at once (`decide`), it is taken in the same commit: the text is sealed to its unit
straight away, and `triage` never holds a copy.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection, bindparam, delete

from intake.received import Received, read_received
from intake.redacting import Redacted, redacted
from intake.submission import Submission
from records.blobs import CONTACT, PREVIEW, REDACTED, after_earlier, chunks_of, insert_all_sealed
from records.bulk import insert_rows
from records.clock import Clock
from records.commit import Change
from records.digests import DigestKeys, DigestPurpose, contact_form
from records.documents import to_bytes
from records.errors import CannotOpen, NotFound
from records.inquiries import hold, move
from records.jobs import TRIES, JobFault, enqueue
from records.onward import Decide, Onward
from records.originals import split_original
from records.sealing import Place, PublicKey, Sealed, Wrap, seal, wrap
from records.store import Stores
from records.tables import ContactRow
from records.unsealing import PrivateKeys, open_sealed
from records.values import Channel, InquiryFacts, State

log = logging.getLogger(__name__)
INTAKE = "intake"
TRIAGE = "triage"
_OLD_CONTACTS = delete(ContactRow).where(ContactRow.inquiry_id == bindparam("of_inquiry"))


class Parser(Protocol):
    """Where raw bytes are read: a pool of bare children."""

    def parse(self, raw: bytes, *, may_be_form: bool) -> Submission:
        """Give what was read; whatever goes wrong is a held submission with a reason.

        Only what our own site accepted `may_be_form`: a mail that begins like a form's post is a mail.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Admit:
    """What the job works with."""

    stores: Stores
    private: PrivateKeys
    public: Mapping[str, PublicKey]
    digests: DigestKeys
    parser: Parser
    clock: Clock
    # Takes the next step along; without it every inquiry goes on by the job `triage`.
    decide: Decide | None = None

    def prepare(self, inquiry_id: str) -> Change:
        """Prepare the change that admits or holds an inquiry; one that is further already needs none."""
        return self.for_batch([inquiry_id])(inquiry_id)

    def for_batch(self, inquiry_ids: Sequence[str]) -> Callable[[str], Change]:
        """Read what a batch of inquiries needs, and give what prepares each of them."""
        received = read_received(self.stores, inquiry_ids)
        return lambda inquiry_id: self._prepared(received.get(inquiry_id))

    def _prepared(self, received: Received | None) -> Change:
        if received is None or received.place is None:
            raise NotFound("no such inquiry, or nothing of it")
        inquiry, place, inquiry_id = received.inquiry, received.place, received.inquiry.id
        if inquiry.state is not State.RECEIVED:
            return Change(apply=lambda _: None)
        plaintext, content_key = self._opened(received, place)
        raw, envelope = split_original(plaintext)
        submission = self.parser.parse(raw, may_be_form=inquiry.channel is Channel.FORM)
        for_custodian = wrap(content_key, self.public["custodian"], place)
        if submission.hold is not None:
            to_hold = self._held(inquiry_id, submission, for_custodian)
            if submission.hold in TRIES:
                # It may be the machine and not the message: held when it happens again.
                raise JobFault(submission.hold, otherwise=to_hold)
            return to_hold
        return self._admitted(inquiry, place, redacted(submission, envelope, inquiry.channel), for_custodian)

    def _opened(self, received: Received, place: Place) -> tuple[bytes, bytes]:
        chunks = received.chunks
        if chunks is None:
            with self.stores.record.reading() as connection:
                chunks = chunks_of(connection, place.blob_id)
        try:
            return open_sealed(self.private, place, received.wraps, chunks)
        except CannotOpen:
            raise JobFault("cannot-open") from None

    def _held(self, inquiry_id: str, submission: Submission, for_custodian: Wrap) -> Change:
        """Hold it. The copy for `intake` stays, so that it can be tried again."""
        now, reason = self.clock(), submission.hold or "unreadable"
        flags = list(submission.flags)
        return Change(
            apply=lambda connection: hold(connection, inquiry_id, reason, now=now, flags=flags),
            wraps=(for_custodian,),
        )

    def _admitted(self, inquiry: InquiryFacts, place: Place, found: Redacted, for_custodian: Wrap) -> Change:
        now, inquiry_id = self.clock(), place.inquiry_id
        onward = self._onward(inquiry, found)
        reader = onward.compartment if onward else TRIAGE
        document = seal(to_bytes(found.document), inquiry_id=inquiry_id, part=REDACTED)
        preview = seal(to_bytes(found.preview), inquiry_id=inquiry_id, part=PREVIEW)
        contact = seal(to_bytes(found.contact), inquiry_id=inquiry_id, part=CONTACT)
        addresses = [self.digests.digest(DigestPurpose.CONTACT, contact_form(each)) for each in found.addresses]
        wraps = (
            for_custodian,
            self._wrapped(document, reader),
            self._wrapped(preview, reader),
            self._wrapped(contact, "dispatch"),
        )

        def apply(connection: Connection) -> None:
            _admit(connection, inquiry_id, found, onward, now)
            # One that changed before may have been admitted before: the new text is the newest, whatever clocks say.
            moment = after_earlier(connection, inquiry_id, now) if inquiry.version else now
            insert_all_sealed(connection, (document, preview, contact), moment)
            connection.execute(_OLD_CONTACTS, {"of_inquiry": inquiry_id})
            rows = [{"inquiry_id": inquiry_id, "digest": digest} for digest in dict.fromkeys(addresses)]
            insert_rows(connection, ContactRow, rows)

        octets = sum(len(chunk) for sealed in (document, preview, contact) for chunk in sealed.chunks)
        return Change(apply=apply, wraps=wraps, drops=((place.blob_id, INTAKE),), octets=octets)

    def _onward(self, inquiry: InquiryFacts, found: Redacted) -> Onward | None:
        """Decide the next step at once; what goes wrong with that has tries of its own, as the job `triage`."""
        if self.decide is None:
            return None
        known = replace(inquiry, flags=found.flags, finding_counts=found.counts)
        try:
            onward = self.decide(known, found.document)
        except Exception as fault:  # noqa: BLE001 - whatever it is, the inquiry is admitted; the job says what is wrong
            inquiry_id = inquiry.id
            log.warning("step on not decided at once: subject=%s class=%s", inquiry_id, type(fault).__name__)
            return None
        return onward if onward.compartment in self.public else None

    def _wrapped(self, sealed: Sealed, compartment: str) -> Wrap:
        return wrap(sealed.content_key, self.public[compartment], sealed.place)


def give_up(connection: Connection, inquiry_id: str, reason: str, now: datetime) -> None:
    """Hold an inquiry that could not be admitted, for the reason of the last try."""
    hold(connection, inquiry_id, f"failed-{reason}"[:64], now=now)


def _admit(connection: Connection, inquiry_id: str, found: Redacted, onward: Onward | None, now: datetime) -> None:
    move(
        connection,
        inquiry_id,
        onward.state if onward else State.ADMITTED,
        by_way_of=State.ADMITTED if onward else None,
        now=now,
        expected=frozenset({State.RECEIVED}),
        flags=list(found.flags),
        finding_counts=dict(found.counts),
        attachment_count=len(found.document.attachments),
        hold_reason=None,
        **(onward.columns if onward else {}),
    )
    enqueue(connection, onward.job if onward else TRIAGE, inquiry_id, now)
