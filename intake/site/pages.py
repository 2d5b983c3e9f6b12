"""The pages that take nothing: fill in and print, privacy, and the small files that programs ask for."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from flask import Blueprint, Response, abort

from intake.site.here import show, site
from intake.site.languages import DEFAULT, say_date

blueprint = Blueprint("pages", __name__)
OTHERS = "<any(es, pt, ht, zh, vi):language>"
SECURITY_DAYS = 180  # RFC 9116 section 2.5.5 asks for less than a year.


@blueprint.get("/print")
@blueprint.get(f"/{OTHERS}/print")
def print_page(language: str = DEFAULT) -> Response:
    """Show the form to be filled in and printed; nothing is transmitted (policy: A6)."""
    return show("print.html", language, page="print")


@blueprint.get("/privacy")
@blueprint.get(f"/{OTHERS}/privacy")
def privacy(language: str = DEFAULT) -> Response:
    """Show the privacy policy with its version and date (policy: C6)."""
    here = site()
    since = datetime.combine(here.settings.policy_date, time(0), UTC)
    return show("privacy.html", language, page="privacy", since=say_date(here.texts[language], since))


@blueprint.get("/healthz")
def healthz() -> Response:
    """Say that the process answers."""
    return _plain("ok\n")


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Let search engines find the form."""
    return _plain("User-agent: *\nAllow: /\n")


@blueprint.get("/.well-known/security.txt")
def security() -> Response:
    """Say where a weakness can be reported (RFC 9116)."""
    here = site()
    if not here.settings.security_contact:
        abort(404)
    expires = (here.clock() + timedelta(days=SECURITY_DAYS)).strftime("%Y-%m-%dT00:00:00Z")
    return _plain(f"Contact: {here.settings.security_contact}\nExpires: {expires}\nPreferred-Languages: en, es\n")


def _plain(text: str) -> Response:
    return Response(text, mimetype="text/plain")
