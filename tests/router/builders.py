"""Builders of the router's tests: a record in a temporary file, readers, inquiries, and an unsealer that is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import Connection, insert, inspect, select

from records import inquiries, tallies
from records.audit import Chain
from records.commit import Change, Committer
from records.digests import DigestKeys
from records.store import Stores
from records.tables import (
    AuditRow,
    Base,
    ContactRow,
    DeliveryRow,
    InquiryRow,
    KeyBase,
    OrganizationRow,
    SubmissionRow,
)
from records.values import (
    DataClass,
    Grant,
    InquiryFacts,
    OrganizationKind,
    Reader,
    Role,
    State,
)
from router.accounts import Books, SignedIn, reader_by_id, sign_in
from router.passwords import Passwords
from router.roster import NewReader, add_organization, add_reader
from tests.servers.postgres import Databases

NOW = datetime(2026, 11, 20, 19, 10, tzinfo=UTC)
TODAY = date(2026, 11, 20)
PASSWORD = "harbor fog over nine boats"
ALL_CLASSES = frozenset(DataClass)


@dataclass
class SettableClock:
    """A clock that stands until it is moved."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        """Give the instant it stands at."""
        return self.now

    def move(self, **by: float) -> None:
        """Move on."""
        self.now += timedelta(**by)


def quick_passwords() -> Passwords:
    """Real argon2, as small as it goes: what is tested is ours, not its cost."""
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@dataclass
class Desk:
    """A record with books, and shorthands to fill it."""

    stores: Stores
    books: Books
    clock: SettableClock
    passwords: Passwords = field(default_factory=quick_passwords)

    def commit(self, apply: Any) -> Any:
        """Commit a change."""
        return self.books.committer.commit(Change(apply=apply))

    def add_reader(self, sign_in_name: str = "j.okafor", /, **columns: Any) -> str:
        """Add a reader in good standing, or as the columns say."""
        settings: dict[str, Any] = {
            "name": "J. Okafor",
            "role": Role.AGENT,
            "organization_id": "agency",
            "started_on": TODAY - timedelta(days=400),
            "form_signed_on": TODAY - timedelta(days=30),
            "trained_on": TODAY - timedelta(days=30),
            "data_classes": ALL_CLASSES,
            "grants": (grant("benefit-claims"),),
        } | columns
        new = NewReader(sign_in_name=sign_in_name, **settings)
        return add_reader(self.books, self.passwords, new, password=PASSWORD, added_by="setup", now=self.clock())

    def add_inquiry(self, **columns: Any) -> InquiryFacts:
        """Add an inquiry, see `add_inquiry` below."""
        added: InquiryFacts = self.commit(lambda connection: add_inquiry(connection, **columns))
        return added

    def find(self, reference: str) -> InquiryFacts:
        """Read an inquiry as it is now."""
        with self.books.store.reading() as connection:
            return inquiries.find(connection, reference=reference)

    def reader(self, reader_id: str) -> Reader:
        """Read a reader."""
        with self.books.store.reading() as connection:
            found = reader_by_id(connection, reader_id)
        assert found is not None
        return found

    def sign_in(self, name: str = "j.okafor") -> str:
        """Sign in; give the token."""
        answer = sign_in(self.books, self.passwords, name=name, password=PASSWORD, now=self.clock())
        assert isinstance(answer, SignedIn)
        return answer.token

    def audit(self) -> list[tuple[str, str, str, Mapping[str, Any]]]:
        """Give the audit lines."""
        with self.books.store.reading() as connection:
            rows = connection.execute(select(AuditRow.__table__).order_by(AuditRow.sequence))
            return [(row.kind, row.actor, row.reference, row.detail) for row in rows]

    def audit_kinds(self) -> list[str]:
        """Give the kinds of the audit lines."""
        return [kind for kind, *_ in self.audit()]


@contextmanager
def a_desk(folder: Path, databases: Databases | None = None) -> Iterator[Desk]:
    """Give an empty record in two files, or in the databases, with one agency in it; a filled one as it is."""
    files = Databases(f"sqlite:///{folder}/sallyport.db", f"sqlite:///{folder}/keys.db")
    stores = (databases or files).stores()
    if not inspect(stores.record.engine).has_table("inquiry"):
        Base.metadata.create_all(stores.record.engine)
        KeyBase.metadata.create_all(stores.keys.engine)
    with stores.record.reading() as connection:
        is_new = connection.execute(select(OrganizationRow.id)).first() is None
    clock = SettableClock()
    committer = Committer(stores, clock)
    digests = DigestKeys({"session": bytes(range(32))})
    books = Books(store=stores.record, committer=committer, digests=digests, chain=Chain("desk", b"k" * 32))
    desk = Desk(stores, books, clock)
    if is_new:
        desk.commit(lambda c: add_organization(c, "agency", "Department of Employment", OrganizationKind.AGENCY))
    try:
        yield desk
    finally:
        committer.close()
        stores.close()


def grant(unit: str, **columns: Any) -> Grant:
    """Give a grant that holds."""
    settings: dict[str, Any] = {
        "approved_by": "somebody-else",
        "approved_on": TODAY - timedelta(days=90),
        "reviewed_on": TODAY - timedelta(days=90),
    }
    return Grant(unit=unit, **(settings | columns))


def reference(number: int) -> str:
    """Give the n-th reference of a test."""
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    return f"INQ-K{letters[number // 576 % 24]}{letters[number // 24 % 24]}{letters[number % 24]}-B29X"


def add_inquiry(connection: Connection, number: int = 0, contact: bytes | None = None, **columns: Any) -> InquiryFacts:
    """Write a routed inquiry, or whatever the columns say."""
    inquiry_id = f"{number:032x}"
    settings: dict[str, Any] = {
        "id": inquiry_id,
        "reference": reference(number),
        "submission_id": inquiry_id,
        "channel": "email",
        "language": "en",
        "state": State.ROUTED.value,
        "received_at": NOW - timedelta(hours=5),
        "changed_at": NOW - timedelta(hours=5),
        "policy_version": "1",
        "record_series": "inquiry",
        "category": "case",
        "confidence": 0.94,
        "reasons": ["asks about an own claim"],
        "program": "unemployment_insurance",
        "data_classes": ["unemployment_insurance", "personal_data"],
        "is_urgent": False,
        "unit": "benefit-claims",
        "route_rule": "benefits",
        "channel_allowed": "phone_or_mail",
        "due_at": NOW + timedelta(hours=3),
        "flags": [],
        "finding_counts": {"US_SSN": 2, "US_EIN": 1},
        "attachment_count": 0,
        "acknowledged": "sent",
        "version": 0,
    } | columns
    submission = {"id": inquiry_id, "digest": bytes.fromhex(inquiry_id) * 2, "channel": "email", "size": 100}
    connection.execute(insert(SubmissionRow), [submission | {"received_at": settings["received_at"]}])
    delivery = {"submission_id": inquiry_id, "mailbox": "help@agency.example"}
    connection.execute(insert(DeliveryRow), [delivery | {"received_at": settings["received_at"]}])
    connection.execute(insert(InquiryRow), [settings])
    if contact is not None:
        connection.execute(insert(ContactRow), [{"inquiry_id": inquiry_id, "digest": contact}])
    tallies.count(connection, settings["state"], settings["unit"], settings["category"], 1)
    return inquiries.find(connection, inquiry_id=inquiry_id)


def a_reader(**columns: Any) -> Reader:
    """Give a reader in good standing."""
    settings: dict[str, Any] = {
        "id": "reader-1",
        "name": "J. Okafor",
        "role": Role.AGENT,
        "organization": OrganizationKind.AGENCY,
        "started_on": TODAY - timedelta(days=400),
        "form_signed_on": TODAY - timedelta(days=30),
        "trained_on": TODAY - timedelta(days=30),
        "grants": (grant("benefit-claims"),),
        "data_classes": ALL_CLASSES,
    }
    return Reader(**(settings | columns))
