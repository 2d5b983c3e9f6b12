"""SQLite, copied by its own backup interface: page by page, in one reading transaction, while others write."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

from sqlalchemy import MetaData

from records.store import Store
from sallyport.backup.copied import Copied, Progress
from sallyport.backup.folders import new_file
from sallyport.backup.manifest import BackupFault, Kind, Manifest, described

FILE = "database.db"
PAGES = 4096  # 16 MiB between two looks at the progress.


class SqliteCopier:
    """Copies a database file."""

    def save(self, store: Store, tables: MetaData, folder: Path, progress: Progress) -> Copied:
        """Copy it, read the copy back, and count its rows."""
        path = folder / FILE
        os.close(new_file(path))
        with _said_without_text():
            return self._save(store, tables, path, progress)

    def _save(self, store: Store, tables: MetaData, path: Path, progress: Progress) -> Copied:
        with store.reading(takes_time=True) as connection:
            # The first question fixes the view: what others commit from here on is not in the copy, and the copying,
            # which goes on in this transaction, never has to begin again.
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()
            source = connection.connection.dbapi_connection
            with contextlib.closing(sqlite3.connect(path)) as target:
                source.backup(  # type: ignore[union-attr]  # SQLAlchemy's name for any driver's connection
                    target, pages=PAGES, progress=lambda _, left, total: progress("database", total - left, total)
                )
        return Copied(counts=_settled(path, tables), files=(described(path.parent, FILE),))

    def load(self, store: Store, kind: Kind, tables: MetaData, folder: Path, manifest: Manifest) -> None:
        """Put the file where the settings want the database."""
        del kind, tables, manifest
        path = Path(store.engine.url.database or "")
        store.close()
        waiting = path.with_name(path.name + ".restoring")
        waiting.unlink(missing_ok=True)
        try:
            with (folder / FILE).open("rb") as source, os.fdopen(new_file(waiting), "wb") as target:
                shutil.copyfileobj(source, target, 1024 * 1024)
                target.flush()
                os.fsync(target.fileno())
            for rest in ("-wal", "-shm"):
                path.with_name(path.name + rest).unlink(missing_ok=True)
            waiting.replace(path)
        finally:
            waiting.unlink(missing_ok=True)
        descriptor = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def _said_without_text() -> Iterator[None]:
    """Say the driver's own errors by their code: a full disk, most of all."""
    try:
        yield
    except sqlite3.Error as fault:
        code = getattr(fault, "sqlite_errorname", type(fault).__name__)
        raise BackupFault(f"the copy could not be written ({code}): look at the disk it goes to") from None


def _settled(path: Path, tables: MetaData) -> Mapping[str, int]:
    """Make one file of the copy, without a log beside it; see that it can be read, and count."""
    with contextlib.closing(sqlite3.connect(path)) as copy:
        copy.execute("PRAGMA journal_mode=DELETE")
        if copy.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise BackupFault("the copy cannot be read back: look at the disk, and at `sallyport doctor`")
        there = {name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        # The names are those of our own tables.
        return {
            name: int(copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608 - as said
            for name in sorted(there & tables.tables.keys())
        }
