"""Acknowledgements: no machine is ever answered, and what a person gets holds nothing of what they wrote."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.acknowledgement import (
    ENVELOPE_SENDER,
    RULES,
    AckFacts,
    Acknowledge,
    AcknowledgementFault,
    Agency,
    Recent,
    Silent,
    answers_ours,
    compose,
    facts_from,
    may_acknowledge,
)
from router.acknowledgement_words import HELP_LINES, WORDS

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
OURS = ("desk@agency.example",)
PERSON = "someone@example.org"
AGENCY = Agency(name="Department of Employment", postal_address="100 Example Street, Boston, MA 02100")


def verdict(sender: str = PERSON, recent: Recent | None = None, **facts: Any) -> str:
    given_facts = AckFacts(**{"is_addressed_to_us": True, **facts})
    answer = may_acknowledge(sender, given_facts, OURS, recent or Recent())
    return answer.reason if isinstance(answer, Silent) else "yes"


def letter(**changes: Any) -> Any:
    arguments = {
        "reference": "INQ-K4M7-B29X",
        "agency": AGENCY,
        "language": "en",
        "message_id": "<one@example.org>",
        "from_address": "desk@agency.example",
        "to": PERSON,
        "now": NOW,
        "message_id_domain": "agency.example",
        **changes,
    }
    raw = compose(**arguments)
    return raw, email.message_from_bytes(raw, policy=email.policy.default)


def test_a_person_is_acknowledged_at_the_return_path():
    """A plain mail to our address gets one answer, to its envelope's sender and nowhere else."""
    assert may_acknowledge(PERSON, AckFacts(is_addressed_to_us=True), OURS, Recent()) == Acknowledge(PERSON)


@pytest.mark.parametrize(
    ("expected", "facts"),
    [
        ("automatic", {"auto_submitted": "auto-replied"}),
        ("automatic", {"auto_submitted": " Auto-Generated; owner-email=x"}),
        ("automatic", {"auto_submitted": "auto-notified (x)"}),
        ("yes", {"auto_submitted": "No"}),
        ("yes", {"auto_submitted": "no; x=y"}),
        ("list", {"has_list_fields": True}),
        ("bulk", {"precedence": " Bulk "}),
        ("bulk", {"precedence": "list"}),
        ("yes", {"precedence": "first-class"}),
        ("report", {"is_report": True}),
        ("suppressed", {"suppress": "DR, OOF"}),
        ("suppressed", {"suppress": "all"}),
        ("yes", {"suppress": "DR"}),
        ("loop", {"has_loop_fields": True}),
        ("reply-to-ours", {"is_reply_to_ours": True}),
        ("too-many-hops", {"received_count": 26}),
        ("yes", {"received_count": 25}),
        ("not-addressed-to-us", {"is_addressed_to_us": False}),
        ("suspicious", {"is_suspicious": True}),
        ("opted-out", {"has_opted_out": True}),
        ("same-message", {"recent": Recent(is_same_message=True)}),
        ("too-many", {"recent": Recent(to_sender=3)}),
        ("too-many", {"recent": Recent(to_domain=200)}),
        ("too-many", {"recent": Recent(to_all=20_000)}),
    ],
)
def test_each_rule_of_rfc_3834_silences_alone(expected, facts):
    """One mark of a machine, a list or a loop is enough; what is no mark silences nobody."""
    assert verdict(**facts) == expected


@pytest.mark.parametrize(
    ("expected", "sender"),
    [
        ("empty-return-path", ""),
        ("empty-return-path", "<>"),
        ("our-own-address", "Desk@Agency.example"),
        ("our-own-address", "desk+x@agency.example"),
        ("machine-address", "MAILER-DAEMON@example.org"),
        ("machine-address", "no-reply@example.org"),
        ("machine-address", "donotreply-7@example.org"),
        ("machine-address", "owner-list@example.org"),
        ("machine-address", "list-request@example.org"),
        ("machine-address", "news-bounces@example.org"),
        ("machine-address", "bounce+x=y@example.org"),
        ("unusable-address", "a@b@example.org"),
        ("unusable-address", "a b@example.org"),
        ("unusable-address", "a@example.org\r\nBcc: b@example.org"),
        ("unusable-address", "a@[127.0.0.1]"),
        ("unusable-address", "a" * 65 + "@example.org"),
        ("yes", "prvs=1234abcdef=someone@example.org"),
        ("yes", "someone+tag@example.org"),
    ],
)
def test_machines_and_broken_addresses_are_not_answered(expected, sender):
    """Bounces, robots, ourselves and what is no single address get nothing."""
    assert verdict(sender) == expected


def test_nothing_known_means_silence():
    """Without facts, or with facts of other names, no acknowledgement leaves."""
    assert may_acknowledge(PERSON, AckFacts(), OURS, Recent()) == Silent("not-addressed-to-us")
    assert facts_from({}) == AckFacts()
    assert facts_from({"is_addressed_to_us": True, "unknown": 1}) == AckFacts(is_addressed_to_us=True)


def test_every_rule_names_its_source():
    """Each reason for silence says where it comes from, and no two are one."""
    assert len({rule.reason for rule in RULES}) == len(RULES)
    assert all(rule.source for rule in RULES)


def test_two_machines_do_not_talk_for_long():
    """A robot that hides what it is, and writes anew each time, is silenced after a few."""
    said = sum(verdict(recent=Recent(to_sender=sent)) == "yes" for sent in range(1000))
    assert said <= 3


def test_our_own_acknowledgement_is_not_acknowledged():
    """What we send bears the marks that silence us, and an answer to it is known by its Message-ID."""
    _, message = letter()
    facts = {"auto_submitted": message["Auto-Submitted"], "precedence": message["Precedence"]}
    assert verdict(**facts) == "automatic"
    assert verdict(auto_submitted="", precedence=message["Precedence"]) == "bulk"
    assert verdict(suppress=message["X-Auto-Response-Suppress"]) == "suppressed"
    assert answers_ours([message["Message-ID"]])
    assert not answers_ours(["<one@example.org>"])
    assert ENVELOPE_SENDER == ""


@pytest.mark.parametrize("language", WORDS)
def test_the_acknowledgement_says_what_it_must(language):
    """Reference, channels, advice, and a line of help in each of six languages, in lines of mail."""
    raw, message = letter(language=language)
    text = message.get_content()
    assert message["Subject"].startswith("Auto: ")
    assert "INQ-K4M7-B29X" in message["Subject"]
    assert "INQ-K4M7-B29X" in text
    assert "617-555-0100" in text
    assert all(line.format(telephone="617-555-0100") in text for line in HELP_LINES.values())
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["In-Reply-To"] == message["References"] == "<one@example.org>"
    assert message["Content-Language"] == language
    assert len(WORDS) == len(HELP_LINES) == 6
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


@pytest.mark.parametrize(
    "message_id",
    [
        "",
        "one@example.org",
        "<one@example.org> <two@example.org>",
        "<one@example.org>\r\nBcc: x@example.org",
        "<on\u00e9@example.org>",
        f"<{'a' * 999}@example.org>",
        "<078-05-1120@example.org>",
        "<a.078051120.b@example.org>",
        "<04-1234567@example.org>",
    ],
)
def test_a_message_id_that_is_not_sound_is_left_out(message_id):
    """Only one plain identifier, in which no number can be an SSN or an EIN, goes back."""
    _, message = letter(message_id=message_id)
    assert message["In-Reply-To"] is None
    assert message["References"] is None
    assert message["Bcc"] is None


@given(st.text(max_size=60))
def test_no_message_id_breaks_a_field_open(message_id):
    """Whatever they wrote there, our fields are the ones we meant."""
    _, message = letter(message_id=message_id)
    known = {"Subject", "From", "To", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted", "Precedence"}
    known |= {"X-Auto-Response-Suppress", "X-Loop", "Content-Language", "Content-Type", "Content-Transfer-Encoding"}
    assert set(message.keys()) <= known | {"MIME-Version"}


@pytest.mark.parametrize(
    "changes",
    [
        {"to": "a@example.org\r\nBcc: b@example.org"},
        {"to": "a@example.org, b@example.org"},
        {"to": ""},
        {"from_address": "desk"},
        {"reference": "123-45-6789"},
        {"agency": Agency(name="A\r\nBcc: b@example.org")},
        {"message_id_domain": "a b"},
    ],
)
def test_what_could_break_a_field_is_refused(changes):
    """The last door before the wire: a reason id, and no mail."""
    with pytest.raises(AcknowledgementFault):
        letter(**changes)


def test_the_same_acknowledgement_has_the_same_message_id():
    """A mail that is sent twice after a crash can be known as one."""
    assert letter()[1]["Message-ID"] == letter(language="es")[1]["Message-ID"]


def test_an_unknown_language_is_answered_in_english():
    """The text is English, and the lines of help are in all six."""
    _, message = letter(language="km")
    assert message["Content-Language"] == "en"
    assert "we received your message" in message.get_content()
