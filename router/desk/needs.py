"""Every view declares who may use it; a view that does not is refused by a guard.

`needs` is also the one door of the desk: it finds the reader, checks that a posted form comes from our own page, and,
where a view is about an inquiry, that this reader may know of it. Not found and not allowed are one answer.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from flask import abort, g, redirect, request, url_for
from werkzeug.wrappers import Response

from records.references import is_reference
from records.values import InquiryFacts, Reader
from router.accounts import note_miss, reader_of, touch
from router.clearance import Scope, list_scope
from router.desk.forms import TokenForm
from router.desk.services import desk
from router.desk.session import token
from router.lists import find_listed

FORM_TYPE = "application/x-www-form-urlencoded"
View = Callable[..., Any]


class Rule(StrEnum):
    """What a view needs."""

    # Nothing: the sign-in page, the style sheets, the health check.
    PUBLIC = "public"
    SIGNED_IN = "signed-in"
    # The inquiry must be one that this reader's lists may show; what is done with it, the use case decides.
    LISTED = "listed"
    # As LISTED; and the unsealer must open it for this reader and a purpose.
    CONTENT = "content"
    # As LISTED; and nothing is opened without an approval that somebody else gave.
    SECOND_PERSON = "second-person"


ABOUT_AN_INQUIRY = frozenset({Rule.LISTED, Rule.CONTENT, Rule.SECOND_PERSON})


def needs(rule: Rule) -> Callable[[View], View]:
    """Declare what a view needs, and hold it to that."""

    def declare(view: View) -> View:
        @functools.wraps(view)
        def guarded(**arguments: Any) -> Any:
            if request.method == "POST":
                require_own_form()
            if rule is Rule.PUBLIC:
                return view(**arguments)
            if (answer := _let_in()) is not None:
                return answer
            if rule in ABOUT_AN_INQUIRY:
                g.inquiry = _listed(arguments.pop("reference"))
            return view(**arguments)

        guarded.needs = rule  # type: ignore[attr-defined]  # read by the guard over all views
        return guarded

    return declare


def reader() -> Reader:
    """Give the reader who is signed in."""
    found: Reader = g.reader
    return found


def scope() -> Scope:
    """Give what this reader's lists may show."""
    if "scope" not in g:
        g.scope = list_scope(reader(), desk().services.clock())
    found: Scope = g.scope
    return found


def inquiry() -> InquiryFacts:
    """Give the inquiry that this view is about."""
    found: InquiryFacts = g.inquiry
    return found


def require_own_form() -> None:
    """Refuse a post that is not from a form of this desk: its kind, where it comes from, its token."""
    if request.mimetype != FORM_TYPE:
        abort(415)
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site not in {None, "same-origin"} or (origin is not None and urlsplit(origin).netloc != request.host):
        abort(403)
    if not TokenForm().validate():
        abort(400)


def _let_in() -> Response | None:
    services = desk().services
    now = services.clock()
    with services.books.store.reading() as connection:
        found = reader_of(connection, services.books.digests, token(), now)
    if found is None:
        return redirect(url_for("door.sign_in_page", locked="1" if token() else None), code=303)
    touch(services.books, token(), now)
    g.reader = found
    return None


def _listed(reference: str) -> InquiryFacts:
    if not is_reference(reference):
        abort(404)
    books = desk().services.books
    with books.store.reading() as connection:
        found = find_listed(connection, scope(), reference)
    if found is None:
        note_miss(books, reader().id, reference, desk().services.clock())
        abort(404)
    return found
