"""Readers for looking at the desk: one of each role, with all that the role may have."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from records.keyring import write_private
from records.store import Stores
from records.values import DataClass, Role
from router.passwords import Passwords
from router.roster import NewReader, add_reader
from router.standing import CONTENT_ROLES, TIME_BOXED_ROLES
from sallyport.commands.staff import AGENCY, ensure_agency, grant
from sallyport.keys import ring
from sallyport.officer import office
from sallyport.settings import Settings
from sallyport.wiring.staff import routes

FILE = "readers.txt"
APPROVED_BY = "demonstration"
TIME_BOX = timedelta(days=30)
# A name for each role. A field manager reads the unit of the own site only, and no route leads to a site.
NAMES: Mapping[Role, tuple[str, str]] = {
    Role.AGENT: ("agent", "Robin Vale"),
    Role.SUPERVISOR: ("supervisor", "Sasha Lind"),
    Role.PRIVACY_OFFICER: ("privacy", "Morgan Hale"),
    Role.SECURITY_DIRECTOR: ("security", "Jules Okoro"),
    Role.FIELD_MANAGER: ("field", "Kerry Dunne"),
    Role.AUDITOR: ("auditor", "Alex Moreau"),
    Role.ADMINISTRATOR: ("administrator", "Toni Reiss"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A reader's way into the desk."""

    sign_in_name: str
    role: Role
    password: str = field(repr=False)


def add_readers(
    settings: Settings, stores: Stores, now: datetime, roles: Iterable[Role] = tuple(Role)
) -> tuple[Account, ...]:
    """Add a reader for each role, each with a random password."""
    passwords, accounts = Passwords(), []
    units = tuple(unit.name for unit in routes(settings).units)
    with office(stores, ring(settings)) as opened:
        ensure_agency(opened, settings.agency)
        for role in roles:
            account = Account(sign_in_name=NAMES[role][0], role=role, password=secrets.token_urlsafe(15))
            new = _new_reader(role, units, now)
            add_reader(opened.books, passwords, new, password=account.password, added_by=APPROVED_BY, now=now)
            accounts.append(account)
    return tuple(accounts)


def write_accounts(folder: Path, accounts: tuple[Account, ...]) -> Path:
    """Write names and passwords to a file that only its owner reads."""
    lines = [f"{account.sign_in_name:<14} {account.password}  ({account.role.value})" for account in accounts]
    write_private(folder / FILE, ("\n".join(lines) + "\n").encode())
    return folder / FILE


def _new_reader(role: Role, units: tuple[str, ...], now: datetime) -> NewReader:
    today = now.date()
    opens = role in CONTENT_ROLES
    granted = units if opens and role is not Role.FIELD_MANAGER else ()
    return NewReader(
        sign_in_name=NAMES[role][0],
        name=NAMES[role][1],
        role=role,
        organization_id=AGENCY,
        site="Fall River" if role is Role.FIELD_MANAGER else "Main office",
        started_on=today,
        form_signed_on=today,
        trained_on=today,
        until=today + TIME_BOX if role in TIME_BOXED_ROLES else None,
        data_classes=frozenset(DataClass) if opens else frozenset(),
        grants=tuple(grant(unit, APPROVED_BY, today) for unit in granted),
    )
