"""Alarms: something a person must look at. A row that stays until it is cleared, and one line in the log."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from records.sealing import new_id
from records.tables import AlarmRow

log = logging.getLogger("sallyport.alarm")


def raise_alarm(connection: Connection, kind: str, subject_id: str, now: datetime) -> None:
    """Raise an alarm, once for each kind and subject until it is cleared."""
    same = select(AlarmRow.id, AlarmRow.cleared_at).where(AlarmRow.kind == kind, AlarmRow.subject_id == subject_id)
    found = connection.execute(same).one_or_none()
    if found is None:
        connection.execute(insert(AlarmRow), [{"id": new_id(), "kind": kind, "subject_id": subject_id, "at": now}])
    elif found.cleared_at is None:
        return
    else:
        connection.execute(update(AlarmRow).where(AlarmRow.id == found.id).values(at=now, cleared_at=None))
    log.error("ALARM kind=%s subject=%s", kind, subject_id)


def keep_alarm(connection: Connection, kind: str, subject_id: str, now: datetime) -> None:
    """Write an alarm's row even where it stands already, without a line in the log: for who tries until it holds."""
    same = (AlarmRow.kind == kind) & (AlarmRow.subject_id == subject_id)
    if connection.execute(update(AlarmRow).where(same).values(at=now, cleared_at=None)).rowcount == 0:
        connection.execute(insert(AlarmRow), [{"id": new_id(), "kind": kind, "subject_id": subject_id, "at": now}])


def clear_alarms(connection: Connection, kind: str, subject_ids: Sequence[str], now: datetime) -> int:
    """Clear open alarms of a kind; give how many."""
    if not subject_ids:
        return 0
    mine = (AlarmRow.kind == kind) & AlarmRow.subject_id.in_(subject_ids) & AlarmRow.cleared_at.is_(None)
    done = connection.execute(update(AlarmRow).where(mine).values(cleared_at=now)).rowcount
    if done:
        log.warning("alarm cleared: kind=%s count=%d", kind, done)
    return done
