"""Seals what the desk's readers typed, with public keys only: the desk cannot open again what it sealed here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from records.blobs import PREVIEW, REDACTED, RESPONSE, after_earlier, insert_sealed, place_of
from records.clock import Clock
from records.commit import Change
from records.documents import to_bytes
from records.errors import NotFound
from records.sealing import PublicKey, Sealed, Wrap, seal, wrap
from records.store import Stores
from records.values import Preview, RedactedInquiry, RedactedPart
from redaction import DESK, Tokens, redact, scan

FIRST_LINE = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedTexts:
    """Makes the changes that seal a redaction made by hand, or an answer."""

    stores: Stores
    public: Mapping[str, PublicKey]
    clock: Clock

    def replace_redacted(self, inquiry_id: str, text: str) -> Change:
        """Seal a redaction made by hand, and its preview, to `triage`, in place of what was there."""
        masked = redact(text, scan(text), DESK, Tokens()).text
        document = RedactedInquiry(subject="", parts=(RedactedPart(label="redacted by hand", text=masked),))
        line = " ".join(masked.split())[:FIRST_LINE]
        preview = Preview(sender="", subject="Released by hand", first_sentence=line)
        sealed = (
            seal(to_bytes(document), inquiry_id=inquiry_id, part=REDACTED),
            seal(to_bytes(preview), inquiry_id=inquiry_id, part=PREVIEW),
        )
        wraps = tuple(self._wrapped(each, "triage") for each in sealed)
        return Change(apply=lambda c: self._insert(c, *sealed), wraps=wraps, drops=self._old(inquiry_id))

    def seal_response(self, inquiry_id: str, text: str) -> Change:
        """Seal an answer's text to `dispatch`; `apply` gives the blob's id."""
        sealed = seal(text.encode("utf-8", "replace"), inquiry_id=inquiry_id, part=RESPONSE)
        return Change(apply=lambda c: self._insert(c, sealed), wraps=(self._wrapped(sealed, "dispatch"),))

    def _insert(self, connection: Connection, *sealed: Sealed) -> str:
        moment = after_earlier(connection, sealed[0].place.inquiry_id, self.clock())
        for each in sealed:
            insert_sealed(connection, each, moment)
        return sealed[0].place.blob_id

    def _old(self, inquiry_id: str) -> tuple[tuple[str, str | None], ...]:
        """Name the wraps of what is replaced: nobody opens the text in which something was missed again."""
        drops: list[tuple[str, str | None]] = []
        with self.stores.record.reading() as connection:
            for part in (REDACTED, PREVIEW):
                try:
                    drops.append((place_of(connection, inquiry_id, part).blob_id, None))
                except NotFound:
                    continue
        return tuple(drops)

    def _wrapped(self, sealed: Sealed, compartment: str) -> Wrap:
        return wrap(sealed.content_key, self.public[compartment], sealed.place)
