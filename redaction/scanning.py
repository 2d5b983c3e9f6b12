"""Scan a text: normalise once, find candidates, let each detector speak, settle, and map back to the original."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

import re2

from redaction.detectors import DETECTORS, OF_WORDS
from redaction.finding import Finding
from redaction.kinds import Kind
from redaction.labels.names import FIELDS, INTRODUCTIONS, LAST_WORDS, SAYING_WHO
from redaction.page import Evidence, page_of
from redaction.policy import NEEDED_TO_ANSWER
from redaction.recurrence import long_number, recurrences
from redaction.settling import settle
from redaction.spoken import LETTERS, SIGNS
from redaction.view import View, covered, normalise

DIGIT_OR_AT: Final = re.compile(r"[\d@\xb2\xb3\xb9\u2070-\u209c\u2460-\u249b\u24ea-\u24ff\u2776-\u2793]")
DIGIT: Final = re.compile("[0-9]")  # A view has no others.
ROUNDS: Final = 8  # Two or three nearly always; a further one needs a number that leans on one found before it.
# What is found without any digit begins with these: two number words, or words that say a name follows.
WORDS: Final = re2.compile(
    rf"(?i)\b(?:{LETTERS})\b[\s,.\-]{{1,4}}(?:{LETTERS})\b|[{SIGNS}]{{4}}"
    rf"|(?-i:{'|'.join(SAYING_WHO)}) |{'|'.join(INTRODUCTIONS)}|(?:{'|'.join(FIELDS)})\s?:"
    rf"|(?:{'|'.join(LAST_WORDS)})[,.!]?\s{{0,2}}\n"
)


def scan(text: str) -> tuple[Finding, ...]:
    """Find personal identifiers; sorted, without overlaps, in code points of the text. Linear in its length.

    Any str will do, with NULs and lone surrogates. Overlaps are settled: the strongest evidence wins, then the longest.
    """
    if not _may_hold_anything(text):
        return ()
    return tuple(_apart(sorted(_findings(normalise(text)))))


def _may_hold_anything(text: str) -> bool:
    """Tell at little cost: most texts of no interest leave here."""
    if DIGIT_OR_AT.search(text):
        return True
    # Letters with accents are folded first: the words are matched as a view has them.
    return not text.isascii() or WORDS.search(text) is not None


def _findings(view: View) -> Iterator[Finding]:
    for evidence in _evidence(view.text):
        start, end = view.original(evidence.start, evidence.end)
        yield Finding(kind=evidence.kind, start=start, end=end, confidence=evidence.confidence, rule=evidence.rule)


def _evidence(text: str) -> list[Evidence]:
    """Look again with what was found covered, until nothing new is seen: what will be left must hold nothing.

    What staff need to answer stays in view until the rest is settled, for it will stay in their text.
    """
    found: list[Evidence] = []
    for _ in range(ROUNDS):
        seen = _look(text, found)
        new = [evidence for evidence in seen if evidence.is_part or evidence.kind not in NEEDED_TO_ANSWER] or seen
        if not new:
            break
        found = sorted([*found, *new], key=lambda evidence: evidence.start)
    return found


def _look(text: str, found: list[Evidence]) -> list[Evidence]:
    """Look once at what is not covered yet."""
    rest = covered(text, ((evidence.start, evidence.end) for evidence in found))
    page = page_of(rest.text)
    detectors = DETECTORS if page.context is not None or DIGIT.search(page.text) else OF_WORDS
    seen = settle(evidence for detector in detectors for evidence in detector(page))
    if not seen and not found:
        return []
    known = {number: e.kind for e in found if (number := long_number(text[e.start : e.end]))}
    known |= {number: e.kind for e in seen if (number := long_number(rest.text[e.start : e.end]))}
    return [_placed(evidence, rest) for evidence in settle((*seen, *_again(rest.text, seen, known)))]


def _again(text: str, seen: Iterable[Evidence], known: Mapping[str, Kind]) -> Iterator[Evidence]:
    """Give the places where a number that was found stands once more, where nothing else tells what it is."""
    spans = ((evidence.start, evidence.end) for evidence in seen)
    for start, end, number in recurrences(text, spans, frozenset(known)):
        yield Evidence(kind=known[number], start=start, end=end, confidence=0.3, rule="a number found elsewhere too")


def _placed(evidence: Evidence, rest: View) -> Evidence:
    start, end = rest.original(evidence.start, evidence.end)
    return replace(evidence, start=start, end=end)


def _apart(found: list[Finding]) -> Iterator[Finding]:
    """Drop what a finding around a tag covers already, seen in the tag itself."""
    end = 0
    for finding in found:
        if finding.start >= end:
            yield finding
            end = finding.end
