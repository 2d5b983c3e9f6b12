"""Errors of the program as a whole: each is one clear message for the person who runs it."""

from __future__ import annotations

from collections.abc import Sequence


class SallyportError(Exception):
    """Base of the program's errors."""


class SettingsFault(SallyportError):
    """The settings cannot be used. Every fault is named, never a value."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = tuple(faults)


class CannotStart(SallyportError):
    """Something that is needed is not there; the message says what to do."""


class AddressTaken(CannotStart):
    """A role cannot listen where it should. It may be for a moment only: an earlier role of this house is ending."""


class DatabaseAway(CannotStart):
    """A database does not answer at present: after a power failure it may start beside us. Waiting helps."""
