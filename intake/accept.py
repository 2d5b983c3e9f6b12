"""Accept: the one door into the record. Bytes are sealed as they arrive; a small commit makes a submission durable.

This process cannot read back what it accepted: it holds the public key of `intake` and nothing else. What it is told
of the transport is sealed behind the bytes. The same bytes again (or the same form token) are the same submission:
they add recipients at most, and are answered as the first time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TypeVar

from sqlalchemy import Connection

from intake.arrivals import SWEPT, AcceptSettings, Arrival, Arrivals
from intake.errors import IntakeError, OurFault, TryAgain
from intake.ports import Acceptor, Upload
from records.blobs import ORIGINAL, Chunk, blob_row, insert_blobs, insert_chunks, is_upload_known, remove_blob
from records.clock import Clock
from records.commit import Change, Committer
from records.digests import DigestKeys, DigestPurpose
from records.originals import seal_envelope
from records.references import read_code
from records.sealing import Place, PublicKey, Sealer, new_id, wrap
from records.values import Accepted, Channel, Envelope

SPILL = 256 * 1024  # Sealed bytes that wait before they go to the store: few commits for a large mail, flat memory.
T = TypeVar("T")


class Accept:
    """Opens uploads. `gate` gives a reason to refuse, or None: what backpressure plugs into."""

    def __init__(
        self,
        committer: Committer,
        key: PublicKey,
        digests: DigestKeys,
        settings: AcceptSettings,
        clock: Clock,
        gate: Callable[[], str | None] = lambda: None,
    ) -> None:
        self.committer, self.key, self.digests = committer, key, digests
        self.settings, self.clock, self._gate = settings, clock, gate
        self.arrivals = Arrivals(settings=settings, clock=clock)

    def begin(self, channel: Channel) -> Upload:
        """Open an upload, or raise `TryAgain` with the gate's reason."""
        if reason := self._gate():
            raise TryAgain(reason)
        return SealedUpload(self, channel)


class SealedUpload:
    """One submission on its way in; at most `SPILL` sealed bytes of it are in memory."""

    def __init__(self, accept: Accept, channel: Channel) -> None:
        self._accept, self._channel = accept, channel
        self._inquiry_id, self._blob_id = new_id(), new_id()
        self._sealer = Sealer(self._blob_id)
        self._digest = accept.digests.begin(DigestPurpose.SUBMISSION)
        self._size = 0
        self._chunks: list[bytes] = []
        self._waiting = 0
        self._spilled = 0
        self._is_over = False

    def __repr__(self) -> str:
        return f"SealedUpload(size={self._size})"

    def write(self, data: bytes) -> Future[None] | None:
        """Seal `data`; when enough waits, it goes to the store and its future is returned."""
        self._digest.update(data)
        self._size += len(data)
        for chunk in self._sealer.write(data):
            self._chunks.append(chunk)
            self._waiting += len(chunk)
        return self._spill() if self._waiting >= SPILL else None

    def finish(self, envelope: Envelope) -> Future[Accepted]:
        """Commit submission, deliveries, inquiry and its first job in one."""
        self._is_over = True
        self._chunks += [*self._sealer.write(seal_envelope(envelope)), *self._sealer.finish()]
        place = Place(inquiry_id=self._inquiry_id, blob_id=self._blob_id, part=ORIGINAL)
        wrapped = wrap(self._sealer.content_key, self._accept.key, place)
        change = Change.one_of_many(
            self._accept.arrivals.write,
            self._arrival(envelope),
            wraps=(wrapped,),
            octets=sum(map(len, self._chunks)),
        )
        return _said_as_ours(self._accept.committer.submit(change))

    def abandon(self) -> None:
        """Remove what was stored of it."""
        if not self._is_over and self._spilled:
            self._accept.committer.submit(Change(apply=lambda connection: remove_blob(connection, self._blob_id)))
        self._is_over = True
        self._chunks.clear()

    def _identity(self, envelope: Envelope) -> bytes:
        if envelope.idempotency_key:
            return self._accept.digests.digest(DigestPurpose.SUBMISSION, b"form " + envelope.idempotency_key)
        return self._digest.digest()

    def _spill(self) -> Future[None]:
        chunks, first, octets = self._numbered(self._chunks, self._spilled), self._spilled, self._waiting
        self._chunks.clear()
        self._spilled += len(chunks)
        self._waiting = 0
        now = self._accept.clock()

        def apply(connection: Connection) -> None:
            if first == 0:
                insert_blobs(connection, [blob_row(self._blob_id, ORIGINAL, now)])
            elif not is_upload_known(connection, self._blob_id):
                raise OurFault(SWEPT)
            insert_chunks(connection, chunks)

        return _said_as_ours(self._accept.committer.submit(Change(apply=apply, octets=octets)))

    def _arrival(self, envelope: Envelope) -> Arrival:
        return Arrival(
            inquiry_id=self._inquiry_id,
            blob_id=self._blob_id,
            digest=self._identity(envelope),
            channel=self._channel,
            size=self._size,
            mailboxes=envelope.mailboxes,
            language=envelope.language,
            access_code=self._code_digest(envelope),
            chunks=self._numbered(self._chunks, self._spilled),
            is_begun=self._spilled > 0,
        )

    def _numbered(self, chunks: Sequence[bytes], first: int) -> tuple[Chunk, ...]:
        return tuple((self._blob_id, number, chunk) for number, chunk in enumerate(chunks, first))

    def _code_digest(self, envelope: Envelope) -> bytes | None:
        if not envelope.access_code:
            return None
        code = read_code(envelope.access_code).encode()
        return self._accept.digests.digest(DigestPurpose.ACCESS_CODE, code)


def _said_as_ours(answer: Future[T]) -> Future[T]:
    """Give the same future with every error said as one of intake's: whatever it was, the sender tries again."""
    said: Future[T] = Future()
    said.set_running_or_notify_cancel()

    def pass_on(done: Future[T]) -> None:
        fault = done.exception()
        if fault is None:
            said.set_result(done.result())
        else:
            said.set_exception(fault if isinstance(fault, IntakeError) else OurFault("store"))

    answer.add_done_callback(pass_on)
    return said


def _is_acceptor(accept: Accept) -> Acceptor:
    """Let the type checker say that `Accept` keeps the protocol."""
    return accept
