"""Hold, let go of what is held, close."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from records import inquiries
from records.jobs import enqueue
from records.tables import InquiryRow
from records.values import InquiryFacts, State
from router.work.answers import outgoing_fault
from router.work.asked import Asked, Done, NotDone, Work, listed, may_see_listed, may_triage, note, perform

# Why a person holds, and why a person closes: ids, with the words that the pages show.
HOLD_REASONS: Mapping[str, str] = {
    "missed-identifier": "Something was missed: a number is still readable",
    "needs-second-look": "A second person should look",
    "not-readable": "It cannot be read as it is",
}
CLOSE_REASONS: Mapping[str, str] = {
    "answered": "Answered",
    "duplicate": "Same as another inquiry",
    "no-answer-needed": "Needs no answer",
    "withdrawn": "Withdrawn by the sender",
    "unreachable": "The sender cannot be reached",
}
# Where a held inquiry came from -> where it goes to be tried again, and the job that tries. Later than this no worker
# could open it: the original is sealed to the custodian by then, and the text to its unit.
RETRIES: Mapping[str, tuple[State, str]] = {
    State.RECEIVED.value: (State.RECEIVED, "admit"),
    State.ADMITTED.value: (State.ADMITTED, "triage"),
}
LONGEST_TEXT = 200_000  # Characters; a redaction made by hand is typed or pasted by a person.


def hold(work: Work, asked: Asked, reason: str) -> Done | NotDone:
    """Hold an inquiry: nobody sees its content until a person lets it go."""
    if reason not in HOLD_REASONS:
        return NotDone(reason="no-reason")

    def act(connection: Connection, facts: InquiryFacts) -> Done | NotDone:
        inquiries.hold(connection, facts.id, reason, now=asked.now, assigned_to=None)
        note(connection, work, asked, "held", {"reason": reason})
        return Done(act="held")

    return perform(work, asked, may_triage, act)


def retry_held(work: Work, asked: Asked) -> Done | NotDone:
    """Try again what could not be done: from the original when it was never read, else from its redaction.

    What a person held after it was routed is not tried again: its copy for the worker is gone, on purpose.
    """

    def act(connection: Connection, facts: InquiryFacts) -> Done | NotDone:
        again = retry_way(connection, facts.id)
        if again is None:
            return NotDone(reason="cannot-retry")
        to, job = again
        _let_go(connection, facts, asked, to)
        enqueue(connection, job, facts.id, asked.now)
        note(connection, work, asked, "retried", {"reason": facts.hold_reason or ""})
        return Done(act="retried")

    return perform(work, asked, may_see_listed, act)


def retry_way(connection: Connection, inquiry_id: str) -> tuple[State, str] | None:
    """Give where a held inquiry goes to be tried again, and by which job; None when no job could open it."""
    came_from = connection.execute(select(InquiryRow.held_from).where(InquiryRow.id == inquiry_id)).scalar()
    return RETRIES.get(came_from or "")


def release_held(work: Work, asked: Asked, text: str) -> Done | NotDone:
    """Release a held inquiry with a redaction made by hand; it is classified and routed on this text alone."""
    if not text.strip():
        return NotDone(reason="no-text")
    if len(text) > LONGEST_TEXT:
        return NotDone(reason="text-too-long")
    if outgoing_fault(text):
        return NotDone(reason="number-in-text")
    with work.books.store.reading() as connection:
        found = listed(connection, asked)
    if found is None:
        return NotDone(reason="not-there")
    sealed = work.sealing.replace_redacted(found.id, text)

    def act(connection: Connection, facts: InquiryFacts) -> Done | NotDone:
        _let_go(connection, facts, asked, State.ADMITTED)
        sealed.apply(connection)
        enqueue(connection, "triage", facts.id, asked.now)
        note(connection, work, asked, "released", {"reason": facts.hold_reason or ""})
        return Done(act="released")

    return perform(work, asked, may_see_listed, act, sealed=sealed)


def close(work: Work, asked: Asked, reason: str) -> Done | NotDone:
    """Close an inquiry. The life cycle has no way back from here, so the page asks before."""
    if reason not in CLOSE_REASONS:
        return NotDone(reason="no-reason")

    def act(connection: Connection, facts: InquiryFacts) -> Done | NotDone:
        inquiries.move(connection, facts.id, State.CLOSED, now=asked.now)
        note(connection, work, asked, "closed", {"reason": reason})
        return Done(act="closed")

    def permit(asked: Asked, facts: InquiryFacts) -> str | None:
        return may_see_listed(asked, facts) if facts.state is State.HELD else may_triage(asked, facts)

    return perform(work, asked, permit, act)


def _let_go(connection: Connection, facts: InquiryFacts, asked: Asked, to: State) -> None:
    inquiries.move(
        connection,
        facts.id,
        to,
        now=asked.now,
        expected=frozenset({State.HELD}),
        hold_reason=None,
        held_from=None,
        held_at=None,
    )
