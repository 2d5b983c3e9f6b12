"""Alarms: something a person must look at. A row that stays until it is cleared, and one line in the log."""

from __future__ import annotations

import logging
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
