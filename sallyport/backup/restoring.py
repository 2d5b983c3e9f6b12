"""Putting a backup back into an empty house, and saying what that leaves.

The key store that is there is the better one: it knows what was destroyed since the backup, and those inquiries stay
shut. Only where it is lost is it put back too; then what was destroyed since opens again until it is destroyed again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select, update

from records.alarms import raise_alarm
from records.audit import Chain, Fault, append, chain_key, read_checkpoint, verify
from records.clock import Clock
from records.destruction import bury, replay_tombstones
from records.keyring import KeyRing
from records.ledger import Sum, total
from records.schema import is_known, migrate
from records.settling import RESTORED, sweep_wraps
from records.store import Store, Stores
from records.tables import EPOCH, BlobRow, JobRow, SessionRow, WrapRow
from sallyport.backup.copied import Progress
from sallyport.backup.engines import TABLES, copier, is_empty
from sallyport.backup.manifest import BackupFault, Kind, Manifest, read, require_whole
from sallyport.backup.mending import Mended, mend
from sallyport.officer import CHAIN

PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was put back, and what it is worth."""

    manifests: tuple[Manifest, ...]
    destroyed_again: int
    # Submissions that were accepted after the copy of the record: their wraps are here, their bytes are not.
    only_in_keys: int
    orphans: int
    mended: Mended
    audit_faults: tuple[Fault, ...]
    ledger: Sum

    @property
    def is_whole(self) -> bool:
        """Tell whether everything in the backup is there, accounted for, and opens."""
        return self.ledger.is_even and not self.audit_faults and not self.mended.not_sealed_again


@dataclass(frozen=True, slots=True, kw_only=True)
class Restoring:
    """What a restoration is done with."""

    stores: Stores
    ring: KeyRing
    root: bytes = field(repr=False)
    clock: Clock
    progress: Progress

    def restore(self, folders: Mapping[Kind, Path]) -> Restored:
        """Put back what is named: the record, the key store, or both. Nothing is changed where one does not fit."""
        manifests = {kind: self._fitting(kind, folder) for kind, folder in folders.items()}
        if Kind.KEYS not in folders and is_empty(self.stores.keys, Kind.KEYS):
            raise BackupFault(
                "the key store is empty, nothing would open: put its file or database back, or name --keys"
            )
        for kind in (Kind.KEYS, Kind.RECORD):
            if kind in folders:
                copier(self._store(kind)).load(self._store(kind), kind, TABLES[kind], folders[kind], manifests[kind])
        migrate(self.stores)
        return self._settle(manifests)

    def _store(self, kind: Kind) -> Store:
        return self.stores.record if kind is Kind.RECORD else self.stores.keys

    def _fitting(self, kind: Kind, folder: Path) -> Manifest:
        """Read a backup whole, and make sure that it belongs here; raises `BackupFault`."""
        found, store = read(folder, self.root), self._store(kind)
        if found.kind is not kind:
            raise BackupFault(f"{folder.name}: this is a backup of the {found.kind.value}, not of the {kind.value}")
        if found.engine != store.engine.dialect.name:
            raise BackupFault(f"{folder.name}: it was made of {found.engine}, and the settings name another database")
        if not is_known(kind.value, found.schema):
            raise BackupFault(f"{folder.name}: it was made by a later version of the program: install that one first")
        if not is_empty(store, kind):
            raise BackupFault(
                f"the {kind.value} database is not empty, and nothing is overwritten: move it away, or name another"
            )
        require_whole(folder, found)
        return found

    def _settle(self, manifests: Mapping[Kind, Manifest]) -> Restored:
        """Bring the two databases to one state of things, and write down that it was done."""
        now, record = self.clock(), manifests.get(Kind.RECORD)
        with self.stores.record.reading(takes_time=True) as connection:
            outside = read_checkpoint(self.root, record.checkpoint) if record else None
            faults = tuple(verify(connection, self.root, outside))
        again = replay_tombstones(self.stores, now)
        bury(self.stores)
        if record is None:
            # The record is of today: a wrap without a blob there is of something that was destroyed or replaced.
            orphans, only_in_keys = sweep_wraps(self.stores, EPOCH, manifests[Kind.KEYS].began_at), 0
        else:
            orphans, only_in_keys = 0, self._accepted_since(record.began_at)
        mended = mend(self.stores, self.ring, now)
        with self.stores.record.writing() as connection:
            _begin_anew(connection, now)
            raise_alarm(connection, RESTORED, "", now)
            detail: dict[str, str | int | list[str]] = {
                **{f"{kind.value}_of": each.began_at.isoformat() for kind, each in manifests.items()},
                "destroyed_again": again,
                "sealed_again": mended.sealed_again,
            }
            chain = Chain(CHAIN, chain_key(self.root, CHAIN))
            append(connection, chain, kind=RESTORED, actor="officer", at=now, detail=detail)
        return Restored(
            manifests=tuple(manifests.values()),
            destroyed_again=again,
            only_in_keys=only_in_keys,
            orphans=orphans,
            mended=mended,
            audit_faults=faults,
            ledger=total(self.stores),
        )

    def _accepted_since(self, began_at: datetime) -> int:
        """Count originals that have wraps made after the copy of the record, and are not in it."""
        found, last = 0, ""
        while True:
            asked = (
                select(WrapRow.blob_id)
                .where(WrapRow.made_at >= began_at, WrapRow.compartment.in_(("intake", "custodian")))
                .where(WrapRow.blob_id > last)
                .distinct()
                .order_by(WrapRow.blob_id)
                .limit(PAGE)
            )
            with self.stores.keys.reading() as connection:
                page = tuple(connection.scalars(asked))
            if not page:
                return found
            with self.stores.record.reading() as connection:
                found += len(page) - len(connection.scalars(select(BlobRow.id).where(BlobRow.id.in_(page))).all())
            last = page[-1]


def _begin_anew(connection: Connection, now: datetime) -> None:
    """End every session: one that was signed out since the backup would be open again. Give every job back."""
    connection.execute(update(SessionRow).where(SessionRow.revoked_at.is_(None)).values(revoked_at=now))
    connection.execute(update(JobRow).values(worker=None, carried_at=None))
