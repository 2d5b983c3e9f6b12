"""Two questions and their answers: what a list may show a reader, and what opening an inquiry takes.

Every condition is a tiny function that gives a reason id, or None when it holds; the tables below are the whole of the
rule and are read in their order. Nothing to check means no. Dates are compared with the day of `now` as it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from records.values import (
    FORBIDDEN_PURPOSES,
    Category,
    DataClass,
    Grant,
    InquiryFacts,
    OrganizationKind,
    Purpose,
    Reader,
    Role,
    State,
)
from router.permitted_uses import is_permitted
from router.standing import grant_fault, standing_fault

# Held inquiries wait for one of these; so do those that no route has reached.
WATCHING_ROLES = frozenset({Role.SUPERVISOR, Role.PRIVACY_OFFICER})
SECONDING_ROLES = frozenset({Role.SUPERVISOR, Role.PRIVACY_OFFICER, Role.SECURITY_DIRECTOR})

# Until these are over, the text is sealed to a worker and to nobody who reads.
NOT_ROUTED = frozenset({State.RECEIVED, State.ADMITTED})
OPENED_FROM = frozenset({State.ROUTED, State.ASSIGNED, State.ANSWERED, State.CLOSED})

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "inactive": "This account is not active.",
        "separated": "This account ended with the employment.",
        "time-over": "The time of this role is over.",
        "no-time-limit": "An outside body's reader needs a last day on record, and there is none.",
        "role-opens-nothing": "This role does not open inquiries.",
        "form-not-signed": "The confidentiality form is not signed for this year.",
        "training-not-current": "The confidentiality training is not current.",
        "no-agreement": "The organization has no agreement in force.",
        "no-purpose": "Please say what you need it for.",
        "forbidden-purpose": "Nobody may open an inquiry for this purpose. The request is on record.",
        "destroyed": "It was destroyed.",
        "not-routed": "It has not reached a unit yet.",
        "held": "It is held because it was not fully scanned. Its original opens with a second person.",
        "same-person": "The second person must be somebody else.",
        "conflict": "It is your own inquiry, or a relative's. A colleague has to take it.",
        "no-grant": "You have no grant for this unit.",
        "grant-not-approved": "The grant for this unit waits for a second person's approval.",
        "grant-not-reviewed": "The grant for this unit was not reviewed within a year.",
        "other-site": "It belongs to another site.",
        "not-cleared": "You are not cleared for all of the data it holds.",
        "use-not-permitted": "Your organization may not use this data for this purpose.",
        "may-not-second": "This role may not be the second person.",
    },
)


@dataclass(frozen=True, slots=True)
class Granted:
    """Yes: this reader, this inquiry."""

    reader_id: str
    reference: str


@dataclass(frozen=True, slots=True)
class Refused:
    """No, and the id of the reason; its words are in `SENTENCES`."""

    reason: str

    @property
    def sentence(self) -> str:
        """Give the reason in words."""
        return SENTENCES[self.reason]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One question of need to know, as the conditions see it."""

    reader: Reader
    inquiry: InquiryFacts
    purpose: Purpose | None
    now: datetime
    second_person: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a reader's lists, counts and searches may show, as plain values that a query can be made of.

    The query is `admits` and nothing else: not destroyed; and, when held, only with `sees_held`; otherwise, without a
    unit, only with `sees_unrouted`; otherwise the unit is one of `units`. With `nothing` set it is empty.
    """

    units: frozenset[str] = field(default_factory=frozenset)
    sees_held: bool = False
    sees_unrouted: bool = False
    nothing: bool = True

    def admits(self, inquiry: InquiryFacts) -> bool:
        """Tell whether a list may show this inquiry's metadata."""
        if self.nothing or inquiry.state is State.DESTROYED:
            return False
        if inquiry.state is State.HELD:
            return self.sees_held
        if inquiry.unit is None:
            return self.sees_unrouted
        return inquiry.unit in self.units


def _purpose_stated(asked: Asking) -> str | None:
    if asked.purpose is None:
        return "no-purpose"
    return "forbidden-purpose" if asked.purpose in FORBIDDEN_PURPOSES else None


def _state_opens(asked: Asking) -> str | None:
    state = asked.inquiry.state
    if state is State.HELD:
        watches = asked.reader.role in WATCHING_ROLES and asked.reader.organization is OrganizationKind.AGENCY
        return None if watches and asked.second_person is not None else "held"
    if state in NOT_ROUTED:
        return "not-routed"
    return None if state in OPENED_FROM else "destroyed"


def _another_second(asked: Asking) -> str | None:
    return "same-person" if asked.second_person == asked.reader.id else None


def _no_conflict(asked: Asking) -> str | None:
    return "conflict" if asked.reader.id in asked.inquiry.conflicted_readers else None


def _unit_granted(asked: Asking) -> str | None:
    faults = [grant_fault(asked.reader, grant, asked.now) for grant in asked.reader.grants if _covers(grant, asked)]
    if None in faults:
        return None
    return faults[0] if faults else "no-grant"


def _covers(grant: Grant, asked: Asking) -> bool:
    """Tell whether a grant is about this inquiry's unit; for a held one that has none yet, any grant will do."""
    unit = asked.inquiry.unit
    return grant.unit == unit or (unit is None and asked.inquiry.state is State.HELD)


def _cleared(asked: Asking) -> str | None:
    return None if needed_classes(asked.inquiry) <= asked.reader.data_classes else "not-cleared"


def _use_permitted(asked: Asking) -> str | None:
    purpose, organization = asked.purpose, asked.reader.organization
    needed = needed_classes(asked.inquiry)
    if purpose is not None and needed and all(is_permitted(organization, kind, purpose) for kind in needed):
        return None
    return "use-not-permitted"


# What must be true of the reader and this inquiry. A refused purpose and a conflict are named before anything that
# depends on paper work, because they are what the record is read for.
NEED: tuple[Callable[[Asking], str | None], ...] = (
    _purpose_stated,
    _no_conflict,
    _state_opens,
    _another_second,
    _unit_granted,
    _cleared,
    _use_permitted,
)


def needed_classes(inquiry: InquiryFacts) -> frozenset[DataClass]:
    """Give the classes that opening an inquiry takes. It is never none: somebody wrote it, and their name is in it."""
    if inquiry.data_classes:
        return frozenset(inquiry.data_classes)
    # Where nobody has said what it holds, it may hold everything.
    return frozenset({DataClass.PERSONAL_DATA} if inquiry.category is Category.GENERAL else DataClass)


def list_scope(reader: Reader, now: datetime) -> Scope:
    """Give what this reader's lists may show."""
    if standing_fault(reader, now) is not None:
        return Scope()
    units = frozenset(grant.unit for grant in reader.grants if grant_fault(reader, grant, now) is None)
    watches = reader.role in WATCHING_ROLES and reader.organization is OrganizationKind.AGENCY
    return Scope(units=units, sees_held=watches, sees_unrouted=watches, nothing=not units and not watches)


def may_list(reader: Reader, inquiry: InquiryFacts, now: datetime) -> bool:
    """Tell whether a list, a count or a search may show this reader that the inquiry is there."""
    return list_scope(reader, now).admits(inquiry)


def need_to_know(
    reader: Reader,
    inquiry: InquiryFacts,
    purpose: Purpose | None,
    now: datetime,
    second_person: str | None = None,
) -> Granted | Refused:
    """Decide whether this reader may open this inquiry for this purpose. Both answers are logged by the caller."""
    asked = Asking(reader=reader, inquiry=inquiry, purpose=purpose, now=now, second_person=second_person)
    if reason := standing_fault(reader, now):
        return Refused(reason)
    for condition in NEED:
        if reason := condition(asked):
            return Refused(reason)
    return Granted(reader.id, inquiry.reference)


def may_second(second: Reader, first: Reader, inquiry: InquiryFacts, now: datetime) -> Granted | Refused:
    """Decide whether `second` may be the second person for what `first` wants to open; they need clearance too."""
    if second.id == first.id:
        return Refused("same-person")
    if second.role not in SECONDING_ROLES:
        return Refused("may-not-second")
    return need_to_know(second, inquiry, Purpose.VERIFY, now, second_person=first.id)
