"""Scan a text: normalise once, find candidates, let each detector speak, settle, and map back to the original."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

import re2

from redaction.detectors import DETECTORS
from redaction.finding import Finding
from redaction.kinds import Kind
from redaction.page import Evidence, page_of
from redaction.recurrence import long_number, recurrences
from redaction.settling import settle
from redaction.view import View, covered, normalise

DIGIT_OR_AT: Final = re.compile(r"[\d@\xb2\xb3\xb9\u2070-\u209c\u2460-\u249b\u24ea-\u24ff\u2776-\u2793]")
ROUNDS: Final = 5  # Two nearly always; each further one needs a number that leans on one found in the round before.
# Words that begin what is found without any digit: number words, names and masks.
WORDS: Final = re2.compile(
    r"(?i)\b(?:zero|one|two|three|four|five|six|seven|eight|nine|double|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|um|dois|quatro|sete|oito|nove"
    r"|zewo|youn|twa|kat|senk|nef|un|deux|trois|cinq|neuf|my name|name|nombre|nome|soy|me llamo|regards|sincerely|thanks|thank you|ten)\b"
    r"|[零〇一二三四五六七八九两]{4}|姓名|我叫"
)  # fmt: skip


def scan(text: str) -> tuple[Finding, ...]:
    """Find personal identifiers; sorted, without overlaps, in code points of the text. Linear in its length.

    Any str will do, with NULs and lone surrogates. Overlaps are settled: the strongest evidence wins, then the longest.
    """
    if not _may_hold_anything(text):
        return ()
    return tuple(_apart(sorted(_findings(normalise(text)))))


def _may_hold_anything(text: str) -> bool:
    """The cheap gate: most texts of no interest leave here."""
    if DIGIT_OR_AT.search(text):
        return True
    try:
        return WORDS.search(text) is not None
    except UnicodeEncodeError:  # A lone surrogate: RE2 reads UTF-8.
        return True


def _findings(view: View) -> Iterator[Finding]:
    for evidence in _evidence(view.text):
        start, end = view.original(evidence.start, evidence.end)
        yield Finding(kind=evidence.kind, start=start, end=end, confidence=evidence.confidence, rule=evidence.rule)


def _evidence(text: str) -> list[Evidence]:
    """Look again with what was found covered, until nothing new is seen: what will be left must hold nothing."""
    found: list[Evidence] = []
    for _ in range(ROUNDS):
        rest = covered(text, ((evidence.start, evidence.end) for evidence in found))
        page = page_of(rest.text)
        seen = settle(evidence for detector in DETECTORS for evidence in detector(page))
        known = {number: e.kind for e in found if (number := long_number(text[e.start : e.end]))}
        known |= {number: e.kind for e in seen if (number := long_number(rest.text[e.start : e.end]))}
        new = settle((*seen, *_again(rest.text, seen, known)))
        if not new:
            break
        found = sorted([*found, *(_placed(evidence, rest) for evidence in new)], key=lambda evidence: evidence.start)
    return found


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
