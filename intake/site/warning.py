"""The warning before sending: which line seems to hold a number that nobody needs. The number is never repeated."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from redaction import Finding, Kind

# Kinds that are worth a warning, and the words for them in the catalogue.
WARNED: Mapping[Kind, str] = {
    Kind.US_SSN: "ssn",
    Kind.PARTIAL_SSN: "ssn",
    Kind.US_EIN: "ein",
    Kind.US_ITIN: "itin",
    Kind.CREDIT_CARD: "card",
    Kind.BANK_ACCOUNT: "bank",
}
LOOKED_AT = ("message", "subject", "name", "postal_address")
Scan = Callable[[str], Sequence[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """A place and a kind: a field's name, a line counted from 1, and the kind's word in the catalogue."""

    field: str
    line: int
    kind: str


def look(values: Mapping[str, str], scan: Scan) -> tuple[Warned, ...]:
    """Find what the writer should know of, each kind once a line."""
    return tuple(
        dict.fromkeys(
            Warned(field=name, line=values[name].count("\n", 0, found.start) + 1, kind=WARNED[found.kind])
            for name in LOOKED_AT
            for found in _worth(values.get(name, ""), scan)
        )
    )


def take_out(text: str, scan: Scan, instead: str) -> str:
    """Replace every number that is warned of."""
    for found in sorted(_worth(text, scan), key=lambda found: found.start, reverse=True):
        text = text[: found.start] + instead + text[found.end :]
    return text


def _worth(text: str, scan: Scan) -> tuple[Finding, ...]:
    return tuple(found for found in scan(text) if found.kind in WARNED) if text else ()
