"""The server: who may come in, how many at once, and how everybody is seen out."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from collections import Counter
from collections.abc import Callable

from intake.mailboxes import Mailboxes
from intake.ports import Acceptor
from intake.smtp import answers
from intake.smtp.delivery import reply_to_fault
from intake.smtp.dialects import SMTP, Dialect
from intake.smtp.limits import Limits
from intake.smtp.session import House, Session
from intake.smtp.standing import Terms

# How long the last words of a server may take to reach those who were cut off.
FAREWELL_SECONDS = 2.0


class SmtpServer:
    """Listens on one address, for SMTP or LMTP. All of it runs on the event loop that called `start`."""

    def __init__(
        self,
        acceptor: Acceptor,
        mailboxes: Mailboxes,
        limits: Limits,
        host: str,
        port: int,
        *,
        tls: ssl.SSLContext | None = None,
        protocol: Dialect = SMTP,
        hostname: str = "",
        is_paused: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._address = host, port
        self._limits = limits
        self._is_paused = is_paused
        self._sessions: set[Session] = set()
        self._peers: Counter[str] = Counter()
        self._is_empty = asyncio.Event()
        self._is_stopping = False
        self._listener: asyncio.Server | None = None
        terms = Terms(
            mailboxes=mailboxes,
            limits=limits,
            dialect=protocol,
            hostname=hostname or mailboxes.domain,
            can_secure=tls is not None,
            is_paused=is_paused,
        )
        self._tls = tls
        self._house = House(
            acceptor=acceptor, terms=terms, tls=lambda: self._tls, arrived=self._arrived, left=self._left
        )

    async def start(self, listener: socket.socket | None = None) -> int:
        """Listen, on a socket that was bound before where one is given; gives the port, 0 for a local socket."""
        silence_aiosmtpd()
        loop = asyncio.get_running_loop()
        if listener is not None:
            self._listener = await loop.create_server(self._at_the_door, sock=listener)
        else:
            self._listener = await loop.create_server(self._at_the_door, *self._address)
        name = self._listener.sockets[0].getsockname()
        return int(name[1]) if isinstance(name, tuple) else 0

    async def stop(self, grace: float) -> None:
        """Stop listening; let messages under way come to their reply for `grace` seconds; close the rest with 421."""
        self._is_stopping = True
        if self._listener is not None:
            self._listener.close()
        for session in tuple(self._sessions):
            session.leave()
        await self._wait_until_empty(grace)
        for session in tuple(self._sessions):
            session.cut(answers.LEAVING)
        await self._wait_until_empty(FAREWELL_SECONDS)
        for session in tuple(self._sessions):
            session.drop()

    def renew_tls(self, tls: ssl.SSLContext) -> None:
        """Use another certificate for handshakes from now on; may be called from any thread."""
        self._tls = tls

    @property
    def connections(self) -> int:
        """How many sessions are open."""
        return len(self._sessions)

    async def _wait_until_empty(self, seconds: float) -> None:
        if not self._sessions:
            return
        self._is_empty.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._is_empty.wait()
        except TimeoutError:
            return

    def _at_the_door(self) -> asyncio.Protocol:
        return Doorkeeper(self._refusal, self._house)

    def _refusal(self, peer: str) -> str | None:
        limits = self._limits
        if self._is_stopping:
            return answers.LEAVING
        is_full = len(self._sessions) >= limits.connections
        is_peer_full = 0 < limits.connections_per_peer <= self._peers[peer]
        return answers.BUSY if is_full or is_peer_full or self._paused_or_unsure() else None

    def _paused_or_unsure(self) -> str | None:
        try:
            return self._is_paused()
        except Exception as fault:  # noqa: BLE001 - the edge: who cannot tell whether there is room takes nothing in
            reply_to_fault(fault)
            return "unsure"

    def _arrived(self, session: Session) -> None:
        self._sessions.add(session)
        self._peers[session.peer] += 1

    def _left(self, session: Session) -> None:
        self._sessions.discard(session)
        self._peers[session.peer] -= 1
        if not self._peers[session.peer]:
            del self._peers[session.peer]
        if not self._sessions:
            self._is_empty.set()


class Doorkeeper(asyncio.Protocol):
    """Meets a connection, and either begins a session on it or says one line and closes: a flood costs no sessions."""

    def __init__(self, refusal: Callable[[str], str | None], house: House) -> None:
        self._refusal = refusal
        self._house = house

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Decide."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what a stream server always gives
        peer = name_of_peer(transport)
        if refusal := self._refusal(peer):
            transport.write(f"{refusal}\r\n".encode("ascii"))
            transport.close()
            return
        session = Session(self._house, asyncio.get_running_loop(), peer)
        transport.set_protocol(session)
        session.connection_made(transport)


def name_of_peer(transport: asyncio.BaseTransport) -> str:
    """Give the peer's address without its port; empty for a local socket."""
    name = transport.get_extra_info("peername")
    return str(name[0]) if isinstance(name, tuple) else ""


def silence_aiosmtpd() -> None:
    """Keep aiosmtpd's logger from saying anything: it says each command with its addresses, at INFO and above."""
    logger = logging.getLogger("mail.log")
    logger.handlers.clear()
    logger.propagate = False
    logger.setLevel(logging.CRITICAL + 1)
