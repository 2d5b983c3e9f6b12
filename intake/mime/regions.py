"""What the walk works on: regions of bytes still to be read, drafts of attachments, and the gathering of passages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from intake.mime.budget import Purse
from intake.mime.headers import Headers
from intake.submission import Attachment, Passage, Place

# Text that differs between a message's two forms without saying anything: links, image placeholders.
DECORATION = re.compile(r"https?://[^\s<>\]\)]+|mailto:[^\s<>\]\)]+|\[(?:cid|image)[^\]\n]{0,200}\]", re.IGNORECASE)
SILENT_CHARACTERS = re.compile(r"[\W_]+")
# Beyond this, forms of one message are not compared but both shown.
LONGEST_COMPARED = 1 << 20
MOST_COMPARED = 20


class Shape(StrEnum):
    """How a region begins."""

    MESSAGE = "message"  # with a header of its own
    PART = "part"  # with a MIME header
    FILE = "file"  # with nothing


@dataclass(slots=True)
class AttachmentDraft:
    """An attachment while its parts are still being read."""

    name: str = field(repr=False)
    media_type: str
    size: int
    label: str
    reason: str | None = None

    def fail(self, reason: str) -> None:
        """Note why not all of it was read; the first reason stays."""
        self.reason = self.reason or reason

    def finished(self) -> Attachment:
        """Give the value."""
        return Attachment(
            name=well_formed(self.name),
            media_type=self.media_type,
            size=self.size,
            is_scanned=self.reason is None,
            reason=self.reason,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Bytes still to be read, and where they stand."""

    data: bytes = field(repr=False)
    shape: Shape
    depth: int = 0
    default_type: str = "text/plain"
    # For files only: their name and what they are said to be.
    name: str = field(default="", repr=False)
    # The attachment this belongs to; None for the message itself.
    attachment: AttachmentDraft | None = None
    # In no way shown to a reader: behind the closing delimiter, undeclared, inside a data: URI.
    is_hidden: bool = False
    # The number of the nearest multipart/alternative around it; 0 for none.
    alternative: int = 0
    # A member of an archive: it is reported with the archive.
    is_member: bool = False


@dataclass(slots=True)
class _Draft:
    place: Place
    label: str
    text: str = field(repr=False)
    is_shown: bool
    alternative: int


def well_formed(text: str) -> str:
    """Replace lone surrogates, which some charsets give and no store takes."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


class Gathering:
    """Everything found so far."""

    def __init__(self, purse: Purse) -> None:
        self.purse = purse
        self.flags: set[str] = set()
        self.attachments: list[AttachmentDraft] = []
        # Set where OpenPGP or S/MIME hides what should be read; whether that is the message itself is settled last.
        self.has_encrypted_words = False
        self.hold: str | None = None
        # The header and the media type of the message itself, once it is read.
        self.headers = Headers()
        self.media_type = ""
        self._drafts: list[_Draft] = []
        self._seen: set[str] = set()
        self._alternatives = 0

    def add(self, place: Place, label: str, text: str, *, is_shown: bool = False, alternative: int = 0) -> None:
        """Keep one text. What is only scanned is kept once."""
        if not text or text.isspace() or (not is_shown and text in self._seen):
            return
        self.purse.write(len(text))
        self._seen.add(text)
        self._drafts.append(_Draft(place, label, well_formed(text), is_shown, alternative))

    def attach(self, name: str, media_type: str, size: int) -> AttachmentDraft:
        """Begin an attachment."""
        label = f"attachment {len(self.attachments) + 1}"
        draft = AttachmentDraft(name=name, media_type=media_type, size=size, label=label)
        self.attachments.append(draft)
        return draft

    def new_alternative(self) -> int:
        """Give the number of one more multipart/alternative."""
        self._alternatives += 1
        return self._alternatives

    def has_shown_body(self) -> bool:
        """Tell whether there is anything to read besides attachments."""
        return any(draft.is_shown and draft.place in {Place.BODY, Place.HTML, Place.FORM} for draft in self._drafts)

    def passages(self) -> tuple[Passage, ...]:
        """Give all texts; of the forms of one message that say the same, the longest is shown."""
        groups: dict[int, list[_Draft]] = {}
        for draft in self._drafts:
            if draft.alternative and draft.is_shown:
                groups.setdefault(draft.alternative, []).append(draft)
        for group in groups.values():
            if 1 < len(group) <= MOST_COMPARED and sum(len(draft.text) for draft in group) <= LONGEST_COMPARED:
                _hide_repetitions(group)
        return tuple(
            Passage(place=draft.place, label=draft.label, text=draft.text, is_shown=draft.is_shown)
            for draft in self._drafts
        )


def _hide_repetitions(group: list[_Draft]) -> None:
    """Show no form of a message whose words all stand in another one."""
    if len({"".join(draft.text.split()) for draft in group}) == 1:
        # The usual case, and ten times as fast.
        for draft in group[1:]:
            draft.is_shown = False
        return
    kept: list[tuple[str, _Draft]] = []
    for draft in group:
        essence = SILENT_CHARACTERS.sub("", DECORATION.sub("", draft.text)).casefold()
        if any(essence in other for other, _ in kept):
            draft.is_shown = False
            continue
        for other, earlier in kept:
            earlier.is_shown = other not in essence
        kept = [(other, earlier) for other, earlier in kept if earlier.is_shown]
        kept.append((essence, draft))
