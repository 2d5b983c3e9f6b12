"""Inquiries in the record: read as values, and moved through their life cycle with the counts kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, Select, Update, bindparam, select, update

from records.bulk import insert_rows
from records.errors import NotFound, WrongState
from records.lifecycle import advance
from records.tables import ConflictRow, ContactRow, DeliveryRow, InquiryRow
from records.tallies import count
from records.values import Category, Channel, ChannelAllowed, DataClass, InquiryFacts, State

INQUIRIES: Select[Any] = select(InquiryRow.__table__)

# Statements are built once: building one costs several times what SQLite takes to run it.
_BY_ID = INQUIRIES.where(InquiryRow.id == bindparam("inquiry_id"))
_BY_REFERENCE = INQUIRIES.where(InquiryRow.reference == bindparam("by_reference"))
# Whoever decides by a row and then changes it locks it first, so that a second one waits and sees what became of it.
# `key_share`: what only refers to the row (an answer, a call) need not wait. SQLite has one writer, and no such clause.
_BY_ID_LOCKED, _BY_REFERENCE_LOCKED = (asked.with_for_update(key_share=True) for asked in (_BY_ID, _BY_REFERENCE))
_CURRENT = (
    select(InquiryRow.state, InquiryRow.version, InquiryRow.unit, InquiryRow.category)
    .where(InquiryRow.id == bindparam("inquiry_id"))
    .with_for_update(key_share=True)
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


def find(
    connection: Connection, *, inquiry_id: str | None = None, reference: str | None = None, to_change: bool = False
) -> InquiryFacts:
    """Give one inquiry by id or reference, or raise `NotFound`.

    `to_change` is for whoever decides by what is found and changes it in the same transaction: nobody else does before
    that has ended.
    """
    if inquiry_id:
        found = connection.execute(_BY_ID_LOCKED if to_change else _BY_ID, {"inquiry_id": inquiry_id})
    else:
        asked = _BY_REFERENCE_LOCKED if to_change else _BY_REFERENCE
        found = connection.execute(asked, {"by_reference": reference})
    row = found.one_or_none()
    if row is None:
        raise NotFound("no such inquiry")
    return facts(connection, [row])[0]


def insert_inquiries(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write new inquiries and count them. Each row names the same columns."""
    insert_rows(connection, InquiryRow, rows)
    for row in rows:
        count(connection, row["state"], None, None, 1)


def move(
    connection: Connection,
    inquiry_id: str,
    to: State,
    *,
    now: datetime,
    expected: frozenset[State] | None = None,
    by_way_of: State | None = None,
    **columns: Any,
) -> None:
    """Take an inquiry one step on, with whatever else changes; the counts go along in the same commit.

    `expected` names the states from which the caller means to move; from any other it is `WrongState`. `by_way_of` is a
    state it passes through in this commit: two steps of the table, written once.
    """
    row = connection.execute(_CURRENT, {"inquiry_id": inquiry_id}).one_or_none()
    if row is None:
        raise NotFound("no such inquiry")
    current = State(row.state)
    if expected is not None and current not in expected:
        raise WrongState(f"is {current.value}, not as expected")
    advance(current if by_way_of is None else advance(current, by_way_of), to)
    changed = {"state": to.value, "changed_at": now, "version": row.version + 1, **columns}
    _change(connection, inquiry_id, row.version, changed)
    count(connection, current.value, row.unit, row.category, -1)
    count(connection, to.value, changed.get("unit", row.unit), changed.get("category", row.category), 1)


def amend(connection: Connection, inquiry_id: str, *, now: datetime, **columns: Any) -> None:
    """Change an inquiry without a step: a classification decided again, an assignment, an acknowledgement."""
    row = connection.execute(_CURRENT, {"inquiry_id": inquiry_id}).one_or_none()
    if row is None:
        raise NotFound("no such inquiry")
    changed = {"changed_at": now, "version": row.version + 1, **columns}
    _change(connection, inquiry_id, row.version, changed)
    unit, category = changed.get("unit", row.unit), changed.get("category", row.category)
    if (unit, category) != (row.unit, row.category):
        count(connection, row.state, row.unit, row.category, -1)
        count(connection, row.state, unit, category, 1)


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
    _change(connection, inquiry_id, row.version, changed)
    count(connection, row.state, row.unit, row.category, -1)
    count(connection, state.value, row.unit, row.category, 1)


def _change(connection: Connection, inquiry_id: str, version: int, changed: Mapping[str, Any]) -> None:
    """Write an inquiry's columns, if it is still as it was read."""
    values = {f"new_{name}": value for name, value in changed.items()}
    done = connection.execute(_changing(tuple(changed)), {"of_inquiry": inquiry_id, "of_version": version, **values})
    if done.rowcount != 1:
        raise WrongState("changed by somebody else in between")


@lru_cache(maxsize=64)
def _changing(names: tuple[str, ...]) -> Update:
    # An update's own columns are named like parameters, so ours have other names.
    same = (InquiryRow.id == bindparam("of_inquiry")) & (InquiryRow.version == bindparam("of_version"))
    return update(InquiryRow).where(same).values({name: bindparam(f"new_{name}") for name in names})
