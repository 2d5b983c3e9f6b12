"""What two writings of the same value have in common."""

from __future__ import annotations

import re
from typing import Final

from redaction.view import normalise

# Fewer digits than this do not tell one value from another; then the words are compared.
DIGITS_THAT_IDENTIFY: Final = 4
NOT_A_DIGIT: Final = re.compile("[^0-9]")


def bare(value: str) -> str:
    """Reduce a value to what it is compared by: its digits in ASCII, or its case-folded words.

    >>> bare("078&#45;05&#45;1120")
    '078051120'
    >>> bare("Ana  Melo")
    'ana melo'
    """
    seen = normalise(value).text
    digits = NOT_A_DIGIT.sub("", seen)
    return digits if len(digits) >= DIGITS_THAT_IDENTIFY else " ".join(seen.casefold().split())
