"""What the staff's roles and the worker are built from."""

from __future__ import annotations

from collections.abc import Container
from importlib.resources import files

from router.dispatch import Outbox, Relay, Transport
from router.routes import Routes
from router.routes import parse as parse_routes
from sallyport.errors import CannotStart
from sallyport.reloading import Reloading
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


def reloading_routes(settings: Settings, known: Container[str] | None = None) -> Reloading[Routes]:
    """Read the routes so that they can be read again; then only such as have all units' compartments among `known`."""

    def require_keys(found: Routes) -> None:
        if known is not None and any(f"unit/{unit.name}" not in known for unit in found.units):
            raise CannotStart("a unit of the routes file has no key here: run `sallyport init`, and start again")

    return Reloading(lambda: routes(settings), "routes-not-loaded", require_keys)


def transport(settings: Settings) -> Transport:
    """Build the way out: a relay, or an outbox folder."""
    if settings.relay is not None:
        return Relay(settings.relay.host, settings.relay.port)
    return Outbox(settings.outbox or settings.data / "outbox")
