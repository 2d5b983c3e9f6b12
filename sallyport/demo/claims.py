"""Samples: people who write about their own claim, by mail, in English."""

from __future__ import annotations

from dataclasses import replace

from sallyport.demo.mails import as_written, attached, by_mail, several, words
from sallyport.demo.sample import Pen, Sample, Writing


def payment_stopped(pen: Pen) -> Sample:
    """Tell of somebody whose payments stopped, and who is upset."""
    number, phone = pen.ssn(), pen.phone()
    text = f"""
Hello,

I have not been paid for three weeks now and nobody can tell me why. I certified every single Sunday, I have the
confirmation pages. My rent was due on the 1st and the landlord is not going to wait again. I have two kids.

My social security number is {number}. Please, please just look at my claim and call me: {phone}, any time, I have the
phone on me.

Denise Hartwell
Fall River
"""
    return by_mail(
        pen,
        title="Payments stopped, plain text",
        name="Denise Hartwell",
        address="d.hartwell@example.net",
        subject="three weeks without payment",
        part=words(text),
        mailbox="claims",
    )


def from_a_phone(pen: Pen) -> Sample:
    """Tell of a mail typed with one thumb: no capitals, digits with spaces."""
    number = pen.ssn().replace("-", " ")
    text = f"""
hi its me again still says pending issue on my account since sept 28. social is {number} can someone pls just tell me
what the issue is i been on hold 2 hrs yesterday and got cut off

Sent from my iPhone
"""
    return by_mail(
        pen,
        title="From a phone, number with spaces",
        name="T Okafor",
        address="tokafor88@example.net",
        subject="pending issue",
        part=words(text),
    )


def split_by_markup(pen: Pen) -> Sample:
    """Tell of HTML whose tags and entities stand inside the number."""
    first, second, third = pen.ssn().split("-")
    text = f"""
<html><head><style>p {{ margin: 0 }}</style></head><body>
<p>To whom it may concern,</p><p>I was told to send my information again because the identity check did not go
through.</p>
<p>Name: Paula Reyes-Whitfield<br>SSN: <b>{first}</b>&#8209;<span
style="color:#333">{second[0]}</span>{second[1]}&ndash;<i>{third[:2]}</i><font
size="2">{third[2:]}</font></p>
<p>I uploaded my license twice already. What else do you need from me for my
claim?</p></body></html>
"""
    plain = "To whom it may concern, please see the formatted version of my message about my claim."
    return by_mail(
        pen,
        title="HTML, tags and entities inside the number",
        name="Paula Reyes-Whitfield",
        address="paula.rw@example.org",
        subject="Identity check for my claim",
        part=several("alternative", words(plain), words(text, "html")),
    )


def soft_line_break(pen: Pen) -> Sample:
    """Tell of quoted-printable with a soft line break in the middle of the number."""
    number = pen.ssn()
    text = (
        "I am writing because my weekly benefit amount is wrong. You used only two quarters =\n"
        f"of my wages. My Social Security number is {number[:6]}=\n{number[6:]} and I worked at the mill until=\n"
        " July. I can send the pay stubs.=20\n\nThank you=2C\nGerald Pruitt"
    )
    return by_mail(
        pen,
        title="Quoted-printable, broken inside the number",
        name="Gerald Pruitt",
        address="gpruitt@example.net",
        subject="Benefit amount is wrong",
        part=as_written(text, "plain", "quoted-printable"),
    )


def in_the_subject(pen: Pen) -> Sample:
    """Tell how the number stands in the subject, where every mail program shows it."""
    number = pen.ssn()
    text = """
See above. Third email. I called on Monday and Tuesday and the message says you are too busy and hangs up. Is my claim
approved or not??? I have to tell the bank something.
"""
    return by_mail(
        pen,
        title="Number in the subject",
        name="Marcus Bell",
        address="mbell.plumbing@example.net",
        subject=f"RE: RE: claim {number} STILL NO PAYMENT",
        part=words(text),
        mailbox="claims",
    )


def in_the_display_name(pen: Pen) -> Sample:
    """Tell of a mail program set up with the number as part of the sender's name."""
    number = pen.ssn()
    text = """
I changed banks and need to update the direct deposit on my claim. The website gives an error at the last page. What
should I do?
"""
    return by_mail(
        pen,
        title="Number in the sender's name",
        name=f"Ana Lima SSN {number}",
        address="ana.lima@example.org",
        subject="direct deposit change",
        part=words(text),
    )


def hearing(pen: Pen) -> Sample:
    """Tell of an appeal whose hearing is soon."""
    number, phone, in_address = pen.ssn(), pen.phone(), pen.claimant()
    text = f"""
My hearing is on Tuesday at 9:30 by telephone and I have the wrong phone number on the notice. The right one is {phone}.

I appealed because they said I quit. I did not quit, my shift was taken away. SSN {number}. My witness can only come
until 11, is that a problem?

William Tran
"""
    sample = by_mail(
        pen,
        title="Appeal, telephone hearing",
        name="William Tran",
        address="wtran@example.org",
        subject="Hearing on Tuesday",
        part=words(text),
        mailbox="hearings",
    )
    # The transport gives another address than the mail: one that a program tagged with the claim.
    return replace(sample, sender=f"wtran+{in_address}@example.org")


def stolen_name(pen: Pen) -> Sample:
    """Tell of a claim that somebody else made in the writer's name."""
    number = pen.ssn()
    text = f"""
I am employed full time and I just got a letter saying "thank you for filing your unemployment claim". I never filed
anything! Somebody is using my name and my number ({number}). I already called the police in Worcester, report is filed.

Stop this claim immediately and tell me what else I have to do so that I don't get a tax form for money I never saw.

Judith Abernathy
"""
    return by_mail(
        pen,
        title="Claim made in a stolen name",
        name="Judith Abernathy",
        address="jabernathy@example.com",
        subject="FRAUD - I did not file this claim",
        part=words(text),
        mailbox="fraud",
    )


def in_a_file_name(pen: Pen) -> Sample:
    """Tell of a file that is named with the number, and holds another one."""
    in_name, in_text = pen.ssn(), pen.claimant()
    content = f"Form 1099-G, box 1: 6,420.00. Recipient's claimant ID: {in_text}. This is not right, I repaid half.\r\n"
    return by_mail(
        pen,
        title="Number in a file's name",
        name="Oksana Petrenko",
        address="o.petrenko@example.net",
        subject="1099-G is wrong",
        part=several(
            "mixed",
            words("The 1099-G you sent me is wrong. It is attached, please correct my record. Oksana"),
            attached(f"1099G {in_name}.txt", "text/plain", content.encode()),
        ),
    )


def photograph(pen: Pen) -> Sample:
    """Tell of a photograph of a letter: its words cannot be read by the program, and it says so."""
    number = pen.ssn()
    # The first bytes of a JPEG file, and then nothing that a picture could be made of.
    picture = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x48\x00\x48\x00\x00" + pen.noise(1500) + b"\xff\xd9"
    text = f"I took a picture of the letter you sent. Do I have to answer question 4? My SS# {number}. Carol Beaulieu"
    return by_mail(
        pen,
        title="Photograph of a letter",
        name="Carol Beaulieu",
        address="carol.b@example.org",
        subject="your letter (photo)",
        part=several("mixed", words(text), attached("IMG_2231.jpg", "image/jpeg", picture)),
    )


CLAIMS: tuple[Writing, ...] = (
    payment_stopped,
    from_a_phone,
    split_by_markup,
    soft_line_break,
    in_the_subject,
    in_the_display_name,
    hearing,
    stolen_name,
    in_a_file_name,
    photograph,
)
