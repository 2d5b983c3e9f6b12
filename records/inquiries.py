"""Inquiries in the record: read as values, and moved through their life cycle with the counts kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, insert, select, update

from records.errors import NotFound, WrongState
from records.lifecycle import advance
from records.tables import ConflictRow, ContactRow, DeliveryRow, InquiryRow, TallyRow
from records.values import Category, Channel, ChannelAllowed, DataClass, InquiryFacts, State

INQUIRIES: Select[Any] = select(InquiryRow.__table__)

# Statements are built once: building one costs several times what SQLite takes to run it.
_BY_ID = INQUIRIES.where(InquiryRow.id == bindparam("inquiry_id"))
_CURRENT = select(InquiryRow.state, InquiryRow.version, InquiryRow.unit, InquiryRow.category).where(
    InquiryRow.id == bindparam("inquiry_id")
)
_MAILBOXES = (
    select(DeliveryRow.submission_id, DeliveryRow.mailbox)
    .where(DeliveryRow.submission_id.in_(bindparam("ids", expanding=True)))
    .order_by(DeliveryRow.mailbox)
)
_CONFLICTS = (
    select(ContactRow.inquiry_id, ConflictRow.reader_id)
    .join(ConflictRow, ConflictRow.digest == ContactRow.digest)
    .where(ContactRow.inquiry_id.in_(bindparam("ids", expanding=True)))
)
_INQUIRY, _TALLY = insert(InquiryRow), insert(TallyRow)
# An update's own columns are named like parameters, so ours have other names.
_ADD_TO_TALLY = (
    update(TallyRow)
    .where(
        TallyRow.state == bindparam("in_state"),
        TallyRow.unit == bindparam("in_unit"),
        TallyRow.category == bindparam("in_category"),
    )
    .values(count=TallyRow.count + bindparam("by"))
)


def facts_from(row: Row[Any], mailboxes: Sequence[str], conflicted: frozenset[str] = frozenset()) -> InquiryFacts:
    """Give a row as the value that decisions take."""
    return InquiryFacts(
        id=row.id,
        reference=row.reference,
        channel=Channel(row.channel),
        state=State(row.state),
        received_at=row.received_at,
        mailboxes=tuple(mailboxes),
        hold_reason=row.hold_reason,
        flags=tuple(row.flags),
        finding_counts=tuple(sorted(row.finding_counts.items())),
        category=Category(row.category) if row.category else None,
        confidence=row.confidence,
        reasons=tuple(row.reasons),
        program=row.program,
        data_classes=tuple(DataClass(name) for name in row.data_classes),
        is_urgent=row.is_urgent,
        unit=row.unit,
        route_rule=row.route_rule,
        channel_allowed=ChannelAllowed(row.channel_allowed) if row.channel_allowed else None,
        language=row.language,
        policy_version=row.policy_version,
        record_series=row.record_series,
        due_at=row.due_at,
        acknowledged=row.acknowledged,
        assigned_to=row.assigned_to,
        attachment_count=row.attachment_count,
        conflicted_readers=conflicted,
        version=row.version,
    )


def mailboxes_of(connection: Connection, submission_ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Give each submission's recipients, in the order of their names."""
    rows = connection.execute(_MAILBOXES, {"ids": list(submission_ids)})
    found: dict[str, tuple[str, ...]] = {}
    for submission_id, mailbox in rows:
        found[submission_id] = (*found.get(submission_id, ()), mailbox)
    return found


def conflicts_of(connection: Connection, inquiry_ids: Sequence[str]) -> Mapping[str, frozenset[str]]:
    """Give, per inquiry, the readers whose own or whose relative's it is."""
    rows = connection.execute(_CONFLICTS, {"ids": list(inquiry_ids)})
    found: dict[str, frozenset[str]] = {}
    for inquiry_id, reader_id in rows:
        found[inquiry_id] = found.get(inquiry_id, frozenset()) | {reader_id}
    return found


def facts(connection: Connection, rows: Sequence[Row[Any]]) -> tuple[InquiryFacts, ...]:
    """Give rows as values, with their recipients and conflicts, in two questions however many they are."""
    boxes = mailboxes_of(connection, [row.submission_id for row in rows])
    conflicts = conflicts_of(connection, [row.id for row in rows])
    return tuple(facts_from(row, boxes.get(row.submission_id, ()), conflicts.get(row.id, frozenset())) for row in rows)


def find(connection: Connection, *, inquiry_id: str | None = None, reference: str | None = None) -> InquiryFacts:
    """Give one inquiry by id or reference, or raise `NotFound`."""
    if inquiry_id:
        found = connection.execute(_BY_ID, {"inquiry_id": inquiry_id})
    else:
        found = connection.execute(INQUIRIES.where(InquiryRow.reference == reference))
    row = found.one_or_none()
    if row is None:
        raise NotFound("no such inquiry")
    return facts(connection, [row])[0]


def insert_inquiry(connection: Connection, values: Mapping[str, Any]) -> None:
    """Write a new inquiry and count it."""
    connection.execute(_INQUIRY, [dict(values)])
    _count(connection, values["state"], None, None, 1)


def move(
    connection: Connection,
    inquiry_id: str,
    to: State,
    *,
    now: datetime,
    expected: frozenset[State] | None = None,
    **columns: Any,
) -> None:
    """Take an inquiry one step on, with whatever else changes; the counts go along in the same commit.

    `expected` names the states from which the caller means to move; from any other it is `WrongState`.
    """
    row = connection.execute(_CURRENT, {"inquiry_id": inquiry_id}).one_or_none()
    if row is None:
        raise NotFound("no such inquiry")
    current = State(row.state)
    if expected is not None and current not in expected:
        raise WrongState(f"is {current.value}, not as expected")
    advance(current, to)
    changed = {"state": to.value, "changed_at": now, "version": row.version + 1, **columns}
    done = connection.execute(
        update(InquiryRow).where(InquiryRow.id == inquiry_id, InquiryRow.version == row.version).values(changed),
    )
    if done.rowcount != 1:
        raise WrongState("changed by somebody else in between")
    _count(connection, current.value, row.unit, row.category, -1)
    _count(connection, to.value, changed.get("unit", row.unit), changed.get("category", row.category), 1)


def amend(connection: Connection, inquiry_id: str, *, now: datetime, **columns: Any) -> None:
    """Change an inquiry without a step: a classification decided again, an assignment, an acknowledgement."""
    row = connection.execute(_CURRENT, {"inquiry_id": inquiry_id}).one_or_none()
    if row is None:
        raise NotFound("no such inquiry")
    changed = {"changed_at": now, "version": row.version + 1, **columns}
    connection.execute(update(InquiryRow).where(InquiryRow.id == inquiry_id).values(changed))
    unit, category = changed.get("unit", row.unit), changed.get("category", row.category)
    if (unit, category) != (row.unit, row.category):
        _count(connection, row.state, row.unit, row.category, -1)
        _count(connection, row.state, unit, category, 1)


def hold(connection: Connection, inquiry_id: str, reason: str, *, now: datetime, **columns: Any) -> None:
    """Hold an inquiry for a person, with a reason id."""
    row = connection.execute(_CURRENT, {"inquiry_id": inquiry_id}).one_or_none()
    if row is None:
        raise NotFound("no such inquiry")
    move(connection, inquiry_id, State.HELD, now=now, hold_reason=reason, held_from=row.state, held_at=now, **columns)


def bring_back(connection: Connection, inquiry_id: str, state: State, *, now: datetime) -> None:
    """Set the state that an inquiry is known to have had, past the table: only for a record restored from a backup."""
    row = connection.execute(_CURRENT, {"inquiry_id": inquiry_id}).one()
    changed = {"state": state.value, "changed_at": now, "version": row.version + 1}
    connection.execute(update(InquiryRow).where(InquiryRow.id == inquiry_id).values(changed))
    _count(connection, row.state, row.unit, row.category, -1)
    _count(connection, state.value, row.unit, row.category, 1)


def tallies(connection: Connection) -> Mapping[tuple[str, str, str], int]:
    """Give the counts: (state, unit or "", category or "") -> how many."""
    rows = connection.execute(select(TallyRow.state, TallyRow.unit, TallyRow.category, TallyRow.count))
    return {(state, unit, category): count for state, unit, category, count in rows if count}


def _count(connection: Connection, state: str, unit: str | None, category: str | None, by: int) -> None:
    key = {"state": state, "unit": unit or "", "category": category or ""}
    place = {f"in_{name}": value for name, value in key.items()}
    done = connection.execute(_ADD_TO_TALLY, {**place, "by": by})
    if done.rowcount == 0:
        connection.execute(_TALLY, [{**key, "count": by}])
