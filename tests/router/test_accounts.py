"""Accounts: signing in, sessions, the full reader."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from records.tables import AuditRow, ReaderRow, SessionRow
from records.values import Agreement, DataClass, OrganizationKind, Reader, Role
from router import accounts
from router.accounts import ABSOLUTE, CEILING, IDLE, LOCK, SignedIn, SignInRefused, reader_of, sign_in, sign_out, touch
from router.passwords import LONGEST, Passwords, password_fault
from router.roster import PasswordRefused, add_organization
from tests.router.builders import PASSWORD, TODAY, Desk, a_desk, grant, quick_passwords
from tests.servers.postgres import Databases


@pytest.fixture
def desk(tmp_path: Path, databases: Databases) -> Iterator[Desk]:
    with a_desk(tmp_path, databases) as made:
        yield made


def attempt(desk: Desk, password: str, name: str = "j.okafor") -> SignedIn | SignInRefused:
    return sign_in(desk.books, desk.passwords, name=name, password=password, now=desk.clock())


def who(desk: Desk, token: str) -> Reader | None:
    with desk.books.store.reading() as connection:
        return reader_of(connection, desk.books.digests, token, desk.clock())


def test_a_reader_signs_in_and_is_known_by_the_token(desk: Desk) -> None:
    """The right name and password open a session; capitals and spaces of the name do not matter (policy: C1)."""
    reader_id = desk.add_reader()
    answer = attempt(desk, PASSWORD, "  J.Okafor ")
    assert isinstance(answer, SignedIn)
    found = who(desk, answer.token)
    assert found is not None
    assert found.id == reader_id


def test_the_token_is_not_in_the_record(desk: Desk) -> None:
    """The record keeps a keyed digest of a token, so a stolen database opens no session."""
    desk.add_reader()
    token = desk.sign_in()
    with desk.books.store.reading() as connection:
        row = connection.execute(select(SessionRow.__table__)).one()
    assert token.encode() not in row.token_digest
    assert len(row.token_digest) == 32
    assert token not in repr(attempt(desk, PASSWORD))


@pytest.mark.parametrize("case", ["unknown", "wrong", "locked", "inactive", "separated"])
def test_every_refusal_is_the_same_kind_of_answer(desk: Desk, case: str) -> None:
    """Unknown, wrong, locked, inactive and separated are refused alike; only the audit tells them apart."""
    columns: dict[str, Any] = {"is_active": False} if case == "inactive" else {}
    reader_id = desk.add_reader()
    if case == "locked":
        for _ in range(CEILING):
            attempt(desk, "not the password")
    if case == "separated":
        columns = {"separated_at": desk.clock()}
    if columns:
        desk.commit(lambda c: c.execute(update(ReaderRow).where(ReaderRow.id == reader_id).values(**columns)).rowcount)
    name = "nobody" if case == "unknown" else "j.okafor"
    answer = attempt(desk, "not the password" if case == "wrong" else PASSWORD, name)
    expected = "inactive" if case == "separated" else case
    assert answer == SignInRefused(reason=expected)
    kind, actor, _, detail = desk.audit()[-1]
    assert (kind, detail["reason"]) == ("sign-in-refused", expected)
    assert actor == ("nobody" if case == "unknown" else reader_id)


def test_unknown_names_cost_a_whole_comparison(desk: Desk) -> None:
    """A password is compared for an unknown name as well, so that the time it takes tells nothing."""

    class Counting(Passwords):
        compared: list[bool] = []  # noqa: RUF012 - a test's tally

        def matches(self, encoded: str | None, password: str) -> bool:
            self.compared.append(encoded is None)
            return super().matches(encoded, password)

    passwords = Counting(desk.passwords._hasher)
    sign_in(desk.books, passwords, name="nobody", password="x" * 20, now=desk.clock())
    assert passwords.compared == [True]


def test_what_was_typed_as_a_name_is_written_nowhere(desk: Desk) -> None:
    """A password typed into the name's field by mistake does not reach the audit log."""
    attempt(desk, "whatever it was", "my secret passphrase")
    with desk.books.store.reading() as connection:
        text = " ".join(str(row) for row in connection.execute(select(AuditRow.__table__)))
    assert "secret" not in text


def test_ten_failures_lock_for_fifteen_minutes(desk: Desk) -> None:
    """After ten failures in a row even the right password is refused, until the lock is over (policy: D)."""
    desk.add_reader()
    for _ in range(CEILING):
        assert attempt(desk, "wrong one every time") == SignInRefused(reason="wrong")
    assert attempt(desk, PASSWORD) == SignInRefused(reason="locked")
    desk.clock.now += LOCK
    assert isinstance(attempt(desk, PASSWORD), SignedIn)


def test_failures_in_a_row_are_counted_not_failures_ever(desk: Desk) -> None:
    """A sign-in that works takes the count back to zero."""
    desk.add_reader()
    for _ in range(CEILING - 1):
        attempt(desk, "wrong one every time")
    assert isinstance(attempt(desk, PASSWORD), SignedIn)
    assert attempt(desk, "wrong one every time") == SignInRefused(reason="wrong")
    assert isinstance(attempt(desk, PASSWORD), SignedIn)


def test_a_session_locks_when_it_rests_for_fifteen_minutes(desk: Desk) -> None:
    """A session without use for 15 minutes is over; one that is used goes on (policy: D)."""
    desk.add_reader()
    used, rested = desk.sign_in(), desk.sign_in()
    desk.clock.now += IDLE - timedelta(minutes=1)
    touch(desk.books, used, desk.clock())
    desk.clock.now += timedelta(minutes=1)
    assert who(desk, used) is not None
    assert who(desk, rested) is None


def test_a_session_ends_after_twelve_hours_of_use(desk: Desk) -> None:
    """However busy, a session ends twelve hours after it began."""
    desk.add_reader()
    token = desk.sign_in()
    begun = desk.clock()
    while desk.clock() - begun < ABSOLUTE - timedelta(minutes=10):
        desk.clock.move(minutes=10)
        touch(desk.books, token, desk.clock())
    assert who(desk, token) is not None
    desk.clock.move(minutes=10)
    assert who(desk, token) is None


def test_reading_pages_quickly_does_not_write_each_time(desk: Desk) -> None:
    """Within a minute a session's use is written once: a page of reading costs no commit."""
    desk.add_reader()
    token = desk.sign_in()
    desk.clock.move(seconds=59)
    touch(desk.books, token, desk.clock())
    with desk.books.store.reading() as connection:
        assert connection.execute(select(SessionRow.seen_at)).scalar_one() == desk.clock() - timedelta(seconds=59)


def test_signing_out_revokes_the_session(desk: Desk) -> None:
    """After sign-out the token opens nothing, and the audit says so once (policy: C1)."""
    desk.add_reader()
    token = desk.sign_in()
    sign_out(desk.books, token, desk.clock())
    sign_out(desk.books, token, desk.clock())
    assert who(desk, token) is None
    assert desk.audit_kinds().count("sign-out") == 1


def test_separation_ends_open_sessions_at_once(desk: Desk) -> None:
    """A reader who is separated has no session from that instant on (policy: B7)."""
    reader_id = desk.add_reader()
    token = desk.sign_in()
    separated = update(ReaderRow).where(ReaderRow.id == reader_id).values(separated_at=desk.clock())
    desk.commit(lambda c: c.execute(separated).rowcount)
    assert who(desk, token) is None
    assert desk.commit(lambda c: accounts.end_sessions(c, reader_id, desk.clock())) == 1


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "x" * 65, "\ud800", "é" * 20])
def test_a_strange_token_is_nobody(desk: Desk, token: str) -> None:
    """Whatever a browser sends as a token, it is no session and no error."""
    assert who(desk, token) is None


def test_the_reader_is_whole(desk: Desk) -> None:
    """Decisions get the reader with organization, agreement, grants, clearances and dates (policy: B1, B3, C5, C8)."""
    agreement = Agreement(since=TODAY, until=TODAY + timedelta(days=200))
    add = add_organization
    desk.commit(lambda c: add(c, "board", "Workforce board", OrganizationKind.WORKFORCE_BOARD, agreement))
    grants = (grant("appeals", reviewed_on=TODAY), grant("benefit-claims", approved_by=None))
    reader_id = desk.add_reader(
        "m.field",
        name="M. Field",
        role=Role.FIELD_MANAGER,
        organization_id="board",
        site="Fall River",
        until=TODAY + timedelta(days=90),
        data_classes=frozenset({DataClass.EMPLOYMENT_SERVICE}),
        grants=grants,
    )
    found = desk.reader(reader_id)
    assert found == Reader(
        id=reader_id,
        name="M. Field",
        role=Role.FIELD_MANAGER,
        organization=OrganizationKind.WORKFORCE_BOARD,
        site="Fall River",
        started_on=TODAY - timedelta(days=400),
        form_signed_on=TODAY - timedelta(days=30),
        trained_on=TODAY - timedelta(days=30),
        agreement=agreement,
        grants=grants,
        data_classes=frozenset({DataClass.EMPLOYMENT_SERVICE}),
        until=TODAY + timedelta(days=90),
    )


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("short one", "too-short"),
        ("x" * (LONGEST + 1), "too-long"),
        ("Password 1234", "too-common"),
        ("aaaaaaaaaaaaaaa", "too-common"),
        ("123456789012", "too-common"),
        ("J.Okafor 1987", "holds-name"),
        ("harbor fog over nine boats", None),
        ("correct-horse-stapler-nine", None),
        ("пароль из четырёх слов", None),
        ("一二三四五六七八九十百千", None),
    ],
)
def test_length_counts_and_composition_does_not(password: str, fault: str | None) -> None:
    """Passwords are judged by length and a blocklist; no rule asks for capitals, digits or marks (policy: D)."""
    assert password_fault(password, ("j.okafor", "J. Okafor")) == fault


def test_a_refused_password_adds_nobody(desk: Desk) -> None:
    """A reader whose password is not taken is not added."""
    from router.roster import NewReader, add_reader

    new = NewReader(sign_in_name="x.y", name="X. Y", role=Role.AGENT, organization_id="agency")
    with pytest.raises(PasswordRefused, match="too-short"):
        add_reader(desk.books, desk.passwords, new, password="short", added_by="setup", now=desk.clock())
    assert attempt(desk, "short", "x.y") == SignInRefused(reason="unknown")


def test_two_ways_of_typing_one_password_agree() -> None:
    """Passwords are brought to one form, so that two keyboards agree on an accented letter."""
    passwords = quick_passwords()
    composed, decomposed = "cafe\u0301 au lait \u00e0 midi", "caf\u00e9 au lait a\u0300 midi"
    assert passwords.matches(passwords.encode(composed), decomposed)
    assert not passwords.matches(passwords.encode(composed), "cafe au lait a midi")
