"""A sender of mails in a process of its own: raw sockets, several sessions, and nothing else to do.

Prints one line of JSON: how long it took from the first connection to the last reply, how many replies were 250, and
the processor time of this process, which shows that it was not the sender who was waited for.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import socket
import time
from collections.abc import Iterator

from benchmarks.mail import HOST, MAILBOX, SENDER, mail_with_attachment, sized_mail


class Line:
    """One SMTP connection."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._loop = asyncio.get_running_loop()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    async def open(self) -> None:
        """Connect and greet."""
        await self._loop.sock_connect(self._socket, (HOST, self._port))
        await self._reply()
        await self._say(b"EHLO mail.example.net\r\n")

    async def send(self, content: bytes) -> bool:
        """Send one mail; tell whether it was accepted."""
        await self._say(f"MAIL FROM:<{SENDER}>\r\n".encode())
        await self._say(f"RCPT TO:<{MAILBOX}>\r\n".encode())
        await self._say(b"DATA\r\n")
        return (await self._say(content + b".\r\n")).startswith(b"250")

    async def close(self) -> None:
        """Take leave."""
        await self._say(b"QUIT\r\n")
        self._socket.close()

    async def _say(self, words: bytes) -> bytes:
        await self._loop.sock_sendall(self._socket, words)
        return await self._reply()

    async def _reply(self) -> bytes:
        reply = b""
        # The last line of a reply has a space behind its code (RFC 5321 section 4.2.1).
        while not (reply.endswith(b"\r\n") and reply[reply.rfind(b"\n", 0, -1) + 1 :][3:4] == b" "):
            piece = await self._loop.sock_recv(self._socket, 65536)
            if not piece:
                message = "the server closed the connection"
                raise ConnectionError(message)
            reply += piece
        return reply


async def session(port: int, mails: Iterator[bytes], *, is_kept: bool) -> int:
    """Send mails as long as there are any; give how many were accepted."""
    accepted, line = 0, None
    for content in mails:
        if line is None:
            line = Line(port)
            await line.open()
        accepted += await line.send(content)
        if not is_kept:
            await line.close()
            line = None
    if line is not None:
        await line.close()
    return accepted


async def run(port: int, sessions: int, mails: int, size: int, *, is_kept: bool, is_attached: bool) -> dict[str, float]:
    """Send `mails` mails over `sessions` sessions at a time."""
    # Made before the clock runs; large ones when they are sent, for all of them at once would fill this process.
    large = (mail_with_attachment(size, number) for number in range(mails))
    contents = large if is_attached else iter([sized_mail(size, number) for number in range(mails)])
    began, busy = time.perf_counter(), time.process_time()
    accepted = await asyncio.gather(*(session(port, contents, is_kept=is_kept) for _ in range(sessions)))
    return {
        "seconds": time.perf_counter() - began,
        "busy_seconds": time.process_time() - busy,
        "accepted": sum(accepted),
    }


def main() -> None:
    """Read the arguments, send, and tell."""
    parser = argparse.ArgumentParser()
    for name in ("port", "sessions", "mails", "size"):
        parser.add_argument(name, type=int)
    parser.add_argument("--kept", action="store_true")
    parser.add_argument("--attached", action="store_true")
    asked = parser.parse_args()
    sending = run(asked.port, asked.sessions, asked.mails, asked.size, is_kept=asked.kept, is_attached=asked.attached)
    print(json.dumps(asyncio.run(sending)))


if __name__ == "__main__":
    main()
