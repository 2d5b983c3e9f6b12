"""Redact by offset: findings become tokens, and a number found once is masked wherever else it stands in clear."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from redaction.finding import Finding
from redaction.kinds import Kind
from redaction.policy import Policy
from redaction.recurrence import long_number, recurrences
from redaction.scanning import scan
from redaction.tokens import Tokens

# Each look leaves fewer digits, so it ends by itself; texts written to annoy take three.
MOST_LOOKS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Redaction:
    """A text with the findings of a policy replaced by tokens."""

    text: str = field(repr=False)
    findings: tuple[Finding, ...]  # All of them, masked or not, with offsets in the original.
    masked: tuple[tuple[Kind, int], ...]  # How many places of each kind were replaced, in the order of `Kind`.


def redact(text: str, findings: Iterable[Finding], policy: Policy, tokens: Tokens | None = None) -> Redaction:
    """Replace the findings that a policy masks, and the same numbers wherever they recur in this text.

    Findings may come unsorted and may overlap: then the whole stretch they cover is replaced. Raises ValueError when a
    finding lies outside the text.
    """
    found = tuple(sorted(findings))
    if any(not 0 <= finding.start < finding.end <= len(text) for finding in found):
        raise ValueError("finding-outside-text")
    tokens = tokens or Tokens()
    masked: Counter[Kind] = Counter()
    redacted = _once(text, found, policy, tokens, masked)
    for _ in range(MOST_LOOKS if masked else 0):
        # What stood beside a number can look like one when that is gone: looked at until nothing more is seen.
        left = [finding for finding in scan(redacted) if finding.kind in policy.masked]
        if not left:
            break
        redacted = _once(redacted, left, policy, tokens, masked)
    return Redaction(text=redacted, findings=found, masked=tuple((kind, masked[kind]) for kind in Kind if masked[kind]))


def _once(text: str, found: Iterable[Finding], policy: Policy, tokens: Tokens, masked: Counter[Kind]) -> str:
    spans = _merged((finding.start, finding.end, finding.kind) for finding in found if finding.kind in policy.masked)
    values = {number: kind for start, end, kind in spans if (number := long_number(text[start:end]))}
    places = [(start, end) for start, end, _ in spans]
    again = ((start, end, values[number]) for start, end, number in recurrences(text, places, frozenset(values)))
    spans = _merged((*spans, *again))
    masked.update(kind for _, _, kind in spans)
    return "".join(_pieces(text, spans, tokens))


def _merged(spans: Iterable[tuple[int, int, Kind]]) -> tuple[tuple[int, int, Kind], ...]:
    """Join spans that overlap; the first one's kind names the whole."""
    joined: list[tuple[int, int, Kind]] = []
    for start, end, kind in sorted(spans):
        if joined and start < joined[-1][1]:
            before = joined[-1]
            joined[-1] = (before[0], max(end, before[1]), before[2])
        else:
            joined.append((start, end, kind))
    return tuple(joined)


def _pieces(text: str, spans: Iterable[tuple[int, int, Kind]], tokens: Tokens) -> Iterator[str]:
    done = 0
    for start, end, kind in spans:
        yield text[done:start]
        yield tokens.token(kind, text[start:end])
        done = end
    yield text[done:]
