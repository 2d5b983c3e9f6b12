"""Scan a text: normalise once, find candidates, let each detector speak, settle, and map back to the original."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import re2

from redaction.detectors import DETECTORS
from redaction.finding import Finding
from redaction.page import page_of
from redaction.settling import settle
from redaction.view import View, normalise

DIGIT_OR_AT: Final = re.compile(r"[\d@\xb2\xb3\xb9\u2070-\u209c\u2460-\u249b\u24ea-\u24ff\u2776-\u2793]")
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
    view = normalise(text)
    found = list(_findings(view))
    for start, end in view.asides:
        inside = normalise(text[start + 1 : end])  # Without its bracket it is text like any other.
        found.extend(_moved(finding, start + 1) for finding in _findings(inside))
    return tuple(_apart(sorted(found)) if view.asides else sorted(found))


def _may_hold_anything(text: str) -> bool:
    """The cheap gate: most texts of no interest leave here."""
    if DIGIT_OR_AT.search(text):
        return True
    try:
        return WORDS.search(text) is not None
    except UnicodeEncodeError:  # A lone surrogate: RE2 reads UTF-8.
        return True


def _findings(view: View) -> Iterator[Finding]:
    page = page_of(view.text)
    for evidence in settle(evidence for detector in DETECTORS for evidence in detector(page)):
        start, end = view.original(evidence.start, evidence.end)
        yield Finding(kind=evidence.kind, start=start, end=end, confidence=evidence.confidence, rule=evidence.rule)


def _apart(found: list[Finding]) -> Iterator[Finding]:
    """Drop what a longer finding around a tag covers already."""
    covered = 0
    for finding in found:
        if finding.start >= covered:
            yield finding
            covered = finding.end


def _moved(finding: Finding, offset: int) -> Finding:
    return Finding(
        kind=finding.kind,
        start=finding.start + offset,
        end=finding.end + offset,
        confidence=finding.confidence,
        rule=finding.rule,
    )
