"""What comes in: lines of commands and pieces of messages from the same stream, without a byte read twice or lost."""

from __future__ import annotations

from asyncio import StreamReader
from collections.abc import Awaitable, Callable

from intake.errors import SenderFault

# A piece of a message together with the four bytes that may wait from the piece before is at most 64 KiB.
PIECE = 64 * 1024 - 4
# What of an endless line is thrown away before the sender is given up.
MOST_THROWN_AWAY = 1024 * 1024


class LineTooLong(SenderFault):
    """A command line passed its limit. Its end was found when `is_over`; else the stream is of no more use."""

    def __init__(self, *, is_over: bool) -> None:
        super().__init__("line_too_long")
        self.is_over = is_over


class Incoming:
    """Reads for one session. `before_waiting` is awaited whenever nothing more is at hand: replies go out then.

    So the replies to commands that came in one packet leave in one packet, as RFC 2920 section 3.2 hopes for.
    """

    def __init__(self, reader: StreamReader, before_waiting: Callable[[], Awaitable[None]]) -> None:
        self._reader = reader
        self._before_waiting = before_waiting
        self._ahead = b""
        self._at = 0

    def __repr__(self) -> str:
        return f"Incoming(ahead={len(self._ahead) - self._at})"

    async def line(self, limit: int) -> bytes | None:
        """Give the next line with its end, or None when the sender is done; raises `LineTooLong`."""
        while (end := self._ahead.find(b"\n", self._at)) < 0:
            if len(self._ahead) - self._at > limit:
                await self._skip_line()
            if not await self._more():
                return None
        line = self._ahead[self._at : end + 1]
        self._at = end + 1
        if len(line) > limit:
            raise LineTooLong(is_over=True)
        return line

    async def piece(self) -> bytes:
        """Give what is at hand, or wait for more; empty when the sender is done."""
        if self._at < len(self._ahead):
            piece = self._ahead[self._at :]
            self._ahead, self._at = b"", 0
            return piece
        await self._before_waiting()
        return await self._reader.read(PIECE)

    def put_back(self, data: bytes) -> None:
        """Give back what was behind the end of a message."""
        self._ahead, self._at = data + self._ahead[self._at :], 0

    def drop(self) -> None:
        """Forget what was sent ahead: in the clear, before TLS, by anybody (RFC 3207 section 4.2)."""
        self._ahead, self._at = b"", 0

    async def _more(self) -> bool:
        await self._before_waiting()
        data = await self._reader.read(PIECE)
        self._ahead, self._at = self._ahead[self._at :] + data, 0
        return bool(data)

    async def _skip_line(self) -> None:
        thrown_away = 0
        while (end := self._ahead.find(b"\n", self._at)) < 0:
            thrown_away += len(self._ahead) - self._at
            self.drop()
            if thrown_away > MOST_THROWN_AWAY or not await self._more():
                raise LineTooLong(is_over=False)
        self._at = end + 1
        raise LineTooLong(is_over=True)
