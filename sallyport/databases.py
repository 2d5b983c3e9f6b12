"""The two databases as the settings name them: opened with whose login, and in one sentence why they cannot be used."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import make_url

from records.errors import StoreAway
from records.schema import Standing, require_current, standing
from records.store import Login, Store, Stores
from sallyport.errors import CannotStart, DatabaseAway
from sallyport.keys import owner_logins
from sallyport.settings import Settings

log = logging.getLogger(__name__)
LOOK_SECONDS = 0.5
LOCKED = ("SQLITE_BUSY", "SQLITE_LOCKED")
NOT_THERE = (
    "the {} database is not there: put it back from your backup, or run `sallyport init` if this house is a new one"
)


def urls_of(settings: Settings) -> dict[str, str]:
    """Give the two URLs by the database's name."""
    return {"record": settings.database_url, "keys": settings.keys_url}


def is_postgresql(settings: Settings) -> bool:
    """Tell the engine; the settings refuse two different ones."""
    return settings.database_url.startswith("postgresql")


def open_stores(settings: Settings, logins: Mapping[str, Login] | None = None) -> Stores:
    """Open both databases, without touching them.

    With PostgreSQL a role brings the logins of its bundle; a command comes without, and is the owner, whose logins are
    in the key ring.
    """
    if not is_postgresql(settings):
        return Stores(Store.at(settings.database_url), Store.at(settings.keys_url))
    logins = _logins(settings, logins)
    return Stores(Store.at(settings.database_url, logins["record"]), Store.at(settings.keys_url, logins["keys"]))


def require_ready(settings: Settings, stores: Stores, logins: Mapping[str, Login] | None = None) -> None:
    """Raise an error in one clear sentence unless both databases are there, answer, and are of this version."""
    for name, url in urls_of(settings).items():
        if _is_missing(url):
            raise CannotStart(NOT_THERE.format(name))
    try:
        require_current(stores)
    except StoreAway as fault:
        raise _why_away(settings, logins, fault) from None


def await_ready(settings: Settings, stores: Stores, seconds: float) -> None:
    """As `require_ready`, and wait for a database that does not answer yet: after a power failure all start at once."""
    end, is_told = time.monotonic() + seconds, False
    while True:
        try:
            return require_ready(settings, stores)
        except DatabaseAway:
            if time.monotonic() >= end:
                raise
        if not is_told:
            log.warning("a database does not answer yet, waiting for it")
            is_told = True
        time.sleep(LOOK_SECONDS)


def standings(settings: Settings, stores: Stores) -> dict[str, Standing]:
    """Tell where each database stands; one that is not there is as empty as a new one."""
    pairs = {"record": stores.record, "keys": stores.keys}
    urls = urls_of(settings)
    try:
        return {name: Standing.EMPTY if _is_missing(urls[name]) else standing(name, pairs[name]) for name in pairs}
    except StoreAway as fault:
        raise _why_away(settings, None, fault) from None


def _logins(settings: Settings, logins: Mapping[str, Login] | None) -> Mapping[str, Login]:
    found = owner_logins(settings) if logins is None else logins
    if not {"record", "keys"} <= found.keys():
        raise CannotStart("PostgreSQL needs a login for each role: run `sallyport init --postgres ADMIN` once")
    return found


def _is_missing(url: str) -> bool:
    """Tell whether a database is a file that does not exist; asking a server is not for here."""
    parsed = make_url(url)
    file = parsed.database if parsed.get_backend_name() == "sqlite" else None
    return file is not None and not Path(file).exists()


def _why_away(settings: Settings, logins: Mapping[str, Login] | None, fault: StoreAway) -> CannotStart:
    if not is_postgresql(settings):
        # A lock passes; a file that cannot be opened does not by itself.
        return DatabaseAway(str(fault)) if fault.code.startswith(LOCKED) else CannotStart(str(fault))
    # A process on SQLite never loads PostgreSQL's driver.
    from sallyport.postgres.reach import is_passing, why_not  # noqa: PLC0415 - see above

    why = why_not(urls_of(settings), _logins(settings, logins))
    if why is None:
        return DatabaseAway(str(fault))  # It answers by now.
    return DatabaseAway(why) if is_passing(why) else CannotStart(why)
