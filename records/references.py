"""References and access codes: what a person reads out on the telephone, and must never look like an SSN or an EIN."""

from __future__ import annotations

import re
import secrets

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # Neither 0 nor O, neither 1 nor I.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
GROUPS = len(LETTERS) * len(ALPHABET) ** 3  # So many groups of four symbols there are.
CODE_LENGTH = 16  # 16 x 5 bits = 80 random bits.
_FORM = re.compile(r"[A-Z]{2,5}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}")


def new_reference(prefix: str = "INQ") -> str:
    """Give a new reference: prefix and eight symbols. Each group begins with a letter, so it reads as no number."""
    random = int.from_bytes(secrets.token_bytes(16), "big")
    random, first = divmod(random, GROUPS)
    return f"{prefix}-{_group(first)}-{_group(random % GROUPS)}"


def is_reference(text: str) -> bool:
    """Tell whether a text has the form of a reference.

    >>> is_reference("INQ-K4M7-B29X"), is_reference("123-45-6789")
    (True, False)
    """
    return _FORM.fullmatch(text) is not None


def code_from(random: bytes) -> str:
    """Give ten random bytes as an access code.

    >>> code_from(bytes(10))
    '2222 2222 2222 2222'
    """
    number = int.from_bytes(random[:10], "big")
    symbols = "".join(ALPHABET[(number >> (5 * place)) & 31] for place in reversed(range(CODE_LENGTH)))
    return " ".join(symbols[start : start + 4] for start in range(0, CODE_LENGTH, 4))


def read_code(typed: str) -> str:
    """Give what a person typed as the code's sixteen symbols, whatever the spaces, dashes and capitals.

    >>> read_code("h7px-3nqt 9wkc2345")
    'H7PX3NQT9WKC2345'
    """
    return "".join(character for character in typed.upper() if character.isalnum())[:64]


def _group(number: int) -> str:
    symbols = "".join(ALPHABET[(number >> place) & 31] for place in (10, 5, 0))
    return LETTERS[number // len(ALPHABET) ** 3] + symbols
