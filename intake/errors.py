"""Intake's errors say whose fault it is, and carry the answer the other side may hear."""

from __future__ import annotations

from typing import ClassVar


class IntakeError(Exception):
    """Base of intake's errors. `reason` is one of our reason ids, never a sender's word."""

    smtp_reply: ClassVar[str] = "451 4.3.0 Please try again later"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SenderFault(IntakeError):
    """The sender can put it right and may be told how."""

    smtp_reply: ClassVar[str] = "554 5.6.0 This message cannot be read"


class OurFault(IntakeError):
    """Ours to put right; the sender tries again and learns no more."""


class TryAgain(IntakeError):
    """Nothing is wrong for good: too much is under way, or the store is busy."""

    smtp_reply: ClassVar[str] = "451 4.3.2 Busy, please try again later"
