import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from redaction import DESK, PUBLIC, Finding, Kind, Tokens, redact, scan
from redaction.bare import bare
from redaction.view import normalise
from tests.redaction.written import CLEAN, FOUND, read

PIECES = st.sampled_from(
    [
        "ssn ", "SSN: ", "ein ", "card ", "dob ", "id ", "case ", "claim.", "account ", "routing ", "call ",
        "\n", "\n> ", " ", "-", ".", ",", "\t", "219", "41", "7706", "219417706", "61-7360684", "5123-4567",
        "4111 1111 1111 1111", "05/06/1970", "857-555-0134", "two ", "nine ", "four ", "one ", "seven ",
        "zero ", "a@b.example", "<b>", "</b>", "<td>", "&#45;", "=2D", "%2D", "\u200b", "\u2011", "\u00a0",
        "٢", "[SSN 1]", "[EIN 2]", "\x00", "\ud800", "é", "社安号", "<a href='?id=219417706'>", "(", ")", "x",
        "XXX-XX-", "last four ", "Name: Ana Melo\n", "12 Oak Street, Salem, MA 01970",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    st.lists(PIECES, max_size=14).map("".join),
    st.text(alphabet=st.one_of(st.sampled_from("0123456789-. \n<>&#;=%[]()"), st.characters()), max_size=60),
)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_findings_are_places_in_the_text(text):
    """Findings are sorted, lie in the original, are not empty and do not overlap."""
    end = 0
    for finding in scan(text):
        assert end <= finding.start < finding.end <= len(text)
        assert 0 < finding.confidence <= 1
        end = finding.end


@settings(max_examples=400, deadline=None)
@given(TEXTS)
@example("5123-4567415123-4567ssn 415123-4567")
def test_no_masked_value_survives(text):
    """No long number that was masked can be read in the redacted text, however it is separated."""
    findings = scan(text)
    # A token or a letter parts two numbers for whoever reads them.
    pieces = re.split(r"\[[A-Z ]+ [0-9]+\]|[^\W\d_]+", redact(text, findings, PUBLIC).text)
    left = [digits for digits in map(bare, pieces) if digits.isdecimal()]
    for finding in findings:
        number = bare(text[finding.start : finding.end])
        if number.isdecimal() and len(number) >= 9 and finding.kind is not Kind.POSTAL_ADDRESS:
            assert not any(number in digits for digits in left)


@settings(max_examples=600, deadline=None)
@given(TEXTS)
@example("card 21941770605/06/19707706a@b.example")
def test_redacting_twice_is_redacting_once(text):
    """A redacted text redacts to itself: tokens are never found, and nothing new is seen beside them."""
    for policy in (DESK, PUBLIC):
        once = redact(text, scan(text), policy).text
        assert redact(once, scan(once), policy).text == once


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_the_map_of_offsets_holds_both_ways(text):
    """Every character of the view comes from a span of the original whose start leads back to it."""
    view = normalise(text)
    last = 0
    for index in range(len(view.text)):
        start, end = view.original(index, index + 1)
        assert 0 <= start < end <= len(text)
        if not view.sources or index < (*view.starts, len(view.text))[view.main]:
            assert start >= last
            assert view.here(start) <= index
            last = start


@pytest.mark.parametrize("text", [*CLEAN, *(read(marked).text for marked in FOUND)])
def test_what_is_not_masked_is_untouched(text):
    """Outside the masked findings the text is as it was."""
    findings = scan(text)
    redaction = redact(text, findings, DESK)
    outside, done = [], 0
    for finding in findings:
        if finding.kind in DESK.masked:
            outside.append(text[done : finding.start])
            done = finding.end
    assert all(piece in redaction.text for piece in [*outside, text[done:]])


@pytest.mark.parametrize(
    "hard",
    ["1", "1 ", "1-", "219-41-7706 ", "ssn ", "<a", "&#", "=2D", "\n> ", "a@", "one ", "(", "ssn 1, ", "\u200b1", "é "],
)
def test_hostile_repetition_is_survived(hard):
    """A long text of one thing repeated is scanned all the same."""
    text = hard * 4000
    assert redact(text, scan(text), PUBLIC, Tokens()).findings == scan(text)


def test_a_finding_outside_the_text_is_refused():
    """Findings of another text never redact this one."""
    with pytest.raises(ValueError, match="finding-outside-text"):
        redact("short", [Finding(kind=Kind.US_SSN, start=0, end=9, confidence=1.0, rule="")], DESK)
