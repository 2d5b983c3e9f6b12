"""What has waited too long for a person."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from records.tables import InquiryRow
from records.values import State

SATURDAY = 5


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
