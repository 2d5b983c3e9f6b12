"""One connection: aiosmtpd's transport and TLS, with a conversation and a reception of our own.

What is replaced, and why: aiosmtpd logs every command and answers a fault with its text and 500; it reads messages line
by line into memory, counts time from the DATA command, and closes without a word. MAIL FROM and RCPT TO go through a
general address parser that raises on some input. See `Session.handle_exception`, `Reception`, `Session._timeout_cb` and
`paths`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiosmtpd.smtp import SMTP, TLSSetupException

from intake.ports import Acceptor
from intake.smtp import answers
from intake.smtp.answers import Answer, Step
from intake.smtp.conversation import Conversation
from intake.smtp.delivery import Delivery, reply_to_fault
from intake.smtp.incoming import Incoming, LineTooLong
from intake.smtp.reception import Reception
from intake.smtp.standing import Terms
from intake.smtp.watch import Verdict, Watch
from records.values import Channel

# How long a peer that reads nothing may keep a closed connection's last bytes.
LINGER_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What every session of one server shares."""

    acceptor: Acceptor
    terms: Terms
    # Gives the context of the moment. aiosmtpd has no annotation that fits an optional one; the server's own is typed.
    tls: Callable[[], Any]
    arrived: Callable[[Session], None]
    left: Callable[[Session], None]


class Session(SMTP):
    """One connection, from its banner to its end."""

    # aiosmtpd names their base class; a stream server gives no other than these.
    transport: asyncio.Transport | None
    _original_transport: asyncio.Transport | None

    # The stream stops reading from the network at twice this: memory per connection stays flat.
    line_length_limit = 64 * 1024

    def __init__(self, house: House, loop: asyncio.AbstractEventLoop, peer: str) -> None:
        limits = house.terms.limits
        super().__init__(
            None, hostname=house.terms.hostname, tls_context=house.tls(), timeout=limits.idle_seconds, loop=loop
        )
        self._house = house
        self._limits = limits
        self.peer = peer
        self._conversation = Conversation(house.terms)
        self._watch = Watch(limits, loop.time())
        self._incoming: Incoming | None = None
        self._unsent: list[str] = []
        self._is_receiving = self._is_leaving = self._is_lost = False

    def __repr__(self) -> str:
        return "Session()"

    def leave(self) -> None:
        """Close with 421 as soon as no message is under way."""
        self._is_leaving = True
        if not self._is_receiving:
            self.cut(answers.LEAVING)

    def cut(self, reply: str) -> None:
        """Say `reply` and close, whatever is under way."""
        if self.transport is None or self.transport.is_closing():
            return
        if self._is_in_handshake:
            self._abort_handshake()
            return
        self._reply(reply)
        self._write_unsent()
        self._hang_up()

    def drop(self) -> None:
        """End without a word."""
        if self.transport is not None:
            self.transport.abort()

    # What asyncio and aiosmtpd call.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin; called again with TLS below, when everything said in the clear is forgotten."""
        is_first = self.transport is None
        super().connection_made(transport)
        if is_first:
            self._house.arrived(self)
        elif self._incoming is not None:
            self._incoming.drop()
            self._conversation.secure()

    def connection_lost(self, error: Exception | None) -> None:
        """End. A failed handshake may report it twice."""
        if self._is_lost:
            return
        self._is_lost = True
        super().connection_lost(error)
        self._house.left(self)

    def eof_received(self) -> bool | None:
        """Let a sender that is done sending have its last answer; aiosmtpd would stop here."""
        stays_open = asyncio.StreamReaderProtocol.eof_received(self)
        # TLS cannot be closed by halves, and asyncio warns of whoever asks for it.
        return stays_open and not self._conversation.is_secure

    async def push(self, status: Any) -> None:
        """Reply at once."""
        self._reply(status)
        await self._flush()

    async def handle_exception(self, error: Exception) -> str:
        """Answer a fault of ours without its text."""
        return reply_to_fault(error)

    def _reset_timeout(self, duration: float | None = None) -> None:
        # One timer for the whole session that asks the watch, instead of one that is set anew at every command.
        if self._timeout_handle is not None:
            self._timeout_handle.cancel()
        self._timeout_handle = self.loop.call_later(duration or self._limits.idle_seconds, self._timeout_cb)

    def _timeout_cb(self) -> None:
        verdict, seconds = self._watch.verdict(self.loop.time())
        if verdict is Verdict.GO_ON:
            self._reset_timeout(seconds)
        else:
            self.cut(answers.TIMED_OUT if verdict is Verdict.IDLE else answers.TOO_SLOW)

    async def _handle_client(self) -> None:
        self._incoming = Incoming(self._reader, self._flush)
        try:
            self._reply(f"220 {self._house.terms.hostname} {self._house.terms.dialect.banner}")
            await self._converse(self._incoming)
            await self._flush()
        except OSError:
            # Reading or writing failed: the peer is gone, and there is nobody left to tell.
            pass
        except Exception as fault:  # noqa: BLE001 - the edge: nothing of a fault may reach asyncio's log, or the peer
            self.cut(await self.handle_exception(fault))
        finally:
            self._hang_up()

    # The conversation.

    async def _converse(self, incoming: Incoming) -> None:
        is_open = True
        while is_open:
            try:
                line = await incoming.line(self._limits.command_octets)
            except LineTooLong as fault:
                answer = self._conversation.counted(answers.TOO_LONG)
                is_open = fault.is_over
            else:
                if line is None:
                    return
                answer = await self._answer(line)
            self._watch.command(self.loop.time())
            is_open = await self._act(answer, incoming) and is_open
            if is_open and (delay := self._conversation.delay):
                await self._flush()
                await asyncio.sleep(delay)

    async def _answer(self, line: bytes) -> Answer:
        try:
            return self._conversation.answer(line)
        except Exception as fault:  # noqa: BLE001 - the edge: no fault of ours may end a session without an answer
            return Answer(await self.handle_exception(fault))

    async def _act(self, answer: Answer, incoming: Incoming) -> bool:
        """Do what an answer asks for; False ends the session."""
        if answer.step is Step.RECEIVE:
            return await self._receive(incoming)
        if answer.step is Step.SECURE:
            return await self._secure()
        self._reply(answer.reply)
        return answer.step is Step.READ_ON

    async def _secure(self) -> bool:
        # A session that began before the certificate was renewed shows the new one.
        self.tls_context = self._house.tls()
        try:
            await self.smtp_STARTTLS("")
        except TLSSetupException:
            self._abort_handshake()
            return False
        return True

    @property
    def _is_in_handshake(self) -> bool:
        return self._tls_protocol is not None and not self._conversation.is_secure

    def _abort_handshake(self) -> None:
        # Before the handshake is done asyncio does not know this protocol as the one above TLS, and will not tell it.
        if self._original_transport is not None:
            self._original_transport.abort()
        self.connection_lost(None)

    async def _receive(self, incoming: Incoming) -> bool:
        conversation = self._conversation
        try:
            delivery = Delivery(self._house.acceptor.begin(Channel.EMAIL), self._limits.octets)
        except Exception as fault:  # noqa: BLE001 - the edge: whatever the store fails on, the sender comes again
            self._reply(await self.handle_exception(fault))
            return True
        self._reply(answers.START)
        self._is_receiving = True
        try:
            reception = Reception(incoming, self._watch, self._limits, self.loop.time)
            reply = await reception.receive(delivery, conversation.envelope(self.peer))
        finally:
            self._is_receiving = False
        if reply is None:
            return False
        self._unsent += conversation.replies(reply)
        conversation.forget(is_accepted=reply.startswith("2"))
        if self._is_leaving:
            self._reply(answers.LEAVING)
        return delivery.is_over and not self._is_leaving

    # Replies.

    def _reply(self, reply: str) -> None:
        self._unsent.append(reply)

    def _write_unsent(self) -> None:
        if self._unsent:
            self._unsent.append("")
            self._writer.write("\r\n".join(self._unsent).encode("ascii"))
            self._unsent.clear()

    async def _flush(self) -> None:
        self._write_unsent()
        if self.transport is not None and self.transport.get_write_buffer_size():
            await self._writer.drain()

    def _hang_up(self) -> None:
        transport = self.transport
        if transport is None or transport.is_closing():
            return
        if self._timeout_handle is not None:
            self._timeout_handle.cancel()
        self._timeout_handle = self.loop.call_later(LINGER_SECONDS, transport.abort)
        transport.close()
