"""Opening an original: asking, approving as the second person, and the page that shows it once."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from router.desk.chips import paragraphs
from router.desk.forms import ActForm
from router.desk.needs import Rule, inquiry, needs
from router.desk.panes import frame
from router.desk.services import desk
from router.desk.views.acts import ask_or_400, asked, back
from router.opening import OriginalText
from router.work import approve_original, request_original, show_original

originals = Blueprint("originals", __name__)


@originals.post("/inquiries/<reference>/original/request")
@needs(Rule.LISTED)
def request_act() -> Any:
    """Ask a second person to approve opening the original."""
    form = ask_or_400(ActForm())
    return back(request_original(desk().services.work(), asked(form), form.choice.data or ""))


@originals.post("/inquiries/<reference>/original/approve")
@needs(Rule.LISTED)
def approve_act() -> Any:
    """Approve a colleague's request; the use case refuses one's own."""
    form = ask_or_400(ActForm())
    return back(approve_original(desk().services.work(), asked(form), form.choice.data or ""))


@originals.post("/inquiries/<reference>/original")
@needs(Rule.SECOND_PERSON)
def show_act() -> Any:
    """Show an original on its approval, as inert text. A post, because an approval opens once."""
    form = ask_or_400(ActForm())
    opened = show_original(desk().services.work(), asked(form), form.choice.data or "")
    if not isinstance(opened, OriginalText):
        return back(opened)
    return render_template(
        "original.html",
        frame=frame(),
        reference=inquiry().reference,
        size=opened.size,
        is_cut=opened.is_cut,
        paragraphs=paragraphs(opened.text),
    )
