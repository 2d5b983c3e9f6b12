"""What stands in for the unsealer and the sealing in the desk's tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from records import inquiries
from records.commit import Change
from records.values import Preview, Purpose, Reader, RedactedInquiry
from router.accounts import reader_of
from router.clearance import Refused, need_to_know
from router.opening import NotOpened, OriginalText
from tests.router.builders import Desk


@dataclass
class FakeOpening:
    """Stands in for the unsealer: the same rules and answers, with texts that were never sealed."""

    desk: Desk
    texts: dict[str, RedactedInquiry] = field(default_factory=dict)
    opened: list[tuple[str, Purpose]] = field(default_factory=list)
    originals: dict[str, str] = field(default_factory=dict)
    is_away: bool = False

    def previews(self, session: str, references: Sequence[str]) -> Mapping[str, Preview]:
        """Give previews of what may be sorted."""
        if self.is_away or (reader := self._reader(session)) is None:
            return {}
        granted = [name for name in references if not self._refusal(reader, name, Purpose.TRIAGE)]
        return {name: _preview(self.texts[name]) for name in granted if name in self.texts}

    def open(self, session: str, reference: str, purpose: Purpose) -> RedactedInquiry | NotOpened:
        """Open as the unsealer would, and remember it."""
        if self.is_away:
            return NotOpened(reason="away")
        reader = self._reader(session)
        if reader is None:
            return NotOpened(reason="session")
        if refusal := self._refusal(reader, reference, purpose):
            return NotOpened(reason=refusal)
        self.opened.append((reference, purpose))
        return self.texts[reference]

    def original(self, session: str, reference: str, approval_id: str) -> OriginalText | NotOpened:
        """Give an original that the test put there."""
        if self._reader(session) is None or not approval_id:
            return NotOpened(reason="session")
        text = self.originals.get(reference)
        return NotOpened(reason="no-second-person") if text is None else OriginalText(text=text, size=len(text))

    def move(self, session: str, reference: str, unit: str) -> NotOpened | None:
        """Send it to a unit, without sealing."""
        if self.is_away or self._reader(session) is None:
            return NotOpened(reason="away")
        found = self.desk.find(reference)
        self.desk.commit(lambda c: inquiries.amend(c, found.id, now=self.desk.clock(), unit=unit))
        return None

    def _reader(self, session: str) -> Reader | None:
        with self.desk.books.store.reading() as connection:
            return reader_of(connection, self.desk.books.digests, session, self.desk.clock())

    def _refusal(self, reader: Reader, reference: str, purpose: Purpose) -> str | None:
        verdict = need_to_know(reader, self.desk.find(reference), purpose, self.desk.clock())
        return verdict.reason if isinstance(verdict, Refused) else None


@dataclass
class FakeSealing:
    """Seals nothing: keeps what it was given, when the change was made."""

    written: list[tuple[str, str, str]] = field(default_factory=list)

    def replace_redacted(self, inquiry_id: str, text: str) -> Change:
        """Remember a redaction made by hand."""
        return Change(apply=lambda _: self._write("redacted", inquiry_id, text))

    def seal_response(self, inquiry_id: str, text: str) -> Change:
        """Remember an answer."""
        return Change(apply=lambda _: self._write("response", inquiry_id, text))

    def _write(self, part: str, inquiry_id: str, text: str) -> str:
        self.written.append((part, inquiry_id, text))
        return f"{len(self.written):032x}"


def _preview(text: RedactedInquiry) -> Preview:
    first = text.parts[0].text.strip().split("\n")[0] if text.parts else ""
    return Preview(sender=text.sender_name or text.sender_address, subject=text.subject, first_sentence=first)
