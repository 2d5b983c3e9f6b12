"""What the unsealer does with a question: who asks, may they, write it down durably, and only then open.

A question carries a session's token. Who that is, what they may open and why is found out here, from the record,
whatever the desk believes. A session that was revoked opens nothing; neither does an audit log that cannot be written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from records.audit import Chain, append
from records.blobs import ORIGINAL, PREVIEW, REDACTED, place_of, wraps_of
from records.clock import Clock
from records.commit import Change, Committer
from records.digests import DigestKeys
from records.documents import inquiry_from, plain, preview_from
from records.errors import CannotOpen, NotFound, WrongState
from records.inquiries import INQUIRIES, amend, facts, find, move
from records.originals import split_original
from records.sealing import Place, PublicKey, wrap
from records.store import Stores
from records.tables import ApprovalRow, InquiryRow
from records.unsealing import PrivateKeys, open_blob
from records.values import InquiryFacts, Purpose, Reader, State
from redaction import DESK, Tokens, redact, scan
from router.accounts import reader_by_id, reader_of
from router.clearance import Refused, may_second, need_to_know
from router.disclosures import Disclosure, written_down

Question = Mapping[str, Any]
Answer = Mapping[str, Any]

LONGEST_PAGE = 100
LARGEST_ORIGINAL = 2 * 1024 * 1024  # What is shown of an original as text; all of it is for the officer's command.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What the unsealer has: the stores, its keys, and its own chain of the audit log."""

    stores: Stores
    committer: Committer
    private: PrivateKeys
    public: Mapping[str, PublicKey]
    digests: DigestKeys
    chain: Chain
    clock: Clock


class Unsealer:
    """Answers questions as plain mappings: either what was asked for, or {"refused": reason id}."""

    def __init__(self, holding: Holding) -> None:
        self._has = holding

    def open(self, question: Question) -> Answer:
        """Open an inquiry's redacted text for a purpose."""
        found = self._asked(question)
        if isinstance(found, str):
            return {"refused": found}
        reader, inquiry = found
        try:
            purpose = Purpose(str(question.get("purpose")))
        except ValueError:
            return {"refused": "no-purpose"}
        now = self._has.clock()
        verdict = need_to_know(reader, inquiry, purpose, now)
        self._disclose(reader, inquiry, purpose, REDACTED, now, verdict)
        if isinstance(verdict, Refused):
            return {"refused": verdict.reason}
        document = self._open(inquiry.id, REDACTED)
        return {"refused": "not-there"} if document is None else {"inquiry": plain(inquiry_from(document))}

    def previews(self, question: Question) -> Answer:
        """Open a page of previews; one audit line names them all."""
        reader = self._reader(question)
        if reader is None:
            return {"refused": "session"}
        references = [str(name) for name in question.get("references", ())][:LONGEST_PAGE]
        now = self._has.clock()
        with self._has.stores.record.reading() as connection:
            rows = connection.execute(INQUIRIES.where(InquiryRow.reference.in_(references))).all()
            known = facts(connection, rows)
        granted = [
            inquiry for inquiry in known if not isinstance(need_to_know(reader, inquiry, Purpose.TRIAGE, now), Refused)
        ]
        if not granted:
            return {"previews": {}}
        self._note("previews", reader, now, detail={"references": [inquiry.reference for inquiry in granted]})
        opened = {inquiry.reference: self._open(inquiry.id, PREVIEW) for inquiry in granted}
        return {"previews": {name: plain(preview_from(body)) for name, body in opened.items() if body is not None}}

    def original(self, question: Question) -> Answer:
        """Open the bytes as they came, on a second person's approval; as inert text, masked as well as can be."""
        found = self._asked(question)
        if isinstance(found, str):
            return {"refused": found}
        reader, inquiry = found
        now = self._has.clock()
        refusal, second = self._second(reader, inquiry, str(question.get("approval")), now)
        verdict = need_to_know(reader, inquiry, Purpose.VERIFY, now, second_person=second)
        if refusal is not None and not isinstance(verdict, Refused):
            verdict = Refused(refusal)
        # Used up before it is disclosed: of two questions at once, one is too late.
        if not isinstance(verdict, Refused) and not self._use(str(question.get("approval")), now):
            verdict = Refused("approval-used")
        self._disclose(reader, inquiry, Purpose.VERIFY, ORIGINAL, now, verdict, second)
        if isinstance(verdict, Refused):
            return {"refused": verdict.reason}
        plaintext = self._open(inquiry.id, ORIGINAL)
        return {"refused": "not-there"} if plaintext is None else {"original": inert(split_original(plaintext)[0])}

    def move(self, question: Question) -> Answer:
        """Seal an inquiry to another unit, and route it there."""
        found = self._asked(question)
        if isinstance(found, str):
            return {"refused": found}
        reader, inquiry = found
        unit, now = str(question.get("unit")), self._has.clock()
        key = self._has.public.get(f"unit/{unit}")
        if key is None or inquiry.unit is None:
            return {"refused": "no-such-unit"}
        if inquiry.unit == unit:
            return {"moved": True}
        verdict = need_to_know(reader, inquiry, Purpose.TRIAGE, now)
        if isinstance(verdict, Refused):
            self._disclose(reader, inquiry, Purpose.TRIAGE, "move", now, verdict)
            return {"refused": verdict.reason}
        try:
            self._has.committer.commit(self._moving(reader, inquiry, key, unit, now))
        except (WrongState, CannotOpen, NotFound):
            return {"refused": "changed"}
        return {"moved": True}

    def _moving(self, reader: Reader, inquiry: InquiryFacts, key: PublicKey, unit: str, now: datetime) -> Change:
        with self._has.stores.record.reading() as connection:
            places = [place_of(connection, inquiry.id, part) for part in (REDACTED, PREVIEW)]
        old = f"unit/{inquiry.unit}"
        wraps = tuple(wrap(self._content_key(place, old), key, place) for place in places)

        def apply(connection: Connection) -> None:
            if find(connection, inquiry_id=inquiry.id, to_change=True).version != inquiry.version:
                raise WrongState("changed by somebody else in between")
            came_from = frozenset({State.ROUTED, State.ASSIGNED})
            columns: dict[str, Any] = {"unit": unit, "route_rule": "by hand", "assigned_to": None}
            if inquiry.state is State.ROUTED:
                # Within the same state the life cycle has no step; the unit alone changes.
                amend(connection, inquiry.id, now=now, **columns)
            else:
                move(connection, inquiry.id, State.ROUTED, now=now, expected=came_from, **columns)
            detail: dict[str, str | int | list[str]] = {"from": inquiry.unit or "", "to": unit}
            append(
                connection,
                self._has.chain,
                kind="sent-to-unit",
                actor=reader.id,
                at=now,
                reference=inquiry.reference,
                detail=detail,
            )

        return Change(apply=apply, wraps=wraps, drops=tuple((place.blob_id, old) for place in places))

    def _content_key(self, place: Place, compartment: str) -> bytes:
        for wrapped in wraps_of(self._has.stores, [place.blob_id]).get(place.blob_id, ()):
            if wrapped.compartment == compartment:
                return self._has.private.unwrap(wrapped, place)
        raise CannotOpen("no wrap to seal on")

    def _asked(self, question: Question) -> tuple[Reader, InquiryFacts] | str:
        """Give who asks and about what; or the reason why neither is told."""
        reader = self._reader(question)
        if reader is None:
            return "session"
        try:
            with self._has.stores.record.reading() as connection:
                return reader, find(connection, reference=str(question.get("reference")))
        except NotFound:
            return "not-there"

    def _reader(self, question: Question) -> Reader | None:
        with self._has.stores.record.reading() as connection:
            return reader_of(connection, self._has.digests, str(question.get("session", "")), self._has.clock())

    def _open(self, inquiry_id: str, part: str) -> bytes | None:
        try:
            with self._has.stores.record.reading() as connection:
                place = place_of(connection, inquiry_id, part)
            return open_blob(self._has.stores, self._has.private, place)[0]
        except (NotFound, CannotOpen):
            return None

    def _second(
        self, reader: Reader, inquiry: InquiryFacts, approval_id: str, now: datetime
    ) -> tuple[str | None, str | None]:
        """Give the reason why an approval does not hold (None when it does), and who gave it."""
        with self._has.stores.record.reading() as connection:
            row = connection.execute(select(ApprovalRow.__table__).where(ApprovalRow.id == approval_id)).one_or_none()
            if row is None or row.approved_by is None or row.inquiry_id != inquiry.id or row.asked_by != reader.id:
                return "no-second-person", None
            second = reader_by_id(connection, row.approved_by)
        if now >= row.expires_at:
            return "approval-expired", row.approved_by
        if second is None:
            return "no-second-person", None
        verdict = may_second(second, reader, inquiry, now)
        return (verdict.reason if isinstance(verdict, Refused) else None), row.approved_by

    def _use(self, approval_id: str, now: datetime) -> bool:
        """Use an approval up; False when it was used before."""
        unused = update(ApprovalRow).where(ApprovalRow.id == approval_id, ApprovalRow.used_at.is_(None))
        use = unused.values(used_at=now)
        return bool(self._has.committer.commit(Change(apply=lambda connection: connection.execute(use).rowcount)))

    def _disclose(
        self,
        reader: Reader,
        inquiry: InquiryFacts,
        purpose: Purpose,
        part: str,
        now: datetime,
        verdict: object,
        second: str | None = None,
    ) -> None:
        """Write the opening, or the refusal, down. When this returns, it is durable."""
        disclosure = Disclosure(
            reader=reader,
            inquiry=inquiry,
            purpose=purpose,
            part=part,
            at=now,
            refused=verdict.reason if isinstance(verdict, Refused) else None,
            second=second,
        )
        self._has.committer.commit(written_down(disclosure, self._has.chain))

    def _note(self, kind: str, reader: Reader, now: datetime, detail: Mapping[str, str | int | list[str]]) -> None:
        self._has.committer.commit(
            Change(apply=lambda c: append(c, self._has.chain, kind=kind, actor=reader.id, at=now, detail=detail))
        )


def inert(raw: bytes) -> Answer:
    """Give raw bytes as text that does nothing, with what is found in it masked."""
    text = CONTROL.sub(".", raw[:LARGEST_ORIGINAL].decode("utf-8", "replace").replace("\r\n", "\n"))
    masked = redact(text, scan(text), DESK, Tokens())
    return {"text": masked.text, "size": len(raw), "is_cut": len(raw) > LARGEST_ORIGINAL}
