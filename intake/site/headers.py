"""The headers of every answer, and where a post may come from."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

SECURITY: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
    ),
    # With "no-referrer" browsers send "Origin: null" with a form, and we could not tell our own from another's.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
OVER_TLS = "max-age=31536000"


def is_from_here(fetch_site: str | None, origin: str | None, host: str) -> bool:
    """Tell whether a post may be one of our own pages' (or of a program, which sends neither header).

    >>> is_from_here("same-origin", None, "a.example"), is_from_here("cross-site", "http://a.example", "a.example")
    (True, False)
    >>> is_from_here(None, "http://a.example", "a.example"), is_from_here(None, "null", "a.example")
    (True, False)
    """
    if fetch_site is not None:
        return fetch_site in {"same-origin", "none"}
    return origin is None or urlsplit(origin).netloc.lower() == host.lower()
