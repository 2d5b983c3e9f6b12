"""Readers' accounts: signing in, sessions, and the full `Reader` value that every decision takes. No Flask in here.

Passwords follow NIST SP 800-63B (`router.passwords`), with a ceiling on failures in a row.
A session's token is in the browser only; the record keeps its keyed digest. A session locks after 15 minutes without
use and ends after 12 hours whatever happens; separation of a reader ends it at once (policy: B7).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from records.audit import Chain, append
from records.commit import Change, Committer
from records.digests import DigestKeys, DigestPurpose
from records.store import Store
from records.tables import GrantRow, OrganizationRow, ReaderRow, SessionRow
from records.values import Agreement, DataClass, Grant, OrganizationKind, Reader, Role
from router.passwords import Passwords

CEILING = 10  # Failures in a row; SP 800-63B section 3.2.2 allows up to 100.
LOCK = timedelta(minutes=15)
IDLE = timedelta(minutes=15)  # policy: D, and SP 800-63B section 2.2.3 asks for no more than an hour.
ABSOLUTE = timedelta(hours=12)
TOUCH = timedelta(minutes=1)  # `seen_at` is written no more often than this: reading a page costs no commit.
TOKEN_BYTES = 32
LONGEST_TOKEN = 64
NOBODY = "nobody"  # The actor of a failed sign-in under an unknown name: what was typed there may be a password.

# What decisions are made of. The password's hash is for signing in only: the unsealer has no right to read it.
_OF_A_READER: tuple[Any, ...] = (
    ReaderRow.id,
    ReaderRow.name,
    ReaderRow.role,
    ReaderRow.site,
    ReaderRow.is_active,
    ReaderRow.started_on,
    ReaderRow.separated_at,
    ReaderRow.form_signed_on,
    ReaderRow.trained_on,
    ReaderRow.data_classes,
    ReaderRow.until,
    OrganizationRow.kind.label("organization_kind"),
    OrganizationRow.agreement_since,
    OrganizationRow.agreement_until,
)
_READER: Select[*tuple[Any, ...]] = select(*_OF_A_READER).join(
    OrganizationRow, OrganizationRow.id == ReaderRow.organization_id
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """What a change of the record is written with: where it is read, the way to change it, the chain of its audit."""

    store: Store
    committer: Committer
    digests: DigestKeys
    chain: Chain


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A new session. The token goes into the cookie and nowhere else."""

    reader_id: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRefused:
    """Not signed in. `reason` is for the audit: the page says the same for all of them."""

    reason: str


def canonical(sign_in_name: str) -> str:
    """Give a sign-in name as it is kept: people type capitals and spaces as they like."""
    return sign_in_name.strip().casefold()


def sign_in(books: Books, passwords: Passwords, *, name: str, password: str, now: datetime) -> SignedIn | SignInRefused:
    """Sign a reader in. Unknown, wrong, locked and inactive take as long as each other and sound the same outside.

    A try is counted before the password is looked at, so that many at once cannot outrun the ceiling.
    """
    with books.store.reading() as connection:
        row = connection.execute(
            select(ReaderRow.__table__).where(ReaderRow.sign_in_name == canonical(name)[:64])
        ).one_or_none()
    may_try = row is not None and books.committer.commit(Change(apply=lambda c: _count_try(c, row.id, now)))
    matches = passwords.matches(row.password_hash if row is not None else None, password)
    reason = _refusal(row, may_try=may_try, matches=matches, now=now)
    if row is None or reason is not None:
        actor = row.id if row is not None else NOBODY
        books.committer.commit(Change(apply=lambda c: _note(c, books, "sign-in-refused", actor, now, reason or "")))
        return SignInRefused(reason=reason or "unknown")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    books.committer.commit(Change(apply=lambda c: _open_session(c, books, row.id, token, now)))
    return SignedIn(reader_id=row.id, token=token)


def sign_out(books: Books, token: str, now: datetime) -> None:
    """End a session; the same token opens nothing after this. Unknown tokens are no fault."""
    digest = token_digest(books.digests, token)

    def apply(connection: Connection) -> None:
        session = connection.execute(
            select(SessionRow.reader_id)
            .where(SessionRow.token_digest == digest, SessionRow.revoked_at.is_(None))
            .with_for_update()
        ).one_or_none()
        if session is not None:
            connection.execute(update(SessionRow).where(SessionRow.token_digest == digest).values(revoked_at=now))
            _note(connection, books, "sign-out", session.reader_id, now)

    books.committer.commit(Change(apply=apply))


def end_sessions(connection: Connection, reader_id: str, now: datetime) -> int:
    """End all sessions of a reader in the caller's transaction: separation, a new password. Give how many."""
    live = update(SessionRow).where(SessionRow.reader_id == reader_id, SessionRow.revoked_at.is_(None))
    return connection.execute(live.values(revoked_at=now)).rowcount


def reader_of(connection: Connection, digests: DigestKeys, token: str, now: datetime) -> Reader | None:
    """Give the reader whose live session this is; None for a token that is unknown, revoked, idle or too old."""
    row = _live_session(connection, digests, token, now)
    if row is None:
        return None
    reader = reader_by_id(connection, row.reader_id)
    if reader is None or not reader.is_active or (reader.separated_at is not None and reader.separated_at <= now):
        return None
    return reader


def touch(books: Books, token: str, now: datetime) -> None:
    """Note that a session is in use. Written once a minute at most, so the lock may come up to a minute early."""
    with books.store.reading() as connection:
        row = _live_session(connection, books.digests, token, now)
    if row is not None and now - row.seen_at >= TOUCH:
        seen = update(SessionRow).where(SessionRow.token_digest == row.token_digest).values(seen_at=now)
        books.committer.commit(Change(apply=lambda connection: connection.execute(seen).rowcount))


def note_miss(books: Books, reader_id: str, reference: str, now: datetime) -> None:
    """Write down that a reader asked for what is not there, or not for them; one line for both."""
    books.committer.commit(
        Change(apply=lambda c: append(c, books.chain, kind="not-found", actor=reader_id, at=now, reference=reference))
    )


def reader_by_id(connection: Connection, reader_id: str) -> Reader | None:
    """Give a reader with organization, agreement, grants and data classes."""
    row = connection.execute(_READER.where(ReaderRow.id == reader_id)).one_or_none()
    if row is None:
        return None
    grants = connection.execute(select(GrantRow.__table__).where(GrantRow.reader_id == reader_id))
    return _reader_from(row, tuple(_grant_from(grant) for grant in grants))


def token_digest(digests: DigestKeys, token: str) -> bytes:
    """Give what the record knows of a token."""
    return digests.digest(DigestPurpose.SESSION, token.encode("utf-8", "surrogatepass"))


def _live_session(connection: Connection, digests: DigestKeys, token: str, now: datetime) -> Row[Any] | None:
    if not token or len(token) > LONGEST_TOKEN:
        return None
    row = connection.execute(
        select(SessionRow.__table__).where(SessionRow.token_digest == token_digest(digests, token))
    ).one_or_none()
    if row is None or row.revoked_at is not None:
        return None
    return row if now - row.seen_at < IDLE and now - row.created_at < ABSOLUTE else None


def _count_try(connection: Connection, reader_id: str, now: datetime) -> bool:
    """Count a try; tell whether it may go on."""
    counted = select(ReaderRow.failures, ReaderRow.locked_until).where(ReaderRow.id == reader_id)
    row = connection.execute(counted.with_for_update(key_share=True)).one()
    if row.locked_until is not None and now < row.locked_until:
        return False
    # When a lock is over, the count begins again.
    failures = 1 if row.locked_until is not None else row.failures + 1
    lock = now + LOCK if failures >= CEILING else None
    connection.execute(update(ReaderRow).where(ReaderRow.id == reader_id).values(failures=failures, locked_until=lock))
    return True


def _refusal(row: Row[Any] | None, *, may_try: bool, matches: bool, now: datetime) -> str | None:
    if row is None:
        return "unknown"
    if not may_try:
        return "locked"
    if not matches:
        return "wrong"
    is_separated = row.separated_at is not None and row.separated_at <= now
    return "inactive" if is_separated or not row.is_active else None


def _open_session(connection: Connection, books: Books, reader_id: str, token: str, now: datetime) -> None:
    connection.execute(update(ReaderRow).where(ReaderRow.id == reader_id).values(failures=0, locked_until=None))
    session = {"token_digest": token_digest(books.digests, token), "reader_id": reader_id}
    connection.execute(insert(SessionRow), [{**session, "created_at": now, "seen_at": now, "revoked_at": None}])
    _note(connection, books, "sign-in", reader_id, now)


def _note(connection: Connection, books: Books, kind: str, actor: str, now: datetime, reason: str = "") -> None:
    append(connection, books.chain, kind=kind, actor=actor, at=now, detail={"reason": reason} if reason else {})


def _grant_from(row: Row[Any]) -> Grant:
    return Grant(unit=row.unit, approved_by=row.approved_by, approved_on=row.approved_on, reviewed_on=row.reviewed_on)


def _reader_from(row: Row[Any], grants: tuple[Grant, ...]) -> Reader:
    since, until = row.agreement_since, row.agreement_until
    return Reader(
        id=row.id,
        name=row.name,
        role=Role(row.role),
        organization=OrganizationKind(row.organization_kind),
        site=row.site,
        is_active=row.is_active,
        started_on=row.started_on,
        separated_at=row.separated_at,
        form_signed_on=row.form_signed_on,
        trained_on=row.trained_on,
        agreement=Agreement(since=since, until=until) if since and until else None,
        grants=grants,
        data_classes=frozenset(DataClass(name) for name in row.data_classes),
        until=row.until,
    )
