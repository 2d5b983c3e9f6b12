import json

import pytest

from redaction import DESK, PUBLIC, SHORT_NAMES, Finding, Kind, Tokens, redact, scan
from redaction.jsonl import scan_line
from redaction.labels import TABLES
from redaction.sightings import WORDS, sightings
from redaction.view import normalise


def test_a_number_keeps_its_token_through_an_inquiry():
    """The same number has the same token in every text of an inquiry, however it is written; another has another."""
    tokens = Tokens()
    first = "SSN 219-41-7706, EIN 61-7360684"
    second = "ssn 318 55 6203 and 2 1 9 4 1 7 7 0 6 (my social)"
    assert redact(first, scan(first), DESK, tokens).text == "SSN [SSN 1], EIN [EIN 1]"
    assert redact(second, scan(second), DESK, tokens).text == "ssn [SSN 2] and [SSN 1] (my social)"
    assert tokens.counts() == ((Kind.US_SSN, 2), (Kind.US_EIN, 1))


def test_tokens_tell_nothing():
    """Tokens, redactions and findings show no value when they are printed."""
    tokens = Tokens()
    text = "SSN 219-41-7706 and my story"
    redaction = redact(text, scan(text), DESK, tokens)
    shown = f"{tokens!r} {redaction!r} {normalise(text + chr(0x2011))!r}"
    assert not any(word in shown for word in ("7706", "story", "219"))


def test_the_desk_keeps_what_is_needed_to_answer():
    """The desk's policy masks what identifies or pays; the public's masks every kind."""
    text = "Call 857-555-0134 or write to ana@example.test. SSN 219-41-7706"
    assert redact(text, scan(text), DESK).text == "Call 857-555-0134 or write to ana@example.test. SSN [SSN 1]"
    assert redact(text, scan(text), PUBLIC).text == "Call [PHONE 1] or write to [EMAIL 1]. SSN [SSN 1]"
    assert set(Kind) == PUBLIC.masked == set(SHORT_NAMES)


def test_a_number_found_once_is_masked_wherever_it_stands():
    """A number told by one label is masked where it stands without one, whoever made the findings."""
    text = "ssn 219417706; they wrote 219417706 and ticket 219-41-7706 on the letter X219417706Y"
    by_hand = (Finding(kind=Kind.US_SSN, start=4, end=13, confidence=1.0, rule="by hand"),)
    for findings in (scan(text), by_hand):
        redaction = redact(text, findings, DESK)
        assert "7706" not in redaction.text
        assert redaction.masked == ((Kind.US_SSN, 4),)


def test_a_line_of_json_is_answered_with_one():
    """Findings and redacted text come back as JSON with code-point offsets."""
    answer = json.loads(scan_line(json.dumps({"text": "é SSN 219-41-7706"}), DESK))
    assert answer["redacted"] == "é SSN [SSN 1]"
    assert [(found["kind"], found["start"], found["end"]) for found in answer["findings"]] == [("US_SSN", 6, 17)]
    assert answer["findings"][0]["rule"] == "nine digits as 3-2-4, labelled"


@pytest.mark.parametrize("line", ["219-41-7706", "[]", '{"text": 219417706}', "{"])
def test_a_bad_line_is_refused_without_quoting_it(line):
    """The error names a reason and holds nothing of the line."""
    with pytest.raises(ValueError, match=r"^not-a-text-line$"):
        scan_line(line, DESK)


@pytest.mark.parametrize(("meaning", "labels"), TABLES.items())
def test_every_label_is_sighted(meaning, labels):
    """Each label of the tables is seen before a number, as the meaning its table (or an earlier one) gives it."""
    for label in labels:
        view = normalise(f"x {label} 219417706").text
        seen = list(sightings(view))
        assert seen, (meaning, label)
        assert WORDS[seen[0].words] in TABLES


@pytest.mark.parametrize("text", ["", "no number here", "a" * 100_000, "\ud800", "\x00", "\ud83d 219-41-7706 ssn"])
def test_any_text_can_be_scanned(text):
    """Empty texts, NULs and lone surrogates are texts like others."""
    assert len(scan(text)) == text.count("219")
