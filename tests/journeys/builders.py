"""What the journeys send."""

from __future__ import annotations

from records.clock import system_clock
from sallyport.demo.forms import Filled, by_form
from sallyport.demo.mails import by_mail, words
from sallyport.demo.sample import Pen, Sample

GENERAL = "What are the opening hours of the job center in Springfield, and is there parking?"


def pen(name: str) -> Pen:
    return Pen(f"journey {name}", system_clock())


def case_mail(pen: Pen, words_before: str = "My payment is late.") -> Sample:
    text = f"{words_before} My social security number is {pen.ssn()}. Please call me about my claim."
    return by_mail(
        pen,
        title="a case",
        name="Ada Rourke",
        address="ada.rourke@example.org",
        subject="my claim",
        part=words(text),
        mailbox="claims",
    )


def general_mail(pen: Pen, text: str = GENERAL) -> Sample:
    return by_mail(
        pen, title="a question", name="", address="somebody@example.org", subject="opening hours", part=words(text)
    )


def case_form(pen: Pen) -> Sample:
    filled = Filled(message=f"my claim is on hold. ssn {pen.ssn()}", kind="own", name="Lou Baker", phone=pen.phone())
    return by_form(pen, "a case by the form", filled)


def general_form(pen: Pen) -> Sample:
    return by_form(pen, "a question by the form", Filled(message=GENERAL, kind="general", email="a@example.org"))
