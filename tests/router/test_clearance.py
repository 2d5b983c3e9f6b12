"""Clearance: each condition alone refuses; Granted implies them all; a list shows what the scope admits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.values import (
    FORBIDDEN_PURPOSES,
    Agreement,
    Category,
    Channel,
    DataClass,
    Grant,
    InquiryFacts,
    OrganizationKind,
    Purpose,
    Reader,
    Role,
    State,
)
from router.clearance import (
    SENTENCES,
    Granted,
    Refused,
    list_scope,
    may_list,
    may_second,
    need_to_know,
    needed_classes,
)
from router.permitted_uses import OUTSIDE_BODIES, PERMITTED, is_permitted
from router.standing import site_unit

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
TODAY = NOW.date()
LAST_MONTH = TODAY - timedelta(days=30)
LONG_AGO = TODAY - timedelta(days=366)
UNIT = "benefit-claims"
IN_FORCE = Agreement(since=LONG_AGO, until=TODAY + timedelta(days=300))


def grant(unit: str = UNIT, approved_by: str | None = "boss", reviewed_on: date | None = LAST_MONTH) -> Grant:
    return Grant(unit=unit, approved_by=approved_by, approved_on=LAST_MONTH, reviewed_on=reviewed_on)


READER = Reader(
    id="reader",
    name="Jo Clerk",
    role=Role.AGENT,
    organization=OrganizationKind.AGENCY,
    started_on=LONG_AGO,
    form_signed_on=LAST_MONTH,
    trained_on=LAST_MONTH,
    grants=(grant(),),
    data_classes=frozenset(DataClass),
)
INQUIRY = InquiryFacts(
    id="one",
    reference="INQ-K4M7-B29X",
    channel=Channel.EMAIL,
    state=State.ROUTED,
    received_at=NOW,
    category=Category.CASE,
    data_classes=(DataClass.UNEMPLOYMENT_INSURANCE, DataClass.PERSONAL_DATA),
    unit=UNIT,
)
SUPERVISOR = replace(READER, id="second", role=Role.SUPERVISOR)


def reason(reader: Reader = READER, inquiry: InquiryFacts = INQUIRY, purpose: Purpose | None = Purpose.ANSWER) -> str:
    verdict = need_to_know(reader, inquiry, purpose, NOW)
    return verdict.reason if isinstance(verdict, Refused) else "granted"


READERS_REFUSED = {
    "inactive": replace(READER, is_active=False),
    "separated": replace(READER, separated_at=NOW),
    "time-over": replace(READER, until=TODAY - timedelta(days=1)),
    "form-not-signed": replace(READER, form_signed_on=LONG_AGO),
    "training-not-current": replace(READER, trained_on=LONG_AGO),
    "no-agreement": replace(READER, organization=OrganizationKind.CAREER_CENTER),
    "no-grant": replace(READER, grants=(grant("appeals"),)),
    "grant-not-approved": replace(READER, grants=(grant(approved_by="reader"),)),
    "grant-not-reviewed": replace(READER, grants=(grant(reviewed_on=LONG_AGO),)),
    "not-cleared": replace(READER, data_classes=frozenset({DataClass.PERSONAL_DATA})),
    "other-site": replace(READER, role=Role.FIELD_MANAGER, site="Lowell"),
    "role-opens-nothing": replace(READER, role=Role.ADMINISTRATOR),
    "no-time-limit": replace(READER, organization=OrganizationKind.CONTRACTOR, agreement=IN_FORCE),
    "use-not-permitted": replace(READER, organization=OrganizationKind.WORKFORCE_BOARD, agreement=IN_FORCE),
}


def test_a_reader_in_good_standing_opens_an_inquiry_of_their_unit():
    """With every condition met, the answer is yes, and names who and what."""
    assert need_to_know(READER, INQUIRY, Purpose.ANSWER, NOW) == Granted("reader", "INQ-K4M7-B29X")


@pytest.mark.parametrize("expected", READERS_REFUSED)
def test_each_condition_on_a_reader_refuses_alone(expected):
    """One condition that is not met is enough, and the reason says which (policy: A8, B2, B4, B6, B7, B8, C5)."""
    assert reason(READERS_REFUSED[expected]) == expected


@pytest.mark.parametrize(
    ("expected", "inquiry"),
    [
        ("conflict", replace(INQUIRY, conflicted_readers=frozenset({"reader"}))),
        ("destroyed", replace(INQUIRY, state=State.DESTROYED)),
        ("not-routed", replace(INQUIRY, state=State.ADMITTED)),
        ("not-routed", replace(INQUIRY, state=State.RECEIVED)),
        ("held", replace(INQUIRY, state=State.HELD)),
        ("no-grant", replace(INQUIRY, unit=None)),
    ],
)
def test_each_condition_on_an_inquiry_refuses_alone(expected, inquiry):
    """An inquiry that is one's own, held, destroyed, or in no unit is not opened."""
    assert reason(inquiry=inquiry) == expected


@pytest.mark.parametrize("purpose", sorted(FORBIDDEN_PURPOSES))
def test_forbidden_purposes_are_refused_to_everybody(purpose):
    """Marketing, private placement, relatives and layoff lists are never a purpose (policy: B2)."""
    assert {reason(replace(READER, role=role), purpose=purpose) for role in (Role.AGENT, Role.SUPERVISOR)} == {
        "forbidden-purpose",
    }


def test_nothing_to_check_means_no():
    """A reader of whom nothing is on record opens nothing, and without a purpose nobody does."""
    blank = Reader(id="x", name="x", role=Role.AGENT, organization=OrganizationKind.AGENCY)
    assert reason(blank) == "form-not-signed"
    assert reason(purpose=None) == "no-purpose"
    assert reason(replace(READER, grants=())) == "no-grant"
    assert reason(replace(READER, grants=(grant(approved_by=None),))) == "grant-not-approved"
    assert reason(replace(READER, grants=(grant(reviewed_on=None),))) == "grant-not-reviewed"
    assert reason(replace(READER, data_classes=frozenset()), replace(INQUIRY, data_classes=())) == "not-cleared"
    assert reason(replace(READER, trained_on=None)) == "training-not-current"


def test_an_unclassified_inquiry_takes_clearance_for_everything():
    """Where nobody has said what it holds, it may hold everything; a general one still names who wrote."""
    assert needed_classes(replace(INQUIRY, category=None, data_classes=())) == frozenset(DataClass)
    general = replace(INQUIRY, category=Category.GENERAL, data_classes=())
    assert needed_classes(general) == {DataClass.PERSONAL_DATA}
    assert reason(inquiry=general) == "granted"


@pytest.mark.parametrize(("days", "expected"), [(0, "granted"), (14, "granted"), (15, "form-not-signed")])
def test_new_staff_have_fourteen_days_to_sign(days, expected):
    """A form that was never signed is waited for until the fourteenth day after the start (policy: B4)."""
    new = replace(READER, form_signed_on=None, started_on=TODAY - timedelta(days=days))
    assert reason(new) == expected


@pytest.mark.parametrize(("days", "expected"), [(364, "granted"), (365, "form-not-signed"), (-1, "form-not-signed")])
def test_a_signed_form_holds_for_a_year(days, expected):
    """The form ends on the day, and one signed tomorrow is not signed (policy: B4)."""
    assert reason(replace(READER, form_signed_on=TODAY - timedelta(days=days))) == expected


@pytest.mark.parametrize("organization", sorted(OUTSIDE_BODIES))
def test_outside_bodies_need_an_agreement_in_force(organization):
    """Without one, before it begins, and after it has ended, nothing is opened (policy: C5)."""
    outside = replace(READER, organization=organization, until=TODAY)
    over = Agreement(since=LONG_AGO, until=TODAY - timedelta(days=1))
    ahead = Agreement(since=TODAY + timedelta(days=1), until=TODAY + timedelta(days=2))
    assert {reason(replace(outside, agreement=agreement)) for agreement in (None, over, ahead)} == {"no-agreement"}


@pytest.mark.parametrize("purpose", sorted(Purpose))
def test_a_workforce_board_never_gets_claims_information(purpose):
    """Whatever the purpose, the role and the agreement: claims information stays inside (policy: B2)."""
    assert not is_permitted(OrganizationKind.WORKFORCE_BOARD, DataClass.UNEMPLOYMENT_INSURANCE, purpose)


def test_the_table_of_permitted_uses_is_whole():
    """Every kind of organization and every class is decided, and no forbidden purpose is in the table."""
    assert set(PERMITTED) == set(OrganizationKind)
    assert all(set(uses) == set(DataClass) for uses in PERMITTED.values())
    assert all(not (purposes & FORBIDDEN_PURPOSES) for uses in PERMITTED.values() for purposes in uses.values())


def test_a_field_manager_reads_their_own_site():
    """The unit of the site, with its grant, and no other (policy: B5)."""
    manager = replace(READER, role=Role.FIELD_MANAGER, site="Fall River", grants=(grant("site-fall-river"),))
    own = replace(INQUIRY, unit=site_unit("Fall River"))
    assert reason(manager, own) == "granted"
    assert reason(replace(manager, site=""), own) == "other-site"


def test_a_held_inquiry_opens_with_a_second_person_only():
    """Held shows metadata; its original takes a watching role and somebody else's approval."""
    held = replace(INQUIRY, state=State.HELD, unit=None)
    first = replace(READER, role=Role.SUPERVISOR)
    assert reason(first, held) == "held"
    assert isinstance(need_to_know(first, held, Purpose.VERIFY, NOW, second_person="second"), Granted)
    assert need_to_know(first, held, Purpose.VERIFY, NOW, second_person="reader") == Refused("same-person")
    assert need_to_know(READER, held, Purpose.VERIFY, NOW, second_person="second") == Refused("held")


def test_the_second_person_is_somebody_else_and_cleared_themselves():
    """A supervisor, privacy officer or security director with the same need to know; never the same person."""
    assert may_second(SUPERVISOR, READER, INQUIRY, NOW) == Granted("second", INQUIRY.reference)
    assert may_second(replace(SUPERVISOR, id="reader"), READER, INQUIRY, NOW) == Refused("same-person")
    assert may_second(replace(READER, id="peer"), READER, INQUIRY, NOW) == Refused("may-not-second")
    assert may_second(replace(SUPERVISOR, trained_on=None), READER, INQUIRY, NOW) == Refused("training-not-current")
    conflicted = replace(INQUIRY, conflicted_readers=frozenset({"second"}))
    assert may_second(SUPERVISOR, READER, conflicted, NOW) == Refused("conflict")


def test_lists_show_held_ones_to_those_who_watch():
    """Supervisors and privacy officers see that something is held or unrouted; an agent sees their units."""
    held, unrouted = replace(INQUIRY, state=State.HELD), replace(INQUIRY, state=State.ADMITTED, unit=None)
    assert may_list(READER, INQUIRY, NOW)
    assert not may_list(READER, held, NOW)
    assert not may_list(READER, unrouted, NOW)
    for role in (Role.SUPERVISOR, Role.PRIVACY_OFFICER):
        assert may_list(replace(READER, role=role), held, NOW)
        assert may_list(replace(READER, role=role), unrouted, NOW)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_auditor_and_administrator_see_no_inquiry(role):
    """They list nothing and open nothing, whatever they were granted."""
    other = replace(READER, role=role, until=TODAY)
    assert list_scope(other, NOW).nothing
    assert reason(other) == "role-opens-nothing"


def test_every_reason_has_a_sentence():
    """No refusal is without words for the reader."""
    assert set(READERS_REFUSED) < set(SENTENCES)
    assert all(Refused(name).sentence == sentence for name, sentence in SENTENCES.items())


days = st.none() | st.integers(-400, 30).map(lambda distance: TODAY + timedelta(days=distance))
grants = st.builds(
    Grant,
    unit=st.sampled_from([UNIT, "appeals", "site-lowell"]),
    approved_by=st.sampled_from([None, "boss", "reader"]),
    approved_on=days,
    reviewed_on=days,
)
readers = st.builds(
    Reader,
    id=st.just("reader"),
    name=st.just("Jo"),
    role=st.sampled_from(Role),
    organization=st.sampled_from(OrganizationKind),
    site=st.sampled_from(["", "Lowell"]),
    is_active=st.booleans(),
    started_on=days,
    separated_at=st.none() | st.sampled_from([NOW - timedelta(hours=1), NOW + timedelta(hours=1)]),
    form_signed_on=days,
    trained_on=days,
    agreement=st.none() | st.just(IN_FORCE),
    grants=st.lists(grants, max_size=3).map(tuple),
    data_classes=st.frozensets(st.sampled_from(DataClass)),
    until=days,
)
good_readers = st.builds(
    lambda reader, role, classes, organization: replace(
        reader, role=role, data_classes=classes, organization=organization
    ),
    st.just(replace(READER, agreement=IN_FORCE, until=TODAY, grants=(grant(), grant("site-lowell")), site="Lowell")),
    st.sampled_from(Role),
    st.frozensets(st.sampled_from(DataClass)),
    st.sampled_from(OrganizationKind),
)
inquiries = st.builds(
    InquiryFacts,
    id=st.just("one"),
    reference=st.just("INQ-K4M7-B29X"),
    channel=st.just(Channel.EMAIL),
    state=st.sampled_from(State),
    received_at=st.just(NOW),
    category=st.sampled_from([None, *Category]),
    data_classes=st.lists(st.sampled_from(DataClass), unique=True).map(tuple),
    unit=st.sampled_from([None, UNIT, "appeals", "site-lowell"]),
    conflicted_readers=st.sampled_from([frozenset(), frozenset({"reader"})]),
)


@given(
    reader=readers | good_readers,
    inquiry=inquiries,
    purpose=st.none() | st.sampled_from(Purpose),
    second=st.none() | st.sampled_from(["second", "reader"]),
)
def test_granted_implies_every_condition(reader, inquiry, purpose, second):
    """Over readers, inquiries and purposes: yes means that every single condition holds, told here anew."""
    if isinstance(need_to_know(reader, inquiry, purpose, NOW, second), Refused):
        return
    year_ago = TODAY - timedelta(days=365)
    assert reader.is_active
    assert reader.separated_at is None or reader.separated_at > NOW
    assert reader.role not in {Role.AUDITOR, Role.ADMINISTRATOR}
    signed = reader.form_signed_on
    assert (year_ago < signed <= TODAY) if signed else (reader.started_on >= TODAY - timedelta(days=14))
    assert year_ago < reader.trained_on <= TODAY
    assert reader.until is None or reader.until >= TODAY
    assert reader.organization is OrganizationKind.AGENCY or reader.agreement is not None
    assert purpose is not None
    assert purpose not in FORBIDDEN_PURPOSES
    assert reader.id not in inquiry.conflicted_readers
    assert second != reader.id
    assert inquiry.state not in {State.RECEIVED, State.ADMITTED, State.DESTROYED}
    assert inquiry.state is not State.HELD or second is not None
    assert any(
        owned.unit == (inquiry.unit or owned.unit)
        and owned.approved_by not in {None, reader.id}
        and owned.reviewed_on is not None
        and owned.reviewed_on > year_ago
        for owned in reader.grants
    )
    assert set(inquiry.data_classes) <= reader.data_classes
    assert reader.data_classes
    assert all(is_permitted(reader.organization, kind, purpose) for kind in inquiry.data_classes)
    assert may_list(reader, inquiry, NOW), "what may be opened may be listed"


@given(reader=readers | good_readers, inquiry=inquiries)
def test_a_list_shows_what_the_scope_admits(reader, inquiry):
    """The scope is the whole of `may_list`: its plain values alone, as a query has them, give the same answer."""
    scope = list_scope(reader, NOW)
    as_query = (
        not scope.nothing
        and inquiry.state is not State.DESTROYED
        and (
            (inquiry.state is State.HELD and scope.sees_held)
            or (inquiry.state is not State.HELD and inquiry.unit is None and scope.sees_unrouted)
            or (inquiry.state is not State.HELD and inquiry.unit in scope.units)
        )
    )
    assert may_list(reader, inquiry, NOW) == as_query
