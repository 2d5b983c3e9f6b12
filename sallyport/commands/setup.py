"""`init` and `check-settings`: what is done before anything runs."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy import make_url

from records.clock import system_clock
from records.destruction import replay_tombstones
from records.keyring import KeyRing, new_master, read_master, write_private
from records.schema import migrate, require_current
from records.store import PRAGMAS
from sallyport.commands.common import settings_of
from sallyport.errors import CannotStart
from sallyport.keys import ROLES, bundle, ring
from sallyport.roles.running import open_stores
from sallyport.roles.smtp import starttls
from sallyport.settings import Settings
from sallyport.settings_reading import PREFIX
from sallyport.settings_table import TABLE
from sallyport.wiring.staff import routes


@click.command()
@click.pass_context
def init(ctx: click.Context) -> None:
    """Make what is missing: folders, master key, key ring, databases. Asks nothing; safe to run twice.

    After an update it brings the databases to the new version, and after a change of the routes file it makes the keys
    of new units.
    """
    settings = settings_of(ctx)
    for line in prepare(settings):
        click.echo(line)
    click.echo("Ready. Next: `sallyport staff add`, then `sallyport serve`.")


def prepare(settings: Settings) -> list[str]:
    """Make what is missing, and give a line for each thing made."""
    told = []
    for folder in (settings.data, settings.data / "run", settings.checkpoints, settings.outbox):
        if folder is not None and not folder.exists():
            _make(folder)
            told.append(f"made folder {folder.name}")
    if not settings.master_key_file.exists():
        if any(settings.key_folder.glob("*.key")):
            raise CannotStart("the master key is gone, and the keys here lie under it: put it back from your copy")
        settings.master_key_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(settings.master_key_file, new_master().encode())
        told.append("made the master key: keep a copy apart from the data, without it nothing can be opened")
    units = [unit.name for unit in routes(settings).units]
    made = KeyRing(settings.key_folder, read_master(settings.master_key_file)).ensure(units)
    told += [f"made {len(made)} keys: {', '.join(made)}"] if made else []
    stores = open_stores(settings)
    try:
        migrate(stores)
        replay_tombstones(stores, system_clock())
    finally:
        stores.close()
    _close_to_others(settings)
    return told


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True)
    except OSError:
        raise CannotStart(f"the folder {folder.name} cannot be made where the settings want it") from None


def _close_to_others(settings: Settings) -> None:
    """Keep the data folder and the databases, wherever they lie, to their owner, whatever the umask was."""
    settings.data.chmod(0o700)
    for url in (settings.database_url, settings.keys_url):
        file = make_url(url).database
        if file and Path(file).is_file():
            Path(file).chmod(0o600)


@click.command("check-settings")
@click.pass_context
def check_settings(ctx: click.Context) -> None:
    """Check every setting and read back what the databases say of themselves. Names faults, never values."""
    settings = settings_of(ctx)
    width = max(len(name) for name, _, _ in TABLE) + len(PREFIX)
    for name, _, what in TABLE:
        click.echo(f"{PREFIX + name:<{width}}  {what}")
    routes(settings)
    starttls(settings)
    faults = []
    stores = open_stores(settings)
    try:
        require_current(stores)
        for title, store in (("record", stores.record), ("key store", stores.keys)):
            found = store.pragmas()
            wrong = [name for name, wanted in PRAGMAS.items() if found and found[name] != wanted]
            faults += [f"{title}: {name} is not as it must be" for name in wrong]
            click.echo(f"{title}: synchronous={found.get('synchronous')} secure_delete={found.get('secure_delete')}")
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
    for fault in faults:
        click.echo(f"sallyport: {fault}", err=True)
    if faults:
        ctx.exit(1)
    click.echo("All settings can be used.")
