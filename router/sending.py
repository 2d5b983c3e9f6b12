"""The jobs that send: the acknowledgement of an inquiry, and the e-mail reply to a general one.

An acknowledgement is counted before it leaves (RFC 5230 section 4.2). Both are known by our own Message-ID and file
name: what is sent again after a crash is the same message, and can be known as one.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr

from sqlalchemy import Connection, func, select, update

from records.alarms import raise_alarm
from records.blobs import CONTACT, place_of
from records.clock import Clock
from records.commit import Change, Committer
from records.digests import DigestKeys, DigestPurpose, contact_form
from records.documents import Contact as SealedContact
from records.documents import contact_from
from records.errors import CannotOpen, NotFound
from records.inquiries import amend, find, move
from records.jobs import JobFault
from records.sealing import Place
from records.store import Stores, insert_ignoring
from records.tables import AcknowledgedRow, ResponseRow
from records.unsealing import PrivateKeys, open_blob
from records.values import Category, Channel, InquiryFacts, State
from router.acknowledgement import (
    ADDRESS,
    PERIOD_DAYS,
    AckFacts,
    Agency,
    Recent,
    Silent,
    answers_ours,
    compose,
    may_acknowledge,
)
from router.dispatch import MustNotLeave, NotSent, Transport, check_outgoing
from router.plan import Contact, EmailPlan, EmailReply, plan

DISPATCH = "dispatch"
NO, SENDING, SENT, FAILED = "no", "sending", "sent", "failed"
EVERYBODY = b"everybody"
# An answer whose inquiry was held, closed or answered otherwise after "Send answer" stays here.
ANSWERED_FROM = frozenset({State.ROUTED, State.ASSIGNED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What the jobs work with."""

    stores: Stores
    committer: Committer
    private: PrivateKeys
    digests: DigestKeys
    transport: Transport
    clock: Clock
    agency: str
    telephone: str
    from_address: str
    own_addresses: Collection[str]

    def acknowledge(self, inquiry_id: str) -> Change:
        """Acknowledge an inquiry once, or write down why not."""
        with self.stores.record.reading() as connection:
            inquiry = find(connection, inquiry_id=inquiry_id)
        if inquiry.acknowledged not in {NO, SENDING}:
            return Change(apply=lambda _: None)
        found = self._contact(inquiry_id)
        if found is None:
            # Released by hand: nobody could read an address out of it.
            now = self.clock()
            return Change(apply=lambda c: amend(c, inquiry_id, now=now, acknowledged="silent:no-address"))
        _, contact = found
        if inquiry.acknowledged == NO:
            reason = self._silence(inquiry, contact)
            if reason is None:
                reason = self.committer.commit(Change(apply=lambda c: self._count(c, inquiry, contact)))
            if reason is not None:
                return self._noted(inquiry, f"silent:{reason}"[:32])
        self._send_acknowledgement(inquiry, contact)
        return self._noted(inquiry, SENT)

    def reply(self, response_id: str) -> Change:
        """Send a written e-mail answer; a class or a state that was changed in between stops it."""
        with self.stores.record.reading() as connection:
            asked = select(ResponseRow.__table__).where(ResponseRow.id == response_id)
            row = connection.execute(asked).one_or_none()
            if row is None or row.state != "waiting" or row.blob_id is None:
                return Change(apply=lambda _: None)
            inquiry = find(connection, inquiry_id=row.inquiry_id)
        now = self.clock()
        if inquiry.category is not Category.GENERAL or inquiry.state not in ANSWERED_FROM:
            return Change(apply=lambda connection: _stopped(connection, response_id, inquiry.id, now))
        found = self._contact(inquiry.id)
        if found is None:
            return Change(apply=lambda connection: _stopped(connection, response_id, inquiry.id, now))
        contact_place, contact = found
        text_place = Place(inquiry_id=inquiry.id, blob_id=row.blob_id, part="response")
        # What was typed as an address may be a list of them, or a command to the relay.
        is_sound = ADDRESS.fullmatch(contact.answer_to) is not None
        planned = plan(inquiry, Contact(has_phone=False, has_email=is_sound, has_postal=False))
        if not isinstance(planned, EmailPlan):
            return Change(apply=lambda connection: _stopped(connection, response_id, inquiry.id, now))
        reply = EmailReply.of(planned, self._open(text_place).decode("utf-8"))
        self._hand_over(self._reply_message(inquiry, contact, reply), contact.answer_to, f"reply-{response_id}")

        def apply(connection: Connection) -> None:
            sent = update(ResponseRow).where(ResponseRow.id == response_id)
            connection.execute(sent.values(state=SENT, sent_at=now))
            move(connection, inquiry.id, State.ANSWERED, now=now)

        return Change(apply=apply, drops=((text_place.blob_id, DISPATCH), (contact_place.blob_id, DISPATCH)))

    def _silence(self, inquiry: InquiryFacts, contact: SealedContact) -> str | None:
        if contact.barred:
            return contact.barred
        with self.stores.record.reading() as connection:
            return self._refusal(connection, inquiry, contact)

    def _refusal(self, connection: Connection, inquiry: InquiryFacts, contact: SealedContact) -> str | None:
        recent = self._recent(connection, contact.address)
        verdict = may_acknowledge(contact.address, self._facts(inquiry, contact), self.own_addresses, recent)
        return verdict.reason if isinstance(verdict, Silent) else None

    def _facts(self, inquiry: InquiryFacts, contact: SealedContact) -> AckFacts:
        if inquiry.channel is Channel.FORM:
            # Somebody typed the address into our own form, to be told that the message has arrived.
            return AckFacts(is_addressed_to_us=True)
        told = contact.facts
        ours = {address.casefold() for address in self.own_addresses}
        return AckFacts(
            auto_submitted=str(told.get("auto_submitted", "")),
            precedence=str(told.get("precedence", "")),
            suppress=",".join(told.get("response_suppress", ())),
            has_list_fields=bool(told.get("is_from_list")),
            is_report=bool(told.get("is_report")),
            has_loop_fields=bool(told.get("has_robot_field")) or bool(told.get("has_loop_field")),
            is_addressed_to_us=any(_without_tag(address) in ours for address in told.get("addressed_to", ())),
            received_count=int(told.get("received_count", 0)),
            is_reply_to_ours=answers_ours(tuple(told.get("references", ()))),
        )

    def _scopes(self, address: str) -> tuple[bytes, bytes, bytes]:
        domain = address.rpartition("@")[2].casefold().encode("utf-8", "surrogatepass")
        keyed = (contact_form(address), b"domain " + domain, EVERYBODY)
        sender, whole_domain, everybody = (self.digests.digest(DigestPurpose.CONTACT, value) for value in keyed)
        return sender, whole_domain, everybody

    def _recent(self, connection: Connection, address: str) -> Recent:
        since = (self.clock() - timedelta(days=PERIOD_DAYS)).date()
        sums = [
            connection.execute(
                select(func.coalesce(func.sum(AcknowledgedRow.count), 0)).where(
                    AcknowledgedRow.digest == digest, AcknowledgedRow.day > since
                )
            ).scalar_one()
            for digest in self._scopes(address)
        ]
        return Recent(to_sender=int(sums[0]), to_domain=int(sums[1]), to_all=int(sums[2]))

    def _count(self, connection: Connection, inquiry: InquiryFacts, contact: SealedContact) -> str | None:
        """Count an acknowledgement, or give the reason why none is sent.

        The day's counts are held from before the question until the commit, from the sender's to everybody's: of two
        that would be the last one allowed, only one leaves.
        """
        now = self.clock()
        for digest in self._scopes(contact.address):
            key = {"digest": digest, "day": now.date()}
            connection.execute(insert_ignoring(connection, AcknowledgedRow), [{**key, "count": 0}])
            connection.execute(select(AcknowledgedRow.count).filter_by(**key).with_for_update())
        if reason := self._refusal(connection, inquiry, contact):
            return reason
        for digest in self._scopes(contact.address):
            counted = update(AcknowledgedRow).filter_by(digest=digest, day=now.date())
            connection.execute(counted.values(count=AcknowledgedRow.count + 1))
        amend(connection, inquiry.id, now=now, acknowledged=SENDING)
        return None

    def _send_acknowledgement(self, inquiry: InquiryFacts, contact: SealedContact) -> None:
        message = compose(
            inquiry.reference,
            Agency(name=self.agency, telephone=self.telephone),
            contact.language or inquiry.language,
            contact.message_id,
            self.from_address,
            contact.address,
            inquiry.received_at,
            self.from_address.rpartition("@")[2],
        )
        self._hand_over(message, contact.address, f"ack-{inquiry.reference}", sender="")

    def _reply_message(self, inquiry: InquiryFacts, contact: SealedContact, reply: EmailReply) -> bytes:
        message = EmailMessage(policy=SMTP)
        message["Subject"] = f"Your question ({inquiry.reference})"
        message["From"] = formataddr((self.agency, self.from_address), charset="utf-8")
        message["To"] = contact.answer_to
        message["Date"] = format_datetime(self.clock())
        domain = self.from_address.rpartition("@")[2]
        message["Message-ID"] = f"<reply.{inquiry.reference.casefold()}@{domain}>"
        if contact.message_id:
            message["In-Reply-To"] = contact.message_id
        message.set_content(reply.text, charset="utf-8", cte="quoted-printable")
        return bytes(message)

    def _hand_over(self, message: bytes, recipient: str, name: str, sender: str | None = None) -> None:
        try:
            check_outgoing(message)
            self.transport.send(self.from_address if sender is None else sender, recipient, message, name)
        except MustNotLeave:
            raise JobFault("identifier-in-outgoing") from None
        except NotSent:
            raise JobFault("not-sent") from None

    def _contact(self, inquiry_id: str) -> tuple[Place, SealedContact] | None:
        try:
            with self.stores.record.reading() as connection:
                place = place_of(connection, inquiry_id, CONTACT)
        except NotFound:
            return None
        return place, contact_from(self._open(place))

    def _open(self, place: Place) -> bytes:
        try:
            return open_blob(self.stores, self.private, place)[0]
        except (CannotOpen, NotFound):
            raise JobFault("cannot-open") from None

    def _noted(self, inquiry: InquiryFacts, how: str) -> Change:
        """Write the outcome down.

        The address stays sealed to `dispatch` until the inquiry is answered or closed: a reader may find that a case is
        a general question after all, and answer it by e-mail.
        """
        now = self.clock()
        return Change(apply=lambda connection: amend(connection, inquiry.id, now=now, acknowledged=how))


def give_up_acknowledgement(connection: Connection, inquiry_id: str, reason: str, now: datetime) -> None:
    """Write down that nobody was told."""
    del reason
    amend(connection, inquiry_id, now=now, acknowledged=FAILED)


def give_up_reply(connection: Connection, response_id: str, reason: str, now: datetime) -> None:
    """Write down that the answer did not leave; the inquiry stays with its reader."""
    del reason, now
    connection.execute(update(ResponseRow).where(ResponseRow.id == response_id).values(state=FAILED))


def _stopped(connection: Connection, response_id: str, inquiry_id: str, now: datetime) -> None:
    """Stop an answer that may not go by e-mail any more."""
    give_up_reply(connection, response_id, "not-general", now)
    raise_alarm(connection, "reply-stopped", inquiry_id, now)


def _without_tag(address: str) -> str:
    local, _, domain = address.casefold().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
