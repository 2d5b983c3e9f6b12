"""Builders of what the record's tests need: stores in a folder, keys, and inquiries in a given state."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path

from intake.accept import Accept
from intake.arrivals import AcceptSettings
from records.commit import Committer
from records.digests import DigestKeys, DigestPurpose
from records.schema import migrate
from records.store import Store, Stores
from records.unsealing import PrivateKey
from records.values import Accepted, Channel, Envelope

NOON = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
MAILBOX = "inquiries@example.test"


class TickingClock:
    """A clock that moves on by a second at each look, so that orders are certain."""

    def __init__(self, start: datetime = NOON) -> None:
        self.now = start

    def __call__(self) -> datetime:
        """Give the next second."""
        self.now += timedelta(seconds=1)
        return self.now


def stores_in(folder: Path) -> Stores:
    stores = Stores(Store.at(f"sqlite:///{folder}/sallyport.db"), Store.at(f"sqlite:///{folder}/keys.db"))
    migrate(stores)
    return stores


def digest_keys() -> DigestKeys:
    return DigestKeys({purpose.value: bytes([number]) * 32 for number, purpose in enumerate(DigestPurpose)})


def digest_secrets() -> dict[str, bytes]:
    return {purpose.value: bytes([number]) * 32 for number, purpose in enumerate(DigestPurpose)}


def private_keys(*units: str) -> dict[str, PrivateKey]:
    names = ("intake", "triage", "dispatch", "custodian", *(f"unit/{unit}" for unit in units))
    return {name: PrivateKey.generate(name) for name in names}


def acceptor(committer: Committer, key: PrivateKey, clock: TickingClock) -> Accept:
    settings = AcceptSettings(reference_prefix="INQ", policy_version="2026-11-21", record_series="INQ-1")
    return Accept(committer, key.public(), digest_keys(), settings, clock)


def accept_mail(accept: Accept, raw: bytes, mailboxes: tuple[str, ...] = (MAILBOX,), piece: int = 65536) -> Accepted:
    upload = accept.begin(Channel.EMAIL)
    for start in itertools.count(step=piece) if raw else ():
        if start >= len(raw):
            break
        if waiting := upload.write(raw[start : start + piece]):
            waiting.result()
    envelope = Envelope(channel=Channel.EMAIL, mailboxes=mailboxes, sender="maria@example.org", protocol="ESMTP")
    return upload.finish(envelope).result()
