"""The keys: whether each role could be given its own, and where the master key lies."""

from __future__ import annotations

from collections.abc import Iterator

from records.errors import KeyFault
from sallyport.doctor.finding import Finding, look, ok, wrong
from sallyport.doctor.house import House
from sallyport.keys import CUSTODIAN, ROLES, bundle
from sallyport.wiring.staff import routes


def keys(house: House) -> Iterator[Finding]:
    """Open the ring as each role's start does."""
    there = set(house.ring.compartments())
    try:
        for role in ROLES:
            bundle(house.ring, role)
    except KeyFault as fault:
        yield wrong("keys", str(fault), "put the key ring back from your copy; without it what is sealed stays shut")
        return
    units = [unit.name for unit in routes(house.settings).units]
    for unit in units:
        if f"unit/{unit}" not in there:
            yield wrong("keys", f"the unit {unit} of the routes file has no key yet", "run `sallyport init`")
        elif not house.ring.has_private(f"unit/{unit}"):
            yield look("keys", f"the private key of the unit {unit} is not here", "its readers can open nothing")
    apart = "" if house.ring.has_private(CUSTODIAN) else "; the custodian's private key is kept elsewhere"
    yield ok("keys", f"{len(there)} compartments{apart}")
    if house.settings.master_key_file.is_relative_to(house.settings.data):
        remedy = "move it, and name it in SALLYPORT_MASTER_KEY_FILE"
        yield look("keys", "the master key lies in the data folder: a copy of that folder opens everything", remedy)
