"""What the doctor looks at, and the words for spans of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from records.clock import Clock
from records.keyring import KeyRing
from records.store import Stores
from sallyport.settings import Settings

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class House:
    """An installation, with its databases open."""

    settings: Settings
    ring: KeyRing
    stores: Stores
    clock: Clock
    # Everything is gone through: every line of the audit log, every inquiry.
    is_full: bool = False


def ago(since: datetime, now: datetime) -> str:
    """Say how long ago something was.

    >>> from datetime import UTC
    >>> ago(datetime(2026, 11, 20, 9, tzinfo=UTC), datetime(2026, 11, 21, 10, tzinfo=UTC))
    '25 hours ago'
    """
    span = now - since
    for unit, title in ((DAY, "days"), (HOUR, "hours"), (MINUTE, "minutes")):
        if span >= 2 * unit:
            return f"{span // unit} {title} ago"
    return f"{max(0, int(span.total_seconds()))} seconds ago"
