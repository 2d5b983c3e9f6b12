"""Inquiries, what is sealed of them, and the work to be done."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base

_IS_HELD = text("held_at IS NOT NULL")


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
        # The ledger goes by arrival; the closed list and the sweep ask for the latest changes.
        Index("ix_inquiry_received", "received_at", "id"),
        Index("ix_inquiry_changed", "state", "changed_at", "id"),
        # Most inquiries are never held, and cost this one nothing.
        Index("ix_inquiry_held", "held_at", sqlite_where=_IS_HELD, postgresql_where=_IS_HELD),
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
    # When its number was last put into a queue outside the record; None where no queue is used, or not yet.
    carried_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("kind", "subject_id", name="uq_job_kind_subject"),
        # Ready ones of a kind, oldest first, however many of other kinds wait before them.
        Index("ix_job_ready", "kind", "not_before", "id"),
    )


class TallyRow(Base):
    """Counts of inquiries by state, unit and class, kept with each change and never recounted."""

    __tablename__ = "tally"
    state: Mapped[str] = mapped_column(String(16), primary_key=True)
    unit: Mapped[str] = mapped_column(String(64), primary_key=True)
    category: Mapped[str] = mapped_column(String(16), primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger, default=0)


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
