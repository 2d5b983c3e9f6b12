"""Counting, wrapped around what is counted: neither the gateway, nor the site, nor a job knows of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import replace

from intake.errors import IntakeError
from intake.ports import Acceptor, Upload
from records.commit import Change
from records.jobs import JobKind
from records.values import Accepted, Channel, Envelope
from sallyport.counting import Counts


class CountedAcceptor:
    """Counts what is accepted, what was known already, what is refused and why, and how long a commit takes."""

    def __init__(self, door: Acceptor, counts: Counts) -> None:
        self._door, self._counts = door, counts

    def begin(self, channel: Channel) -> Upload:
        """Open an upload, and count a refusal."""
        try:
            return _CountedUpload(self._door.begin(channel), self._counts, channel)
        except IntakeError as fault:
            self._counts.add("refused", channel.value, fault.reason)
            raise


class _CountedUpload:
    def __init__(self, upload: Upload, counts: Counts, channel: Channel) -> None:
        self._upload, self._counts, self._channel = upload, counts, channel.value

    def write(self, data: bytes) -> Future[None] | None:
        return self._upload.write(data)

    def finish(self, envelope: Envelope) -> Future[Accepted]:
        began = time.monotonic()
        answer = self._upload.finish(envelope)
        answer.add_done_callback(lambda done: self._count(done, time.monotonic() - began))
        return answer

    def abandon(self) -> None:
        self._upload.abandon()

    def _count(self, done: Future[Accepted], seconds: float) -> None:
        if done.cancelled():
            return
        fault = done.exception()
        if fault is not None:
            reason = fault.reason if isinstance(fault, IntakeError) else "failed"
            self._counts.add("refused", self._channel, reason)
            return
        self._counts.observe("accept_seconds", seconds, self._channel)
        self._counts.add("duplicates" if done.result().is_duplicate else "accepted", self._channel)


def counted_kinds(kinds: Mapping[str, JobKind], counts: Counts) -> Mapping[str, JobKind]:
    """Count each job that was prepared, failed, or given up."""
    return {name: _counted_kind(name, kind, counts) for name, kind in kinds.items()}


def _counted_kind(name: str, kind: JobKind, counts: Counts) -> JobKind:
    def counted(prepare: Callable[[str], Change]) -> Callable[[str], Change]:
        def prepare_and_count(subject_id: str) -> Change:
            try:
                change = prepare(subject_id)
            except Exception:
                counts.add("jobs_done", name, "failed")
                raise
            counts.add("jobs_done", name, "done")
            return change

        return prepare_and_count

    return replace(kind, prepare=counted(kind.prepare), for_batch=lambda subjects: counted(kind.preparing(subjects)))
