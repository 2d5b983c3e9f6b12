"""A finding: a kind and a place in a text, never the text."""

from __future__ import annotations

from dataclasses import dataclass

from redaction.kinds import Kind


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Finding:
    """Where something personal stands. It may be logged and shown: it holds nothing the sender wrote."""

    start: int  # The first code point in the original text.
    end: int  # One past the last code point.
    kind: Kind
    confidence: float  # 0 to 1: how sure; it orders findings and is no probability.
    rule: str  # Why, in words staff understand: "nine digits as 3-2-4".
