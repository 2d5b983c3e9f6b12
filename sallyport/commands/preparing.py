"""The steps of `init`: each makes what is missing and leaves alone what is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import make_url

from records.clock import system_clock
from records.destruction import replay_tombstones
from records.keyring import KeyRing, new_master, read_master, write_private
from records.schema import Standing, migrate
from records.store import Login, Stores
from sallyport.databases import is_postgresql, open_stores, standings, urls_of
from sallyport.errors import CannotStart
from sallyport.host import host_file, make_host_id
from sallyport.settings import Settings
from sallyport.wiring.staff import routes

if TYPE_CHECKING:
    from sallyport.postgres import Administrators

Logins = Mapping[str, Mapping[str, Login]]
PUT_BACK = (
    "{} gone, and a new one would be empty: put it back from your backup. If there never was anything, say "
    "`sallyport init --new-database`"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What was asked for on the command line beyond the settings."""

    administrators: Administrators | None = None
    rotate_logins: bool = False
    new_database: bool = False


def prepare(settings: Settings, wishes: Wishes | None = None) -> list[str]:
    """Make what is missing, and give a line for each thing made."""
    wishes = wishes or Wishes()
    _require_way_in(settings, wishes)
    told = [*_folders(settings), *_master(settings)]
    keys = KeyRing(settings.key_folder, read_master(settings.master_key_file))
    made = keys.ensure([unit.name for unit in routes(settings).units])
    told += [f"made {len(made)} keys: {', '.join(made)}"] if made else []
    told += _server_side(settings, wishes, keys)
    stores = open_stores(settings)
    try:
        _require_whole(settings, stores, wishes)
        migrate(stores)
        _grant(settings, keys.logins())
        replay_tombstones(stores, system_clock())
    finally:
        stores.close()
    _close_to_others(settings)
    make_host_id(settings)
    return told


def _require_way_in(settings: Settings, wishes: Wishes) -> None:
    """Refuse, before anything is made, databases that are not ours or that nobody told us the way into."""
    if not is_postgresql(settings):
        if wishes.administrators is not None or wishes.rotate_logins:
            raise CannotStart("--postgres: DATABASE_URL and KEYS_URL name no PostgreSQL")
        return
    has_logins = (settings.key_folder / "logins.key").exists()
    if wishes.administrators is None:
        if wishes.rotate_logins:
            raise CannotStart("--rotate-logins: only an administrator changes passwords: add --postgres ADMIN")
        if not has_logins:
            raise CannotStart(
                "the databases' logins are not made yet: run `sallyport init --postgres ADMIN`; on a second host, copy "
                "the key ring and the master key there first"
            )
        return
    from sallyport.postgres import require_ours  # noqa: PLC0415 - a house on SQLite never loads the driver

    require_ours(urls_of(settings), wishes.administrators, is_known=has_logins or wishes.rotate_logins)


def _folders(settings: Settings) -> Iterator[str]:
    for folder in (settings.data, settings.data / "run", settings.checkpoints, settings.outbox):
        if folder is not None and not folder.exists():
            try:
                folder.mkdir(mode=0o700, parents=True)
            except OSError:
                raise CannotStart(f"the folder {folder.name} cannot be made where the settings want it") from None
            yield f"made folder {folder.name}"


def _master(settings: Settings) -> Iterator[str]:
    if settings.master_key_file.exists():
        return
    if any(settings.key_folder.glob("*.key")):
        raise CannotStart("the master key is gone, and the keys here lie under it: put it back from your copy")
    settings.master_key_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(settings.master_key_file, new_master().encode())
    yield "made the master key: keep a copy apart from the data, without it nothing can be opened"


def _server_side(settings: Settings, wishes: Wishes, keys: KeyRing) -> list[str]:
    if wishes.administrators is None:
        return []
    from sallyport.postgres import make_databases  # noqa: PLC0415 - a house on SQLite never loads the driver

    known: Logins = {} if wishes.rotate_logins else keys.logins()
    told = make_databases(urls_of(settings), wishes.administrators, known, keys.keep_logins)
    return (
        [*told, "processes that run must be started again: they hold the old logins"] if wishes.rotate_logins else told
    )


def _require_whole(settings: Settings, stores: Stores, wishes: Wishes) -> None:
    """Refuse to put an empty database in the place of one that is gone: what is left would be worth nothing."""
    if wishes.new_database:
        return
    found = standings(settings, stores)
    empty = [name for name, standing in found.items() if standing is Standing.EMPTY]
    if len(empty) == 1:
        raise CannotStart(PUT_BACK.format(f"the {empty[0]} database is"))
    if empty and host_file(settings).exists() and wishes.administrators is None:
        raise CannotStart(PUT_BACK.format("both databases of this house are"))


def _grant(settings: Settings, logins: Logins) -> None:
    if is_postgresql(settings):
        from sallyport.postgres import grant_rights  # noqa: PLC0415 - a house on SQLite never loads the driver

        grant_rights(urls_of(settings), logins)


def _close_to_others(settings: Settings) -> None:
    """Keep the data folder and the databases, wherever they lie, to their owner, whatever the umask was."""
    settings.data.chmod(0o700)
    for url in urls_of(settings).values():
        parsed = make_url(url)
        file = parsed.database if parsed.get_backend_name() == "sqlite" else None
        if file and Path(file).is_file():
            Path(file).chmod(0o600)
