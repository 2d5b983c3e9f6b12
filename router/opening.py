"""What the desk may ask of the unsealer: a protocol, its answers, and nothing of how it is done.

Every question names the session's token, not a reader: the unsealer finds out itself who asks, and decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from records.values import Preview, Purpose, RedactedInquiry


@dataclass(frozen=True, slots=True, kw_only=True)
class NotOpened:
    """The unsealer's refusal. `reason` is an id of `router.clearance`, or "session", "away", "not-there"."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginalText:
    """An original as inert text: what was found in it is masked as well as can be."""

    text: str = field(repr=False)
    size: int
    is_cut: bool = False


class Opening(Protocol):
    """The unsealer, as its callers see it. Nothing here raises for a refusal: refusals are answers."""

    def previews(self, session: str, references: Sequence[str]) -> Mapping[str, Preview]:
        """Open a page of previews for purpose triage; one audit line names them. Refused ones are left out."""

    def open(self, session: str, reference: str, purpose: Purpose) -> RedactedInquiry | NotOpened:
        """Open an inquiry's redacted text. The disclosure is committed before the text comes back."""

    def original(self, session: str, reference: str, approval_id: str) -> OriginalText | NotOpened:
        """Open the bytes as they came, on an approval that a second person gave."""

    def move(self, session: str, reference: str, unit: str) -> NotOpened | None:
        """Seal an inquiry to another unit and route it there; None when it is done."""
