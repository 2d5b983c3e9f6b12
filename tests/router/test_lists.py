"""Lists: scoped in SQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from records.inquiries import INQUIRIES, facts
from records.lifecycle import OPEN
from records.tables import ContactRow, DeliveryRow, InquiryRow, SubmissionRow, TallyRow
from records.values import OrganizationKind, Role, State
from router.clearance import Scope, list_scope
from router.lists import Tab, counts, find_listed, page, within
from tests.router.builders import NOW, Desk, a_desk, a_reader, add_inquiry, grant, reference
from tests.servers.postgres import Databases

UNITS = ["benefit-claims", "appeals", None]
MINE = Scope(units=frozenset({"benefit-claims"}), nothing=False)


@pytest.fixture
def desk(tmp_path: Path, databases: Databases) -> Iterator[Desk]:
    with a_desk(tmp_path, databases) as made:
        yield made


scopes = st.one_of(
    st.builds(
        Scope,
        units=st.frozensets(st.sampled_from(["benefit-claims", "appeals", "fraud"])),
        sees_held=st.booleans(),
        sees_unrouted=st.booleans(),
        nothing=st.booleans(),
    ),
    st.builds(
        lambda role, organization, units: list_scope(
            a_reader(role=role, organization=organization, grants=tuple(grant(unit) for unit in units)), NOW
        ),
        st.sampled_from(Role),
        st.sampled_from(OrganizationKind),
        st.lists(st.sampled_from(["benefit-claims", "appeals"]), max_size=2, unique=True),
    ),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(st.sampled_from(State), st.sampled_from(UNITS)), max_size=8), scope=scopes)
def test_the_sql_scope_is_the_same_predicate(desk: Desk, rows: list[tuple[State, str | None]], scope: Scope) -> None:
    """For any rows and any reader, the query gives exactly the inquiries that `may_list` admits (policy: A8)."""
    with desk.books.store.writing() as connection:
        for table in (ContactRow, DeliveryRow, InquiryRow, SubmissionRow, TallyRow):
            connection.execute(delete(table))
        for number, (state, unit) in enumerate(rows):
            add_inquiry(connection, number, state=state.value, unit=unit)
        everything = facts(connection, connection.execute(INQUIRIES).all())
        found = set(connection.scalars(select(InquiryRow.reference).where(within(scope))))
        assert found == {inquiry.reference for inquiry in everything if scope.admits(inquiry)}
        for inquiry in everything:
            assert find_listed(connection, scope, inquiry.reference) == (inquiry if scope.admits(inquiry) else None)
        for tab in Tab:
            assert all(scope.admits(inquiry) for inquiry in page(connection, scope, tab, "reader-1").rows)
        waiting = {State.ROUTED, State.ASSIGNED}
        counted = counts(connection, scope, "reader-1")
        assert counted[Tab.UNITS] == sum(scope.admits(each) and each.state in waiting for each in everything)
        assert counted[Tab.HELD] == sum(scope.admits(each) and each.state is State.HELD for each in everything)


def test_pages_follow_on_without_gap_or_repeat(desk: Desk) -> None:
    """Walking the pages gives every row once, soonest due first, those without a date last."""
    for number in range(23):
        due = None if number % 7 == 0 else NOW + timedelta(hours=number % 5)
        desk.add_inquiry(number=number, due_at=due)
    seen, after = [], ""
    with desk.books.store.reading() as connection:
        while True:
            found = page(connection, MINE, Tab.UNITS, "r", after, limit=4)
            seen += list(found.rows)
            after = found.next
            if not after:
                break
    assert sorted(inquiry.reference for inquiry in seen) == sorted(reference(number) for number in range(23))
    dated = [inquiry.due_at for inquiry in seen if inquiry.due_at]
    assert dated == sorted(dated)
    assert [inquiry.due_at for inquiry in seen[-4:]] == [None] * 4


def test_closed_ones_come_latest_first(desk: Desk) -> None:
    """The list of closed inquiries begins with the last one that changed, page after page."""
    for number in range(7):
        changed = NOW - timedelta(hours=number % 4)
        desk.add_inquiry(number=number, state="closed", changed_at=changed)
    with desk.books.store.reading() as connection:
        first = page(connection, MINE, Tab.CLOSED, "r", limit=4)
        second = page(connection, MINE, Tab.CLOSED, "r", first.next, limit=4)
    assert len({inquiry.reference for inquiry in (*first.rows, *second.rows)}) == 7
    assert second.next == ""


@pytest.mark.parametrize("mark", ["", "x", "-", "20261120T191000.000000Z-' or 1", "9" * 400, "\x00-1"])
def test_a_strange_mark_is_the_beginning(desk: Desk, mark: str) -> None:
    """Whatever stands in the address as a place in the list, the list begins somewhere and nothing fails."""
    desk.add_inquiry()
    with desk.books.store.reading() as connection:
        assert len(page(connection, MINE, Tab.UNITS, "r", mark).rows) == 1


def test_mine_are_those_assigned_to_me(desk: Desk) -> None:
    """The tab "Mine" shows and counts what is assigned to the reader, and nobody else's."""
    mine, theirs = desk.add_reader(), desk.add_reader("t.nguyen", name="T. Nguyen")
    desk.add_inquiry(number=1, state="assigned", assigned_to=mine)
    desk.add_inquiry(number=2, state="assigned", assigned_to=theirs)
    desk.add_inquiry(number=3, state="assigned", assigned_to=mine, unit="appeals")
    with desk.books.store.reading() as connection:
        found = page(connection, MINE, Tab.MINE, mine)
        assert [inquiry.reference for inquiry in found.rows] == [reference(1)]
        assert counts(connection, MINE, mine) == {Tab.UNITS: 2, Tab.HELD: 0, Tab.MINE: 1}


def test_every_open_state_has_a_tab() -> None:
    """No state in which work waits for a person is without a list."""
    waits_for_a_person = OPEN - {State.RECEIVED, State.ADMITTED}
    assert waits_for_a_person == {State.ROUTED, State.ASSIGNED, State.HELD}
