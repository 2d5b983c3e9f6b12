"""The table of routes as values: units, rules, and the route that an inquiry takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from records.values import Category, DataClass, InquiryFacts
from router.classification.values import LANGUAGES, Program, Requester

SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A team with a compartment of its own."""

    name: str
    title: str
    telephone: str
    data_classes: frozenset[DataClass]


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteFacts:
    """What a rule can ask about. An inquiry has one or more of our mailboxes as recipients."""

    mailboxes: tuple[str, ...] = ()
    program: str = ""
    data_classes: tuple[DataClass, ...] = ()
    language: str = ""
    category: Category | None = None
    is_urgent: bool = False
    requester: str = ""
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One line of the table: when all of its conditions hold, this is the unit."""

    name: str
    unit: str
    due_days: int
    # What the unit's queue says beside the inquiry; "" for nothing.
    notice: str = ""
    # Condition -> the values of which one must be met.
    when: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def holds(self, facts: RouteFacts) -> bool:
        """Tell whether every condition is met; a rule without conditions always holds."""
        met = _asked_about(facts)
        return all(not wanted.isdisjoint(met[condition]) for condition, wanted in self.when.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The unit chosen, and because of which rule."""

    unit: str
    rule: str
    due_days: int
    notice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """The whole table. The last rule always holds, so that every inquiry has a route."""

    units: tuple[Unit, ...]
    rules: tuple[Rule, ...]

    def find(self, facts: RouteFacts | InquiryFacts) -> Route:
        """Give the route: the first rule that holds for any of the recipients wins."""
        asked = facts if isinstance(facts, RouteFacts) else facts_of(facts)
        rule = next(rule for rule in self.rules if rule.holds(asked))
        return Route(unit=rule.unit, rule=rule.name, due_days=rule.due_days, notice=rule.notice)

    def unit(self, name: str) -> Unit | None:
        """Give a unit by its name."""
        return next((unit for unit in self.units if unit.name == name), None)


def facts_of(inquiry: InquiryFacts, requester: str = "") -> RouteFacts:
    """Give what the rules ask about, from an inquiry's record."""
    return RouteFacts(
        mailboxes=inquiry.mailboxes,
        program=inquiry.program or "",
        data_classes=inquiry.data_classes,
        language=inquiry.language,
        category=inquiry.category,
        is_urgent=inquiry.is_urgent,
        requester=requester,
        flags=inquiry.flags,
    )


def due_at(now: datetime, business_days: int) -> datetime:
    """Give the instant that many business days on, at the same time of day. Weekends do not count; holidays do.

    >>> due_at(datetime(2026, 11, 20, 9, 0), 1).isoformat()
    '2026-11-23T09:00:00'
    """
    due = now
    while business_days > 0 or due.weekday() >= SATURDAY:
        due += timedelta(days=1)
        if due.weekday() < SATURDAY:
            business_days -= 1
    return due


def _asked_about(facts: RouteFacts) -> Mapping[str, frozenset[str]]:
    mailboxes = frozenset(name.casefold() for name in facts.mailboxes)
    return {
        # A rule may name a mailbox in full, or by what stands before the "@".
        "mailbox": mailboxes | {name.partition("@")[0] for name in mailboxes},
        "program": frozenset({facts.program}),
        "data_class": frozenset(kind.value for kind in facts.data_classes),
        "language": frozenset({facts.language}),
        "category": frozenset({facts.category.value} if facts.category else ()),
        "urgent": frozenset({"yes" if facts.is_urgent else "no"}),
        "requester": frozenset({facts.requester}),
        "flag": frozenset(facts.flags),
    }


# What a condition may be compared with; None where the words are the agency's own.
VOCABULARY: Mapping[str, frozenset[str] | None] = {
    "mailbox": None,
    "program": frozenset(program.value for program in Program),
    "data_class": frozenset(kind.value for kind in DataClass),
    "language": frozenset(LANGUAGES),
    "category": frozenset(category.value for category in Category),
    "urgent": frozenset({"yes", "no"}),
    "requester": frozenset(requester.value for requester in Requester),
    "flag": None,
}
