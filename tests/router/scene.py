"""A desk with made-up people and inquiries on it, served over a real socket."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from cheroot.wsgi import Server
from flask import Flask

from records.values import DataClass, RedactedAttachment, RedactedInquiry, RedactedPart, Role
from router.desk import DeskServices, DeskSettings, make_desk
from router.routing import Routes, Unit
from tests.router.builders import NOW, Desk, FakeOpening, FakeSealing, a_desk, grant, reference

UNITS = (
    ("benefit-claims", "Benefit claims"),
    ("appeals", "Appeals"),
    ("employer-services", "Employer accounts"),
    ("overpayments", "Overpayments"),
    ("fraud", "Identity and fraud"),
    ("career-services", "Job centers"),
)
CASE, GENERAL, OVERDUE, LATER, HELD, ELSEWHERE = (reference(number) for number in range(1, 7))

TEXTS = {
    CASE: RedactedInquiry(
        subject="Claim denied, [SSN 1], wages from [EIN 1] missing",
        sender_name="Maria Example",
        sender_address="maria@example.org",
        reply_to="refund-desk@mail.example.org",
        telephone="617-555-0142",
        best_time="after 1 pm",
        postal_address="12 Sample Street\nBoston MA 02114",
        spoken_language="Portuguese",
        needs=("large_print",),
        stated_kind="own",
        parts=(
            RedactedPart(
                label="message",
                text="Hello,\n\nMy claim was denied on November 3 and I do not understand why. My number is [SSN 1].\n"
                "I think my employer, [EIN 1], did not report my wages.\n\nMy husband's number [SSN 2] is on the "
                "second page.\n\nThank you,\nMaria Example <b>not bold</b>",
            ),
            RedactedPart(label="quoted", kind="quoted", text="On Nov 3 you wrote:\n> Your claim [SSN 1] is denied."),
            RedactedPart(label="attachment 1", kind="attachment", text="Wage and tax statement [SSN 2] [EIN 1]"),
        ),
        attachments=(
            RedactedAttachment(name="statement.txt", media_type="text/plain", size=2048, is_scanned=True),
            RedactedAttachment(
                name="scan.pdf", media_type="application/pdf", size=48_213, is_scanned=False, reason="type-not-read"
            ),
        ),
    ),
    GENERAL: RedactedInquiry(
        subject="Are job centers open the day after Thanksgiving?",
        sender_address="lena.p@example.org",
        parts=(RedactedPart(label="message", text="Hi,\n\nAre they open, and do we need an appointment?\n\nLena P."),),
    ),
    OVERDUE: RedactedInquiry(
        subject="Overpayment letter",
        sender_name="Tuan Placeholder",
        parts=(RedactedPart(label="message", text="I got a bill for weeks I did not claim. [SSN 1]"),),
    ),
    LATER: RedactedInquiry(subject="", parts=()),
    ELSEWHERE: RedactedInquiry(subject="Nobody here may see this", parts=()),
}


@dataclass
class Scene:
    """The desk, who works at it, and what stands in for the rest."""

    desk: Desk
    opening: FakeOpening
    sealing: FakeSealing
    app: Flask
    people: dict[str, str] = field(default_factory=dict)


@contextmanager
def a_scene(folder: Path) -> Iterator[Scene]:
    """Give a desk with an agent, a colleague and two supervisors, and six inquiries."""
    with a_desk(folder) as desk:
        opening, sealing = FakeOpening(desk, dict(TEXTS)), FakeSealing()
        app = make_desk(services(desk, opening, sealing), DeskSettings())
        scene = Scene(desk, opening, sealing, app)
        both = (grant("benefit-claims"), grant("overpayments"))
        scene.people["agent"] = desk.add_reader("j.okafor", grants=both)
        scene.people["colleague"] = desk.add_reader("t.nguyen", name="T. Nguyen", grants=both)
        for name, title in (("a.silva", "A. Silva"), ("r.chen", "R. Chen")):
            scene.people[name] = desk.add_reader(name, name=title, role=Role.SUPERVISOR, grants=both)
        _fill(desk)
        yield scene


def services(desk: Desk, opening: FakeOpening, sealing: FakeSealing) -> DeskServices:
    """Give what a desk is built from."""
    units = tuple(Unit(name=n, title=t, telephone="", data_classes=frozenset(DataClass)) for n, t in UNITS)
    return DeskServices(
        books=desk.books,
        passwords=desk.passwords,
        opening=opening,
        sealing=sealing,
        routes=Routes(units=units, rules=()),
        clock=desk.clock,
    )


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve an application on a loopback port; give its address."""
    server = Server(("127.0.0.1", 0), app, numthreads=4, server_name="desk")
    server.prepare()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.bind_addr[1]}"
    finally:
        server.stop()
        thread.join(10)


def _fill(desk: Desk) -> None:
    general: dict[str, Any] = {"category": "general", "channel_allowed": "email", "data_classes": []}
    desk.add_inquiry(number=1, attachment_count=2, flags=["unscanned-attachment"], is_urgent=True)
    desk.add_inquiry(
        number=2, finding_counts={}, confidence=0.97, reasons=["asks about opening hours"], due_at=None, **general
    )
    desk.add_inquiry(number=3, unit="overpayments", due_at=NOW - timedelta(hours=2), finding_counts={"US_SSN": 1})
    desk.add_inquiry(number=4, confidence=0.4, due_at=NOW + timedelta(days=3), finding_counts={})
    held: dict[str, Any] = {"hold_reason": "encrypted", "held_from": "received", "held_at": NOW, "unit": None}
    desk.add_inquiry(number=5, state="held", category=None, channel_allowed=None, data_classes=[], **held)
    desk.add_inquiry(number=6, unit="fraud")
