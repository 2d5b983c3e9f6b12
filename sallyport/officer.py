"""What an officer does at the command line: with the master key at hand, by name and password, and on record."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from records.audit import Chain, chain_key
from records.clock import system_clock
from records.commit import Committer
from records.digests import DigestKeys, DigestPurpose
from records.keyring import KeyRing
from records.store import Stores
from records.values import Reader
from router.accounts import Books, SignInRefused, reader_of, sign_in, sign_out
from router.passwords import Passwords
from sallyport.errors import SallyportError

CHAIN = "officer"


class NotLetIn(SallyportError):
    """Name and password do not fit, or the account is closed; which of these is in the audit log only."""


@dataclass(frozen=True, slots=True)
class Office:
    """The record as an officer changes it, and the key ring."""

    books: Books
    keys: KeyRing
    stores: Stores


@contextlib.contextmanager
def office(stores: Stores, keys: KeyRing) -> Iterator[Office]:
    """Open the officer's chain for one command."""
    digests = keys.digests()
    chain = Chain(CHAIN, chain_key(digests[DigestPurpose.AUDIT.value], CHAIN))
    committer = Committer(stores, system_clock)
    try:
        books = Books(store=stores.record, committer=committer, digests=DigestKeys(digests), chain=chain)
        yield Office(books, keys, stores)
    finally:
        committer.close()


def let_in(books: Books, passwords: Passwords, name: str, password: str) -> Reader:
    """Give the reader whose name and password these are; counted and written down like a sign-in at the desk."""
    now = system_clock()
    signed = sign_in(books, passwords, name=name, password=password, now=now)
    if isinstance(signed, SignInRefused):
        raise NotLetIn("name and password do not fit")
    with books.store.reading() as connection:
        reader = reader_of(connection, books.digests, signed.token, now)
    sign_out(books, signed.token, now)
    if reader is None:
        raise NotLetIn("name and password do not fit")
    return reader
