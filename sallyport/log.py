"""Logs: one line each on standard error, of times, ids, kinds and counts. What a sender wrote has no way in."""

from __future__ import annotations

import logging
import sys
import threading
from datetime import UTC, datetime
from types import TracebackType
from typing import Any


class _Line(logging.Formatter):
    def __init__(self, role: str) -> None:
        super().__init__()
        self._role = role

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        message = record.getMessage().replace("\n", " ").replace("\r", " ")
        # An exception's text may quote what it tripped over: only its class is told.
        kind = record.exc_info[0] if isinstance(record.exc_info, tuple) else None
        tail = f" class={kind.__name__}" if kind is not None else ""
        return f"{moment} {record.levelname.lower()} {self._role} {record.name}: {message}{tail}"


def configure(role: str, level: str = "INFO") -> None:
    """Set logging up for a process, and keep every uncaught exception's text out of it."""
    stream = logging.StreamHandler(sys.stderr)
    stream.setFormatter(_Line(role))
    root = logging.getLogger()
    root.handlers[:] = [stream]
    root.setLevel(level)
    # Libraries that log what passes through them: commands, addresses, statements, requests.
    for name in ("mail", "mail.log", "sqlalchemy", "werkzeug", "alembic", "asyncio", "PIL", "pgpy", "cheroot"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


def _uncaught(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    del fault
    where = _place(trace)
    logging.getLogger("sallyport").critical("uncaught class=%s at=%s", kind.__name__, where)


def _uncaught_in_thread(told: Any) -> None:
    _uncaught(told.exc_type, told.exc_value, told.exc_traceback)


def _place(trace: TracebackType | None) -> str:
    place = "unknown"
    while trace is not None:
        place = f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
