"""Logs: one line each on standard error, of times, ids, kinds and counts. What a sender wrote has no way in.

Three doors are shut. The text of a message is ours (tests/guards read every call). What fills its places is looked at
here, each time: numbers, ids and single words of our making go through, anything else is said to be not shown. And a
library's own message, whatever is in it, is told by its name and place only.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum
from types import TracebackType
from typing import Any

from records.references import is_reference

OURS = ("redaction", "records", "intake", "router", "sallyport", "tests", "__main__")
NOT_SHOWN = "[not shown]"
# Ids: 4, 8, 16 or 32 hexadecimal digits; a worker's name has its host's id in front of it.
ID = re.compile(r"(?:[0-9a-f]{4}|[0-9a-f]{8}|[0-9a-f]{16}|[0-9a-f]{32})")
WORKER = re.compile(r"[0-9a-f]{16}/[a-z][a-z0-9.-]{0,31}")
# Words of ours: class names, kinds, reason ids, module:line, the pattern of a page's path. They begin with a letter,
# and hold no number that could be somebody's.
WORD = re.compile(r"/?[A-Za-z_<][A-Za-z0-9_<>]*(?:[-./:][A-Za-z0-9_<>]+)*/?|/")
LONGEST_WORD = 80
MOST_DIGITS = 6
# Where a message has a place with a name before it: `name=%s`.
NAMED = re.compile(r"[;,:]? *\b([a-z_]+)=%[-#0 +]*[0-9]*(?:\.[0-9]+)?[a-zA-Z]")
PLACE = re.compile(r"%[-#0 +]*[0-9]*(?:\.[0-9]+)?([a-zA-Z%])")
FIXED = ("at", "level", "role", "logger", "event", "class")
# Libraries that log what passes through them: commands, addresses, statements, requests.
LOUD: tuple[str, ...] = (
    *("mail", "mail.log", "sqlalchemy", "werkzeug", "alembic", "asyncio", "PIL", "pgpy", "cheroot"),
    # RQ sets a level for each.
    *("rq.worker", "rq.job", "rq.queue", "rq.registry"),
)


def shown(value: object) -> Any:
    """Give what may be shown of a value: itself if it is a number, an id or a word of ours.

    >>> shown(7), shown("admit"), shown("INQ-K4M7-B29X"), shown("512-37-4096"), shown("ana@example.org")
    (7, 'admit', 'INQ-K4M7-B29X', '[not shown]', '[not shown]')
    """
    if isinstance(value, Enum):
        return shown(value.value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str) and (value == "" or _is_ours(value)):
        return value
    return NOT_SHOWN


def _is_ours(text: str) -> bool:
    if ID.fullmatch(text) or WORKER.fullmatch(text) or is_reference(text):
        return True
    digits = sum(character.isdigit() for character in text)
    return len(text) <= LONGEST_WORD and digits <= MOST_DIGITS and WORD.fullmatch(text) is not None


class _Line(logging.Formatter):
    def __init__(self, role: str) -> None:
        super().__init__()
        self._role = role

    def format(self, record: logging.LogRecord) -> str:
        """Give a line for people."""
        kind = _class_of(record)
        tail = f" class={kind}" if kind else ""
        return f"{_moment(record)} {record.levelname.lower()} {self._role} {record.name}: {_text(record)}{tail}"


class _JsonLine(_Line):
    def format(self, record: logging.LogRecord) -> str:
        """Give a line for programs: one JSON object, whose fields are the named places of the message."""
        body: dict[str, Any] = {"at": _moment(record), "level": record.levelname.lower()}
        body |= {"role": self._role, "logger": record.name, **_event(record)}
        kind = _class_of(record)
        return json.dumps(body | ({"class": kind} if kind else {}))


def _text(record: logging.LogRecord) -> str:
    if not _is_of_ours(record):
        return f"said something at {_where(record)}"
    message = str(record.msg)
    try:
        message = message % _args(record) if record.args else message
    except (TypeError, ValueError, KeyError):
        message = f"{message} {NOT_SHOWN}"
    return message.replace("\n", " ").replace("\r", " ")


def _event(record: logging.LogRecord) -> dict[str, Any]:
    """Give what happened, as the message without its named places, and these by name."""
    args = _args(record)
    if not _is_of_ours(record) or isinstance(args, Mapping):
        return {"event": "library", "where": _where(record)}
    message = str(record.msg)
    places = [found for found in PLACE.finditer(message) if found[1] != "%"]
    if len(places) != len(args):
        return {"event": message, "values": NOT_SHOWN}
    named = {found.end(): found[1] for found in NAMED.finditer(message)}
    fields: dict[str, Any] = {}
    values = []
    for place, value in zip(places, args, strict=True):
        name = named.get(place.end())
        if name is None:
            values.append(value)
        else:
            fields[f"{name}_" if name in FIXED and name != "class" else name] = value
    event = NAMED.sub("", message).strip(" :;,") or message
    return {"event": event, **fields, **({"values": values} if values else {})}


def _args(record: logging.LogRecord) -> tuple[Any, ...] | Mapping[str, Any]:
    if isinstance(record.args, Mapping):
        return {str(name): shown(value) for name, value in record.args.items()}
    return tuple(shown(value) for value in record.args or ())


def _is_of_ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] in OURS


def _where(record: logging.LogRecord) -> str:
    return f"{record.module}:{record.lineno}"


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _class_of(record: logging.LogRecord) -> str:
    """Name an exception's class. Its text may quote what it tripped over."""
    kind = record.exc_info[0] if isinstance(record.exc_info, tuple) else None
    return kind.__name__ if kind is not None else ""


FORMS: Mapping[str, type[_Line]] = {"text": _Line, "json": _JsonLine}


def configure(role: str, level: str = "INFO", form: str = "text") -> None:
    """Set logging up for a process, and keep every uncaught exception's text out of it."""
    stream = logging.StreamHandler(sys.stderr)
    stream.setFormatter(FORMS[form](role))
    root = logging.getLogger()
    root.handlers[:] = [stream]
    root.setLevel(level)
    for name in LOUD:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


def _uncaught(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    del fault
    where = _place(trace)
    logging.getLogger("sallyport").critical("uncaught class=%s where=%s", kind.__name__, where)


def _uncaught_in_thread(told: Any) -> None:
    _uncaught(told.exc_type, told.exc_value, told.exc_traceback)


def _place(trace: TracebackType | None) -> str:
    place = "unknown"
    while trace is not None:
        place = f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
