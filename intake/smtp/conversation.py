"""The conversation without I/O: a line in, an answer out, and a count of what was wrong with it."""

from __future__ import annotations

from intake.smtp import answers
from intake.smtp.answers import Answer, Refusal
from intake.smtp.commands import COMMANDS, IDLE_COMMANDS, UNKNOWN, Command, greet, greet_extended
from intake.smtp.standing import Standing, Terms, Transaction
from records.values import Envelope

# The first errors cost nothing; later ones are answered ever later, a little, so that guessing does not pay.
FREE_FAULTS = 5
DELAY_STEP = 0.1
LONGEST_DELAY = 1.0


class Conversation:
    """One session's."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._standing = Standing(terms)
        self._faults = self._idle_commands = 0
        self._commands = COMMANDS | {terms.dialect.extended_greeting: greet_extended}
        if terms.dialect.plain_greeting is not None:
            self._commands[terms.dialect.plain_greeting] = greet

    def __repr__(self) -> str:
        return f"Conversation(faults={self._faults})"

    @property
    def is_secure(self) -> bool:
        """Is it under TLS."""
        return self._standing.is_secure

    @property
    def delay(self) -> float:
        """Seconds to wait before the next command is read."""
        return min(max(self._faults - FREE_FAULTS, 0) * DELAY_STEP, LONGEST_DELAY)

    def answer(self, line: bytes) -> Answer:
        """Answer one command line, its end included."""
        verb_bytes, _, rest = line.strip(b"\r\n").partition(b" ")
        # Octets that are not ASCII become surrogates and find no command.
        verb = verb_bytes.upper().decode("ascii", "surrogateescape")
        if verb in IDLE_COMMANDS:
            self._idle_commands += 1
        command: Command = self._commands.get(verb, UNKNOWN)
        try:
            return self.counted(command(self._standing, rest.decode("utf-8", "surrogateescape").strip()))
        except Refusal as refusal:
            return self.counted(refusal.answer)

    def counted(self, answer: Answer) -> Answer:
        """Count `answer` if it names a fault, and give it, or the last word when there have been too many."""
        # A wrong mailbox is no fault of the session: a gateway may have many of them, and the list is public anyway.
        if answer.reply.startswith("5") and answer is not answers.NO_MAILBOX:
            self._faults += 1
        limits = self._terms.limits
        is_enough = self._faults >= limits.faults or self._idle_commands > limits.idle_commands
        return answers.ENOUGH if is_enough else answer

    def replies(self, reply: str) -> tuple[str, ...]:
        """Give all replies the end of this message is owed."""
        return self._terms.dialect.replies(reply, self._standing.transaction.accepted)

    def envelope(self, peer: str) -> Envelope:
        """Give what the transport said of the message that just ended."""
        return self._standing.envelope(peer)

    def forget(self, *, is_accepted: bool) -> None:
        """Begin the next transaction; a message that was accepted pays for the faults before it."""
        self._standing.transaction = Transaction()
        if is_accepted:
            self._faults = self._idle_commands = 0

    def secure(self) -> None:
        """Forget everything that was said before TLS (RFC 3207 section 4.2)."""
        self._standing = Standing(self._terms, is_secure=True)
