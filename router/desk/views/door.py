"""In and out of the desk, and what needs no session: style sheets, scripts, the health check."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, send_from_directory, url_for

import templates
from router.accounts import SignInRefused, sign_in, sign_out
from router.desk import session
from router.desk.forms import SignInForm
from router.desk.needs import Rule, needs
from router.desk.services import desk

door = Blueprint("door", __name__)
STATIC = Path(templates.__file__ or "").parent / "static"
# The files that are served, by name: a path of anybody's making is never looked up.
FILES: Mapping[str, str] = {
    "tokens.css": "text/css",
    "desk.css": "text/css",
    "desk.js": "text/javascript",
    "desk-icon.svg": "image/svg+xml",
}
UNKNOWN = "The name and password do not go together, or the account is locked for 15 minutes."


@door.get("/sign-in")
@needs(Rule.PUBLIC)
def sign_in_page() -> str:
    """Show the sign-in form."""
    return render_template("sign-in.html", fault="", name="", is_locked=request.args.get("locked") == "1")


@door.post("/sign-in")
@needs(Rule.PUBLIC)
def sign_in_act() -> Any:
    """Sign in. All refusals say the same."""
    form, services = SignInForm(), desk().services
    if not form.validate():
        return render_template("sign-in.html", fault=UNKNOWN, name=form.name.data or "", is_locked=False), 422
    answer = sign_in(
        services.books, services.passwords, name=form.name.data, password=form.password.data, now=services.clock()
    )
    if isinstance(answer, SignInRefused):
        return render_template("sign-in.html", fault=UNKNOWN, name=form.name.data, is_locked=False), 422
    response = redirect(url_for("queue.page"), code=303)
    session.set_cookie(response, answer.token)
    return response


@door.post("/sign-out")
@needs(Rule.PUBLIC)
def sign_out_act() -> Any:
    """End the session, at the record and in the browser."""
    services = desk().services
    sign_out(services.books, session.token(), services.clock())
    response = redirect(url_for("door.sign_in_page"), code=303)
    session.drop_cookie(response)
    return response


@door.get("/static/<name>")
@needs(Rule.PUBLIC)
def static_file(name: str) -> Response:
    """Serve a style sheet or script."""
    if name not in FILES:
        abort(404)
    return send_from_directory(STATIC, name, mimetype=FILES[name], max_age=0)


@door.get("/healthz")
@needs(Rule.PUBLIC)
def health() -> Response:
    """Say that the desk answers; nothing of how it is."""
    return Response("ok\n", mimetype="text/plain")


@door.get("/robots.txt")
@needs(Rule.PUBLIC)
def robots() -> Response:
    """Keep robots out."""
    return Response("User-agent: *\nDisallow: /\n", mimetype="text/plain")
