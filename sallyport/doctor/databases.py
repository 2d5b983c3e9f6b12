"""The databases: what they say of themselves, their clocks, and what a crash left half done."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from records.destruction import half_done
from records.overview import newest_arrival
from records.schema import version
from records.store import Store
from sallyport.doctor.finding import Finding, look, ok, wrong
from sallyport.doctor.house import House

SKEW = timedelta(seconds=5)  # More than this apart, the order of what different hosts write is not certain any more.
SERVERS_CLOCK = text("SELECT clock_timestamp()")


def conditions(house: House) -> Iterator[Finding]:
    """Look at each setting of a database that our promises rest on."""
    for name, store in _both(house):
        found = store.conditions()
        for each in found:
            if not each.is_met:
                wanted = " or ".join(each.wanted)
                said = f"{name}: {each.name} is {each.found}, and must be {wanted}"
                yield wrong("database", said, "put it right in the database's own settings: mail could be lost")
        known = {each.name: each.found for each in found}
        engine = known.get("server_version") or sqlite3.sqlite_version
        title = "PostgreSQL" if "server_version" in known else "SQLite"
        if all(each.is_met for each in found):
            yield ok("database", f"{name}: {title} {engine}, tables of version {version(store)}")


def clocks(house: House) -> Iterator[Finding]:
    """Compare this host's clock with the servers', and with what was written last."""
    for name, store in _both(house):
        if store.engine.dialect.name == "postgresql":
            with store.reading() as connection:
                apart = abs(_servers(connection) - house.clock())
            if apart > SKEW:
                said = f"{name}: this host's clock and the server's are {apart.total_seconds():.0f} seconds apart"
                yield wrong("clock", said, "set both by the same time server (NTP)")
    now = house.clock()
    with house.stores.record.reading() as connection:
        newest = newest_arrival(connection)
    if newest is not None and newest > now + SKEW:
        said = f"the newest inquiry arrived {(newest - now).total_seconds():.0f} seconds from now"
        yield wrong("clock", said, "some host's clock is wrong, or was: set all by the same time server (NTP)")
    else:
        yield ok("clock", f"{now:%Y-%m-%d %H:%M:%S} UTC; nothing is dated later")


def destruction(house: House) -> Iterator[Finding]:
    """See whether what was destroyed is gone from the record too."""
    if number := half_done(house.stores):
        said = f"{number} inquiries cannot be opened any more and are in the record as if they could"
        yield look("destruction", said, "run `sallyport init`: it brings a destruction to its end that was cut short")


def _servers(connection: Connection) -> datetime:
    moment: datetime = connection.execute(SERVERS_CLOCK).scalar_one()
    return moment


def _both(house: House) -> tuple[tuple[str, Store], ...]:
    return ("record", house.stores.record), ("key store", house.stores.keys)
