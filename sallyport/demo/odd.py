"""Samples: robots, advertisements, and mails that have to wait for a person."""

from __future__ import annotations

import base64
from dataclasses import replace

from sallyport.demo.mails import Part, by_mail, forwarded, raw_mail, several, words
from sallyport.demo.sample import Pen, Sample, Writing

TOO_DEEP = 60  # Parts within parts; no mail program makes so many, and the parser stops before.


def advertisement(pen: Pen) -> Sample:
    """Tell of an advertisement that nobody asked for."""
    text = """
Dear website owner, we checked your site and it is NOT on page 1 of the search results! Our SEO experts guarantee
top ranking in 30 days, backlinks from 500 domains, special price only this week $199.
Reply YES to get a free audit. To stop
these messages click unsubscribe.
"""
    return by_mail(
        pen,
        title="An advertisement",
        name="Ranking Rocket",
        address="offers@ranking-rocket.example",
        subject="Your website can rank #1 - guaranteed",
        part=words(text),
    )


def bounce(pen: Pen) -> Sample:
    """Tell of a bounce that carries the mail it is about. Nobody may answer it, least of all a program."""
    number = pen.ssn()
    original = raw_mail(
        pen,
        name="Peter Lang",
        address="plang@example.org",
        to="clams@example.test",
        subject="my claim",
        part=words(f"my social is {number}, please call me about my claim"),
    )
    notice = words("The mail below could not be delivered to <clams@example.test>: no such mailbox.")
    status = Part(
        head=("Content-Type: message/delivery-status",),
        body=b"Reporting-MTA: dns; mail.example.org\r\n\r\nFinal-Recipient: rfc822; clams@example.test\r\n"
        b"Action: failed\r\nStatus: 5.1.1\r\n",
    )
    part = several("report; report-type=delivery-status", notice, status, forwarded(original))
    sample = by_mail(
        pen, title="A bounce", name="", address="", subject="Undelivered mail returned to sender", part=part
    )
    return replace(sample, greeting="mail.example.org")


def out_of_office(pen: Pen) -> Sample:
    """Tell of an absence notice."""
    return by_mail(
        pen,
        title="An absence notice",
        name="Joan Pelletier",
        address="jpelletier@example.com",
        subject="Automatic reply: out of office",
        part=words("I am out of the office until December 1. For urgent matters please call the front desk."),
        headers=("Auto-Submitted: auto-replied", "Precedence: bulk", "X-Auto-Response-Suppress: All"),
    )


def sealed_by_sender(pen: Pen) -> Sample:
    """Tell of a mail that its sender sealed with OpenPGP: its words cannot be checked, so it waits for a person."""
    number = pen.ssn()
    # A public-key session key packet and a protected data packet (RFC 9580 sections 5.1, 5.13) of meaningless bytes.
    packets = b"\xc1\x5e\x03" + pen.noise(93) + b"\xd2\xc0\x3d\x01" + pen.noise(252)
    armor = base64.encodebytes(packets).decode().strip().replace("\n", "\r\n")
    control = Part(head=("Content-Type: application/pgp-encrypted",), body=b"Version: 1\r\n")
    data = Part(
        head=('Content-Type: application/octet-stream; name="msg.asc"',),
        body=f"-----BEGIN PGP MESSAGE-----\r\n\r\n{armor}\r\n-----END PGP MESSAGE-----\r\n".encode(),
    )
    return by_mail(
        pen,
        title="Sealed with OpenPGP",
        name="Viktor Ahlgren",
        address="viktor@example.net",
        subject=f"confidential, {number}",
        part=several('encrypted; protocol="application/pgp-encrypted"', control, data),
    )


def nested_too_deep(pen: Pen) -> Sample:
    """Tell of parts within parts within parts: built to break programs, and it holds a number at its bottom."""
    part = words(f"SSN {pen.ssn()}")
    for _ in range(TOO_DEEP):
        part = several("mixed", part)
    return by_mail(
        pen,
        title="Parts within parts, sixty deep",
        name="",
        address="x@example.net",
        subject="please read",
        part=part,
    )


def between_the_parts(pen: Pen) -> Sample:
    """Tell how the number stands where no mail program shows it: before the first part, and in a comment."""
    before, comment = pen.ssn(), pen.ssn()
    part = several(
        "alternative",
        words("How do I change my PIN? The page says call, the call says page. - Greg N."),
        words(f"<p>How do I change my PIN?</p><!-- draft: claimant {comment} --><p>- Greg N.</p>", "html"),
        note=f"This is a message with several parts. ssn={before}\r\n".encode(),
    )
    return by_mail(
        pen,
        title="Number where nobody looks",
        name="Greg N.",
        address="gregn@example.com",
        subject="PIN",
        part=part,
        headers=("X-Priority: 1",),
    )


ODD: tuple[Writing, ...] = (
    advertisement,
    bounce,
    out_of_office,
    sealed_by_sender,
    nested_too_deep,
    between_the_parts,
)
