"""The desk's lists in SQL. What a reader may not see is not found: the scope is in the query, never a filter after it.

`within(scope)` is the SQL form of `Scope.admits`; a test shows both equal on generated rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, and_, false, func, literal, or_, select

from records.inquiries import INQUIRIES, facts
from records.tables import EPOCH, InquiryRow, Moment
from records.tallies import tallies
from records.values import InquiryFacts, State
from router.clearance import Scope

LIMIT = 50
FAR = EPOCH.replace(year=9999)  # Where an inquiry without a due date stands: at the end.


class Tab(StrEnum):
    """The lists of the queue."""

    UNITS = "units"
    HELD = "held"
    MINE = "mine"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some rows, and where the next page begins ("" at the end)."""

    rows: tuple[InquiryFacts, ...]
    next: str


def page(connection: Connection, scope: Scope, tab: Tab, reader_id: str, after: str = "", limit: int = LIMIT) -> Page:
    """Give a page of a list, soonest due first; closed ones latest first."""
    due = func.coalesce(InquiryRow.due_at, literal(FAR, Moment()))
    asked = INQUIRIES.where(_belongs(tab, reader_id), within(scope))
    changed = func.coalesce(InquiryRow.changed_at, literal(FAR, Moment()))
    mark = _read_mark(after)
    if tab is Tab.CLOSED:
        asked = asked.order_by(InquiryRow.changed_at.desc(), InquiryRow.id.desc())
        if mark:
            asked = asked.where(_beyond(changed, mark, is_falling=True))
    else:
        asked = asked.order_by(due, InquiryRow.id)
        if mark:
            asked = asked.where(_beyond(due, mark, is_falling=False))
    rows = connection.execute(asked.limit(limit + 1)).all()
    last = rows[limit - 1] if len(rows) > limit else None
    following = ""
    if last is not None:
        following = _mark(last.changed_at if tab is Tab.CLOSED else last.due_at or FAR, last.id)
    return Page(rows=facts(connection, rows[:limit]), next=following)


def find_listed(connection: Connection, scope: Scope, reference: str) -> InquiryFacts | None:
    """Give an inquiry that this scope may list; None is all that anything else gives."""
    row = connection.execute(INQUIRIES.where(InquiryRow.reference == reference, within(scope))).one_or_none()
    return facts(connection, [row])[0] if row is not None else None


def counts(connection: Connection, scope: Scope, reader_id: str) -> Mapping[Tab, int]:
    """Count what waits in each tab: from the counts that are kept; one's own few are counted."""
    kept = tallies(connection)
    listed = scope.units | ({""} if scope.sees_unrouted else set())
    waiting = {State.ROUTED.value, State.ASSIGNED.value}
    in_units = sum(number for (state, unit, _), number in kept.items() if state in waiting and unit in listed)
    held = sum(number for (state, _, _), number in kept.items() if state == State.HELD.value)
    mine = select(func.count()).select_from(InquiryRow).where(_belongs(Tab.MINE, reader_id), within(scope))
    return {
        Tab.UNITS: 0 if scope.nothing else in_units,
        Tab.HELD: held if scope.sees_held and not scope.nothing else 0,
        Tab.MINE: connection.execute(mine).scalar_one(),
    }


def within(scope: Scope) -> ColumnElement[bool]:
    """Give the scope as SQL: the same conditions as `Scope.admits`, in the same order."""
    if scope.nothing:
        return false()
    is_held = InquiryRow.state == State.HELD.value
    in_units = and_(InquiryRow.state != State.HELD.value, InquiryRow.unit.in_(sorted(scope.units)))
    admitted = [in_units]
    if scope.sees_held:
        admitted.append(is_held)
    if scope.sees_unrouted:
        admitted.append(and_(InquiryRow.state != State.HELD.value, InquiryRow.unit.is_(None)))
    return and_(InquiryRow.state != State.DESTROYED.value, or_(*admitted))


def _belongs(tab: Tab, reader_id: str) -> ColumnElement[bool]:
    if tab is Tab.HELD:
        return InquiryRow.state == State.HELD.value
    if tab is Tab.MINE:
        return and_(InquiryRow.assigned_to == reader_id, InquiryRow.state == State.ASSIGNED.value)
    if tab is Tab.CLOSED:
        return InquiryRow.state.in_([State.ANSWERED.value, State.CLOSED.value])
    return InquiryRow.state.in_([State.ROUTED.value, State.ASSIGNED.value])


def _beyond(column: ColumnElement[datetime], mark: tuple[datetime, str], *, is_falling: bool) -> ColumnElement[bool]:
    at, inquiry_id = mark
    if is_falling:
        return or_(column < at, and_(column == at, InquiryRow.id < inquiry_id))
    return or_(column > at, and_(column == at, InquiryRow.id > inquiry_id))


def _mark(at: datetime, inquiry_id: str) -> str:
    return f"{at:%Y%m%dT%H%M%S.%fZ}-{inquiry_id}"


def _read_mark(mark: str) -> tuple[datetime, str] | None:
    """Read a place in a list; what is no such place is the beginning."""
    moment, _, inquiry_id = mark.partition("-")
    try:
        at = datetime.strptime(f"{moment}+0000", "%Y%m%dT%H%M%S.%fZ%z")
    except ValueError:
        return None
    return (at, inquiry_id) if inquiry_id.isalnum() and inquiry_id.isascii() else None
