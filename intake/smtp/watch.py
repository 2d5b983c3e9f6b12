"""Whether a session may go on: an idle time between commands, and a minimum pace within a message."""

from __future__ import annotations

from enum import Enum, auto

from intake.smtp.limits import Limits


class Verdict(Enum):
    """What the clock says of a session."""

    GO_ON = auto()
    IDLE = auto()
    TOO_SLOW = auto()


class Watch:
    """Notes what a session does. The time is always an argument; nothing here waits.

    Between commands time counts from the last one. Within a message it counts in windows as long as the idle time:
    each must bring `pace` octets a second, so a slow but steady sender may go on, up to a limit for the whole message.
    While the sender waits for us nothing counts.
    """

    __slots__ = ("_began", "_is_ours", "_is_receiving", "_limits", "_octets", "_since")

    def __init__(self, limits: Limits, now: float) -> None:
        self._limits = limits
        self._since = self._began = now
        self._octets = 0
        self._is_receiving = self._is_ours = False

    def command(self, now: float) -> None:
        """Note that a command came, or a message ended."""
        self._since = now
        self._is_receiving = self._is_ours = False

    def begin_message(self, now: float) -> None:
        """Note that a message begins."""
        self._since = self._began = now
        self._octets = 0
        self._is_receiving = True

    def came(self, octets: int) -> None:
        """Note that a piece of the message came."""
        self._octets += octets

    def wait_for_us(self) -> None:
        """Note that it is our turn: the store takes what it was given."""
        self._is_ours = True

    def resume(self, now: float) -> None:
        """Note that it is the sender's turn again."""
        self._is_ours = False
        self._since, self._octets = now, 0

    def verdict(self, now: float) -> tuple[Verdict, float]:
        """Judge, and say in how many seconds to judge again."""
        limits = self._limits
        if self._is_ours:
            return Verdict.GO_ON, limits.idle_seconds
        if self._is_receiving and now - self._began >= limits.data_seconds:
            return Verdict.TOO_SLOW, 0
        rest = self._since + limits.idle_seconds - now
        if rest > 0:
            return Verdict.GO_ON, rest
        if not self._is_receiving:
            return Verdict.IDLE, 0
        if self._octets < limits.pace * limits.idle_seconds:
            return Verdict.TOO_SLOW, 0
        self._since, self._octets = now, 0
        return Verdict.GO_ON, limits.idle_seconds
