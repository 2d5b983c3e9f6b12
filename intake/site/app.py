"""The public site's application: no cookies, no session, no spooled body, no word of a visitor in a log."""

from __future__ import annotations

import logging
import secrets
from importlib.resources import files
from pathlib import Path
from typing import Any

from flask import Flask, Request, Response, request
from flask.sessions import NullSession, SessionInterface
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException

import redaction
from intake.ports import Acceptor
from intake.site import assets, inquiry, pages
from intake.site.errors import show_error
from intake.site.headers import OVER_TLS, SECURITY
from intake.site.languages import LANGUAGES, load_texts
from intake.site.parts import Site
from intake.site.settings import SiteSettings
from intake.site.tokens import FormTokens
from intake.site.warning import Scan
from records.clock import Clock
from records.digests import DigestKeys

log = logging.getLogger("sallyport.site")
# Where the web server looks for a name of the path that holds nothing a visitor wrote.
PATH_TEMPLATE = "sallyport.path_template"


class RefusingSessions(SessionInterface):
    """No cookies at all (policy: A5): what needs a session fails at once."""

    def open_session(self, app: Flask, request: Request) -> NullSession:  # noqa: ARG002 - Flask calls it so
        """Give a session that refuses to be written."""
        return NullSession()

    def save_session(self, app: Flask, session: Any, response: Response) -> None:  # noqa: ARG002 - as above
        """Refuse anything that was put in by another way."""
        if session:
            raise RuntimeError("the public site keeps no session")


class StreamedRequest(Request):
    """A request whose body is nobody's but the form's own reader: Werkzeug would spool it to a file."""

    @property
    def want_form_data_parsed(self) -> bool:
        """Say no."""
        return False


class SiteApp(Flask):
    """Flask, with a log that holds no texts."""

    request_class = StreamedRequest
    session_interface = RefusingSessions()

    def log_exception(self, exc_info: Any) -> None:
        """Log what kind of error it was; its text may hold a visitor's words."""
        log.error("incident=%s error=%s", secrets.token_hex(4), exc_info[0].__name__)


def make_site(
    acceptor: Acceptor, digests: DigestKeys, settings: SiteSettings, clock: Clock, scan: Scan | None = None
) -> Flask:
    """Build the application. `scan` finds numbers to warn of; by default the redaction library's."""
    folder = str(files("templates") / "site")
    app = SiteApp("intake.site", template_folder=folder, static_folder=None, root_path=str(Path(folder).parent))
    app.config.update(PROPAGATE_EXCEPTIONS=False, PROVIDE_AUTOMATIC_OPTIONS=False, WTF_I18N_ENABLED=False)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.url_map.merge_slashes = False
    fill = {"telephone": settings.telephone, "agency": settings.agency}
    app.extensions["sallyport"] = Site(
        acceptor=acceptor,
        tokens=FormTokens(digests, clock),
        settings=settings,
        clock=clock,
        scan=scan or redaction.scan,
        texts={code: load_texts(code, **fill) for code in LANGUAGES},
        static=assets.load(),
    )
    for blueprint in (inquiry.blueprint, pages.blueprint, assets.blueprint):
        app.register_blueprint(blueprint)
    app.before_request(_name_path)
    app.after_request(_add_headers)
    app.register_error_handler(HTTPException, show_error)
    app.register_error_handler(Exception, _show_incident)
    return app


def _name_path() -> None:
    request.environ[PATH_TEMPLATE] = request.url_rule.rule if request.url_rule else "-"


def _add_headers(response: Response) -> Response:
    response.headers.extend(SECURITY)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = OVER_TLS
    if response.mimetype == "text/html":
        response.headers["Cache-Control"] = "no-store"
    return response


def _show_incident(fault: Exception) -> Response:
    """Answer any error that nobody named: the edge of this process."""
    incident = secrets.token_hex(4)
    log.error("incident=%s error=%s", incident, type(fault).__name__)
    return show_error(fault, incident)
