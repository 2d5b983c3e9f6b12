"""The schema's versions. Alembic migrates both databases; one of a later version is refused, never guessed at."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from records.errors import StoreUnavailable, WrongSchema
from records.store import Store, Stores

FOLDER = Path(__file__).parent / "migrations"


def migrate(stores: Stores) -> None:
    """Bring both databases to this program's version; raises `WrongSchema` for one of a later version."""
    for name, store in _both(stores).items():
        if _version(store) not in {None, *_known(name)}:
            raise WrongSchema(f"the {name} database is of a later version than this program")
        with store.writing() as connection:
            config = _config(name)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def require_current(stores: Stores) -> None:
    """Raise `WrongSchema` unless both databases are of this program's version."""
    for name, store in _both(stores).items():
        try:
            version = _version(store)
        except StoreUnavailable:
            raise WrongSchema(f"the {name} database cannot be opened: run `sallyport init` first") from None
        if version is None:
            raise WrongSchema(f"the {name} database is empty: run `sallyport init`")
        if version not in _known(name):
            raise WrongSchema(f"the {name} database is of a later version than this program")
        if version != ScriptDirectory.from_config(_config(name)).get_current_head():
            raise WrongSchema(f"the {name} database is of an earlier version: run `sallyport init`")


def _both(stores: Stores) -> Mapping[str, Store]:
    return {"record": stores.record, "keys": stores.keys}


def _config(name: str) -> Config:
    config = Config()
    # Alembic reads options with %-interpolation, and a path may hold a percent sign.
    config.set_main_option("script_location", str(FOLDER / name).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    return config


def _known(name: str) -> frozenset[str]:
    script = ScriptDirectory.from_config(_config(name))
    return frozenset(revision.revision for revision in script.walk_revisions())


def _version(store: Store) -> str | None:
    with store.reading() as connection:
        return MigrationContext.configure(connection).get_current_revision()
