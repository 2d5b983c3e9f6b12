"""The plan: a case has no way to an e-mail, by type and at run time."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.values import Category, Channel, ChannelAllowed, InquiryFacts, State
from router.plan import CallPlan, Contact, EmailPlan, EmailReply, NoEmailForCase, plan

CASE = InquiryFacts(
    id="1",
    reference="INQ-K4M7-B29X",
    channel=Channel.EMAIL,
    state=State.ASSIGNED,
    received_at=datetime(2026, 11, 21, tzinfo=UTC),
    category=Category.CASE,
    channel_allowed=ChannelAllowed.PHONE_OR_MAIL,
)
GENERAL = replace(CASE, category=Category.GENERAL, channel_allowed=ChannelAllowed.EMAIL)
ALL_WAYS = Contact(has_phone=True, has_email=True, has_postal=True)
ROOT = Path(__file__).parents[2]


def test_a_general_question_may_be_answered_by_email():
    """General interest: an e-mail plan, and a reply made of it (policy: A3)."""
    planned = plan(GENERAL, ALL_WAYS)
    assert isinstance(planned, EmailPlan)
    assert EmailReply.of(planned, "We are open from 9 to 5.").text == "We are open from 9 to 5."


def test_a_case_is_answered_by_telephone_or_letter():
    """A case gets a script, checks to make before anything is said, a letter, and why there is no e-mail."""
    planned = plan(CASE, ALL_WAYS)
    assert isinstance(planned, CallPlan)
    assert planned.checks
    assert planned.script
    assert planned.letter
    assert planned.attempts_wanted == 3
    assert planned.why_no_email.startswith("No email.")


@given(
    category=st.none() | st.sampled_from(Category),
    allowed=st.none() | st.sampled_from(ChannelAllowed),
    ways=st.tuples(st.booleans(), st.booleans(), st.booleans()),
)
def test_email_takes_both_words_and_an_address(category, allowed, ways):
    """Only general, and allowed by e-mail, and with an address: whatever else is said, it is a call."""
    contact = Contact(has_phone=ways[0], has_email=ways[1], has_postal=ways[2])
    planned = plan(replace(CASE, category=category, channel_allowed=allowed), contact)
    may = category is Category.GENERAL and allowed is ChannelAllowed.EMAIL and contact.has_email
    assert isinstance(planned, EmailPlan) is may
    assert isinstance(planned, CallPlan) is not may


def test_no_email_plan_can_be_made_for_a_case():
    """The type refuses at run time too."""
    with pytest.raises(NoEmailForCase):
        EmailPlan(reference="INQ-K4M7-B29X", category=Category.CASE, channel_allowed=ChannelAllowed.EMAIL)
    with pytest.raises(NoEmailForCase):
        replace(cast("EmailPlan", plan(GENERAL, ALL_WAYS)), channel_allowed=ChannelAllowed.PHONE_OR_MAIL)


@pytest.mark.parametrize("other", [plan(CASE, ALL_WAYS), CASE, None, "general"])
def test_no_email_reply_can_be_made_of_anything_else(other):
    """A call plan, an inquiry or nothing: none becomes an e-mail."""
    with pytest.raises(NoEmailForCase):
        EmailReply.of(cast("Any", other), "text")
    with pytest.raises(NoEmailForCase):
        EmailReply(plan=cast("Any", other), text="text")


def test_the_type_checker_refuses_a_reply_to_a_call_plan(tmp_path):
    """Who writes such code hears of it before it runs."""
    source = tmp_path / "breach.py"
    source.write_text(
        "from router.plan import CallPlan, EmailReply\n"
        "def breach(planned: CallPlan) -> EmailReply:\n"
        "    return EmailReply.of(planned, 'text')\n",
    )
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), str(source)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1, run.stdout
    assert 'expected "EmailPlan"' in run.stdout


def test_the_text_of_a_reply_is_not_in_its_repr():
    """Nothing that goes to a person is shown by accident."""
    assert "open from" not in repr(EmailReply.of(cast("EmailPlan", plan(GENERAL, ALL_WAYS)), "open from 9"))
