"""What a classification says, and the words it is said in."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from records.values import Category, ChannelAllowed, DataClass


class Program(StrEnum):
    """What a message is about, whoever sends it."""

    UI_CLAIMS = "ui_claims"
    APPEALS = "appeals"
    EMPLOYER_TAX = "employer_tax"
    FRAUD_ID_THEFT = "fraud_id_theft"
    WAGE_RECORDS = "wage_records"
    JOB_SEEKER = "job_seeker"
    TRAINING = "training"
    PRIVACY_ACCESS = "privacy_access"
    PUBLIC_RECORDS = "public_records"
    PRESS_LEGISLATIVE = "press_legislative"
    COMPLAINT = "complaint"
    SPAM_OTHER = "spam_other"
    GENERAL_INFO = "general_info"


class Requester(StrEnum):
    """Who seems to write; it changes the unit, never the channel."""

    UNKNOWN = "unknown"
    CLAIMANT = "claimant"
    EMPLOYER = "employer"
    LAWYER = "lawyer"
    PRESS = "press"
    LEGISLATOR = "legislator"
    THIRD_PARTY = "third_party"
    MACHINE = "machine"


# Kinds of finding that say who somebody is, so that the inquiry is about a case whatever it asks. What only says how
# to reach somebody (a telephone, an address) is not among them.
IDENTIFIERS = frozenset(
    {
        "US_SSN",
        "PARTIAL_SSN",
        "US_ITIN",
        "US_EIN",
        "CLAIMANT_ID",
        "STATE_EMPLOYER_ACCOUNT",
        "DATE_OF_BIRTH",
        "CREDIT_CARD",
        "BANK_ACCOUNT",
        "ROUTING_NUMBER",
    },
)


def words_of(text: str) -> frozenset[str]:
    """Give a table of single words from one line of them."""
    return frozenset(text.split())


LANGUAGES = ("en", "es", "pt", "ht", "zh", "vi")


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """What an inquiry is, and why. The reasons are words of ours: names of rules, and cues from our own tables."""

    category: Category
    program: Program
    data_classes: tuple[DataClass, ...]
    is_urgent: bool
    # Belief in `category`, 0 to 1.
    confidence: float
    # One of `LANGUAGES`; "en" where nothing says otherwise.
    language: str
    requester: Requester
    reasons: tuple[str, ...]

    @property
    def channel_allowed(self) -> ChannelAllowed:
        """Give how it may be answered; it follows from the category and can never contradict it (policy: A3)."""
        return ChannelAllowed.EMAIL if self.category is Category.GENERAL else ChannelAllowed.PHONE_OR_MAIL


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A redacted message as the voters see it: folded once, so that each rule is a plain search."""

    # Subject and body, case-folded, with single spaces, quotation marks and dashes made plain.
    text: str = field(repr=False)
    subject: str = field(repr=False)
    body: str = field(repr=False)
    # The same text without the phrases that speak of nobody's matter: "my question", "can I".
    matter: str = field(default="", repr=False)
    # As it was written, for what capitals tell.
    raw_subject: str = field(default="", repr=False)
    raw_body: str = field(default="", repr=False)
    # The language it is written in, and then all that it seems to hold some of.
    languages: tuple[str, ...] = ("en",)
    # Identifying kinds of finding, with how many.
    identifiers: tuple[tuple[str, int], ...] = ()
    # What the sender said on the form: "own", "general", "unsure" or nothing.
    stated_kind: str = ""
    # It was longer than what is looked at.
    is_cut: bool = False
