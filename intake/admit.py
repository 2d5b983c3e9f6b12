"""The job `admit`: open what was accepted, have it parsed by a bare child, find and remove identifiers, seal the rest.

The redacted inquiry and its preview are sealed to `triage`, the address to `dispatch`, the original to `custodian`, and
the copy that `intake` could open is dropped. What cannot be read is held with a reason; nothing is ever dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection, delete, insert

from intake.redacting import Redacted, redacted
from intake.submission import Submission
from records.blobs import CONTACT, ORIGINAL, PREVIEW, REDACTED, insert_sealed, place_of
from records.clock import Clock
from records.commit import Change
from records.digests import DigestKeys, DigestPurpose, contact_form
from records.documents import to_bytes
from records.errors import CannotOpen, NotFound
from records.inquiries import find, hold, move
from records.jobs import JobFault, enqueue
from records.originals import split_original
from records.sealing import Place, PublicKey, Sealed, Wrap, seal, wrap
from records.store import Stores
from records.tables import ContactRow
from records.unsealing import PrivateKeys, open_blob
from records.values import Channel, State

INTAKE = "intake"


class Parser(Protocol):
    """Where raw bytes are read: a pool of bare children."""

    def parse(self, raw: bytes, *, may_be_form: bool) -> Submission:
        """Give what was read; whatever goes wrong is a held submission with a reason.

        Only what our own site accepted `may_be_form`: a mail that begins like a form's post is a mail.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Admit:
    """What the job works with."""

    stores: Stores
    private: PrivateKeys
    public: Mapping[str, PublicKey]
    digests: DigestKeys
    parser: Parser
    clock: Clock

    def prepare(self, inquiry_id: str) -> Change:
        """Prepare the change that admits or holds an inquiry; one that is further already needs none."""
        with self.stores.record.reading() as connection:
            inquiry = find(connection, inquiry_id=inquiry_id)
            if inquiry.state is not State.RECEIVED:
                return Change(apply=lambda _: None)
            place = place_of(connection, inquiry_id, ORIGINAL)
        try:
            plaintext, content_key = open_blob(self.stores, self.private, place)
        except (CannotOpen, NotFound):
            raise JobFault("cannot-open") from None
        raw, envelope = split_original(plaintext)
        submission = self.parser.parse(raw, may_be_form=inquiry.channel is Channel.FORM)
        for_custodian = wrap(content_key, self.public["custodian"], place)
        if submission.hold is not None:
            return self._held(inquiry_id, submission, for_custodian)
        return self._admitted(place, redacted(submission, envelope, inquiry.channel), for_custodian)

    def _held(self, inquiry_id: str, submission: Submission, for_custodian: Wrap) -> Change:
        """Hold it. The copy for `intake` stays, so that it can be tried again."""
        now, reason = self.clock(), submission.hold or "unreadable"
        flags = list(submission.flags)
        return Change(
            apply=lambda connection: hold(connection, inquiry_id, reason, now=now, flags=flags),
            wraps=(for_custodian,),
        )

    def _admitted(self, place: Place, found: Redacted, for_custodian: Wrap) -> Change:
        now, inquiry_id = self.clock(), place.inquiry_id
        document = seal(to_bytes(found.document), inquiry_id=inquiry_id, part=REDACTED)
        preview = seal(to_bytes(found.preview), inquiry_id=inquiry_id, part=PREVIEW)
        contact = seal(to_bytes(found.contact), inquiry_id=inquiry_id, part=CONTACT)
        addresses = [self.digests.digest(DigestPurpose.CONTACT, contact_form(each)) for each in found.addresses]
        wraps = (
            for_custodian,
            self._wrapped(document, "triage"),
            self._wrapped(preview, "triage"),
            self._wrapped(contact, "dispatch"),
        )

        def apply(connection: Connection) -> None:
            _admit(connection, inquiry_id, found, now)
            for sealed in (document, preview, contact):
                insert_sealed(connection, sealed, now)
            connection.execute(delete(ContactRow).where(ContactRow.inquiry_id == inquiry_id))
            rows = [{"inquiry_id": inquiry_id, "digest": digest} for digest in dict.fromkeys(addresses)]
            if rows:
                connection.execute(insert(ContactRow), rows)

        return Change(apply=apply, wraps=wraps, drops=((place.blob_id, INTAKE),))

    def _wrapped(self, sealed: Sealed, compartment: str) -> Wrap:
        return wrap(sealed.content_key, self.public[compartment], sealed.place)


def give_up(connection: Connection, inquiry_id: str, reason: str, now: datetime) -> None:
    """Hold an inquiry that could not be admitted, for the reason of the last try."""
    hold(connection, inquiry_id, f"failed-{reason}"[:64], now=now)


def _admit(connection: Connection, inquiry_id: str, found: Redacted, now: datetime) -> None:
    move(
        connection,
        inquiry_id,
        State.ADMITTED,
        now=now,
        expected=frozenset({State.RECEIVED}),
        flags=list(found.flags),
        finding_counts=dict(found.counts),
        attachment_count=len(found.document.attachments),
        hold_reason=None,
    )
    enqueue(connection, "triage", inquiry_id, now)
