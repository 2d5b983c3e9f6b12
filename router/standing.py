"""A reader's standing: what must be true of a member of staff, whatever they ask for.

Account, employment, role, form, training, agreement, and each grant of a unit. Each condition gives a reason id, or
None when it holds; the words of the reasons are in `router.clearance`. A fact that is missing does not hold.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from records.values import Grant, Reader, Role
from router.permitted_uses import OUTSIDE_BODIES, TIME_BOXED_BODIES

YEAR = timedelta(days=365)  # Form, training and review hold for a year (policy: B4, B6, B8).
NEW_STAFF = timedelta(days=14)  # New staff sign within two weeks (policy: B4).

CONTENT_ROLES = frozenset(
    {Role.AGENT, Role.SUPERVISOR, Role.PRIVACY_OFFICER, Role.SECURITY_DIRECTOR, Role.FIELD_MANAGER},
)
TIME_BOXED_ROLES = frozenset({Role.AUDITOR})


def _is_current(since: date | None, now: datetime, lasts: timedelta = YEAR) -> bool:
    """Tell whether a dated fact still holds; one of tomorrow holds no more than one that is missing."""
    return since is not None and timedelta(0) <= now.date() - since < lasts


def _active(reader: Reader, _now: datetime) -> str | None:
    return None if reader.is_active else "inactive"


def _not_separated(reader: Reader, now: datetime) -> str | None:
    return "separated" if reader.separated_at is not None and reader.separated_at <= now else None


def _within_time(reader: Reader, now: datetime) -> str | None:
    if reader.until is not None:
        return "time-over" if now.date() > reader.until else None
    is_boxed = reader.organization in TIME_BOXED_BODIES or reader.role in TIME_BOXED_ROLES
    return "no-time-limit" if is_boxed else None


def _role_opens(reader: Reader, _now: datetime) -> str | None:
    return None if reader.role in CONTENT_ROLES else "role-opens-nothing"


def _form_signed(reader: Reader, now: datetime) -> str | None:
    if reader.form_signed_on is not None:
        return None if _is_current(reader.form_signed_on, now) else "form-not-signed"
    # Somebody new may begin before the form is in; the fourteenth day is the last.
    return None if _is_current(reader.started_on, now, NEW_STAFF + timedelta(days=1)) else "form-not-signed"


def _trained(reader: Reader, now: datetime) -> str | None:
    # There are no days of grace here: training comes before access (policy: B6).
    return None if _is_current(reader.trained_on, now) else "training-not-current"


def _agreement_in_force(reader: Reader, now: datetime) -> str | None:
    if reader.organization not in OUTSIDE_BODIES:
        return None
    agreement = reader.agreement
    in_force = agreement is not None and agreement.since <= now.date() <= agreement.until
    return None if in_force else "no-agreement"


# What must be true of the reader, whatever is asked for. The account comes first, then the person, then the body.
STANDING: tuple[Callable[[Reader, datetime], str | None], ...] = (
    _active,
    _not_separated,
    _within_time,
    _role_opens,
    _form_signed,
    _trained,
    _agreement_in_force,
)


def site_unit(site: str) -> str:
    """Give the unit of a site, the only one that its field manager reads.

    >>> site_unit("Fall River")
    'site-fall-river'
    """
    return "site-" + "-".join(site.casefold().split())


def grant_fault(reader: Reader, grant: Grant, now: datetime) -> str | None:
    """Give the reason why a grant does not hold, or None (policy: B8, C8)."""
    if not grant.approved_by or grant.approved_by == reader.id:
        return "grant-not-approved"
    if grant.approved_on is None or grant.approved_on > now.date():
        return "grant-not-approved"
    if not _is_current(grant.reviewed_on, now):
        return "grant-not-reviewed"
    if reader.role is Role.FIELD_MANAGER and (not reader.site.strip() or grant.unit != site_unit(reader.site)):
        return "other-site"
    return None


def standing_fault(reader: Reader, now: datetime) -> str | None:
    """Give the first reason why this reader may see nothing at all, or None."""
    return next((reason for condition in STANDING if (reason := condition(reader, now))), None)
