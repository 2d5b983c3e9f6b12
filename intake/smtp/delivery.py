"""One message on its way from the wire into an upload: the end is found, the size kept, a fault remembered."""

from __future__ import annotations

import logging
from concurrent.futures import Future

from intake.errors import IntakeError, TryAgain
from intake.ports import Upload
from intake.smtp import answers
from intake.smtp.data import EndOfData
from records.values import Accepted, Envelope

logger = logging.getLogger(__name__)


def reply_to_fault(fault: Exception) -> str:
    """Give the reply to a fault: intake's errors carry theirs, anything else is ours and 451 without a word of it.

    A 5xx to a fault of ours would make the gateway bounce at once what it could have kept and sent again.
    """
    if isinstance(fault, IntakeError):
        logger.warning("not accepted: %s %s", type(fault).__name__, fault.reason)
        pause = answers.PAUSES.get(fault.reason) if isinstance(fault, TryAgain) else None
        return fault.smtp_reply if pause is None else pause.reply
    # Only the kind: the text of an error may quote what it failed on.
    logger.error("not accepted: %s", type(fault).__name__)
    return answers.OUR_FAULT


class Delivery:
    """Takes the pieces of one message. After a fault it reads on to the end, so that the reply finds its place."""

    def __init__(self, upload: Upload, limit: int) -> None:
        self._upload = upload
        self._limit = limit
        self._end = EndOfData()
        self._octets = 0
        self._is_finished = False
        self.refusal: str | None = None

    def __repr__(self) -> str:
        return f"Delivery(octets={self._octets})"

    @property
    def is_over(self) -> bool:
        """Was the end of the message seen."""
        return self._end.is_over

    @property
    def rest(self) -> bytes:
        """What came behind the end."""
        return self._end.rest

    @property
    def is_hopeless(self) -> bool:
        """Has as much again as a whole message been thrown away: such a sender is not listened to any longer."""
        return self._octets > 2 * self._limit

    def take(self, piece: bytes) -> Future[None] | None:
        """Pass a piece on; a future that is given must be waited for before the next one."""
        data = self._end.feed(piece)
        self._octets += len(data)
        if self.refusal is not None or not data:
            return None
        if self._octets > self._limit:
            self.refuse(answers.TOO_MUCH.reply)
            return None
        return self._upload.write(data)

    def refuse(self, reply: str) -> None:
        """Give the message up; what was stored of it is removed at once, the rest is read and thrown away."""
        self.refusal = reply
        self._upload.abandon()

    def finish(self, envelope: Envelope) -> Future[Accepted]:
        """Commit."""
        self._is_finished = True
        return self._upload.finish(envelope)

    def close(self) -> None:
        """Leave nothing of a message that never came to its end."""
        if not self._is_finished and self.refusal is None:
            self._upload.abandon()
