"""Every act of the desk on a running program: with PostgreSQL this shows that each role's login may do its work."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from records.clock import system_clock
from records.tables import ApprovalRow
from records.values import Role
from sallyport.demo.odd import nested_too_deep
from sallyport.demo.readers import add_readers
from tests.journeys.builders import case_mail, general_mail, pen
from tests.journeys.program import Browser, Program, token_of

Staff = tuple[Browser, Browser]
# What the log says where a login lacks a right.
LACKING = ("StoreUnavailable", "42501", "Traceback", "uncaught")


def act(browser: Browser, reference: str, path: str, **fields: str) -> tuple[int, str]:
    """Post one of an inquiry's forms as its page stands now."""
    status, page = browser.get(f"/inquiries/{reference}")
    assert status == 200, page
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    form = {"form_token": token_of(page), "version": version[1], **fields}
    return browser.post(f"/inquiries/{reference}/{path}", form)


def line(running: Program, reference: str) -> dict[str, object]:
    """Give an inquiry's line of the ledger."""
    return next(line for line in running.lines() if line["reference"] == reference)


@pytest.fixture(scope="module")
def staff(running: Program) -> Staff:
    """Sign two people in who may each be the other's second person."""
    with running.stores() as stores:
        accounts = add_readers(running.settings, stores, system_clock(), (Role.SUPERVISOR, Role.PRIVACY_OFFICER))
    browsers = Browser(running.ports["desk"]), Browser(running.ports["desk"])
    for browser, account in zip(browsers, accounts, strict=True):
        browser.sign_in(account)
    return browsers


def test_a_case_is_taken_decided_and_answered(running: Program, staff: Staff) -> None:
    """Taking, giving back, deciding, undoing, calling, a letter and closing take effect, each by itself."""
    first, _ = staff
    case = running.send_and_find(case_mail(pen("acts case")))["reference"]
    for path, choice, column, after in (
        ("act/take", "", "state", "assigned"),
        ("act/give-back", "", "state", "routed"),
        ("act/take", "", "state", "assigned"),
        ("act/decide", "general", "category", "general"),
        ("act/undo", "decide-case", "category", "case"),
        ("act/call", "busy", "state", "assigned"),
        ("act/letter", "", "state", "answered"),
        ("act/close", "answered", "state", "closed"),
    ):
        act(first, case, path, choice=choice)
        assert line(running, case)[column] == after, path


def test_an_answer_is_taken_back_and_sent(running: Program, staff: Staff) -> None:
    """An answer that was taken back does not leave; the one written after it does."""
    first, _ = staff
    general = running.send_and_find(general_mail(pen("acts general")))["reference"]
    act(first, general, "act/take")
    act(first, general, "answer", text="The center opens at nine.")
    act(first, general, "act/undo", choice="take-back")
    act(first, general, "answer", text="The center opens at eight.")
    running.idle()
    assert line(running, general)["state"] == "answered"
    sent = b"".join(path.read_bytes() for path in (running.folder / "data" / "outbox").iterdir())
    assert b"opens at eight" in sent
    assert b"opens at nine" not in sent


def test_an_inquiry_is_moved_held_opened_and_released(running: Program, staff: Staff) -> None:
    """The unsealer moves it, a second person opens its original, and a redaction made by hand is routed."""
    first, second = staff
    moved = running.send_and_find(case_mail(pen("acts moved"), "Please read this."))["reference"]
    act(first, moved, "act/unit", choice="appeals")
    assert line(running, moved)["unit"] == "appeals"
    act(first, moved, "act/hold", choice="missed-identifier")
    assert line(running, moved)["state"] == "held"
    act(first, moved, "original/request", choice="missed-identifier")
    with running.stores() as stores, stores.record.reading() as connection:
        approval = connection.execute(select(ApprovalRow.id)).scalar_one()
    act(second, moved, "original/approve", choice=approval)
    status, page = act(first, moved, "original", choice=approval)
    assert status == 200, page
    assert "Please read this." in page
    act(second, moved, "release", text="Somebody asks about a claim.")
    running.idle()
    assert line(running, moved)["state"] == "routed"
    assert "Somebody asks about a claim." in first.get(f"/inquiries/{moved}")[1]


def test_what_cannot_be_read_is_tried_again_and_asked_for_anew(running: Program, staff: Staff) -> None:
    """A held mail is tried again, held again, and closed when its sender was asked by letter to send it again."""
    first, _ = staff
    odd = running.send_and_find(nested_too_deep(pen("acts odd")))["reference"]
    act(first, odd, "act/retry")
    running.idle()
    assert line(running, odd)["state"] == "held"
    act(first, odd, "act/ask-again", choice="letter")
    assert line(running, odd)["state"] == "closed"


def test_no_role_lacked_a_right(running: Program) -> None:
    """After all of this no role's log tells of a refusal by the database, the sum is even and the audit log whole."""
    told = (running.folder / "log" / "serve.log").read_text("utf-8")
    assert [said for said in LACKING if said in told] == []
    assert running.command("ledger").exit_code == 0
    assert running.command("audit", "verify").exit_code == 0
