"""Numbers written as words, or typed with letters that look like digits. They count under a label only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

import re2

from redaction.numbers import LONGEST, Number

# One row per digit: English, Spanish, Portuguese, Haitian Creole and French, without accents as the view has them.
UNITS: Final = (
    ("zero", "oh", "nought", "cero", "zewo"),
    ("one", "uno", "um", "un", "youn", "uma"),
    ("two", "dos", "dois", "deux", "de", "duas"),
    ("three", "tres", "trois", "twa"),
    ("four", "fower", "cuatro", "quatro", "quatre", "kat"),
    ("five", "cinco", "cinq", "senk"),
    ("six", "seis", "sis", "meia"),
    ("seven", "siete", "sete", "sept", "set"),
    ("eight", "ocho", "oito", "huit", "uit"),
    ("nine", "niner", "nueve", "nove", "neuf", "nef"),
)
TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
TEENS: Final = (
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
CHINESE: Final = "零一二三四五六七八九"

VALUES: Final[Mapping[str, str]] = MappingProxyType(
    {word: str(digit) for digit, words in enumerate(UNITS) for word in words}
    | {word: str(digit) for digit, word in enumerate(CHINESE)}
    | {"\u3007": "0", "\u25cb": "0", "两": "2"}
    | {word: str(20 + 10 * index) for index, word in enumerate(TENS)}
    | {word: str(10 + index) for index, word in enumerate(TEENS)}
    | {"fourty": "40"}
)
FEWEST: Final = 4  # Digits: the last four of a number.
LETTERS: Final = "|".join(sorted((word for word in VALUES if word.isascii()), key=len, reverse=True))
SIGNS: Final = "".join(word for word in VALUES if not word.isascii())
WORD: Final = re.compile(rf"[A-Za-z]+|[0-9]|[{SIGNS}]")
REPEATS: Final[Mapping[str, int]] = MappingProxyType({"double": 2, "triple": 3})
RUN: Final = re2.compile(
    rf"(?i)\b(?:{LETTERS}|double|triple|[0-9])\b[\s,.\-/]{{0,4}}"
    rf"(?:\b(?:{LETTERS}|double|triple|hundred|and|dash|hyphen|guion|[0-9])\b[\s,.\-/]{{0,4}})+"
    rf"|(?:[{SIGNS}][\s,.\-]{{0,3}})+"
)

# What people and scanners put for a digit.
LOOKALIKES_OF: Final = {"0": "OoQD", "1": "lI|!i", "2": "Zz", "4": "A", "5": "Ss$", "6": "Gb", "8": "B", "9": "gq"}
LOOKALIKES: Final[Mapping[str, str]] = MappingProxyType(
    {sign: digit for digit, signs in LOOKALIKES_OF.items() for sign in signs}
)
SIGN: Final = rf"[0-9{re.escape(''.join(LOOKALIKES))}]"
MISTYPED: Final = re.compile(
    rf"(?<![^\W_])(?:{SIGN}{{3}}[-. /]{{0,2}}{SIGN}{{2}}[-. /]{{0,2}}{SIGN}{{4}}|{SIGN}{{2}}-{SIGN}{{7}})(?![^\W_])"
)
TRUE_DIGITS: Final = 4  # At least, of nine: fewer are a word.


def spoken(text: str) -> Iterator[Number]:
    """Give the numbers written as words. Linear: RE2 finds the runs of words."""
    for match in RUN.finditer(text):
        words = list(WORD.finditer(match[0]))
        numbers_seen = [word for word in words if word[0].casefold() in VALUES or word[0].isdigit()]
        digits = _digits([word[0].casefold() for word in words])
        if FEWEST <= len(digits) <= LONGEST and any(not word[0].isdigit() for word in numbers_seen):
            yield Number(
                start=match.start() + numbers_seen[0].start(),
                end=match.start() + numbers_seen[-1].end(),
                digits=digits,
                shape=(1,) * len(digits),
                separators=(" ",),
                is_whole=True,
                is_guess=True,
            )


def mistyped(text: str) -> Iterator[Number]:
    """Give nine digits of which some are letters that look like digits: `OO5-O2-3996`."""
    for match in MISTYPED.finditer(text):
        written = match[0]
        if written.isdecimal() or sum(sign.isdecimal() for sign in written) < TRUE_DIGITS:
            continue
        digits = "".join(LOOKALIKES.get(sign, sign) for sign in written if sign in LOOKALIKES or sign.isdecimal())
        if any(sign in LOOKALIKES for sign in written):
            yield Number(
                start=match.start(),
                end=match.end(),
                digits=digits,
                shape=(3, 2, 4),
                separators=("-",),
                is_whole=True,
                is_guess=True,
            )


def _digits(words: list[str]) -> str:
    """Read words as digits: "twenty three" is 23, "double five" is 55."""
    digits: list[str] = []
    repeat = 1
    after_ten = False
    for word in words:
        if word in REPEATS:
            repeat = REPEATS[word]
            continue
        value = VALUES.get(word, word if word.isdigit() else "")
        if after_ten and len(value) == 1 and value != "0":
            digits[-1] = digits[-1][0] + value
        elif value:
            digits.append(value * repeat)
        after_ten = word in TENS or word == "fourty"
        repeat = 1
    return "".join(digits)
