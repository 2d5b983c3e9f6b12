"""How the views reach what they work with, and how a page is made."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, cast

from flask import Response, current_app, render_template

from intake.site.languages import DEFAULT, LANGUAGES
from intake.site.parts import Site


def site() -> Site:
    """Give the application's parts."""
    return cast("Site", current_app.extensions["sallyport"])


def address(page: str, language: str) -> str:
    """Give the path of a page ("", "print", "privacy") in a language."""
    return f"/{page}" if language == DEFAULT else f"/{language}/{page}"


def show(template: str, language: str, status: int = HTTPStatus.OK, *, page: str = "", **view: Any) -> Response:
    """Render a page; `page` is what the language links lead to."""
    here = site()
    shared = {
        "t": here.texts[language],
        "language": language,
        "languages": LANGUAGES,
        "address": address,
        "settings": here.settings,
        "page": page,
        "static": here.static,
    }
    return Response(render_template(template, **shared, **view), status, mimetype="text/html")
