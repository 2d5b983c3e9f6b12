"""The record's tables, typed. Everything readable here is ours: a sender's words lie in `chunk`, sealed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, LargeBinary, MetaData, String, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime]):
    """An instant, kept as whole microseconds since 1970 UTC: exact, sortable, the same in every engine."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Refuse a time without a zone; the record knows no local time."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a time without a zone"
            raise ValueError(message)
        return (value - EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Give the instant in UTC."""
        del dialect
        return None if value is None else EPOCH + timedelta(microseconds=value)


class Base(DeclarativeBase):
    """Tables of the record."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: Moment, dict[str, Any]: JSON, list[str]: JSON}  # noqa: RUF012 - SQLAlchemy's way


class KeyBase(DeclarativeBase):
    """Tables of the key store, a database of its own."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: Moment}  # noqa: RUF012 - SQLAlchemy's way


class SubmissionRow(Base):
    """What arrived. `digest` is keyed (HMAC-SHA256) and the identity of a submission; it goes when it is destroyed."""

    __tablename__ = "submission"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    digest: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    channel: Mapped[str] = mapped_column(String(16))
    size: Mapped[int] = mapped_column(BigInteger)
    received_at: Mapped[datetime]


class DeliveryRow(Base):
    """One of a submission's recipients: our own mailbox, in the spelling of the settings."""

    __tablename__ = "delivery"
    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    mailbox: Mapped[str] = mapped_column(String(320), primary_key=True)
    received_at: Mapped[datetime]


class InquiryRow(Base):
    """The record of one inquiry; `version` rises with each change."""

    __tablename__ = "inquiry"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    reference: Mapped[str] = mapped_column(String(24), unique=True)
    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"), unique=True)
    channel: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(16), default="")
    state: Mapped[str] = mapped_column(String(16))
    held_from: Mapped[str | None] = mapped_column(String(16))
    hold_reason: Mapped[str | None] = mapped_column(String(64))
    held_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    policy_version: Mapped[str] = mapped_column(String(32))
    record_series: Mapped[str] = mapped_column(String(32))
    category: Mapped[str | None] = mapped_column(String(16))
    confidence: Mapped[float | None]
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    program: Mapped[str | None] = mapped_column(String(32))
    data_classes: Mapped[list[str]] = mapped_column(JSON, default=list)
    is_urgent: Mapped[bool] = mapped_column(default=False)
    unit: Mapped[str | None] = mapped_column(String(64))
    route_rule: Mapped[str | None] = mapped_column(String(64))
    channel_allowed: Mapped[str | None] = mapped_column(String(16))
    due_at: Mapped[datetime | None]
    flags: Mapped[list[str]] = mapped_column(JSON, default=list)
    finding_counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    attachment_count: Mapped[int] = mapped_column(default=0)
    acknowledged: Mapped[str] = mapped_column(String(32), default="no")
    assigned_to: Mapped[str | None] = mapped_column(ForeignKey("reader.id"))
    access_code: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    version: Mapped[int] = mapped_column(default=0)
    __table_args__ = (
        # The desk's queue: newest first within a unit and state; and whatever waits for a person.
        Index("ix_inquiry_queue", "unit", "state", "due_at", "id"),
        Index("ix_inquiry_state", "state", "received_at"),
    )


class ContactRow(Base):
    """Keyed digests of a sender's addresses (a key per purpose): finds earlier inquiries and conflicts."""

    __tablename__ = "contact"
    inquiry_id: Mapped[str] = mapped_column(ForeignKey("inquiry.id"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True, index=True)


class BlobRow(Base):
    """One sealed text or file. Without an inquiry it is an upload under way, or an orphan to be swept."""

    __tablename__ = "blob"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    inquiry_id: Mapped[str | None] = mapped_column(String(32), index=True)
    part: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]


class ChunkRow(Base):
    """Sealed bytes of a blob: 64 KiB of plaintext at most, numbered from 0."""

    __tablename__ = "chunk"
    blob_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class JobRow(Base):
    """Work to do, written in the commit that made it necessary. It names an id and nothing else."""

    __tablename__ = "job"
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    subject_id: Mapped[str] = mapped_column(String(32))
    # Failures that were seen; and how often it was taken up, which also counts workers that died of it.
    failures: Mapped[int] = mapped_column(default=0)
    taken: Mapped[int] = mapped_column(default=0)
    # Taking a job up moves this on by the lease: a job whose worker died is ready again by itself.
    not_before: Mapped[datetime]
    worker: Mapped[str | None] = mapped_column(String(64), index=True)
    reason: Mapped[str | None] = mapped_column(String(64))
    __table_args__ = (
        UniqueConstraint("kind", "subject_id", name="uq_job_kind_subject"),
        Index("ix_job_ready", "not_before", "id"),
    )


class TallyRow(Base):
    """Counts of inquiries by state, unit and class, kept with each change and never recounted."""

    __tablename__ = "tally"
    state: Mapped[str] = mapped_column(String(16), primary_key=True)
    unit: Mapped[str] = mapped_column(String(64), primary_key=True)
    category: Mapped[str] = mapped_column(String(16), primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger, default=0)


class OrganizationRow(Base):
    """Who employs or contracts a reader, and the agreement with it (policy: B3, C5)."""

    __tablename__ = "organization"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(32))
    agreement_since: Mapped[date | None]
    agreement_until: Mapped[date | None]


class ReaderRow(Base):
    """A member of staff. The password is kept as argon2's encoded hash."""

    __tablename__ = "reader"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    sign_in_name: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(32))
    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id"))
    site: Mapped[str] = mapped_column(String(64), default="")
    password_hash: Mapped[str] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(default=True)
    started_on: Mapped[date | None]
    separated_at: Mapped[datetime | None]
    form_signed_on: Mapped[date | None]
    trained_on: Mapped[date | None]
    data_classes: Mapped[list[str]] = mapped_column(JSON, default=list)
    until: Mapped[date | None]
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]


class GrantRow(Base):
    """One unit opened to one reader."""

    __tablename__ = "unit_grant"
    reader_id: Mapped[str] = mapped_column(ForeignKey("reader.id"), primary_key=True)
    unit: Mapped[str] = mapped_column(String(64), primary_key=True)
    approved_by: Mapped[str | None] = mapped_column(String(32))
    approved_on: Mapped[date | None]
    reviewed_on: Mapped[date | None]


class ConflictRow(Base):
    """A reader's own and relatives' addresses, as keyed digests: their inquiries are not for this reader."""

    __tablename__ = "conflict"
    reader_id: Mapped[str] = mapped_column(ForeignKey("reader.id"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True, index=True)


class SessionRow(Base):
    """A reader's session at the desk; the token itself is in the browser only."""

    __tablename__ = "desk_session"
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    reader_id: Mapped[str] = mapped_column(ForeignKey("reader.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class DisclosureRow(Base):
    """An opening, or a refused attempt at one. Reasons are ids."""

    __tablename__ = "disclosure"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    inquiry_id: Mapped[str] = mapped_column(String(32), index=True)
    reader_id: Mapped[str] = mapped_column(String(32), index=True)
    second_reader_id: Mapped[str | None] = mapped_column(String(32))
    purpose: Mapped[str] = mapped_column(String(32))
    part: Mapped[str] = mapped_column(String(16))
    is_granted: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime]


class ApprovalRow(Base):
    """A request to open an original, and the second person's approval of it."""

    __tablename__ = "approval"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    inquiry_id: Mapped[str] = mapped_column(String(32), index=True)
    asked_by: Mapped[str] = mapped_column(ForeignKey("reader.id"))
    ground: Mapped[str] = mapped_column(String(32))
    asked_at: Mapped[datetime]
    approved_by: Mapped[str | None] = mapped_column(ForeignKey("reader.id"))
    approved_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AuditRow(Base):
    """A line nobody can take back: each carries an HMAC over itself and the one before it in its chain."""

    __tablename__ = "audit_entry"
    chain: Mapped[str] = mapped_column(String(64), primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(32))
    actor: Mapped[str] = mapped_column(String(64))
    reference: Mapped[str] = mapped_column(String(24), default="", index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))


class ResponseRow(Base):
    """An answer: an EmailReply, a Letter or a CallScript. Its words are a blob sealed to `dispatch`."""

    __tablename__ = "response"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    inquiry_id: Mapped[str] = mapped_column(ForeignKey("inquiry.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    blob_id: Mapped[str | None] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16))
    made_by: Mapped[str] = mapped_column(String(32))
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class CallAttemptRow(Base):
    """One telephone call: who, when, and how it ended."""

    __tablename__ = "call_attempt"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    inquiry_id: Mapped[str] = mapped_column(ForeignKey("inquiry.id"), index=True)
    reader_id: Mapped[str] = mapped_column(String(32))
    outcome: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]


class AcknowledgedRow(Base):
    """How many acknowledgements left on a day to a sender, to a domain, to all, each as a keyed digest (RFC 5230)."""

    __tablename__ = "acknowledged"
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(default=0)


class LegalHoldRow(Base):
    """Stops destruction, whatever the schedule says (policy: D, records)."""

    __tablename__ = "legal_hold"
    inquiry_id: Mapped[str] = mapped_column(ForeignKey("inquiry.id"), primary_key=True)
    set_by: Mapped[str] = mapped_column(String(32))
    set_at: Mapped[datetime]


class AlarmRow(Base):
    """Something a person must look at; also one line in the log."""

    __tablename__ = "alarm"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[str] = mapped_column(String(32), default="")
    at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("kind", "subject_id", name="uq_alarm_kind_subject"),)


class WrapRow(KeyBase):
    """A blob's content key, sealed to one compartment. Deleting its wraps destroys a blob."""

    __tablename__ = "wrap"
    blob_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    compartment: Mapped[str] = mapped_column(String(80), primary_key=True)
    key_id: Mapped[str] = mapped_column(String(16))
    suite: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(index=True)


class TombstoneRow(KeyBase):
    """An inquiry that was destroyed: replayed over a restored record, so that it stays destroyed."""

    __tablename__ = "tombstone"
    inquiry_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime]
