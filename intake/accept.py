"""Accept: the one door into the record. Bytes are sealed as they arrive; a small commit makes a submission durable.

This process cannot read back what it accepted: it holds the public key of `intake` and nothing else. What it is told
of the transport is sealed behind the bytes. The same bytes again (or the same form token) are the same submission:
they add recipients at most, and are answered as the first time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, bindparam, insert, select, update

from intake.errors import IntakeError, OurFault, TryAgain
from intake.ports import Acceptor, Upload
from records.blobs import ORIGINAL, insert_blob, insert_chunks, is_upload_known, remove_blob
from records.clock import Clock
from records.commit import Change, Committer
from records.digests import DigestKeys, DigestPurpose
from records.inquiries import insert_inquiry
from records.jobs import enqueue
from records.originals import seal_envelope
from records.references import new_reference, read_code
from records.sealing import Place, PublicKey, Sealer, new_id, wrap
from records.tables import BlobRow, DeliveryRow, InquiryRow, SubmissionRow
from records.values import Accepted, Channel, Envelope, State

SPILL = 256 * 1024  # Sealed bytes that wait before they go to the store: few commits for a large mail, flat memory.
SWEPT = "upload-swept"  # The sweep took an upload under way: a clock that jumped.
T = TypeVar("T")

# Statements are built once: building one costs several times what SQLite takes to run it, on the path of every mail.
_KNOWN = (
    select(SubmissionRow.id, InquiryRow.reference, InquiryRow.id.label("inquiry_id"))
    .join(InquiryRow, InquiryRow.submission_id == SubmissionRow.id)
    .where(SubmissionRow.digest == bindparam("digest"))
)
_DELIVERED = select(DeliveryRow.mailbox).where(DeliveryRow.submission_id == bindparam("submission_id"))
_SUBMISSION, _DELIVERY = insert(SubmissionRow), insert(DeliveryRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptSettings:
    """What every inquiry carries from its first moment."""

    reference_prefix: str
    policy_version: str
    record_series: str


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
        digest = self._identity(envelope)
        answer = self._accept.committer.submit(
            Change(apply=lambda connection: self._accepted(connection, envelope, digest), wraps=(wrapped,))
        )
        return _said_as_ours(answer)

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
        chunks, first = tuple(self._chunks), self._spilled
        self._chunks.clear()
        self._spilled += len(chunks)
        self._waiting = 0
        now = self._accept.clock()

        def apply(connection: Connection) -> None:
            if first == 0:
                insert_blob(connection, self._blob_id, ORIGINAL, now)
            elif not is_upload_known(connection, self._blob_id):
                raise OurFault(SWEPT)
            insert_chunks(connection, self._blob_id, first, chunks)

        return _said_as_ours(self._accept.committer.submit(Change(apply=apply)))

    def _accepted(self, connection: Connection, envelope: Envelope, digest: bytes) -> Accepted:
        now = self._accept.clock()
        known = connection.execute(_KNOWN, {"digest": digest}).one_or_none()
        if known is not None and known.inquiry_id == self._inquiry_id:
            # Our own, from a commit that was durable though its answer was lost, and is tried again.
            return Accepted(reference=known.reference, is_duplicate=False)
        if known is not None:
            # The wrap just written belongs to no blob then; the sweep drops it.
            remove_blob(connection, self._blob_id)
            delivered = set(connection.scalars(_DELIVERED, {"submission_id": known.id}))
            new = (mailbox for mailbox in envelope.mailboxes if mailbox not in delivered)
            _deliver(connection, known.id, new, now)
            return Accepted(reference=known.reference, is_duplicate=True)
        return self._accept_new(connection, envelope, digest, now)

    def _accept_new(self, connection: Connection, envelope: Envelope, digest: bytes, now: datetime) -> Accepted:
        submission_id, settings = new_id(), self._accept.settings
        reference = new_reference(settings.reference_prefix)
        row = {"id": submission_id, "digest": digest, "channel": self._channel.value, "size": self._size}
        connection.execute(_SUBMISSION, [{**row, "received_at": now}])
        _deliver(connection, submission_id, envelope.mailboxes, now)
        insert_inquiry(
            connection,
            {
                "id": self._inquiry_id,
                "reference": reference,
                "submission_id": submission_id,
                "channel": self._channel.value,
                "language": envelope.language,
                "state": State.RECEIVED.value,
                "received_at": now,
                "changed_at": now,
                "policy_version": settings.policy_version,
                "record_series": settings.record_series,
                "access_code": self._code_digest(envelope),
            },
        )
        if self._spilled:
            own = update(BlobRow).where(BlobRow.id == self._blob_id).values(inquiry_id=self._inquiry_id)
            if connection.execute(own).rowcount != 1:
                raise OurFault(SWEPT)
        else:
            insert_blob(connection, self._blob_id, ORIGINAL, now, inquiry_id=self._inquiry_id)
        insert_chunks(connection, self._blob_id, self._spilled, self._chunks)
        enqueue(connection, "admit", self._inquiry_id, now)
        return Accepted(reference=reference, is_duplicate=False)

    def _code_digest(self, envelope: Envelope) -> bytes | None:
        if not envelope.access_code:
            return None
        code = read_code(envelope.access_code).encode()
        return self._accept.digests.digest(DigestPurpose.ACCESS_CODE, code)


def _deliver(connection: Connection, submission_id: str, mailboxes: Iterable[str], now: datetime) -> None:
    new = dict.fromkeys(mailboxes)
    rows = [{"submission_id": submission_id, "mailbox": mailbox, "received_at": now} for mailbox in new]
    if rows:
        connection.execute(_DELIVERY, rows)


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
