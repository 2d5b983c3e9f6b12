"""The way to Redis: opened with short patience, given up at the first fault, tried again each second."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from records.alarms import clear_alarms, raise_alarm
from records.clock import Clock
from records.errors import RecordsError
from records.store import Stores
from sallyport.errors import CannotStart

log = logging.getLogger(__name__)

AWAY = "redis-away"
CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 3.0  # Longer than the one second that a worker waits for a load.
SOUGHT_KEY = "sallyport:sought"
OTHERS = 0o077


def open_redis(url: str, password_file: Path | None) -> redis.Redis:
    """Give a client. Nothing is opened yet."""
    return redis.Redis.from_url(
        url,
        password=_password(password_file) if password_file else None,
        socket_connect_timeout=CONNECT_SECONDS,
        socket_timeout=ANSWER_SECONDS,
        # Once: a connection that was idle may have been closed. More tries would only delay the sweep.
        retry=Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
    )


def _password(file: Path) -> str:
    try:
        if file.stat().st_mode & OTHERS:
            raise CannotStart("SALLYPORT_REDIS_PASSWORD_FILE: others may read it; type chmod 600 and its name")
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise CannotStart("SALLYPORT_REDIS_PASSWORD_FILE: cannot be read") from None


class Link:
    """What all threads of a worker know of Redis. It counts as lost until it was tried.

    The alarm is the host's: one host may have lost what another still has.
    """

    def __init__(self, connection: redis.Redis, stores: Stores, clock: Clock, host: str) -> None:
        self.connection, self._stores, self._clock, self._host = connection, stores, clock, host
        self.is_lost = threading.Event()
        self.is_lost.set()
        self._has_failed = self._is_told = False

    def lose(self, fault: redis.RedisError) -> None:
        """Note that Redis does not answer as it should; full is as bad as away."""
        if not self._has_failed:
            self._has_failed = True
            log.warning("Redis is away, jobs are looked for in the record: class=%s", type(fault).__name__)
        self.is_lost.set()

    def tell(self) -> None:
        """Raise the alarm, once for each loss."""
        if self._has_failed and not self._is_told:
            try:
                with self._stores.record.writing() as connection:
                    raise_alarm(connection, AWAY, self._host, self._clock())
                self._is_told = True
            except RecordsError as fault:
                log.warning("alarm not written: class=%s", type(fault).__name__)

    def seek(self) -> None:
        """Try whether Redis takes what is written to it; if so, take the alarm back, whichever life raised it."""
        try:
            self.connection.set(SOUGHT_KEY, 1, ex=10)
        except redis.RedisError as fault:
            self.lose(fault)
            return
        try:
            with self._stores.record.writing() as connection:
                clear_alarms(connection, AWAY, (self._host,), self._clock())
        except RecordsError as fault:
            log.warning("alarm not cleared: class=%s", type(fault).__name__)
        if self._has_failed:
            log.warning("Redis is back")
        self._has_failed = self._is_told = False
        self.is_lost.clear()
