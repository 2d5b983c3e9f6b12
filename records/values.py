"""The values both sides share: frozen, without I/O, and without a repr where a sender's words are held."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Channel(StrEnum):
    """How an inquiry reached us."""

    EMAIL = "email"
    FORM = "form"
    IMPORT = "import"


class State(StrEnum):
    """Where an inquiry stands; which may follow which is the table in `records.lifecycle`."""

    RECEIVED = "received"
    ADMITTED = "admitted"
    ROUTED = "routed"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    CLOSED = "closed"
    DESTROYED = "destroyed"
    HELD = "held"


class Category(StrEnum):
    """Whether the right answer is the same for anybody."""

    GENERAL = "general"
    CASE = "case"


class ChannelAllowed(StrEnum):
    """How an inquiry may be answered (policy: A3)."""

    EMAIL = "email"
    PHONE_OR_MAIL = "phone_or_mail"


class DataClass(StrEnum):
    """The four confidential classes, each with its statute (policy: B1)."""

    EMPLOYMENT_SERVICE = "employment_service"
    UNEMPLOYMENT_INSURANCE = "unemployment_insurance"
    WAGE_RECORD = "wage_record"
    PERSONAL_DATA = "personal_data"


class Role(StrEnum):
    """What a member of staff is to the desk. An administrator opens no content."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    PRIVACY_OFFICER = "privacy_officer"
    SECURITY_DIRECTOR = "security_director"
    FIELD_MANAGER = "field_manager"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Purpose(StrEnum):
    """Why an inquiry is opened (policy: B2); those in `FORBIDDEN_PURPOSES` are refused and recorded."""

    TRIAGE = "triage"
    ANSWER = "answer"
    SUPERVISE = "supervise"
    VERIFY = "verify"
    PRIVACY_REQUEST = "privacy_request"
    LEGAL_PROCESS = "legal_process"
    MARKETING_LIST = "marketing_list"
    PRIVATE_PLACEMENT = "private_placement"
    RELATIVE = "relative"
    LAYOFF_LIST = "layoff_list"


FORBIDDEN_PURPOSES = frozenset(
    {Purpose.MARKETING_LIST, Purpose.PRIVATE_PLACEMENT, Purpose.RELATIVE, Purpose.LAYOFF_LIST},
)


class OrganizationKind(StrEnum):
    """The kind of body that employs a reader (policy: B2, B3, C5)."""

    AGENCY = "agency"
    WORKFORCE_BOARD = "workforce_board"
    CAREER_CENTER = "career_center"
    CONTRACTOR = "contractor"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What the transport said of one submission; sealed with it, because every word of it is the sender's."""

    channel: Channel
    # Our own mailboxes, in the canonical spelling of the settings: the only field that is kept readable.
    mailboxes: tuple[str, ...]
    sender: str = field(default="", repr=False)
    recipients: tuple[str, ...] = field(default=(), repr=False)
    greeting: str = field(default="", repr=False)
    peer: str = field(default="", repr=False)
    # "SMTP", "ESMTPS" and the like (RFC 3848), or "HTTP".
    protocol: str = ""
    # Kept as keyed digests only, with the inquiry: the receipt's access code and the form token.
    access_code: str = field(default="", repr=False)
    # When set, the submission's identity is this and not its bytes (a form post: its token's random id).
    idempotency_key: bytes = field(default=b"", repr=False)
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A submission that is durable."""

    reference: str
    # True when the same bytes (or the same form token) had been accepted before.
    is_duplicate: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryFacts:
    """All of an inquiry that may be read without opening it."""

    id: str
    reference: str
    channel: Channel
    state: State
    received_at: datetime
    mailboxes: tuple[str, ...] = ()
    hold_reason: str | None = None
    flags: tuple[str, ...] = ()
    # Kind of finding -> how many distinct ones.
    finding_counts: tuple[tuple[str, int], ...] = ()
    category: Category | None = None
    confidence: float | None = None
    # Reasons of the classification in words of ours and rule names: never a quotation.
    reasons: tuple[str, ...] = ()
    program: str | None = None
    data_classes: tuple[DataClass, ...] = ()
    is_urgent: bool = False
    unit: str | None = None
    route_rule: str | None = None
    channel_allowed: ChannelAllowed | None = None
    language: str = ""
    policy_version: str = ""
    record_series: str = ""
    due_at: datetime | None = None
    acknowledged: str = "no"
    assigned_to: str | None = None
    attachment_count: int = 0
    # Readers who may not open it: it is their own, or a relative's.
    conflicted_readers: frozenset[str] = frozenset()
    # Rises with each change; a form that carries an older one is told so.
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One unit opened to one reader, approved by a second person (policy: B8, C8)."""

    unit: str
    approved_by: str | None
    approved_on: date | None
    reviewed_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A written agreement with an outside body (policy: C5); `until` is the last day it is in force."""

    since: date
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A member of staff as the rules see them."""

    id: str
    name: str
    role: Role
    organization: OrganizationKind
    site: str = ""
    is_active: bool = True
    started_on: date | None = None
    separated_at: datetime | None = None
    form_signed_on: date | None = None
    trained_on: date | None = None
    agreement: Agreement | None = None
    grants: tuple[Grant, ...] = ()
    data_classes: frozenset[DataClass] = frozenset()
    # The last day of a time-boxed role (auditors, contractors); None means no limit.
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactedPart:
    """One text of an inquiry after redaction; `label` is ours ("message", "scan.txt" becomes "attachment 1")."""

    label: str
    text: str = field(repr=False)
    # Marks what a clerk should know of it: "html", "quoted", "hidden", "attachment".
    kind: str = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactedAttachment:
    """A file of the submission, described; its text, where it was read, is a part."""

    name: str = field(repr=False)
    media_type: str
    size: int
    is_scanned: bool
    # Why it was not scanned, as a reason id; None when it was.
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactedInquiry:
    """What a reader with a need to know is shown."""

    subject: str = field(repr=False)
    sender_name: str = field(default="", repr=False)
    sender_address: str = field(default="", repr=False)
    reply_to: str = field(default="", repr=False)
    telephone: str = field(default="", repr=False)
    best_time: str = field(default="", repr=False)
    postal_address: str = field(default="", repr=False)
    spoken_language: str = field(default="", repr=False)
    needs: tuple[str, ...] = ()
    # What the sender chose on the form: "own", "general", "unsure" or nothing.
    stated_kind: str = ""
    parts: tuple[RedactedPart, ...] = field(default=(), repr=False)
    attachments: tuple[RedactedAttachment, ...] = field(default=(), repr=False)
    # Header facts without content, for the route and the acknowledgement.
    message_id: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A queue row's two lines: a small sealed blob of its own."""

    sender: str = field(repr=False)
    subject: str = field(repr=False)
    first_sentence: str = field(repr=False)
