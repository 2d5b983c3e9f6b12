"""Errors of the record. Each carries a reason id; none carries a word that a sender wrote."""

from __future__ import annotations


class RecordsError(Exception):
    """Base of the record's errors."""


class CannotOpen(RecordsError):
    """A sealed blob does not open: wrong key, wrong place, or changed bytes."""


class WrongState(RecordsError):
    """An inquiry was asked to take a step that its life cycle does not have."""


class NotFound(RecordsError):
    """What was asked for is not there, or not for the one who asks: both look the same."""


class StoreUnavailable(RecordsError):
    """The store did not take the change. Whether it holds is unknown until asked again.

    `code` is the database's own: an SQLSTATE, or SQLite's name of the error; "" where it gave none.
    """

    def __init__(self, message: str = "", *, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class StoreAway(StoreUnavailable):
    """The database is locked, full or gone: nobody else's change would fare better in the same moment."""


class StoreConflict(StoreUnavailable):
    """Another transaction was in the way (a deadlock, a lost race): the same change again, alone, may go through."""


class WrongSchema(RecordsError):
    """The database is of another version than this program."""


class KeyFault(RecordsError):
    """A key file is missing, unreadable or not under this master key."""
