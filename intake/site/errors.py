"""Error pages: in the site's own style, in the page's language, with nothing of the request in them."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from flask import Response, request
from werkzeug.exceptions import HTTPException

from intake.site.here import show
from intake.site.languages import language_of

# Status -> its text in the catalogue; others are told as the plain fault of their class.
TEXTS: Mapping[int, str] = {
    HTTPStatus.BAD_REQUEST: "bad_request",
    HTTPStatus.FORBIDDEN: "other_origin",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "not_allowed",
    HTTPStatus.REQUEST_TIMEOUT: "too_slow",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "bad_request",
    HTTPStatus.SERVICE_UNAVAILABLE: "unavailable",
}
CLIENT_FAULTS = range(400, 500)


def show_error(fault: Exception, incident: str = "") -> Response:
    """Give the page for an error."""
    status = fault.code if isinstance(fault, HTTPException) and fault.code else HTTPStatus.INTERNAL_SERVER_ERROR
    return show_status(status, incident)


def show_status(status: int, incident: str = "") -> Response:
    """Give the page for a status."""
    key = TEXTS.get(status, "bad_request" if status in CLIENT_FAULTS else "our_fault")
    response = show("error.html", language_of(request.path), status, key=key, incident=incident)
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        response.headers["Allow"] = "GET, HEAD"
    return response
