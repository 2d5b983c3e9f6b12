"""What the desk is built from: its services and its settings, and how a view comes by them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast
from zoneinfo import ZoneInfo

from flask import Flask, current_app

from records.clock import Clock
from router.accounts import Books
from router.opening import Opening
from router.passwords import Passwords
from router.routing import Routes
from router.work import Sealing, Work

EXTENSION = "sallyport-desk"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskServices:
    """All that the desk talks to. `books.digests` needs the key of purpose SESSION and no other."""

    books: Books
    passwords: Passwords
    opening: Opening
    sealing: Sealing
    routes: Routes
    clock: Clock

    def work(self) -> Work:
        """Give what the use cases take."""
        return Work(books=self.books, opening=self.opening, sealing=self.sealing, routes=self.routes)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSettings:
    """How the desk presents itself."""

    agency: str = "Department of Employment"
    # An IANA name; times are shown in it.
    zone: str = "America/New_York"
    # The host names under which the desk answers; empty means any (then a proxy in front must check).
    hosts: frozenset[str] = frozenset()
    page_size: int = 50

    def zone_info(self) -> ZoneInfo:
        """Give the time zone."""
        return ZoneInfo(self.zone)


@dataclass(frozen=True, slots=True)
class Desk:
    """Both, as a view gets them."""

    services: DeskServices
    settings: DeskSettings


def renew_routes(app: Flask, routes: Routes) -> None:
    """Let requests from now on go by other routes."""
    old: Desk = app.extensions[EXTENSION]
    app.extensions[EXTENSION] = Desk(services=replace(old.services, routes=routes), settings=old.settings)


def desk() -> Desk:
    """Give the desk that this request belongs to."""
    return cast("Desk", current_app.extensions[EXTENSION])
