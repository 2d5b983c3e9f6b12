"""Where a conversation stands: the terms of its server, who greeted, and the message being announced."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from intake.mailboxes import Mailboxes
from intake.smtp.dialects import Dialect
from intake.smtp.limits import Limits
from records.values import Channel, Envelope


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What every conversation of one server goes by."""

    mailboxes: Mailboxes
    limits: Limits
    dialect: Dialect
    hostname: str
    can_secure: bool
    # A reason not to take mail at present, or None.
    is_paused: Callable[[], str | None]


@dataclass(slots=True)
class Transaction:
    """One message's sender and recipients so far."""

    sender: str | None = field(default=None, repr=False)
    is_utf8: bool = False
    # Keys only, in the order they were given: the same recipient again adds nothing.
    recipients: dict[str, None] = field(default_factory=dict, repr=False)
    mailboxes: dict[str, None] = field(default_factory=dict)
    # Counts repeated ones too, because LMTP owes each of them a reply.
    accepted: int = 0


@dataclass(slots=True)
class Standing:
    """What one session has said so far, and counts for."""

    terms: Terms
    greeting: str = field(default="", repr=False)
    is_extended: bool = False
    is_secure: bool = False
    transaction: Transaction = field(default_factory=Transaction, repr=False)

    def envelope(self, peer: str) -> Envelope:
        """Give what the transport said of the message that just ended."""
        transaction = self.transaction
        return Envelope(
            channel=Channel.EMAIL,
            mailboxes=tuple(transaction.mailboxes),
            sender=transaction.sender or "",
            recipients=tuple(transaction.recipients),
            greeting=self.greeting,
            peer=peer,
            protocol=self.terms.dialect.protocol(
                is_extended=self.is_extended, is_secure=self.is_secure, is_utf8=transaction.is_utf8
            ),
        )
