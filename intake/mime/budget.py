"""How much work one submission may cause, and the purse that pays for it."""

from __future__ import annotations

from dataclasses import dataclass

from intake.errors import IntakeError

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Limits that honest mail keeps: in a replay of some ten thousand real mails none came near them."""

    # A mail with a thousand parts is a mailing list's digest at the very most.
    parts: int = 1000
    # Forwarded forwards reach ten; readers such as webmail give up between 20 and 100.
    depth: int = 40
    # Twice the largest message a gateway usually takes (10 to 35 MB), for archives inside it.
    decoded_bytes: int = 64 * MEBIBYTE
    # Deflate packs honest office files and tables 3 to 50 times; its own ceiling is 1,032.
    archive_ratio: int = 200
    # The ratio says nothing of tiny archives: a text of one repeated letter is no attack.
    archive_floor: int = 8 * MEBIBYTE
    # A workbook with a sheet for every week has about a hundred members.
    archive_members: int = 500
    # Of all passages together, in code points. Text full of numbers takes scanner and redactor up to 20 microseconds
    # each on a busy machine, and a worker's lease of its jobs is two minutes.
    text: int = 3 * MEBIBYTE
    # Of the printable runs taken from one file that is not read otherwise.
    runs: int = 2 * MEBIBYTE

    def to_plain(self) -> dict[str, int]:
        """Give the plain form, for the frame that a child gets first."""
        return {name: getattr(self, name) for name in self.__slots__}


class OverBudget(IntakeError):
    """The submission takes more than it may; `reason` is a hold reason."""


class Purse:
    """What is left of a budget while one submission is read."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self._parts = budget.parts
        self._decoded = budget.decoded_bytes
        self._text = budget.text

    def enter(self, depth: int) -> None:
        """Pay for one part at this depth."""
        self._parts -= 1
        # The message itself is not counted among its parts.
        if self._parts < -1:
            raise OverBudget("too-many-parts")
        if depth > self.budget.depth:
            raise OverBudget("too-deep")

    def decode(self, size: int) -> None:
        """Pay for `size` bytes that were unpacked or undone from a transfer encoding."""
        self._decoded -= size
        if self._decoded < 0:
            raise OverBudget("too-large-decoded")

    def unpack(self, size: int, packed: int, unpacked: int) -> None:
        """Pay for `size` more bytes of an archive of `packed` bytes, from which `unpacked` have come by now."""
        if unpacked > self.budget.archive_floor and unpacked > self.budget.archive_ratio * max(packed, 1):
            raise OverBudget("archive-bomb")
        self.decode(size)

    def write(self, length: int) -> None:
        """Pay for a passage of `length` code points."""
        self._text -= length
        if self._text < 0:
            raise OverBudget("too-large-decoded")
