"""Keyed digests: how a thing is recognised again without being kept. A key per purpose, none in a database."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from enum import StrEnum
from hashlib import sha256


class DigestPurpose(StrEnum):
    """What a digest is for; digests of two purposes never compare equal."""

    SUBMISSION = "submission"
    FORM_TOKEN = "form-token"  # noqa: S105 - a purpose's name
    ACCESS_CODE = "access-code"
    CONTACT = "contact"
    SESSION = "session"
    AUDIT = "audit"


class DigestKeys:
    """The digest keys that one process holds."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._keys = {DigestPurpose(name): key for name, key in keys.items()}

    def __repr__(self) -> str:
        return f"DigestKeys({sorted(self._keys)})"

    def begin(self, purpose: DigestPurpose) -> hmac.HMAC:
        """Start a digest that is fed as bytes arrive."""
        return hmac.new(self._keys[purpose], digestmod=sha256)

    def digest(self, purpose: DigestPurpose, data: bytes) -> bytes:
        """Give the 32 bytes of a digest."""
        return hmac.digest(self._keys[purpose], data, "sha256")


def contact_form(address: str) -> bytes:
    """Normalise an e-mail address or telephone number, so that one person's ways of writing it agree.

    >>> contact_form(" Maria.Example+tag@Example.ORG") == contact_form("maria.example@example.org")
    True
    >>> contact_form("(617) 555-0142") == contact_form("+1 617 555 0142")
    True
    """
    text = address.strip().casefold()
    local, at, domain = text.rpartition("@")
    if at:
        return f"{local.partition('+')[0]}@{domain}".encode("utf-8", "surrogatepass")
    digits = "".join(character for character in text if character.isdecimal())
    national = digits[1:] if len(digits) == 11 and digits.startswith("1") else digits  # noqa: PLR2004 - NANP with 1
    return f"tel:{national}".encode()
