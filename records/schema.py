"""The schema's versions. Alembic migrates both databases; one of a later version is refused, never guessed at."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from records.errors import StoreAway, StoreUnavailable, WrongSchema
from records.store import Store, Stores

FOLDER = Path(__file__).parent / "migrations"
LATER = (
    "the {} database is of a later version than this program: install that version or a newer one; nothing was changed"
)

# Damage to the file (SQLite), or to a page or an index (PostgreSQL).
DAMAGED = ("SQLITE_NOTADB", "SQLITE_CORRUPT", "XX001", "XX002")


class Standing(StrEnum):
    """Where a database stands against this program."""

    EMPTY = "empty"
    EARLIER = "earlier"
    CURRENT = "current"
    LATER = "later"


TOLD = {
    Standing.EMPTY: "the {} database is empty: run `sallyport init`",
    Standing.EARLIER: "the {} database is of an earlier version: run `sallyport init`",
    Standing.LATER: LATER,
}


def migrate(stores: Stores) -> None:
    """Bring both databases to this program's version; raises `WrongSchema` for one of a later version."""
    for name, store in _both(stores).items():
        if standing(name, store) is Standing.LATER:
            raise WrongSchema(LATER.format(name))
        upgrade(name, store)


def upgrade(name: str, store: Store, revision: str = "head") -> None:
    """Bring one database ("record" or "keys") up to a version; an empty one is made."""
    with store.writing(takes_time=True) as connection:
        config = _config(name)
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def require_current(stores: Stores) -> None:
    """Raise `WrongSchema` unless both databases are of this program's version."""
    for name, store in _both(stores).items():
        found = standing(name, store)
        if found is not Standing.CURRENT:
            raise WrongSchema(TOLD[found].format(name))


def standing(name: str, store: Store) -> Standing:
    """Tell where a database ("record" or "keys") stands; one that cannot be read says so in its error."""
    script = ScriptDirectory.from_config(_config(name))
    try:
        found = version(store)
    except StoreUnavailable as fault:
        raise type(fault)(_unread(name, fault), code=fault.code) from None
    if found is None:
        return Standing.EMPTY
    if found == script.get_current_head():
        return Standing.CURRENT
    known = {revision.revision for revision in script.walk_revisions()}
    return Standing.EARLIER if found in known else Standing.LATER


def revisions(name: str) -> tuple[str, ...]:
    """Give the versions of a database ("record" or "keys"), oldest first."""
    script = ScriptDirectory.from_config(_config(name))
    return tuple(revision.revision for revision in script.walk_revisions())[::-1]


def is_known(name: str, revision: str) -> bool:
    """Tell whether a version of a database ("record" or "keys") is this program's or an earlier one."""
    script = ScriptDirectory.from_config(_config(name))
    return revision in {each.revision for each in script.walk_revisions()}


def version(store: Store) -> str | None:
    """Give the version of a database's tables; None for one without any."""
    with store.reading() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _unread(name: str, fault: StoreUnavailable) -> str:
    if fault.code.startswith(DAMAGED) or not isinstance(fault, StoreAway):
        what = f"the {name} database cannot be read ({fault.code}): it is damaged, or no database of ours"
        return f"{what}. Nothing was changed; put it back from your backup"
    return (
        f"the {name} database cannot be opened ({fault.code}): see whether it is there, whether this account may read "
        "and write it and its folder, and whether its disk has room"
    )


def _both(stores: Stores) -> Mapping[str, Store]:
    return {"record": stores.record, "keys": stores.keys}


def _config(name: str) -> Config:
    config = Config()
    # Alembic reads options with %-interpolation, and a path may hold a percent sign.
    config.set_main_option("script_location", str(FOLDER / name).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    return config
