"""One upload as the site sees it: whatever fails while it is written, the post is read to its end.

For the words come back to the person in the form. So a fault is kept here and said at the end.
"""

from __future__ import annotations

from concurrent.futures import Future
from typing import TypeVar

from intake.errors import IntakeError, OurFault
from intake.ports import Acceptor, Upload
from records.values import Accepted, Channel, Envelope

STORE_SECONDS = 30.0  # A commit takes milliseconds; after this a person has waited long enough to be told.
T = TypeVar("T")


class OutcomeUnknown(OurFault):
    """The commit was asked for and did not answer in time: it may have happened. Sending again does no harm."""


class Taking:
    """An upload that never raises while it is written."""

    def __init__(self, acceptor: Acceptor, wait_seconds: float = STORE_SECONDS) -> None:
        self._wait = wait_seconds
        self._upload: Upload | None = None
        self.fault: IntakeError | None = None
        try:
            self._upload = acceptor.begin(Channel.FORM)
        except IntakeError as fault:
            self.fault = fault

    def write(self, data: bytes) -> None:
        """Pass bytes on, and wait for the store where it asks to."""
        if self._upload is None:
            return
        try:
            if (stored := self._upload.write(data)) is not None:
                self._result(stored)
        except IntakeError as fault:
            self.fault = fault
            self.abandon()

    def finish(self, envelope: Envelope) -> Accepted:
        """Commit, and wait until it is durable. Raises `IntakeError` when it was not taken."""
        if self._upload is None:
            raise self.fault or OurFault("no-upload")
        upload, self._upload = self._upload, None
        try:
            return self._result(upload.finish(envelope))
        except IntakeError:
            upload.abandon()
            raise

    def abandon(self) -> None:
        """Forget what was written. Safe to call more than once, and after `finish`."""
        if self._upload is not None:
            self._upload.abandon()
            self._upload = None

    def _result(self, answer: Future[T]) -> T:
        try:
            return answer.result(self._wait)
        except TimeoutError:
            raise OutcomeUnknown("store-slow") from None
