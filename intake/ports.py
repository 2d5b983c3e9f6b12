"""What the SMTP server and the site ask of `intake.accept`: two protocols, with a fake for tests beside the tests."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Protocol

from records.values import Accepted, Channel, Envelope

# The reason for a pause that a sender may be told more of than "later": RFC 5321 has a reply for a full disk.
NO_SPACE = "no-space"


class Upload(Protocol):
    """One submission on its way in. Bytes are sealed as they are written; memory stays flat."""

    def write(self, data: bytes) -> Future[None] | None:
        """Seal `data`. Where a future is returned, a piece is on its way to the store: wait for it, then write on."""

    def finish(self, envelope: Envelope) -> Future[Accepted]:
        """Commit. The result comes when the submission is durable; an `IntakeError` means it was not accepted."""

    def abandon(self) -> None:
        """Forget it: what was stored of it is removed. Safe to call after `finish` and more than once."""


class Acceptor(Protocol):
    """The one door into the record."""

    def begin(self, channel: Channel) -> Upload:
        """Open an upload; raises `TryAgain` when the store takes nothing more at present."""
