"""A sample inquiry, and the pen it is written with: numbers that are valid in form, made up, and the same each time."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from records.values import Channel

SEED = "sallyport demo 1"
MAIL_DOMAIN = "example.test"
# Area codes of the state; 555-01XX is kept free for made-up numbers, and none of these is the agency's own.
AREAS = ("339", "351", "413", "508", "774", "781", "857", "978")
EIN_PREFIXES = ("04", "20", "26", "27", "45", "46", "47", "81", "82", "83", "84")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that a sample sends with the form."""

    name: str = field(repr=False)
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One inquiry of the demonstration, ready to be sent."""

    # Ours: it stands in the table, and holds nothing of the inquiry's own words.
    title: str
    channel: Channel
    # Every number in it, in one of its forms; a search looks for their digits.
    planted: tuple[str, ...] = field(repr=False)
    # A mail: its bytes, and what the transport says of it.
    raw: bytes = field(default=b"", repr=False)
    recipient: str = ""
    sender: str = field(default="", repr=False)
    greeting: str = field(default="", repr=False)
    # A post to the form: the page's language and what is filled in.
    language: str = "en"
    fields: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    files: tuple[Upload, ...] = field(default=(), repr=False)


class Pen:
    """Writes the numbers of one sample, and remembers them. Its own seed: no sample changes another one's numbers."""

    def __init__(self, name: str, moment: datetime) -> None:
        self._random = random.Random(f"{SEED}/{name}")  # noqa: S311 - made-up numbers that must not change
        self.moment = moment
        self._given: list[str] = []

    def __repr__(self) -> str:
        return f"Pen(given={len(self._given)})"

    @property
    def planted(self) -> tuple[str, ...]:
        """Give every number it has written."""
        return tuple(dict.fromkeys(self._given))

    def ssn(self) -> str:
        """Give a Social Security number of a form that can be issued."""
        area = self._random.choice([number for number in range(101, 733) if number != 666])  # noqa: PLR2004 - never issued
        return self._give(f"{area:03d}-{self._random.randint(10, 99):02d}-{self._random.randint(1000, 9998):04d}")

    def itin(self) -> str:
        """Give a taxpayer number for somebody without a Social Security number."""
        return self._give(
            f"9{self._random.randint(10, 99)}-{self._random.randint(70, 88)}-{self._random.randint(1000, 9998):04d}"
        )

    def ein(self) -> str:
        """Give an employer's federal number."""
        return self._give(f"{self._random.choice(EIN_PREFIXES)}-{self._random.randint(1000000, 9999998)}")

    def employer_account(self) -> str:
        """Give an employer's account with the agency: eight digits."""
        return self._give(f"5{self._random.randint(1000000, 9999998)}")

    def claimant(self) -> str:
        """Give a claimant's number."""
        return self._give(f"{self._random.randint(20000000, 99999998)}")

    def card(self) -> str:
        """Give a payment card's number whose check digit is right (ISO/IEC 7812)."""
        body = "4" + "".join(str(self._random.randint(0, 9)) for _ in range(14))
        doubled = sum(
            sum(divmod(2 * int(digit), 10)) if place % 2 == 0 else int(digit) for place, digit in enumerate(body)
        )
        number = body + str(-doubled % 10)
        return self._give(" ".join(number[start : start + 4] for start in range(0, 16, 4)))

    def routing(self) -> str:
        """Give a bank's routing number whose check digit is right."""
        body = "0110" + f"{self._random.randint(1000, 9998)}"
        weighed = sum(weight * int(digit) for weight, digit in zip((3, 7, 1, 3, 7, 1, 3, 7), body, strict=True))
        return self._give(body + str(-weighed % 10))

    def bank_account(self) -> str:
        """Give the number of a bank account."""
        return self._give(f"{self._random.randint(1000000000, 9999999998)}")

    def phone(self) -> str:
        """Give a telephone number that nobody has."""
        area = self._random.choice(AREAS)
        return self._give(f"{area}-555-01{self._random.randint(10, 99)}")

    def noise(self, length: int) -> bytes:
        """Give bytes that mean nothing."""
        return self._random.randbytes(length)

    def _give(self, number: str) -> str:
        self._given.append(number)
        return number


Writing = Callable[[Pen], Sample]
