"""The samples of the demonstration: enough of them, the same each time, and each number in them is taken out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest

from intake.parser_pool import ParserPool
from intake.redacting import redacted
from records.values import Channel
from redaction import DESK, Kind, scan
from sallyport.demo.folder import MAILBOXES
from sallyport.demo.sample import MAIL_DOMAIN, Pen, Sample
from sallyport.demo.samples import all_planted, samples
from sallyport.mailfiles import as_sent

MOMENT = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
WRITTEN = samples(MOMENT)
MAILS = tuple(sample for sample in WRITTEN if sample.channel is Channel.EMAIL)
FORMS = tuple(sample for sample in WRITTEN if sample.channel is Channel.FORM)
HELD = {"Sealed with OpenPGP": "encrypted", "Parts within parts, sixty deep": "too-deep"}


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def name(sample: Sample) -> str:
    return sample.title


@pytest.fixture(scope="module")
def parser() -> Iterator[ParserPool]:
    with ParserPool() as pool:
        yield pool


def test_there_are_enough_of_both_ways() -> None:
    """At least thirty-six inquiries, by mail and by the form, each with a title of its own."""
    assert len(WRITTEN) >= 36
    assert len(FORMS) >= 8
    assert len({sample.title for sample in WRITTEN}) == len(WRITTEN)
    assert {sample.language for sample in FORMS} == {"en", "es", "pt", "ht", "zh", "vi"}


def test_the_numbers_are_the_same_each_time() -> None:
    """Another moment changes the mails' dates and no number, so the table can be compared with yesterday's."""
    later = samples(MOMENT + timedelta(days=40))
    assert [sample.planted for sample in later] == [sample.planted for sample in WRITTEN]
    assert samples(MOMENT) == WRITTEN


def test_every_sample_has_numbers_of_its_own() -> None:
    """No number is planted twice: a find names one sample."""
    bare = [digits(number) for sample in WRITTEN for number in sample.planted]
    assert len(bare) == len(set(bare)) == len(all_planted(WRITTEN))
    assert len(bare) >= 70


@pytest.mark.parametrize("sample", MAILS, ids=name)
def test_a_mail_is_sent_as_it_was_written(sample: Sample) -> None:
    """A mail is whole as it stands: no line end is mended on the way, so its keyed digest finds it again."""
    assert as_sent(sample.raw) == sample.raw
    assert b"\r\n.\r\n" not in sample.raw
    assert sample.recipient.removesuffix(f"@{MAIL_DOMAIN}") in MAILBOXES


@pytest.mark.parametrize("sample", MAILS, ids=name)
def test_no_number_of_a_mail_is_left_for_a_reader(sample: Sample, parser: ParserPool) -> None:
    """What a reader is shown of a mail holds none of its identifiers; what cannot be scanned is held instead."""
    submission = parser.parse(sample.raw, may_be_form=False)
    assert submission.hold == HELD.get(sample.title)
    if submission.hold is not None:
        return
    found = redacted(submission, {"sender": sample.sender}, Channel.EMAIL)
    document, preview = found.document, found.preview
    shown = [document.subject, document.sender_name, document.sender_address, document.reply_to, preview.sender]
    shown += [preview.subject, preview.first_sentence, *(file.name for file in document.attachments)]
    shown += [part.text for part in document.parts]
    left = [number for number in identifiers(sample) if any(digits(number) in digits(text) for text in shown)]
    assert not left, "a number is left; which one is not said"


def identifiers(sample: Sample) -> tuple[str, ...]:
    """Give the planted numbers that a reader may not see; telephone numbers are what a case is answered by."""
    return tuple(number for number in sample.planted if re.fullmatch(r"\d{3}-555-01\d\d", number) is None)


@pytest.mark.parametrize(
    ("give", "label", "kind"),
    [
        (Pen.ssn, "SSN", Kind.US_SSN),
        (Pen.itin, "ITIN", Kind.US_ITIN),
        (Pen.ein, "federal EIN", Kind.US_EIN),
        (Pen.employer_account, "UI account number:", Kind.STATE_EMPLOYER_ACCOUNT),
        (Pen.claimant, "claimant ID", Kind.CLAIMANT_ID),
        (Pen.card, "card number", Kind.CREDIT_CARD),
        (Pen.routing, "routing number", Kind.ROUTING_NUMBER),
        (Pen.bank_account, "account number", Kind.BANK_ACCOUNT),
        (Pen.phone, "call me at", Kind.PHONE),
    ],
)
@pytest.mark.parametrize("seed", range(5))
def test_the_pen_writes_numbers_that_are_valid_in_form(give, label: str, kind: Kind, seed: int) -> None:
    """Each kind of number passes the checks of its kind, whatever the seed."""
    pen = Pen(f"seed {seed}", MOMENT)
    number = give(pen)
    assert [finding.kind for finding in scan(f"my {label} {number} thanks")] == [kind]
    assert pen.planted == (number,)
    assert kind in DESK.masked or kind is Kind.PHONE


def test_nothing_of_a_sample_is_in_its_repr() -> None:
    """A sample in a traceback or a failed test shows its title, and no word or number of what it says."""
    for sample in WRITTEN:
        told = repr(sample)
        assert all(number not in told and digits(number) not in told for number in sample.planted)
    silent = {each.name for each in fields(Sample) if not each.repr}
    assert {"planted", "raw", "sender", "greeting", "fields", "files"} <= silent
