"""The decision pane as values: class, unit, answer by, and what the plan says to do."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from records.tables import CallAttemptRow, ReaderRow, ResponseRow
from records.values import Category, InquiryFacts, RedactedInquiry, State
from router.acknowledgement import ADDRESS
from router.desk import times, words
from router.desk.needs import reader
from router.desk.rows import class_of
from router.desk.services import desk
from router.plan import CallPlan, Contact, EmailPlan, plan
from router.work.answers import OUTCOMES
from router.work.ending import CLOSE_REASONS, HOLD_REASONS

CAN_BE_WORKED_ON = frozenset({State.ROUTED, State.ASSIGNED})


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitChoice:
    """A unit in the list; the number is its key."""

    number: int
    name: str
    title: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView:
    """The decision pane."""

    style: str
    is_general: bool
    suggested: str
    reasons: tuple[str, ...]
    units: tuple[UnitChoice, ...]
    # "routed": to be taken; "mine": to be answered; "theirs", "over": to be read only.
    standing: str
    assignee: str = field(repr=False)
    call: CallPlan | None
    email: EmailPlan | None
    attempts: tuple[str, ...] = field(repr=False)
    # How the last e-mail answer stands: "waiting", "failed", "sent"; "" when there is none.
    answer: str
    outcomes: tuple[tuple[str, str, str], ...]
    hold_reasons: tuple[tuple[str, str], ...]
    close_reasons: tuple[tuple[str, str], ...]


def decision(facts: InquiryFacts, opened: RedactedInquiry) -> DecisionView:
    """Give the decision pane of an opened inquiry."""
    planned = plan(facts, contact_of(opened))
    with desk().services.books.store.reading() as connection:
        attempts, assignee = _attempts(connection, facts), _name(connection, facts.assigned_to)
        answer = _answer(connection, facts)
    return DecisionView(
        style=class_of(facts)[0],
        is_general=facts.category is Category.GENERAL,
        suggested="by a person" if facts.confidence is None else f"suggested, {facts.confidence * 100:.0f} %",
        reasons=tuple(words.reason(each) for each in facts.reasons),
        units=_units(facts),
        standing=_standing(facts),
        assignee=assignee,
        call=planned if isinstance(planned, CallPlan) else None,
        email=planned if isinstance(planned, EmailPlan) else None,
        attempts=attempts,
        answer=answer,
        outcomes=tuple((outcome, title, outcome[0]) for outcome, title in OUTCOMES.items()),
        hold_reasons=tuple(HOLD_REASONS.items()),
        close_reasons=tuple(CLOSE_REASONS.items()),
    )


def contact_of(opened: RedactedInquiry) -> Contact:
    """Give the ways in which a sender can be reached."""
    return Contact(
        has_phone=bool(opened.telephone.strip()),
        has_email=ADDRESS.fullmatch(opened.sender_address) is not None,
        has_postal=bool(opened.postal_address.strip()),
    )


def _standing(facts: InquiryFacts) -> str:
    if facts.state not in CAN_BE_WORKED_ON:
        return "over"
    if facts.assigned_to is None:
        return "routed"
    return "mine" if facts.assigned_to == reader().id else "theirs"


def _units(facts: InquiryFacts) -> tuple[UnitChoice, ...]:
    units = enumerate(desk().services.routes.units, start=1)
    return tuple(
        UnitChoice(number=number, name=unit.name, title=unit.title, is_current=unit.name == facts.unit)
        for number, unit in units
    )


def _attempts(connection: Connection, facts: InquiryFacts) -> tuple[str, ...]:
    rows = connection.execute(
        select(CallAttemptRow.outcome, CallAttemptRow.at, ReaderRow.name)
        .join(ReaderRow, ReaderRow.id == CallAttemptRow.reader_id)
        .where(CallAttemptRow.inquiry_id == facts.id)
        .order_by(CallAttemptRow.at)
    ).all()
    zone = desk().settings.zone_info()
    return tuple(
        f"{times.moment(at, zone)}: {OUTCOMES.get(outcome, outcome).lower()} ({name})" for outcome, at, name in rows
    )


def _answer(connection: Connection, facts: InquiryFacts) -> str:
    last = (
        select(ResponseRow.state)
        .where(ResponseRow.inquiry_id == facts.id, ResponseRow.kind == "email")
        .order_by(ResponseRow.made_at.desc())
        .limit(1)
    )
    return connection.execute(last).scalar() or ""


def _name(connection: Connection, reader_id: str | None) -> str:
    if reader_id is None:
        return ""
    return connection.execute(select(ReaderRow.name).where(ReaderRow.id == reader_id)).scalar() or ""
