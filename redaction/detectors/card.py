"""Payment cards: a known beginning, a length that goes with it, and the check digit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from redaction.kinds import Kind
from redaction.labels import Meaning
from redaction.page import Evidence, Labelled, Page

LENGTHS: Final = range(13, 20)
# From, to (the first four digits), and the lengths that go with them (ISO/IEC 7812 registry, as issuers publish it).
RANGES: Final[tuple[tuple[int, int, tuple[int, ...]], ...]] = (
    (2221, 2720, (16,)),
    (3000, 3059, (14, 16)),
    (3400, 3499, (15,)),
    (3528, 3589, (16,)),
    (3600, 3699, (14, 16)),
    (3700, 3799, (15,)),
    (3800, 3999, (14, 16)),
    (4000, 4999, (13, 16, 19)),
    (5000, 5999, (16,)),
    (6011, 6011, (16, 19)),
    (6200, 6299, (16, 17, 18, 19)),
    (6300, 6399, (16,)),
    (6440, 6599, (16, 19)),
)


def find(page: Page) -> Iterator[Evidence]:
    """Find them; under a label also where the check digit is wrong."""
    for labelled in page.of_length(*LENGTHS):
        found = _judged(labelled)
        if found is not None:
            number = labelled.number
            yield Evidence(
                kind=Kind.CREDIT_CARD, start=number.start, end=number.end, confidence=found[0], rule=found[1]
            )


def _judged(labelled: Labelled) -> tuple[float, str] | None:
    number = labelled.number
    if number.is_guess:
        return None
    checks = has_check_digit(number.digits) and _is_issued(number.digits)
    if labelled.is_labelled(Meaning.CARD, within=60):
        return (0.99 if checks else 0.85), "a number labelled as a card"
    if not checks or labelled.is_adjacent(Meaning.OTHER):
        return None
    return 0.92, "a number with the beginning and the check digit of a card"


def has_check_digit(digits: str) -> bool:
    """Tell whether the last digit checks the others (Luhn, ISO/IEC 7812-1 annex B).

    >>> has_check_digit("4111111111111111")
    True
    """
    doubled = [int(digit) * 2 for digit in digits[-2::-2]]
    return (sum(map(int, digits[::-2])) + sum(value // 10 + value % 10 for value in doubled)) % 10 == 0


def _is_issued(digits: str) -> bool:
    first = int(digits[:4])
    return any(low <= first <= high and len(digits) in lengths for low, high, lengths in RANGES)
