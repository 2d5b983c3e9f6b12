"""The clock, as an argument: decisions are given the time, and tests give them another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Give the present instant in UTC."""
    return datetime.now(UTC)
