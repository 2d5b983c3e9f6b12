"""One character for another: digits of every script, dashes, spaces and letters as they are matched."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

# What a token of an earlier redaction becomes in a view: neither digit nor letter, and nothing joins across it.
BARRIER: Final = "\ufffc"

# Characters that Unicode's tables would not fold the way people read them.
BY_HAND: Mapping[str, str] = MappingProxyType(
    {
        "\u2212": "-",  # minus sign
        "\u30fc": "-",  # Katakana length mark, typed for a dash on Japanese and Chinese keyboards
        "\u2043": "-",  # hyphen bullet
        "\u02d7": "-",  # modifier minus
        "\u0111": "d",
        "\u0110": "D",
        "\u0131": "i",
        "\u0142": "l",
        "\u00f8": "o",
        "\u2024": ".",
        "\u3002": ".",
        "\u2044": "/",
        "\u2215": "/",
        "\u3164": " ",  # Hangul fillers: letters to Unicode, blanks to the eye
        "\u115f": " ",
        "\u1160": " ",
        "\uffa0": " ",
        "\u2028": "\n",
        "\u2029": "\n",
        "\u0085": "\n",
        "\ufffd": "-",  # A damaged character between two digits was a dash more often than anything else.
    }
)
DROPPED: Final = frozenset({"Cf", "Mn", "Me"})  # Format characters and marks: seen by nobody between two digits.
UNSEEN_CONTROLS: Final = frozenset(map(chr, (*range(9), 11, 14, *range(15, 28), 127)))


@functools.lru_cache(maxsize=8192)
def fold(character: str) -> str:  # noqa: PLR0911 - one return per row of a table that asks for a category
    """Give what a character is matched as: one character, or the empty string when it is dropped.

    >>> fold(chr(0xFF17)), fold("é"), fold(chr(0x2011)), fold(chr(0x200B))
    ('7', 'e', '-', '')
    """
    if character in BY_HAND:
        return BY_HAND[character]
    category = unicodedata.category(character)
    if category in DROPPED or character in UNSEEN_CONTROLS:
        return ""
    if category in {"Nd", "No"}:
        value = unicodedata.digit(character, None)
        return character if value is None else str(value)
    if category == "Pd":
        return "-"
    if category == "Zs":
        return " "
    if category == "Cs":
        return "-"  # A lone surrogate is a damaged character too, and could not be encoded.
    if character == BARRIER:
        return "\ufffd"  # Nothing the sender wrote may pose as a barrier.
    return _base_letter(character)


def _base_letter(character: str) -> str:
    decomposed = unicodedata.normalize("NFKD", character)
    if len(decomposed) > 1 and not all(unicodedata.category(mark) == "Mn" for mark in decomposed[1:]):
        return character  # Hangul syllables and ligatures decompose into more than a letter and its marks.
    return decomposed[0]


def digit_value(character: str) -> str:
    """Give a digit of any script in ASCII, and anything else as the empty string."""
    if "0" <= character <= "9":
        return character
    if character.isascii():
        return ""
    folded = fold(character)
    return folded if "0" <= folded <= "9" else ""
