"""Passwords: what is taken, and how one is compared without telling anything by the time it takes.

After NIST SP 800-63B section 3.1.1: length counts, composition rules don't; spaces, long phrases and paste are fine; a
blocklist refuses what everybody tries first; text is brought to NFKC so that two keyboards agree.
"""

from __future__ import annotations

import secrets
import threading
import unicodedata
from collections.abc import Sequence

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12  # 15 is better, and says so on the page; SP 800-63B asks for 8 where a second factor is used.
LONGEST = (
    256  # SP 800-63B asks for at least 64 to be allowed; without a limit a sign-in could be made to hash megabytes.
)
FEWEST_DIFFERENT = 5
AT_ONCE = 2  # Each comparison takes 64 MiB and most of a core: more at once would let anybody fill the memory.

# What people choose when twelve characters are asked for. Compared without capitals, spaces and marks.
BLOCKED = frozenset(
    {
        "password1234",
        "password12345",
        "passwordpassword",
        "mypassword123",
        "changeme1234",
        "letmeinletmein",
        "welcome12345",
        "welcometowork",
        "administrator",
        "administrator1",
        "qwertyuiop12",
        "qwertyuiopasdf",
        "qwerty123456",
        "1qaz2wsx3edc",
        "iloveyou1234",
        "unemployment",
        "unemployment1",
        "massachusetts",
        "massachusetts1",
        "correcthorsebatterystaple",
        "sallyport1234",
        "sallyportsallyport",
    },
)
RUNS = ("abcdefghijklmnopqrstuvwxyz" * 2, "1234567890" * 4, "0987654321" * 4, "qwertyuiopasdfghjklzxcvbnm")

FAULTS = {
    "too-short": f"Use {SHORTEST} characters or more; 15 or more is better. A few words in a row are fine.",
    "too-long": f"Use {LONGEST} characters or fewer.",
    "too-common": "Many people choose this one, so it is tried first. Choose another.",
    "holds-name": "Leave your own name out of it.",
}


def password_fault(password: str, names: Sequence[str] = ()) -> str | None:
    """Give the reason id why a password is not taken, or None.

    >>> password_fault("password"), password_fault("Password 1234"), password_fault("harbor fog over nine boats")
    ('too-short', 'too-common', None)
    """
    text = normal(password)
    if len(text) < SHORTEST:
        return "too-short"
    if len(text) > LONGEST:
        return "too-long"
    plain = "".join(character for character in text.casefold() if character.isalnum())
    if plain in BLOCKED or len(set(text)) < FEWEST_DIFFERENT or any(plain and plain in run for run in RUNS):
        return "too-common"
    own = ("".join(character for character in name.casefold() if character.isalnum()) for name in names)
    return "holds-name" if any(len(name) > len(plain) // 2 and name in plain for name in own) else None


def normal(password: str) -> str:
    """Bring what was typed to one form (SP 800-63B section 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


class Passwords:
    """Makes and compares argon2id hashes; unknown names cost as much as known ones."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        # Nobody knows this password, this program included: it is compared where there is no account.
        self._nobody = self._hasher.hash(secrets.token_urlsafe(32))

    def encode(self, password: str) -> str:
        """Give the encoded hash that is kept."""
        with self._turns:
            return self._hasher.hash(_bytes(password))

    def matches(self, encoded: str | None, password: str) -> bool:
        """Tell whether a password is the one; None stands for an account that is not there."""
        with self._turns:
            try:
                self._hasher.verify(encoded if encoded is not None else self._nobody, _bytes(password))
            except (VerificationError, InvalidHashError):
                return False
        return encoded is not None


def _bytes(password: str) -> bytes:
    return normal(password[: LONGEST + 1]).encode("utf-8", "surrogatepass")
