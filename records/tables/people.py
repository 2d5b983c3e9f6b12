"""Readers, what they may open, and what they opened."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base


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
