"""`init` and `check-settings`: what is done before anything runs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from sqlalchemy import make_url

from sallyport.commands.common import settings_of
from sallyport.commands.preparing import Wishes, prepare
from sallyport.databases import is_postgresql, open_stores, require_ready, urls_of
from sallyport.errors import CannotStart
from sallyport.keys import ROLES, bundle, ring
from sallyport.roles.smtp import reloading_tls
from sallyport.settings import Settings, named
from sallyport.settings_reading import PREFIX
from sallyport.settings_table import TABLE
from sallyport.wiring.staff import routes

if TYPE_CHECKING:
    from sallyport.postgres import Administrators

__all__ = ["check_settings", "init", "prepare"]


LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
DEFAULT_WIDTH = 22  # The longest defaults are those of AGENCY and MAILBOXES.
ADMINISTRATOR = """PostgreSQL: the administrator who makes databases and logins, by name, as libpq's words or as a
postgresql:// URL, without a password. The server is the one of DATABASE_URL, if none is named here. The password comes
from ~/.pgpass, PGPASSFILE or PGPASSWORD; it is not kept. Needed once, and to make new logins; not after an update."""


@click.command()
@click.option("--postgres", "administrator", metavar="ADMIN", help=ADMINISTRATOR)
@click.option("--postgres-keys", "keys_administrator", metavar="ADMIN", help="The same for the server of KEYS_URL.")
@click.option("--rotate-logins", is_flag=True, help="Give every role a new password; `serve` must be started again.")
@click.option("--new-database", is_flag=True, help="Make a database anew whose other half is there, or that is gone.")
@click.pass_context
def init(
    ctx: click.Context,
    *,
    administrator: str | None,
    keys_administrator: str | None,
    rotate_logins: bool,
    new_database: bool,
) -> None:
    """Make what is missing: folders, master key, key ring, databases. Asks nothing; safe to run twice.

    After an update it brings the databases and the rights in them to the new version, and after a change of the routes
    file it makes the keys of new units.
    """
    settings = settings_of(ctx)
    administrators = _administrators(settings, administrator, keys_administrator)
    wishes = Wishes(administrators=administrators, rotate_logins=rotate_logins, new_database=new_database)
    for line in prepare(settings, wishes):
        click.echo(line)
    click.echo("Ready. Next: `sallyport staff add`, then `sallyport serve`.")


def _administrators(settings: Settings, for_record: str | None, for_keys: str | None) -> Administrators | None:
    if for_record is None and for_keys is None:
        return None
    if for_record is None:
        raise CannotStart("--postgres-keys: name the administrator of DATABASE_URL's server in --postgres too")
    if not is_postgresql(settings):
        raise CannotStart("--postgres: DATABASE_URL and KEYS_URL name no PostgreSQL")
    from sallyport.postgres import Administrators, parse_administrator  # noqa: PLC0415 - SQLite never loads the driver

    return Administrators(
        record=parse_administrator(for_record, settings.database_url),
        keys=parse_administrator(for_keys or for_record, settings.keys_url),
    )


@click.command("check-settings")
@click.pass_context
def check_settings(ctx: click.Context) -> None:
    """Check every setting and read back what the databases say of themselves. Names faults, never values."""
    settings = settings_of(ctx)
    for line in _lines_of(named(os.environ, ctx.find_object(Path))):
        click.echo(line)
    routes(settings)
    reloading_tls(settings)
    faults = []
    stores = open_stores(settings)
    try:
        require_ready(settings, stores)
        for title, store in (("record", stores.record), ("key store", stores.keys)):
            found = store.conditions()
            faults += [f"{title}: {each.name} is not as it must be" for each in found if not each.is_met]
            click.echo(f"{title}: " + " ".join(f"{each.name}={each.found}" for each in found))
    finally:
        stores.close()
    for role in ROLES:
        bundle(ring(settings), role)
    there = ring(settings).compartments()
    unmade = [unit.name for unit in routes(settings).units if f"unit/{unit.name}" not in there]
    faults += [f"the unit {name} of the routes file has no key yet: run `sallyport init`" for name in unmade]
    if settings.master_key_file.is_relative_to(settings.data):
        click.echo(
            "note: the master key lies in the data folder; a copy of that folder opens everything. Move it, and "
            "name it in SALLYPORT_MASTER_KEY_FILE."
        )
    if settings.mailboxes.listed[0].endswith("@example.test"):
        click.echo("note: SALLYPORT_MAILBOXES is the example; name your own addresses.")
    for line in _unproven(settings):
        click.echo(line)
    for fault in faults:
        click.echo(f"sallyport: {fault}", err=True)
    if faults:
        ctx.exit(1)
    click.echo("All settings can be used.")


def _lines_of(those_set: frozenset[str]) -> Iterator[str]:
    """Give a line for each setting: whether it is set, its default, and what it is. What it is set to is not told."""
    width = max(len(name) for name, _, _ in TABLE) + len(PREFIX)
    for name, default, what in TABLE:
        standing = "set" if name in those_set else (default or "-")
        yield f"{PREFIX + name:<{width}}  {standing:<{DEFAULT_WIDTH}}  {what}"


def _unproven(settings: Settings) -> Iterator[str]:
    """Name the database servers on other machines of which nobody proves that they are what they say."""
    for name, url in urls_of(settings).items() if is_postgresql(settings) else ():
        parsed = make_url(url)
        if parsed.host not in LOOPBACK and parsed.query.get("sslmode") != "verify-full":
            yield f"note: nothing proves that the {name} database's server is yours: add ?sslmode=verify-full"
