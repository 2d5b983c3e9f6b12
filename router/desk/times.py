"""Times in words, as the design's notes have them: "9:02 am", "in 3 hours", "by 5 pm", "2 hours late"."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOON = timedelta(hours=4)
NOON = 12


def clock_time(at: datetime, zone: tzinfo) -> str:
    """Give the time of day.

    >>> from datetime import UTC
    >>> [clock_time(datetime(2026, 11, 20, hour, 2, tzinfo=UTC), UTC) for hour in (9, 14)]
    ['9:02 am', '2:02 pm']
    """
    local = at.astimezone(zone)
    if (local.hour, local.minute) == (NOON, 0):
        return "noon"
    minutes = f":{local.minute:02d}" if local.minute else ""
    return f"{local.hour % NOON or NOON}{minutes} {'am' if local.hour < NOON else 'pm'}"


def moment(at: datetime, zone: tzinfo) -> str:
    """Give a day and time: "Friday, Nov 20, 9:02 am"."""
    local = at.astimezone(zone)
    return f"{local:%A}, {local:%b} {local.day}, {clock_time(at, zone)}"


def age(at: datetime, now: datetime) -> str:
    """Give how long ago, briefly: "9 min", "5 h", "3 d".

    >>> from datetime import UTC
    >>> start = datetime(2026, 11, 20, 9, tzinfo=UTC)
    >>> [age(start, start + passed) for passed in (9 * HOUR / 60, 5 * HOUR, 3 * DAY)]
    ['9 min', '5 h', '3 d']
    """
    passed = max(now - at, timedelta())
    if passed < 2 * HOUR:
        return f"{passed // timedelta(minutes=1)} min"
    return f"{passed // HOUR} h" if passed < 2 * DAY else f"{passed // DAY} d"


def due(at: datetime | None, now: datetime, zone: tzinfo) -> tuple[str, str]:
    """Give when an answer is due, and its tone: "late", "soon" or ""."""
    if at is None:
        return "no date", ""
    if at < now:
        return f"{_span(now - at)} late", "late"
    if at - now < SOON:
        return f"in {_span(at - now)}", "soon"
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    if local.date() == today:
        return f"by {clock_time(at, zone)}", ""
    if local.date() - today < 6 * DAY:
        return f"{local:%a} {clock_time(at, zone)}", ""
    return f"{local:%b} {local.day}", ""


def group(at: datetime | None, now: datetime, zone: tzinfo) -> str:
    """Give the queue's group that a due date falls into."""
    if at is None:
        return "Later"
    if at < now:
        return "Overdue"
    return "Due today" if at.astimezone(zone).date() == now.astimezone(zone).date() else "Later"


def _span(span: timedelta) -> str:
    for size, word in ((DAY, "day"), (HOUR, "hour"), (timedelta(minutes=1), "minute")):
        if (number := span // size) >= 1:
            return f"{number} {word}{'' if number == 1 else 's'}"
    return "a minute"
