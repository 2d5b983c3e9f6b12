"""Taking a backup: of the record first, of its keys second.

An inquiry's wraps are committed before the inquiry. So every inquiry in a copy of the record has its wraps in a copy of
the key store that is taken after it. (A wrap that a step has dropped in between was replaced by another: what that
leaves to be done is done on restoring.)
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from records.audit import checkpoint, checkpoint_chain
from records.clock import Clock
from records.keyring import KeyRing
from records.schema import version
from records.store import Stores
from sallyport.backup.copied import Copied, Progress
from sallyport.backup.engines import TABLES, copier
from sallyport.backup.folders import making, new_file
from sallyport.backup.manifest import BackupFault, Kind, Manifest, described
from sallyport.program import program_version


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """What backups are taken with: the stores, the house's audit key, the clock, and whom to tell how far it is."""

    stores: Stores
    root: bytes = field(repr=False)
    clock: Clock
    progress: Progress

    def take(self, kind: Kind, parent: Path) -> tuple[Path, Mapping[str, int]]:
        """Copy one database into a folder of its own; give the folder, and the rows of each table."""
        store, began_at, tied = self.stores.record if kind is Kind.RECORD else self.stores.keys, self.clock(), ""
        if kind is Kind.RECORD:
            # Before the view is taken: the copy must have every line up to here.
            with store.writing() as connection:
                tied = checkpoint(connection, checkpoint_chain(self.root), began_at)
        try:
            with making(parent, kind, began_at) as (folder, final):
                found = copier(store).save(store, TABLES[kind], folder, self.progress)
                self._describe(kind, folder, began_at, found, engine=store.engine.dialect.name, checkpoint=tied)
        except OSError as fault:
            raise BackupFault(f"the backup was not made: {_why(fault)}") from None
        return final, found.counts

    def take_ring(self, ring: KeyRing, parent: Path) -> Path:
        """Copy the key ring's files as they lie there: sealed under the master key, which is not copied."""
        began_at = self.clock()
        try:
            with making(parent, Kind.KEY_RING, began_at) as (folder, final):
                for path in sorted((*ring.folder.glob("*.key"), *ring.folder.glob("*.pub"))):
                    with path.open("rb") as source, open(new_file(folder / path.name), "wb") as target:  # noqa: PTH123 - a descriptor
                        shutil.copyfileobj(source, target)
                files = tuple(described(folder, path.name) for path in sorted(folder.iterdir()))
                self._describe(Kind.KEY_RING, folder, began_at, Copied(files=files, counts={}), engine="files")
        except OSError as fault:
            raise BackupFault(f"the backup was not made: {_why(fault)}") from None
        return final

    def _describe(
        self, kind: Kind, folder: Path, began_at: datetime, found: Copied, *, engine: str, checkpoint: str = ""
    ) -> None:
        schema = {Kind.RECORD: self.stores.record, Kind.KEYS: self.stores.keys}
        Manifest(
            kind=kind,
            program=program_version(),
            engine=engine,
            schema=(version(schema[kind]) or "") if kind in schema else "",
            began_at=began_at,
            ended_at=self.clock(),
            counts=found.counts,
            files=found.files,
            checkpoint=checkpoint,
        ).under(self.root).write(folder)


def _why(fault: OSError) -> str:
    """Say the system's reason without the path it is about."""
    return (fault.strerror or type(fault).__name__).lower()
