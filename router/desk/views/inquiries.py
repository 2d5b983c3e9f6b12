"""The reading page: an inquiry opened for a purpose, or, when it is held, its facts and what can be done."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from records.values import InquiryFacts, Purpose, State
from router.clearance import SENTENCES
from router.desk.deciding import decision
from router.desk.holding import held_view, requests_of
from router.desk.needs import Rule, inquiry, needs, reader
from router.desk.panes import frame, queue_view
from router.desk.reading import reading
from router.desk.services import desk
from router.desk.session import token
from router.opening import NotOpened
from router.work.originals import GROUNDS

inquiries = Blueprint("inquiries", __name__)


@inquiries.get("/inquiries/<reference>")
@needs(Rule.CONTENT)
def read() -> Any:
    """Open an inquiry for the purpose at hand; a held one is not opened."""
    return show(inquiry())


def show(facts: InquiryFacts, *, typed: str = "", fault: str = "", status: int = 200) -> Any:
    """Show an inquiry; with what was typed and why it was not taken, where an act was refused."""
    if facts.state is State.HELD:
        return _show_held(facts, typed=typed, fault=fault), status
    purpose = _purpose(facts)
    opened = desk().services.opening.open(token(), facts.reference, purpose)
    if isinstance(opened, NotOpened):
        return _show_refused(facts, opened.reason)
    zone = desk().settings.zone_info()
    page = render_template(
        "inquiry.html",
        queue=queue_view(facts.reference),
        frame=frame(),
        facts=facts,
        reading=reading(facts, opened, purpose, zone),
        decision=decision(facts, opened),
        requests=requests_of(facts),
        grounds=tuple(GROUNDS.items()),
        typed=typed,
        fault=fault,
    )
    return page, status


def _purpose(facts: InquiryFacts) -> Purpose:
    """Give the purpose: what the reader states, else to answer one's own and to sort the rest."""
    stated = request.args.get("purpose", "")
    if stated in set(Purpose):
        return Purpose(stated)
    return Purpose.ANSWER if facts.assigned_to == reader().id else Purpose.TRIAGE


def _show_held(facts: InquiryFacts, *, typed: str, fault: str) -> str:
    return render_template(
        "held.html",
        queue=queue_view(facts.reference),
        frame=frame(),
        facts=facts,
        held=held_view(facts),
        typed=typed,
        fault=fault,
    )


def _show_refused(facts: InquiryFacts, reason: str) -> Any:
    """Say why a listed inquiry does not open: its row was shown already, so nothing is given away."""
    if reason == "session":
        return redirect(url_for("door.sign_in_page", locked="1"), code=303)
    if reason != "away" and reason not in SENTENCES:
        abort(404)
    page = render_template(
        "stopped.html",
        queue=queue_view(facts.reference),
        frame=frame(),
        facts=facts,
        is_away=reason == "away",
        sentence=SENTENCES.get(reason, ""),
    )
    return page, 503 if reason == "away" else 403
