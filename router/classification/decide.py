"""From a redacted message to its classification: the voters are asked in order, and general must be earned."""

from __future__ import annotations

from collections.abc import Callable
from math import prod

from records.values import Category, Channel
from router.classification import voters
from router.classification.contents import data_classes_of
from router.classification.message import message_of
from router.classification.programs import program_of
from router.classification.requesters import requester_of
from router.classification.tables import URGENT
from router.classification.values import Classification, Message
from router.classification.voters import Vote

Voter = Callable[[Message], Vote | None]

# Read aloud: it is a case if it holds an identifier, or its sender says so, or it speaks of an own or somebody's
# matter, or names a party, or holds the figures of one; and it is general if none of these, and it asks generally.
VOTERS: tuple[Voter, ...] = (
    # What proves a case by itself.
    voters.identifiers,
    voters.stated,
    # What the words say.
    voters.own_matter,
    voters.implied_matter,
    voters.particular,
    voters.quoted_matter,
    # Whom they name.
    voters.named_person,
    voters.named_company,
    # Figures that belong to one party.
    voters.party_number,
    voters.amount,
    voters.day,
    voters.telephone_left,
    # What cannot be judged.
    voters.too_long,
    # The only one that can earn e-mail; it is asked last and overrules nobody.
    voters.asks_generally,
)
DOUBT = 0.6  # Belief in "case" when nothing says anything: in doubt it is one.
MOST_REASONS = 6


def classify(
    subject: str,
    body: str,
    channel: Channel,
    findings: tuple[tuple[str, int], ...],
    stated_kind: str = "",
) -> Classification:
    """Classify a redacted message. `findings` are the kinds that were redacted, with how many of each."""
    del channel  # The same words mean the same in a form and in a mail.
    message = message_of(subject, body, findings, stated_kind)
    votes = [vote for voter in VOTERS if (vote := voter(message)) is not None]
    category, confidence, reasons = _count(votes)
    program = program_of(message)
    urgent = URGENT.first(message.languages, message.text)
    return Classification(
        category=category,
        program=program,
        data_classes=data_classes_of(message, category, program),
        is_urgent=urgent is not None,
        confidence=confidence,
        language=message.languages[0],
        requester=requester_of(message),
        reasons=(*((f"urgent: {urgent}",) if urgent else ()), *reasons)[:MOST_REASONS],
    )


def _count(votes: list[Vote]) -> tuple[Category, float, tuple[str, ...]]:
    """Give category, belief and reasons: one vote for case decides, and without a vote it is a case too."""
    against = [vote for vote in votes if vote.category is Category.CASE]
    if against:
        belief = 1 - prod(1 - vote.weight for vote in against)
        return Category.CASE, round(min(belief, 0.99), 2), tuple(vote.reason for vote in against)
    if votes:
        return Category.GENERAL, max(vote.weight for vote in votes), tuple(vote.reason for vote in votes)
    return Category.CASE, DOUBT, ("in doubt: nothing shows that the answer is the same for anybody",)
