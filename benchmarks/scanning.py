"""Redaction: megabytes a second, and whether the time for a byte stays the same as texts grow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import letters
from benchmarks.measuring import Case, Figures, Row, interleaved, seconds_of
from benchmarks.scale import KIBIBYTE, MEBIBYTE, Scale
from redaction import DESK, Tokens, redact, scan

MOST_ROUNDS = 4  # Of the small texts, in one repetition.
ORDINARY = "ordinary words, no digit"
TEXTS: dict[str, Callable[[int], str]] = {
    ORDINARY: letters.plain_text,
    "dates and amounts, no identifier": letters.text_with_figures,
    "with identifiers": letters.text_with_identifiers,
    "digits only": letters.digits_only,
}


def rates(_folder: Path, scale: Scale) -> Iterator[Row]:
    """Scan and redact texts of one size."""
    cases = {name: _redacting(text(scale.text)) for name, text in TEXTS.items()}
    yield from interleaved(f"redaction, {_size(scale.text)}", cases, scale.repetitions, against=ORDINARY)


def growth(_folder: Path, scale: Scale) -> Iterator[Row]:
    """Scan and redact texts of growing size: linear means a ratio of 1."""
    for name, text in TEXTS.items():
        # The small texts several times, so that every size takes long enough to be measured.
        cases = {_size(size): _per_byte(text(size), scale.text_sizes[-1] // size) for size in scale.text_sizes}
        yield from interleaved(f"redaction grows, {name}", cases, scale.repetitions, against=_size(scale.text_sizes[0]))


def _redacting(text: str) -> Case:
    def work() -> Figures:
        return {"MB/s": len(text) / 1e6 / seconds_of(lambda: _redact(text))}

    return work


def _per_byte(text: str, times: int) -> Case:
    rounds = min(times, MOST_ROUNDS)

    def work() -> Figures:
        seconds = seconds_of(lambda: [_redact(text) for _ in range(rounds)])
        return {"ns/byte": 1e9 * seconds / (rounds * len(text))}

    return work


def _redact(text: str) -> str:
    return redact(text, scan(text), DESK, Tokens()).text


def _size(size: int) -> str:
    return f"{size // MEBIBYTE} MB" if size >= MEBIBYTE else f"{size / KIBIBYTE:g} kB"
