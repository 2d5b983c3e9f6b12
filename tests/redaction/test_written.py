import pytest

from redaction import PUBLIC, redact, scan
from redaction.bare import bare
from tests.redaction.written import CLEAN, FOUND, read


@pytest.mark.parametrize("marked", FOUND)
def test_what_people_write_is_found_as_its_kind(marked):
    """Every way of writing in the table is found, as its kind, with every one of its digits, and nothing else is."""
    written = read(marked)
    found = tuple((written.text[finding.start : finding.end], finding.kind) for finding in scan(written.text))
    assert [(bare(text), kind) for text, kind in found] == [(bare(text), kind) for text, kind in written.places]


@pytest.mark.parametrize("marked", FOUND)
def test_redacting_twice_changes_nothing(marked):
    """A redacted text redacts to itself."""
    text = read(marked).text
    once = redact(text, scan(text), PUBLIC).text
    assert redact(once, scan(once), PUBLIC).text == once


@pytest.mark.parametrize("text", CLEAN)
def test_other_numbers_stay(text):
    """Numbers that are nobody's identifier are left to the reader."""
    assert scan(text) == ()


def test_the_table_is_not_small():
    """The committed set has at least sixty items, negative ones among them."""
    assert len(FOUND) >= 60
    assert len(CLEAN) >= 20
