"""The form's two views: show it, and take what was filled in.

The receipt is the answer to the post itself. A redirect would need the access code in an address, and so in logs.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, request

from intake.errors import IntakeError
from intake.site.body import FormFault, Posted, read_form, read_type
from intake.site.errors import show_status
from intake.site.form import InquiryForm
from intake.site.headers import is_from_here
from intake.site.here import show, site
from intake.site.languages import DEFAULT, say_date, say_time
from intake.site.pages import OTHERS
from intake.site.taking import OutcomeUnknown, Taking
from intake.site.tokens import TokenState
from intake.site.warning import LOOKED_AT, look, take_out
from records.values import Accepted, Channel, Envelope

blueprint = Blueprint("inquiry", __name__)
SPOKEN_FIRST = {"zh": "cmn"}  # The language of the page is offered first for talking, too.
RETRY_SECONDS = 120


@blueprint.get("/")
@blueprint.get(f"/{OTHERS}/", strict_slashes=False)
def show_form(language: str = DEFAULT) -> Response:
    """Show an empty form."""
    return _form(language, InquiryForm(site().tokens, spoken=SPOKEN_FIRST.get(language, language)))


@blueprint.post("/")
@blueprint.post(f"/{OTHERS}/", strict_slashes=False)
def take_form(language: str = DEFAULT) -> Response:
    """Take a form: a receipt, or the form again with its words kept."""
    if not is_from_here(request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin"), request.host):
        abort(HTTPStatus.FORBIDDEN)
    taking = None
    try:
        length = request.content_length
        form_type = read_type(
            request.headers.get("Content-Type", ""), request.headers.get("Content-Encoding", ""), length
        )
        taking = Taking(site().acceptor)
        posted = read_form(request.environ["wsgi.input"], form_type, taking.write)
        return _answer(language, posted, taking)
    except FormFault as fault:
        return show_status(fault.status)
    finally:
        if taking is not None:
            taking.abandon()


def _answer(language: str, posted: Posted, taking: Taking) -> Response:
    here = site()
    form = InquiryForm(here.tokens, posted, spoken="")
    if form.token.state is TokenState.WRONG:
        return show_status(HTTPStatus.BAD_REQUEST)
    again: dict[str, Any] = {"files_again": bool(posted.files)}
    if form.token.state is TokenState.EXPIRED:
        return _form(language, form, HTTPStatus.UNPROCESSABLE_ENTITY, notice="expired", **again)
    if posted.fields.get("take_out"):
        _take_out(form, str(here.texts[language]["warning"]["removed"]))
        return _form(language, form, notice="taken_out", **again)
    if not form.validate():
        form.asked.data = "1"
        return _form(language, form, HTTPStatus.UNPROCESSABLE_ENTITY, faults=form.faults, **again)
    warned = () if form.is_confirmed else look(_typed(form), here.scan)
    if warned:
        return _form(language, form, HTTPStatus.UNPROCESSABLE_ENTITY, warned=warned, **again)
    return _take(language, form, posted, taking)


def _take(language: str, form: InquiryForm, posted: Posted, taking: Taking) -> Response:
    here = site()
    identity = here.tokens.identity(form.token.id, posted.digest)
    code = here.tokens.access_code(identity)
    envelope = Envelope(
        channel=Channel.FORM,
        mailboxes=(here.settings.mailbox,),
        peer=request.remote_addr or "",
        protocol="HTTP",
        access_code=code,
        idempotency_key=identity,
        language=language,
    )
    try:
        accepted = taking.finish(envelope)
    except IntakeError as fault:
        notice = "not_known" if isinstance(fault, OutcomeUnknown) else "not_taken"
        status = HTTPStatus.SERVICE_UNAVAILABLE
        response = _form(language, form, status, notice=notice, files_again=bool(posted.files))
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response
    return _receipt(language, accepted, code, str(form.kind.data or "unsure"))


def _receipt(language: str, accepted: Accepted, code: str, kind: str) -> Response:
    here = site()
    texts, now = here.texts[language], here.clock().astimezone(here.settings.timezone)
    return show(
        "receipt.html",
        language,
        reference=accepted.reference,
        code=code,
        kind=kind if kind in texts["receipt"]["how"] else "unsure",
        date=say_date(texts, now),
        time=say_time(texts, now),
        is_duplicate=accepted.is_duplicate,
    )


def _form(language: str, form: InquiryForm, status: int = HTTPStatus.OK, **view: Any) -> Response:
    shown = {"notice": "", "faults": (), "warned": (), "files_again": False, **view}
    return show("form.html", language, status, form=form, **shown)


def _typed(form: InquiryForm) -> dict[str, str]:
    return {name: form[name].data or "" for name in LOOKED_AT}


def _take_out(form: InquiryForm, instead: str) -> None:
    scan = site().scan
    for name, typed in _typed(form).items():
        form[name].data = take_out(typed, scan, instead)
