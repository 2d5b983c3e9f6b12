"""The response plan: which channel an inquiry may be answered in, with the instructions for answering there.

Only a question of general interest may be answered by e-mail (policy: A3). The types hold that: `plan` gives a case no
`EmailPlan`, an `EmailPlan` refuses to be made for one, and an `EmailReply` is made from an `EmailPlan` or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from records.values import Category, ChannelAllowed, InquiryFacts
from router.errors import RouterError

ATTEMPTS_WANTED = 3

EMAIL_INSTRUCTIONS = (
    "Answer the question as you would answer anybody: a rule, a place, a form, a link.",
    "Do not quote the message, and write nothing about the person who sent it.",
    "If the answer depends on somebody's claim, job or business, stop and change the class to case-specific.",
)
WHY_NO_EMAIL = {
    "case": "No email. It is about one person or one business, and email is not private enough for that.",
    "undecided": "No email. Nobody has said yet that this is a question of general interest.",
    "no-address": "No email. The sender left no email address.",
}
CALL_SCRIPT = (
    "Ask for the person by name. If somebody else answers, say only your name and that you will call again.",
    "Say who you are and that you call from the agency. Say nothing about the matter yet.",
    "Make the checks. Ask; never read out what is on file.",
    "When they match, answer the question, and ask whether anything else is open.",
    "On voicemail, leave your name, the agency, the reference and a number to call back. No details.",
)
CALL_CHECKS = (
    "Full name and date of birth, as the caller says them",
    "Last employer or mailing address, as the caller says it",
    "No match twice: end the call and send the letter.",
)
LETTER = (
    "Send it to the address on file, not to one that came by email.",
    "Write the reference, and no identifying number: neither in the text nor behind the window of the envelope.",
    "Say how to call, with the hours and the relay number, and that an interpreter costs nothing.",
)
NO_TELEPHONE = (
    "No telephone number stands in a field of its own. Look in the message and the claims system, or send the letter."
)
NO_ADDRESS = "No mailing address stands in a field of its own. Use the one on file."


class NoEmailForCase(RouterError):
    """Something tried to answer by e-mail what may not be answered by e-mail; the text is a reason id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Which ways to reach the sender came with the inquiry; not what they are."""

    has_phone: bool
    has_email: bool
    has_postal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailPlan:
    """An answer by e-mail, to a question of general interest and to nothing else."""

    reference: str
    category: Category
    channel_allowed: ChannelAllowed
    instructions: tuple[str, ...] = EMAIL_INSTRUCTIONS

    def __post_init__(self) -> None:
        if self.category is not Category.GENERAL or self.channel_allowed is not ChannelAllowed.EMAIL:
            raise NoEmailForCase("case")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPlan:
    """An answer by telephone, or else by letter."""

    reference: str
    why_no_email: str
    # What must match before anything is said of the matter.
    checks: tuple[str, ...]
    script: tuple[str, ...]
    attempts_wanted: int
    letter: tuple[str, ...]
    # False when no number came with the inquiry; the letter is then the first way.
    is_call_first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailReply:
    """An answer that leaves by e-mail."""

    plan: EmailPlan
    text: str = field(repr=False)

    def __post_init__(self) -> None:
        # Types are promises to a checker only; this one is kept at run time too, whoever calls.
        if type(self.plan) is not EmailPlan:
            raise NoEmailForCase("no-email-plan")

    @classmethod
    def of(cls, planned: EmailPlan, text: str) -> EmailReply:
        """Make the reply that a plan allows; `NoEmailForCase` when it is no plan for e-mail."""
        return cls(plan=planned, text=text)


def plan(inquiry: InquiryFacts, contact: Contact) -> EmailPlan | CallPlan:
    """Give the response plan. Where nobody has said that it is general, it is a case."""
    reason = _why_no_email(inquiry, contact)
    if reason is None:
        return EmailPlan(
            reference=inquiry.reference,
            category=Category.GENERAL,
            channel_allowed=ChannelAllowed.EMAIL,
        )
    return CallPlan(
        reference=inquiry.reference,
        why_no_email=WHY_NO_EMAIL[reason],
        checks=CALL_CHECKS,
        script=CALL_SCRIPT if contact.has_phone else (NO_TELEPHONE, *CALL_SCRIPT),
        attempts_wanted=ATTEMPTS_WANTED,
        letter=LETTER if contact.has_postal else (NO_ADDRESS, *LETTER),
        is_call_first=contact.has_phone,
    )


def _why_no_email(inquiry: InquiryFacts, contact: Contact) -> str | None:
    if inquiry.category is None or inquiry.channel_allowed is None:
        return "undecided"
    if inquiry.category is not Category.GENERAL or inquiry.channel_allowed is not ChannelAllowed.EMAIL:
        return "case"
    return None if contact.has_email else "no-address"
