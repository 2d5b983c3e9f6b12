"""A desk with made-up people and inquiries on it, served over a real socket."""

from __future__ import annotations

import contextlib
import functools
import re
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from cheroot.wsgi import Server
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Table, select
from werkzeug.test import TestResponse

from records.store import Store
from records.tables import Base, ReaderRow
from records.values import DataClass, RedactedAttachment, RedactedInquiry, RedactedPart, Role
from router import work
from router.desk import DeskServices, DeskSettings, make_desk
from router.plan import Contact
from router.routing import Routes, Unit
from router.work import Asked, Done, Work
from tests.router.builders import NOW, Desk, a_desk, grant, reference
from tests.router.fakes import FakeOpening, FakeSealing
from tests.servers.postgres import Databases

COOKIE = "sallyport-desk"
REACHABLE = Contact(has_phone=True, has_email=True, has_postal=True)
PEOPLE = {"j.okafor": "agent", "t.nguyen": "colleague"}
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
def a_scene(folder: Path, databases: Databases | None = None) -> Iterator[Scene]:
    """Give a desk with an agent, a colleague and two supervisors, and six inquiries."""
    if databases is None or databases.login is None:
        for name, content in _filled().items():
            (folder / name).write_bytes(content)
    else:
        _write_rows(databases)
    with a_desk(folder, databases) as desk:
        opening, sealing = FakeOpening(desk, dict(TEXTS)), FakeSealing()
        app = make_desk(services(desk, opening, sealing), DeskSettings())
        with desk.books.store.reading() as connection:
            names = connection.execute(select(ReaderRow.sign_in_name, ReaderRow.id))
            people = {PEOPLE.get(name, name): reader_id for name, reader_id in names}
        yield Scene(desk, opening, sealing, app, people)


@functools.cache
def _filled() -> dict[str, bytes]:
    """Fill a record once; each scene begins with a copy of its files."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with a_desk(folder) as desk:
            both = (grant("benefit-claims"), grant("overpayments"))
            desk.add_reader("j.okafor", grants=both)
            desk.add_reader("t.nguyen", name="T. Nguyen", grants=both)
            for sign_in_name, title in (("a.silva", "A. Silva"), ("r.chen", "R. Chen")):
                desk.add_reader(sign_in_name, name=title, role=Role.SUPERVISOR, grants=both)
            _fill(desk)
            desk.stores.record.wipe_deleted()
            desk.stores.keys.wipe_deleted()
        return {file.name: file.read_bytes() for file in folder.glob("*.db")}


def _write_rows(databases: Databases) -> None:
    """Bring the filled record's rows into other databases."""
    with contextlib.closing(databases.stores()) as stores, stores.record.writing() as connection:
        for table, found in _filled_rows().items():
            connection.execute(table.insert(), found)


@functools.cache
def _filled_rows() -> dict[Table, list[dict[str, Any]]]:
    """Read the filled record's rows, in an order in which they can be written."""
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "sallyport.db").write_bytes(_filled()["sallyport.db"])
        store = Store.at(f"sqlite:///{name}/sallyport.db")
        with contextlib.closing(store), store.reading() as connection:
            found = {table: connection.execute(table.select()).mappings() for table in Base.metadata.sorted_tables}
            return {table: rows for table, each in found.items() if (rows := [dict(row) for row in each])}


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


def client(scene: Scene, name: str = "") -> FlaskClient:
    made = scene.app.test_client()
    if name:
        made.set_cookie(COOKIE, scene.desk.sign_in(name))
    return made


def form_of(page: TestResponse) -> dict[str, str]:
    """Give the hidden fields that every form of a page carries."""
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))
    return {name: found[name] for name in ("form_token", "version") if name in found}


def post(who: FlaskClient, reference: str, act: str, **fields: str) -> TestResponse:
    hidden = form_of(who.get(f"/inquiries/{reference}"))
    return who.post(f"/inquiries/{reference}/{act}", data=hidden | fields, follow_redirects=True)


def works(scene: Scene) -> Work:
    return services(scene.desk, scene.opening, scene.sealing).work()


def asked(scene: Scene, reference: str, who: str = "agent", **changes: Any) -> Asked:
    names = {"agent": "j.okafor", "colleague": "t.nguyen"}
    made = Asked(
        reader=scene.desk.reader(scene.people[who]),
        session=scene.desk.sign_in(names.get(who, who)),
        reference=reference,
        version=scene.desk.find(reference).version,
        now=scene.desk.clock(),
    )
    return replace(made, **changes)


def rows(scene: Scene, table: Any) -> list[Any]:
    with scene.desk.books.store.reading() as connection:
        return list(connection.execute(select(table.__table__)))


def taken(scene: Scene, reference: str, who: str = "agent") -> None:
    assert isinstance(work.take(works(scene), asked(scene, reference, who)), Done)


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
