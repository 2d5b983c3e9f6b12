"""One body without its transfer encoding, and what a reader of it needs to know."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from intake.mime.regions import AttachmentDraft, Gathering, Region, Shape
from intake.submission import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """Bytes to be read in one way."""

    data: bytes = field(repr=False)
    region: Region = field(repr=False)
    gathering: Gathering = field(repr=False)
    media_type: str
    charset: str = field(default="", repr=False)
    is_flowed: bool = False
    deletes_space: bool = False
    name: str = field(default="", repr=False)
    # The attachment it is or belongs to; None for the message's own text.
    attachment: AttachmentDraft | None = None
    is_office_member: bool = False

    @property
    def label(self) -> str:
        """What its passages are called."""
        return self.attachment.label if self.attachment else "message"

    def show(self, text: str, *, place: Place = Place.BODY) -> None:
        """Gather a text for reading; an attachment's is called so, and what is hidden stays hidden."""
        if self.region.is_hidden:
            self.gathering.add(Place.HIDDEN, self.label, text)
            return
        shown_place = Place.ATTACHMENT if self.attachment else place
        self.gathering.add(shown_place, self.label, text, is_shown=True, alternative=self.region.alternative)

    def note(self, text: str, *, place: Place = Place.HIDDEN) -> None:
        """Gather a text for the scanner only."""
        self.gathering.add(place, self.label, text)

    def fail(self, reason: str) -> None:
        """Note that not all of it was read."""
        self.gathering.flags.add("unscanned-attachment")
        if self.attachment:
            self.attachment.fail(reason)

    def inside(self, data: bytes, *, name: str = "", shape: Shape = Shape.FILE, is_hidden: bool = False) -> Region:
        """Give a region one step further in, that belongs to the same attachment."""
        return replace(
            self.region,
            data=data,
            name=name,
            shape=shape,
            depth=self.region.depth + 1,
            default_type="text/plain" if shape is not Shape.FILE else "application/octet-stream",
            attachment=self.attachment,
            is_hidden=self.region.is_hidden or is_hidden,
            is_member=self.attachment is not None,
        )
