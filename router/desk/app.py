"""Builds the desk's Flask application."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from pathlib import Path

from flask import Flask, Response, abort, render_template, request
from flask.sessions import SessionInterface
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException

import templates
from records.errors import StoreUnavailable
from router.desk import chips, session
from router.desk.services import EXTENSION, Desk, DeskServices, DeskSettings, desk
from router.desk.views import ALL

log = logging.getLogger(__name__)

LARGEST_POST = 1024 * 1024  # A typed text; files are never posted to the desk.
MOST_FIELDS = 100
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
# What a page of an error says: a heading and a sentence, without a word of the request.
ERRORS: Mapping[int, tuple[str, str]] = {
    400: (
        "This form is too old",
        "It was made for an earlier session, or it is not one of ours. Go back and try again.",
    ),
    403: ("Not from here", "This form was sent from another site. Nothing was changed."),
    404: (
        "Not here, or not for you",
        (
            "There is no message with this reference in the units you are cleared for. We show this same page in both "
            "cases, so a reference gives nothing away."
        ),
    ),
    405: ("Not like this", "This address does not take that kind of request."),
    413: ("Too long", "The text is longer than the desk takes."),
    415: ("Not a form of ours", "The desk takes its own forms only."),
    500: ("Something went wrong", "It is our fault and has been noted. Nothing was half done; try again."),
    503: ("The record does not answer", "Nothing is lost. Try again in a minute."),
}


class NoFlaskSession(SessionInterface):
    """Flask's own session is not used: ours is on the server (`router.accounts`)."""

    def open_session(self, app: Flask, request: object) -> None:
        """Give none."""
        del app, request

    def save_session(self, app: Flask, session: object, response: Response) -> None:
        """Keep none."""
        del app, session, response


class DeskFlask(Flask):
    """Flask without OPTIONS, without sessions of its own, and without a traceback in the log."""

    session_interface = NoFlaskSession()

    def log_exception(self, *_: object) -> None:
        """Log nothing: `_failed` logs the class, and a traceback could hold what a sender wrote."""


def make_desk(services: DeskServices, settings: DeskSettings | None = None) -> Flask:
    """Build the desk. Nothing is opened or started; a WSGI server serves what this gives."""
    folder = Path(templates.__file__ or "").parent / "desk"
    app = DeskFlask("router.desk", static_folder=None, template_folder=str(folder))
    app.extensions[EXTENSION] = Desk(services, settings or DeskSettings())
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_POST,
        MAX_FORM_MEMORY_SIZE=LARGEST_POST,
        MAX_FORM_PARTS=MOST_FIELDS,
        PROVIDE_AUTOMATIC_OPTIONS=False,
        WTF_I18N_ENABLED=False,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["chips"] = chips.chips
    app.jinja_env.globals["form_token"] = session.form_token
    for blueprint in ALL:
        app.register_blueprint(blueprint)
    app.before_request(_require_host)
    app.after_request(_remember_door)
    app.after_request(_add_headers)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(StoreUnavailable, _unavailable)
    app.register_error_handler(Exception, _failed)
    return app


def error_page(status: int) -> tuple[str, int]:
    """Give an error's page: the same bytes for everybody and every request."""
    title, sentence = ERRORS.get(status, ERRORS[500 if status >= 500 else 400])  # noqa: PLR2004 - HTTP's classes
    return render_template("error.html", title=title, sentence=sentence), status


def _require_host() -> None:
    # The web server's log line takes the rule of the path from here: a path itself may hold what somebody typed.
    request.environ["sallyport.path_template"] = str(request.url_rule) if request.url_rule else "-"
    known = desk().settings.hosts
    if known and request.host.rpartition(":")[0] not in known and request.host not in known:
        abort(400)


def _remember_door(response: Response) -> Response:
    session.remember_door(response)
    return response


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers[name] = value
    if session.is_behind_tls():
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


def _refused(fault: HTTPException) -> tuple[str, int]:
    return error_page(fault.code or 500)


def _unavailable(_: StoreUnavailable) -> tuple[str, int]:
    return error_page(503)


def _failed(fault: Exception) -> tuple[str, int]:
    """Answer for anything unforeseen: the class and an incident's id are logged, the words of it never."""
    incident = secrets.token_hex(4)
    log.error("desk view failed: incident=%s class=%s", incident, type(fault).__name__)
    return error_page(500)
