"""Whose an inquiry is and what it is: take, give back, decide its class, send it to another unit."""

from __future__ import annotations

from sqlalchemy import Connection

from records import inquiries
from records.values import Category, ChannelAllowed, InquiryFacts, State
from router.opening import NotOpened
from router.work.asked import Asked, Done, NotDone, Work, listed, may_triage, note, perform

# In doubt an inquiry is about a case: only the one word opens e-mail (policy: A3).
CHANNELS = {Category.GENERAL: ChannelAllowed.EMAIL, Category.CASE: ChannelAllowed.PHONE_OR_MAIL}
BY_HAND = "decided by a person"


def take(work: Work, asked: Asked) -> Done | NotDone:
    """Give an inquiry to the one who asks."""

    def act(connection: Connection, facts: InquiryFacts) -> Done | NotDone:
        if facts.state is not State.ROUTED:
            return NotDone(reason="taken" if facts.state is State.ASSIGNED else "wrong-state")
        inquiries.move(connection, facts.id, State.ASSIGNED, now=asked.now, assigned_to=asked.reader.id)
        note(connection, work, asked, "taken")
        return Done(act="taken", version=facts.version + 1, undo="give-back")

    return perform(work, asked, may_triage, act)


def give_back(work: Work, asked: Asked) -> Done | NotDone:
    """Put one's own inquiry back into its unit's queue."""

    def act(connection: Connection, facts: InquiryFacts) -> Done | NotDone:
        if facts.assigned_to != asked.reader.id or facts.state is not State.ASSIGNED:
            return NotDone(reason="not-yours")
        inquiries.move(connection, facts.id, State.ROUTED, now=asked.now, assigned_to=None)
        note(connection, work, asked, "given-back")
        return Done(act="given-back", version=facts.version + 1, undo="take")

    return perform(work, asked, may_triage, act)


def decide(work: Work, asked: Asked, category: str) -> Done | NotDone:
    """Decide the class, and with it the channel. Whatever is not exactly "general" is a case."""
    decided = Category.GENERAL if category == Category.GENERAL.value else Category.CASE

    def act(connection: Connection, facts: InquiryFacts) -> Done | NotDone:
        if facts.state not in {State.ROUTED, State.ASSIGNED}:
            return NotDone(reason="wrong-state")
        if facts.category is decided and facts.channel_allowed is CHANNELS[decided]:
            return NotDone(reason="same-class")
        inquiries.amend(
            connection,
            facts.id,
            now=asked.now,
            category=decided.value,
            channel_allowed=CHANNELS[decided].value,
            confidence=None,
            reasons=[BY_HAND],
        )
        before = facts.category.value if facts.category else ""
        note(connection, work, asked, "decided", {"class": decided.value, "before": before})
        undo = f"decide-{before}" if before else ""
        return Done(act=f"decided-{decided.value}", version=facts.version + 1, undo=undo)

    return perform(work, asked, may_triage, act)


def send_to_unit(work: Work, asked: Asked, unit: str) -> Done | NotDone:
    """Send an inquiry to another unit. The unsealer seals it anew and writes the change, because only it can."""
    if unit not in {known.name for known in work.routes.units}:
        return NotDone(reason="no-such-unit")
    with work.books.store.reading() as connection:
        facts = listed(connection, asked)
    if facts is None:
        return NotDone(reason="not-there")
    if reason := may_triage(asked, facts):
        return NotDone(reason=reason)
    if facts.version != asked.version:
        return NotDone(reason="changed")
    if facts.unit == unit:
        return NotDone(reason="same-unit")
    refused = work.opening.move(asked.session, asked.reference, unit)
    return NotDone(reason=refused.reason) if isinstance(refused, NotOpened) else Done(act="sent-to-unit", made=unit)
