"""Cheroot's connection manager, with a clock that nobody can set back and a rest where there is no descriptor left.

Its own loop goes by the time of day: after a jump back it would end no idle connection for as long. And an accept that
fails leaves the connection waiting, so that the next look finds it at once, and the one after that.
"""

from __future__ import annotations

import errno
import time
from typing import Any

from cheroot.connections import ConnectionManager

# What goes away when somebody else lets go of something (accept(2)).
NO_ROOM = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
REST_SECONDS = 0.2


class Connections(ConnectionManager):
    """What the selector's thread runs."""

    # The parts of cheroot's own class that its stub leaves out.
    _selector: Any
    _stop_requested: bool
    _from_server_socket: Any

    def put(self, conn: Any) -> None:
        """Watch a connection whose request was answered."""
        super().put(conn)
        conn.last_used = time.monotonic()

    def _run(self, expiration_interval: float) -> None:
        looked = time.monotonic()
        while not self._stop_requested:
            for descriptor, conn in tuple(self._selector.select(timeout=expiration_interval)):
                if conn is self.server:
                    self._take()
                else:
                    self._selector.unregister(descriptor)
                    self.server.process_conn(conn)
            now = time.monotonic()
            if now - looked > expiration_interval:
                self._end_idle(now - self.server.timeout)
                looked = now

    def _take(self) -> None:
        try:
            conn = self._from_server_socket(self.server.socket)
        except OSError as fault:
            if fault.errno not in NO_ROOM:
                raise
            time.sleep(REST_SECONDS)
            return
        if conn is not None:
            self.server.process_conn(conn)

    def _end_idle(self, threshold: float) -> None:
        idle = [
            (descriptor, conn)
            for descriptor, conn in self._selector.connections
            if conn is not self.server and conn.last_used < threshold
        ]
        for descriptor, conn in idle:
            self._selector.unregister(descriptor)
            conn.close()
