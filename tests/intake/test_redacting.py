from typing import Any

import pytest

from intake.redacting import redacted
from intake.submission import Address, Attachment, AutoFacts, Passage, Place, Submission
from records.documents import plain
from records.values import Channel

SSN = "512-37-4096"


def body(text: str, **columns: Any) -> Submission:
    passages = (Passage(place=Place.BODY, label="message", text=text, is_shown=True), *columns.pop("more", ()))
    return Submission(subject=columns.pop("subject", "A question"), passages=passages, **columns)


def test_one_number_has_one_token_in_all_parts() -> None:
    """The same number is the same token in subject, text, name and file name, however it is separated."""
    submission = body(
        f"mine is {SSN}",
        subject="SSN 512 37 4096",
        senders=(Address(name="Ana 512374096 (SSN)", address="ana@example.org"),),
        attachments=(Attachment(name=f"letter {SSN}.txt", media_type="text/plain", size=3, is_scanned=True),),
    )
    document = redacted(submission, {}, Channel.EMAIL).document
    shown = [document.subject, document.sender_name, document.parts[0].text, document.attachments[0].name]
    assert all("[SSN 1]" in text for text in shown)
    assert "4096" not in str(plain(document))


def test_what_nobody_is_shown_is_counted_and_flagged() -> None:
    """A number in a comment or a header is in the counts, and a person is told that it was hidden."""
    hidden = Passage(place=Place.HIDDEN, label="html comment", text=f"ssn {SSN}", is_shown=False)
    found = redacted(body("Hello.", more=(hidden,)), {}, Channel.EMAIL)
    assert dict(found.counts)["US_SSN"] == 1
    assert "identifier-in-hidden-text" in found.flags


def test_a_number_shown_and_hidden_counts_once_and_is_not_flagged() -> None:
    """The raw bytes hold what the text holds; that is no finding of its own."""
    hidden = Passage(place=Place.RAW, label="raw", text=f"ssn {SSN}", is_shown=False)
    found = redacted(body(f"ssn {SSN}", more=(hidden,)), {}, Channel.EMAIL)
    assert dict(found.counts)["US_SSN"] == 1
    assert found.flags == ()


def test_numbers_of_machines_flag_nothing() -> None:
    """Message-IDs and Received lines are full of long numbers; they are no hidden identifiers of a person."""
    trace = Passage(place=Place.HEADER, label="trace", text="<512374096.2026@mx.example.org>", is_shown=False)
    assert redacted(body("Hello.", more=(trace,)), {}, Channel.EMAIL).flags == ()


@pytest.mark.parametrize("typed", ["158535155", "23 8354243", "952396850", "61.9429487"])
def test_an_identifier_in_the_telephone_field_is_masked(typed: str) -> None:
    """Nine digits where a telephone number was asked for are none."""
    form = (("message", "Please call."), ("phone", typed))
    document = redacted(body("Please call.", form=form), {}, Channel.FORM).document
    assert not any(character.isdecimal() for character in document.telephone.replace("1]", "]"))


def test_a_telephone_number_stays_for_those_who_call() -> None:
    """Staff need the number to answer."""
    form = (("message", "Please call."), ("phone", "(617) 555-0142"))
    assert redacted(body("Please call.", form=form), {}, Channel.FORM).document.telephone == "(617) 555-0142"


def test_an_address_that_holds_a_number_is_never_written_to() -> None:
    """The number would leave in the To line; the inquiry says why nobody was told."""
    contact = redacted(body("Hello."), {"sender": "claim.512374096@example.org"}, Channel.EMAIL).contact
    assert (contact.address, contact.barred) == ("", "address-holds-a-number")


def test_a_message_id_that_holds_a_number_is_not_sent_back() -> None:
    """In-Reply-To is the sender's text too."""
    auto = AutoFacts(message_id="<ssn-512-37-4096@example.org>")
    assert redacted(body("Hello.", auto=auto), {}, Channel.EMAIL).contact.message_id == ""


def test_nothing_redacted_has_a_repr() -> None:
    """What is on its way to be sealed prints as nothing."""
    submission = body("my words", senders=(Address(name="Maria", address="maria@example.org"),))
    printed = repr(redacted(submission, {"sender": "maria@example.org"}, Channel.EMAIL))
    assert "my words" not in printed
    assert "maria" not in printed.lower()


def test_an_answer_goes_to_the_sender_that_is_shown() -> None:
    """Who reads "Email to ana" answers to Ana, whatever return path the envelope named."""
    submission = body("Hello.", senders=(Address(name="Ana", address="ana@example.org"),))
    contact = redacted(submission, {"sender": "attacker@evil.example"}, Channel.EMAIL).contact
    assert (contact.address, contact.answer_to) == ("attacker@evil.example", "ana@example.org")
