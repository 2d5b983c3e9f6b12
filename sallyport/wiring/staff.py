"""What the staff's roles and the worker are built from."""

from __future__ import annotations

from importlib.resources import files

from router.dispatch import Outbox, Relay, Transport
from router.routes import Routes
from router.routes import parse as parse_routes
from sallyport.errors import CannotStart
from sallyport.settings import Settings


def routes(settings: Settings) -> Routes:
    """Read the routes: the agency's file, or the one that comes with the program."""
    try:
        if settings.routes_file is not None:
            text = settings.routes_file.read_text("utf-8")
        else:
            text = files("router").joinpath("routes.toml").read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise CannotStart("the routes file cannot be read") from None
    return parse_routes(text)


def transport(settings: Settings) -> Transport:
    """Build the way out: a relay, or an outbox folder."""
    if settings.relay is not None:
        return Relay(settings.relay.host, settings.relay.port)
    return Outbox(settings.outbox or settings.data / "outbox")
