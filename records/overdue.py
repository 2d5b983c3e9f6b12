"""What has waited too long for a person."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from records.tables import AlarmRow, InquiryRow
from records.values import State

SATURDAY = 5
HELD_TOO_LONG = "held-too-long"


def business_day_before(now: datetime) -> datetime:
    """Give the instant one business day earlier; weekends do not count.

    >>> business_day_before(datetime(2026, 11, 23, 9, 0)).isoformat()
    '2026-11-20T09:00:00'
    """
    before = now - timedelta(days=1)
    while before.weekday() >= SATURDAY:
        before -= timedelta(days=1)
    return before


def held_too_long(connection: Connection, now: datetime) -> tuple[str, ...]:
    """Give the inquiries that have been held for more than one business day."""
    waiting = select(InquiryRow.id).where(
        InquiryRow.state == State.HELD.value, InquiryRow.held_at < business_day_before(now)
    )
    return tuple(connection.scalars(waiting))


def not_held_any_more(connection: Connection) -> tuple[str, ...]:
    """Give the inquiries whose alarm is open though somebody saw to them."""
    seen_to = (
        select(AlarmRow.subject_id)
        .join(InquiryRow, InquiryRow.id == AlarmRow.subject_id)
        .where(AlarmRow.kind == HELD_TOO_LONG, AlarmRow.cleared_at.is_(None), InquiryRow.state != State.HELD.value)
    )
    return tuple(connection.scalars(seen_to))
