"""The reading pane as values: an opened inquiry, cut into what its template shows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo

from markupsafe import Markup

from records.values import InquiryFacts, Purpose, RedactedAttachment, RedactedInquiry, RedactedPart
from router.desk import chips, times, words

# How a part is headed; a plain message has no heading.
PART_TITLES: Mapping[str, str] = {
    "text": "",
    "body": "",
    "html": "",
    "form": "",
    "header": "Fields of an attached message",
    "raw": "What is left of the bytes",
    "quoted": "Earlier mail, quoted",
    "hidden": "Hidden text: who reads the mail does not see it",
    "attachment": "Text of an attachment",
}
FOLDED = frozenset({"quoted"})
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?")
UNITS = ("bytes", "kB", "MB")
STEP = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class PartView:
    """One text."""

    title: str
    kind: str
    is_folded: bool
    paragraphs: tuple[Markup, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentView:
    """One file, described."""

    name: str = field(repr=False)
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingView:
    """An opened inquiry."""

    subject: Markup = field(repr=False)
    removed: str
    places: str
    sender: str = field(repr=False)
    reply_to: str = field(repr=False)
    received: str
    acknowledged: str
    flags: tuple[str, ...]
    language: str
    parts: tuple[PartView, ...] = field(repr=False)
    attachments: tuple[AttachmentView, ...] = field(repr=False)
    purpose: str
    telephone: str = field(repr=False)
    telephone_link: str = field(repr=False)
    email: str = field(repr=False)
    postal_address: str = field(repr=False)
    # "Best time: mornings", "Speaks Portuguese: start with an interpreter" and the like.
    wishes: tuple[str, ...] = field(repr=False)


def reading(facts: InquiryFacts, opened: RedactedInquiry, purpose: Purpose, zone: tzinfo) -> ReadingView:
    """Cut an opened inquiry into what the page shows."""
    return ReadingView(
        subject=chips.chips(opened.subject.strip() or "No subject"),
        removed=words.removed(facts.finding_counts),
        places=_places(opened),
        sender=_sender(opened),
        reply_to=opened.reply_to if opened.reply_to != opened.sender_address else "",
        received=f"{times.moment(facts.received_at, zone)} {words.CHANNELS[facts.channel.value]}",
        acknowledged=words.acknowledged(facts.acknowledged),
        flags=tuple(words.FLAGS.get(flag, f"{words.plain(flag)}.") for flag in facts.flags),
        language=facts.language if LANGUAGE.fullmatch(facts.language) else "",
        parts=tuple(_part(part) for part in opened.parts if part.text.strip()),
        attachments=tuple(_attachment(attachment) for attachment in opened.attachments),
        purpose=words.PURPOSES.get(purpose.value, purpose.value),
        telephone=opened.telephone,
        telephone_link=_dialled(opened.telephone),
        email=opened.sender_address,
        postal_address=opened.postal_address,
        wishes=_wishes(opened),
    )


def _part(part: RedactedPart) -> PartView:
    title = PART_TITLES.get(part.kind, words.plain(part.kind))
    if part.kind == "attachment":
        title = f"Text of {part.label}"
    return PartView(title=title, kind=part.kind, is_folded=part.kind in FOLDED, paragraphs=chips.paragraphs(part.text))


def _places(opened: RedactedInquiry) -> str:
    """Name the places that something was removed from; labels are ours, not the sender's file names."""
    found = ["subject"] if chips.has_token(opened.subject) else []
    found += [part.label for part in opened.parts if chips.has_token(part.text)]
    return words.joined(list(dict.fromkeys(found)))


def _sender(opened: RedactedInquiry) -> str:
    name, address = opened.sender_name.strip(), opened.sender_address.strip()
    return f"{name} <{address}>" if name and address else name or address or "No name and no address"


def _attachment(attachment: RedactedAttachment) -> AttachmentView:
    size, unit = float(attachment.size), 0
    while size >= STEP and unit < len(UNITS) - 1:
        size, unit = size / STEP, unit + 1
    number = f"{size:.0f} {UNITS[unit]}"
    if attachment.is_scanned:
        return AttachmentView(name=attachment.name, about=f"{number}, scanned; its text stands above")
    reason = words.ATTACHMENTS.get(attachment.reason or "", words.plain(attachment.reason or "unknown").lower())
    return AttachmentView(name=attachment.name, about=f"{number}, not scanned: {reason}. It is not served.")


def _dialled(telephone: str) -> str:
    """Give the number behind the link: one number, and no digit of a token; "" where it cannot be told."""
    if chips.has_token(telephone):
        return ""
    digits = "".join(character for character in telephone if character in "+0123456789")
    shortest, longest = 7, 16  # A local number; ITU-T E.164's fifteen digits and a plus.
    return digits if shortest <= len(digits) <= longest else ""


def _wishes(opened: RedactedInquiry) -> tuple[str, ...]:
    best_time, spoken = opened.best_time.strip(), opened.spoken_language.strip()
    said = (
        ("Best time: {}", words.BEST_TIMES.get(best_time, best_time)),
        ("{}" if spoken in words.SPOKEN else "Speaks {}: start with an interpreter.", words.SPOKEN.get(spoken, spoken)),
        ("Needs: {}", ", ".join(words.plain(need).lower() for need in opened.needs)),
        ("Says it is about: {}", words.STATED.get(opened.stated_kind, opened.stated_kind)),
    )
    return tuple(sentence.format(value) for sentence, value in said if value)
