"""Counts of inquiries by state, unit and class: kept with each change, and never recounted.

Many inquiries share a count. So a transaction gathers what it adds and takes away, and writes each count once, at its
end and in one order: a group of changes costs a few rows, and two transactions never wait for each other crosswise.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Insert, event, select
from sqlalchemy.dialects import postgresql, sqlite

from records.tables import TallyRow

# State, unit and class; empty where there is none yet.
Place = tuple[str, str, str]
_ALL = select(TallyRow.state, TallyRow.unit, TallyRow.category, TallyRow.count)
_gathered: WeakKeyDictionary[Connection, dict[Place, int]] = WeakKeyDictionary()


def count(connection: Connection, state: str, unit: str | None, category: str | None, by: int) -> None:
    """Add to a count; it is written when the transaction commits."""
    sums = _gathered.get(connection)
    if sums is None:
        sums = _gathered[connection] = {}
    place = state, unit or "", category or ""
    sums[place] = sums.get(place, 0) + by


def tallies(connection: Connection) -> Mapping[Place, int]:
    """Give the counts: (state, unit or "", class or "") -> how many."""
    _write(connection)
    return {(state, unit, category): count for state, unit, category, count in connection.execute(_ALL) if count}


# Of every engine, once: a listener of each connection's own would cost more than what it writes.
@event.listens_for(Engine, "commit")
def _write(connection: Connection) -> None:
    sums = _gathered.get(connection)
    if not sums:
        return
    rows = [
        {"state": state, "unit": unit, "category": category, "count": by}
        for (state, unit, category), by in sorted(sums.items())
        if by
    ]
    sums.clear()
    if rows:
        connection.execute(_adding(connection.dialect.name), rows)


@event.listens_for(Engine, "rollback")
def _forget(connection: Connection) -> None:
    _gathered.pop(connection, None)


@cache
def _adding(dialect: str) -> Insert:
    keys: list[Any] = [TallyRow.state, TallyRow.unit, TallyRow.category]
    if dialect == "postgresql":
        adding = postgresql.insert(TallyRow)
        return adding.on_conflict_do_update(index_elements=keys, set_={"count": TallyRow.count + adding.excluded.count})
    other = sqlite.insert(TallyRow)
    return other.on_conflict_do_update(index_elements=keys, set_={"count": TallyRow.count + other.excluded.count})
