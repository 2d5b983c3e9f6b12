"""What a reader does to an inquiry: each view checks its form, calls one use case, and goes back to a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, abort, redirect, request, url_for

from records.values import Purpose
from router import work
from router.desk import words
from router.desk.deciding import contact_of
from router.desk.forms import ActForm, TextForm, TokenForm
from router.desk.needs import Rule, inquiry, needs, reader
from router.desk.services import desk
from router.desk.session import token
from router.desk.views.inquiries import show
from router.opening import NotOpened
from router.work import Asked, Done, NotDone, Work

acts = Blueprint("acts", __name__)
Form = TypeVar("Form", bound=TokenForm)

# After these the inquiry is not this reader's to look at any more, or there is nothing left to do: on to the next.
LEAVES = frozenset(
    {"sent-to-unit", "held", "closed", "asked-again", "released", "retried", "letter-sent", "called-reached"}
)

# The acts that take one choice from a table.
CHOICES: dict[str, Callable[[Work, Asked, str], Done | NotDone]] = {
    "decide": work.decide,
    "unit": work.send_to_unit,
    "hold": work.hold,
    "close": work.close,
    "call": work.record_call,
    "ask-again": work.ask_to_send_again,
    "undo": work.undo,
}
# The acts that take nothing.
PLAIN: dict[str, Callable[[Work, Asked], Done | NotDone]] = {
    "take": work.take,
    "give-back": work.give_back,
    "letter": work.letter_sent,
    "retry": work.retry_held,
}


@acts.post("/inquiries/<reference>/act/<name>")
@needs(Rule.LISTED)
def act(name: str) -> Any:
    """Do one of the acts that take a choice or nothing."""
    form = ask_or_400(ActForm())
    if name in PLAIN:
        return back(PLAIN[name](desk().services.work(), asked(form)))
    if name in CHOICES:
        return back(CHOICES[name](desk().services.work(), asked(form), form.choice.data or ""))
    return abort(404)


@acts.post("/inquiries/<reference>/answer")
@needs(Rule.LISTED)
def answer() -> Any:
    """Send an e-mail answer; a refused one is shown again with its text kept."""
    form = ask_or_400(TextForm())
    opened = desk().services.opening.open(token(), inquiry().reference, Purpose.ANSWER)
    if isinstance(opened, NotOpened):
        return _again(NotDone(reason=opened.reason), form.text.data)
    done = work.email_reply(desk().services.work(), asked(form), contact_of(opened), form.text.data)
    return _again(done, form.text.data) if isinstance(done, NotDone) else back(done)


@acts.post("/inquiries/<reference>/release")
@needs(Rule.LISTED)
def release() -> Any:
    """Release a held inquiry with a text typed by hand."""
    form = ask_or_400(TextForm())
    done = work.release_held(desk().services.work(), asked(form), form.text.data)
    return _again(done, form.text.data) if isinstance(done, NotDone) else back(done)


def ask_or_400(form: Form) -> Form:
    """Give a form that holds what it must, or refuse it."""
    if not form.validate():
        abort(400)
    return form


def asked(form: ActForm) -> Asked:
    """Give who asks, about what, having seen which version."""
    return Asked(
        reader=reader(),
        session=token(),
        reference=inquiry().reference,
        version=form.version.data,
        now=desk().services.clock(),
    )


def back(done: Done | NotDone) -> Any:
    """Go to the page that shows what has become of it. Addresses carry ids from our tables and nothing else."""
    tab = request.args.get("tab") or None
    if isinstance(done, NotDone):
        if done.reason == "not-there":
            abort(404)
        reason = done.reason if done.reason in words.NOT_DONE else "not-allowed"
        return redirect(url_for("inquiries.read", reference=inquiry().reference, refused=reason, tab=tab), code=303)
    if done.act in LEAVES:
        return redirect(url_for("queue.page", done=done.act, tab=tab), code=303)
    undo = done.undo or None
    page = url_for("inquiries.read", reference=inquiry().reference, done=done.act, undo=undo, tab=tab)
    return redirect(page, code=303)


def _again(refused: NotDone, typed: str) -> Any:
    if refused.reason == "not-there":
        abort(404)
    fault = words.NOT_DONE.get(refused.reason, words.NOT_DONE["not-allowed"])
    return show(inquiry(), typed=typed, fault=fault, status=422)
