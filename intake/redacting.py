"""From a parsed submission to what may be read: pure. A number carries the same token through all of its parts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from intake.submission import Attachment, Passage, Place, Submission
from records.documents import Contact, plain
from records.values import Channel, Preview, RedactedAttachment, RedactedInquiry, RedactedPart
from redaction import DESK, Finding, Tokens, redact, scan

SENTENCE = re.compile(r"[.!?\u3002\uff01\uff1f]\s|\n")
LONGEST_SENTENCE = 160
LONGEST_LABEL = 120
HIDDEN = frozenset({Place.HIDDEN, Place.RAW, Place.HEADER})
# Message-IDs and Received lines are full of long numbers that machines made; they are scanned, and flag nothing.
TRACE = "trace"


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """A submission after redaction, and what is kept beside it."""

    document: RedactedInquiry
    preview: Preview
    contact: Contact
    counts: tuple[tuple[str, int], ...]
    flags: tuple[str, ...]
    # Addresses and telephone numbers of the sender, for keyed digests only.
    addresses: tuple[str, ...] = field(default=(), repr=False)


def redacted(submission: Submission, envelope: Mapping[str, Any], channel: Channel) -> Redacted:
    """Scan every place where words can hide, and give what a reader may be shown."""
    work = _Redaction()
    form = dict(submission.form)
    subject = work.shown(form.get("subject", "") or submission.subject)
    parts = tuple(
        RedactedPart(label=passage.label, text=work.shown(passage.text), kind=passage.place.value)
        for passage in submission.passages
        if passage.is_shown and passage.place is not Place.SUBJECT and passage.label != "subject"
    )
    work.hidden([passage for passage in submission.passages if not passage.is_shown])
    name, address = _sender(submission, form)
    document = RedactedInquiry(
        subject=subject,
        sender_name=work.shown(name),
        sender_address=work.shown(address),
        reply_to=work.shown(", ".join(each.address for each in submission.reply_to)),
        telephone=work.shown(form.get("phone", ""), asked_for="telephone: "),
        best_time=work.shown(form.get("best_time", "")),
        postal_address=work.shown(form.get("postal_address", "")),
        spoken_language=work.shown(form.get("spoken_language", "")),
        needs=tuple(work.shown(value) for field_name, value in submission.form if field_name == "need"),
        stated_kind=form.get("kind", "") if form.get("kind", "") in {"own", "general", "unsure"} else "",
        parts=parts,
        attachments=tuple(_attachment(work, attachment) for attachment in submission.attachments),
        message_id="",
    )
    first = next((part.text for part in parts if part.text.strip()), "")
    preview = Preview(
        sender=document.sender_name or document.sender_address, subject=subject, first_sentence=first_sentence(first)
    )
    back = address if channel is Channel.FORM else str(envelope.get("sender", ""))
    return Redacted(
        document=document,
        preview=preview,
        contact=_contact(submission, back, address, str(envelope.get("language", ""))),
        counts=work.counts(),
        flags=tuple(dict.fromkeys((*submission.flags, *work.flags))),
        addresses=tuple(each for each in (address, back, form.get("phone", "")) if each.strip()),
    )


def first_sentence(text: str) -> str:
    """Give a text's first sentence, on one line.

    >>> first_sentence("Hello there. I wrote before.")
    'Hello there.'
    """
    start = text.strip()[: 4 * LONGEST_SENTENCE]
    end = SENTENCE.search(start)
    sentence = " ".join((start[: end.start() + 1] if end else start).split())
    return sentence if len(sentence) <= LONGEST_SENTENCE else sentence[: LONGEST_SENTENCE - 1].rstrip() + "…"


class _Redaction:
    """One inquiry's redaction: its tokens, and which distinct things were found."""

    def __init__(self) -> None:
        self._tokens = Tokens()
        self._found: dict[str, set[str]] = {}
        self.flags: list[str] = []

    def shown(self, text: str, asked_for: str = "") -> str:
        """Redact a text; `asked_for` is what its field asked for, which says as much of a number as a label does."""
        if not text:
            return ""
        start = len(asked_for)
        found = (finding for finding in scan(asked_for + text) if finding.end > start)
        findings = [replace(finding, start=max(finding.start - start, 0), end=finding.end - start) for finding in found]
        self._count(text, findings)
        return redact(text, findings, DESK, self._tokens).text

    def hidden(self, passages: Sequence[Passage]) -> None:
        """Scan what nobody is shown. It counts; and an identifier that stands only where nobody looks is flagged."""
        for passage in sorted(passages, key=lambda passage: passage.place in HIDDEN):
            known = {kind: set(values) for kind, values in self._found.items()}
            self._count(passage.text, scan(passage.text))
            if (
                passage.place in HIDDEN
                and passage.label != TRACE
                and any(self._found.get(kind.value, set()) - known.get(kind.value, set()) for kind in DESK.masked)
            ):
                self.flags.append("identifier-in-hidden-text")

    def _count(self, text: str, findings: Sequence[Finding]) -> None:
        for finding in findings:
            value = "".join(filter(str.isalnum, text[finding.start : finding.end])).casefold()
            self._found.setdefault(finding.kind.value, set()).add(value)

    def counts(self) -> tuple[tuple[str, int], ...]:
        """Give how many distinct ones of each kind were found."""
        return tuple(sorted((kind, len(values)) for kind, values in self._found.items()))


def _sender(submission: Submission, form: Mapping[str, str]) -> tuple[str, str]:
    if form:
        return form.get("name", ""), form.get("email", "")
    if not submission.senders:
        return "", ""
    return submission.senders[0].name, submission.senders[0].address


def _attachment(work: _Redaction, attachment: Attachment) -> RedactedAttachment:
    return RedactedAttachment(
        name=work.shown(attachment.name)[:LONGEST_LABEL],
        media_type=attachment.media_type,
        size=attachment.size,
        is_scanned=attachment.is_scanned,
        reason=attachment.reason,
    )


def _contact(submission: Submission, address: str, answer_to: str, language: str) -> Contact:
    """Give the way back; barred when the address itself holds what must not leave in an e-mail."""
    holds_number = _holds_number(address)
    message_id = "" if _holds_number(submission.auto.message_id) else submission.auto.message_id
    return Contact(
        address="" if holds_number else address,
        answer_to="" if _holds_number(answer_to) else answer_to,
        message_id=message_id,
        language=language or submission.language,
        facts=plain(submission.auto),
        barred="address-holds-a-number" if holds_number else "",
    )


def _holds_number(text: str) -> bool:
    return any(finding.kind in DESK.masked for finding in scan(text))
