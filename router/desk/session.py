"""The browser's half of a session: a cookie with a random token, and form tokens that are bound to it.

The cookie goes with the browser's session (policy: C1). Behind TLS it is `Secure` and carries the `__Host-` prefix,
which keeps sister hosts from setting it (RFC 6265bis section 4.1.3.2). On plain loopback it has neither: there a
`Secure` cookie would be dropped by some browsers, and nobody else can listen.
"""

from __future__ import annotations

import hmac
import secrets

from flask import g, request
from werkzeug.wrappers import Response

from records.digests import DigestPurpose
from router.desk.services import desk

SECURE_NAME, PLAIN_NAME = "__Host-sallyport-desk", "sallyport-desk"
# Before anybody has signed in, the form of the sign-in page is bound to this one.
DOOR = "-door"


def is_behind_tls() -> bool:
    """Tell whether the browser speaks TLS. A proxy's claim is believed here: it only makes the cookie stricter."""
    return request.is_secure or request.headers.get("X-Forwarded-Proto", "").strip().lower() == "https"


def cookie_name(suffix: str = "") -> str:
    """Give the cookie's name for this request."""
    return (SECURE_NAME if is_behind_tls() else PLAIN_NAME) + suffix


def token() -> str:
    """Give the session's token as the browser sent it, or ""."""
    return request.cookies.get(cookie_name(), "")


def set_cookie(response: Response, value: str, suffix: str = "") -> None:
    """Give the browser a cookie that lasts as long as its window."""
    secure = is_behind_tls()
    response.set_cookie(cookie_name(suffix), value, path="/", secure=secure, httponly=True, samesite="Strict")


def drop_cookie(response: Response) -> None:
    """Take the session's cookie back."""
    response.delete_cookie(cookie_name(), path="/", secure=is_behind_tls(), httponly=True, samesite="Strict")


def form_token() -> str:
    """Give the token that this browser's forms carry. It says nothing of the cookie that it is made from."""
    return _bound(token() or _door())


def is_form_token(candidate: str) -> bool:
    """Tell whether a form's token belongs to this browser."""
    secret = token() or request.cookies.get(cookie_name(DOOR), "")
    return bool(secret) and hmac.compare_digest(candidate.encode("utf-8", "surrogatepass"), _bound(secret).encode())


def remember_door(response: Response) -> None:
    """Set the cookie that binds the sign-in form, when this page made one."""
    if (made := g.pop("door", None)) is not None:
        set_cookie(response, made, DOOR)


def _door() -> str:
    known = request.cookies.get(cookie_name(DOOR), "")
    if known:
        return known
    if "door" not in g:
        g.door = secrets.token_urlsafe(24)
    return str(g.door)


def _bound(secret: str) -> str:
    digests = desk().services.books.digests
    return digests.digest(DigestPurpose.SESSION, b"form " + secret.encode("utf-8", "surrogatepass")).hex()
