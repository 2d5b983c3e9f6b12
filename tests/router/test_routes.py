"""Routes: the first rule wins over all recipients, the last always holds, and a file with faults is not loaded."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.values import Category, Channel, DataClass, InquiryFacts, State
from router.classification import Program, Requester
from router.routes import RouteFacts, RoutesFault, due_at, parse

DEFAULT = files("router").joinpath("routes.toml").read_text("utf-8")
UNIT = """
[[unit]]
name = "claims"
title = "Claims"
data_classes = ["unemployment_insurance"]
telephone = "617-555-0101"
"""
LAST = """
[[route]]
rule = "rest"
unit = "claims"
due_days = 2
"""


def faults(text: str) -> tuple[str, ...]:
    with pytest.raises(RoutesFault) as caught:
        parse(text)
    return caught.value.faults


def test_the_default_file_is_sound():
    """The file that comes with the program loads, with nine units at most, each reached by a route."""
    routes = parse(DEFAULT)
    assert len(routes.units) <= 9
    assert {unit.name for unit in routes.units} == {rule.unit for rule in routes.rules}
    assert routes.rules[-1].when == {}


@given(
    program=st.sampled_from(Program),
    category=st.none() | st.sampled_from(Category),
    is_urgent=st.booleans(),
    requester=st.sampled_from(Requester),
    mailboxes=st.lists(st.sampled_from(["info@example.org", "Privacy@example.org", "x"]), max_size=3).map(tuple),
)
def test_every_inquiry_has_a_route(program, category, is_urgent, requester, mailboxes):
    """Whatever an inquiry is, there is a unit for it, and one that the file declares."""
    routes = parse(DEFAULT)
    route = routes.find(
        RouteFacts(
            program=program.value,
            category=category,
            is_urgent=is_urgent,
            requester=requester.value,
            mailboxes=mailboxes,
        )
    )
    assert routes.unit(route.unit) is not None


def test_an_earlier_rule_wins_over_the_order_of_recipients():
    """Of several mailboxes, the one whose rule stands first decides, in whatever order they were written to."""
    routes = parse(DEFAULT)
    both = ("hearings@example.org", "privacy@example.org")
    routed = {routes.find(RouteFacts(mailboxes=boxes)).rule for boxes in (both, both[::-1])}
    assert routed == {"privacy-mailbox"}


def test_a_mailbox_may_be_named_in_full_or_in_part():
    """A local part means that mailbox in any domain of ours; a full address means itself only."""
    rule = '[[route]]\nrule = "m"\nwhen = { mailbox = "desk@b.example.org" }\nunit = "claims"\ndue_days = 0\n'
    routes = parse(UNIT + rule + LAST)
    assert routes.find(RouteFacts(mailboxes=("Desk@B.example.org",))).rule == "m"
    assert routes.find(RouteFacts(mailboxes=("desk@c.example.org",))).rule == "rest"
    part = parse(UNIT + rule.replace("desk@b.example.org", "desk") + LAST)
    assert part.find(RouteFacts(mailboxes=("desk@c.example.org",))).rule == "m"


def test_urgency_goes_before_everything():
    """A life at stake is routed before mailbox and program, and is due today."""
    route = parse(DEFAULT).find(
        RouteFacts(mailboxes=("privacy@x",), program="ui_claims", category=Category.CASE, is_urgent=True)
    )
    assert (route.rule, route.due_days) == ("urgent-claim", 0)
    assert route.notice


def test_a_record_is_routed_by_what_it_says():
    """`find` takes an inquiry's record as well."""
    inquiry = InquiryFacts(
        id="1",
        reference="INQ-K4M7-B29X",
        channel=Channel.EMAIL,
        state=State.ADMITTED,
        received_at=datetime(2026, 11, 21, tzinfo=UTC),
        program="appeals",
        data_classes=(DataClass.PERSONAL_DATA,),
    )
    assert parse(DEFAULT).find(inquiry).unit == "appeals"


def test_all_conditions_of_a_rule_must_hold():
    """Two conditions in a rule are both asked; of the words in one, any will do."""
    rule = '[[route]]\nrule = "r"\nunit = "claims"\ndue_days = 1\n'
    rule += 'when = { language = ["es", "pt"], category = "case", flag = "bulk" }\n'
    routes = parse(UNIT + rule + LAST)
    assert routes.find(RouteFacts(language="pt", category=Category.CASE, flags=("x", "bulk"))).rule == "r"
    assert routes.find(RouteFacts(language="pt", category=Category.CASE)).rule == "rest"


def test_every_fault_is_named_at_once_with_its_line():
    """One reading names them all; nothing is loaded."""
    text = (
        UNIT + '[[route]]\nrule = "Bad Name"\nunit = "nowhere"\ndue_days = true\nwhen = { program = "x", why = "y" }\n'
    )
    found = faults(text)
    assert len(found) == 6
    assert all(fault.startswith("line 7, route 1 (Bad Name): ") for fault in found)
    for part in ("'rule'", "'nowhere'", "'due_days'", "'x'", "'why'", "last route must always hold"):
        assert any(part in fault for fault in found), part


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "there is no route"),
        ("x = ", "not TOML"),
        ("unit = 3\n", "must be tables"),
        (UNIT + UNIT + LAST, "taken already"),
        (UNIT + LAST + LAST.replace("rest", "other"), "no rule after it is ever reached"),
        (UNIT + LAST.replace("2", "61"), "'due_days'"),
        (UNIT + LAST + "when = 3\n", "'when' must be a table"),
        (UNIT.replace('"Claims"', "7") + LAST, "'title' must be a text"),
        (UNIT + LAST + "colour = 1\n", "unknown key 'colour'"),
        (UNIT + LAST + "when = { mailbox = [] }\n", "'mailbox' must be a word"),
        (UNIT + LAST.replace("rest", "w") + 'when = { data_class = "wage_record" }\n' + LAST, "does not handle"),
    ],
)
def test_a_faulty_file_is_refused(text, part):
    """Each kind of fault is found by itself."""
    assert any(part in fault for fault in faults(text)), faults(text)


@given(st.text(max_size=200) | st.just(DEFAULT).flatmap(lambda text: st.integers(0, 4000).map(lambda cut: text[:cut])))
def test_any_text_loads_whole_or_not_at_all(text):
    """A text is either a whole table or `RoutesFault`; nothing else is raised."""
    try:
        routes = parse(text)
    except RoutesFault:
        return
    assert routes.find(RouteFacts()).unit


@pytest.mark.parametrize(
    ("day", "business_days", "due"),
    [(20, 0, 20), (20, 1, 23), (20, 5, 27), (21, 0, 23), (21, 1, 23), (22, 2, 24), (19, 2, 23)],
)
def test_weekends_are_no_business_days(day, business_days, due):
    """From Friday the 20th of November 2026 one business day on is Monday; what comes on a weekend begins then."""
    assert due_at(datetime(2026, 11, day, 9, 30, tzinfo=UTC), business_days) == datetime(
        2026, 11, due, 9, 30, tzinfo=UTC
    )
