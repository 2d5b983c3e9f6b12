"""Answers, in the channel that the class allows: a call, a letter, or, for general interest only, an e-mail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import Connection, insert, select

from records import inquiries
from records.jobs import enqueue
from records.sealing import new_id
from records.tables import CallAttemptRow, ResponseRow
from records.values import InquiryFacts, State
from redaction import DESK, scan
from router.plan import Contact, EmailPlan, EmailReply, plan
from router.work.asked import Asked, Done, NotDone, Work, listed, may_answer, may_see_listed, note, perform

# How a call ended; only the first one answers the inquiry.
OUTCOMES: Mapping[str, str] = {
    "reached": "Reached",
    "voicemail": "Voicemail, no details",
    "busy": "Busy or no answer",
    "wrong_number": "Wrong number",
}
LONGEST_ANSWER = 20_000
CAN_BE_TAKEN_BACK = timedelta(seconds=10)  # An answer leaves no earlier than this after "Send answer".
WAITING, SENT = "waiting", "sent"


def outgoing_fault(text: str) -> str | None:
    """Look through a text before it leaves: the kind of number found in it that no e-mail may carry, or None."""
    return next((finding.kind.value for finding in scan(text) if finding.kind in DESK.masked), None)


def record_call(work: Work, asked: Asked, outcome: str) -> Done | NotDone:
    """Record a telephone call; one that reached the person answers the inquiry."""
    if outcome not in OUTCOMES:
        return NotDone(reason="no-outcome")

    def act(connection: Connection, facts: InquiryFacts) -> Done | NotDone:
        attempt = {"id": new_id(), "inquiry_id": facts.id, "reader_id": asked.reader.id}
        connection.execute(insert(CallAttemptRow), [{**attempt, "outcome": outcome, "at": asked.now}])
        if outcome == "reached":
            _respond(connection, facts, asked, "call")
            inquiries.move(connection, facts.id, State.ANSWERED, now=asked.now)
        note(connection, work, asked, "called", {"outcome": outcome})
        return Done(act=f"called-{outcome}")

    return perform(work, asked, may_answer, act)


def letter_sent(work: Work, asked: Asked) -> Done | NotDone:
    """Record that the letter has gone."""

    def act(connection: Connection, facts: InquiryFacts) -> Done | NotDone:
        _respond(connection, facts, asked, "letter")
        inquiries.move(connection, facts.id, State.ANSWERED, now=asked.now)
        note(connection, work, asked, "letter-sent")
        return Done(act="letter-sent")

    return perform(work, asked, may_answer, act)


def email_reply(work: Work, asked: Asked, contact: Contact, text: str) -> Done | NotDone:
    """Send an e-mail answer to a question of general interest.

    There is no way from a case to an `EmailReply`: it is made from an `EmailPlan`, and a case has none (policy: A3).
    The inquiry stays assigned until the worker has sent the answer; until then it can be taken back.
    """
    if reason := _text_fault(text):
        return NotDone(reason=reason)
    with work.books.store.reading() as connection:
        seen = listed(connection, asked)
    if seen is None:
        return NotDone(reason="not-there")
    planned = plan(seen, contact)
    if not isinstance(planned, EmailPlan):
        return NotDone(reason="no-email")
    reply = EmailReply.of(planned, text)
    sealed = work.sealing.seal_response(seen.id, reply.text)

    def act(connection: Connection, facts: InquiryFacts) -> Done | NotDone:
        # The plan was made of what was read before this commit: it must still be the plan.
        if not isinstance(plan(facts, contact), EmailPlan):
            return NotDone(reason="no-email")
        if _waiting(connection, facts.id):
            return NotDone(reason="answer-waiting")
        response_id = _respond(connection, facts, asked, "email", WAITING, sealed.apply(connection))
        enqueue(connection, "dispatch", response_id, asked.now + CAN_BE_TAKEN_BACK)
        note(connection, work, asked, "answer-written", {"response": response_id})
        return Done(act="email-reply", version=facts.version, undo="take-back", made=response_id)

    return perform(work, asked, may_answer, act, sealed=sealed)


def ask_to_send_again(work: Work, asked: Asked, kind: str) -> Done | NotDone:
    """Record that the sender of a held inquiry was asked, by letter or call, to send it again; close it."""
    if kind not in {"letter", "call"}:
        return NotDone(reason="no-outcome")

    def act(connection: Connection, facts: InquiryFacts) -> Done | NotDone:
        _respond(connection, facts, asked, kind)
        held = frozenset({State.HELD})
        inquiries.move(connection, facts.id, State.CLOSED, now=asked.now, expected=held)
        note(connection, work, asked, "asked-again", {"by": kind})
        return Done(act="asked-again")

    return perform(work, asked, may_see_listed, act)


def _text_fault(text: str) -> str | None:
    if not text.strip():
        return "no-text"
    if len(text) > LONGEST_ANSWER:
        return "text-too-long"
    return "number-in-text" if outgoing_fault(text) else None


def _waiting(connection: Connection, inquiry_id: str) -> bool:
    same = select(ResponseRow.id).where(ResponseRow.inquiry_id == inquiry_id, ResponseRow.state == WAITING)
    return connection.execute(same).first() is not None


def _respond(
    connection: Connection,
    facts: InquiryFacts,
    asked: Asked,
    kind: str,
    state: str = SENT,
    blob_id: str | None = None,
) -> str:
    """Write a response's row; give its id."""
    response_id = new_id()
    row = {"id": response_id, "inquiry_id": facts.id, "kind": kind, "blob_id": blob_id, "state": state}
    sent_at = asked.now if state == SENT else None
    made = {"made_by": asked.reader.id, "made_at": asked.now, "sent_at": sent_at}
    connection.execute(insert(ResponseRow), [{**row, **made}])
    return response_id
