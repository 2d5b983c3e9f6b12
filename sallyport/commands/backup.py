"""`backup` and `restore`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from records.clock import system_clock
from records.digests import DigestPurpose
from sallyport.backup.folders import remove_old_keys
from sallyport.backup.manifest import BackupFault, Kind
from sallyport.backup.restoring import Restored, Restoring
from sallyport.backup.taking import Taking
from sallyport.commands.common import settings_of, stores_of
from sallyport.keys import ring
from sallyport.roles.running import open_stores
from sallyport.settings import Settings
from sallyport.supervisor import only_one

FOLDER = click.Path(file_okay=False, path_type=Path)
COUNTED = {Kind.RECORD: ("inquiry", "inquiries"), Kind.KEYS: ("wrap", "wraps")}
SHOWN = 20  # References named one by one; the ledger has them all.


@click.command()
@click.option("--record", type=FOLDER, help="Folder for a backup of the record: everything that is sealed.")
@click.option("--keys", type=FOLDER, help="Folder for a backup of the key store: what opens it. Keep it elsewhere.")
@click.option("--key-ring", type=FOLDER, help="Folder for the key ring's files, sealed under the master key.")
@click.option("--together", is_flag=True, help="Allow one folder for more than one of them; says what that means.")
@click.option(
    "--keep-days",
    type=click.IntRange(1, 365),
    help="Longest life of a backup of the key store; older ones in its folder go. Default: SALLYPORT_KEY_BACKUP_DAYS.",
)
@click.pass_context
def backup(
    ctx: click.Context,
    *,
    record: Path | None,
    keys: Path | None,
    key_ring: Path | None,
    together: bool,
    keep_days: int | None,
) -> None:
    """Copy the record and the key store while everything runs, each into a new folder of its own.

    Run it each day. Each copy is of one moment, read back, and there whole or not at all. The master key is never in
    them: keep a copy of it where no backup lies.
    """
    wanted = {Kind.RECORD: record, Kind.KEYS: keys, Kind.KEY_RING: key_ring}
    folders = {kind: folder.absolute() for kind, folder in wanted.items() if folder is not None}
    if not folders:
        raise click.UsageError("name --record FOLDER, --keys FOLDER, or both")
    _require_apart(folders, together=together)
    settings = settings_of(ctx)
    held = ring(settings)
    root = held.digests()[DigestPurpose.AUDIT.value]
    with stores_of(settings) as stores:
        taking = Taking(stores=stores, root=root, clock=system_clock, progress=_progress)
        # In this order: every inquiry in the copy of the record then has its wraps in the copy of the key store.
        for kind in (Kind.RECORD, Kind.KEYS):
            if kind in folders:
                made, counts = taking.take(kind, folders[kind])
                rows = (
                    f"{counts.get('inquiry', 0)} inquiries" if kind is Kind.RECORD else f"{counts.get('wrap', 0)} wraps"
                )
                click.echo(f"{kind.value}: {made} ({rows})")
        if Kind.KEY_RING in folders:
            click.echo(f"{Kind.KEY_RING.value}: {taking.take_ring(held, folders[Kind.KEY_RING])}")
    if Kind.KEYS in folders:
        for name in remove_old_keys(folders[Kind.KEYS], system_clock(), keep_days or settings.key_backup_days):
            click.echo(f"removed {name}: older than backups of the key store may get")


@click.command()
@click.option("--record", type=FOLDER, help="Backup of the record to put back: one record-... folder.")
@click.option("--keys", type=FOLDER, help="Backup of the key store, only where the key store itself is lost.")
@click.pass_context
def restore(ctx: click.Context, *, record: Path | None, keys: Path | None) -> None:
    """Put backups back into an empty house, and say what was found. Nothing is overwritten.

    Name --record alone when the key store is still there: what was destroyed since the backup then stays shut. The key
    ring and the master key must be in their places. Status 1 when not everything adds up.
    """
    wanted = {Kind.RECORD: record, Kind.KEYS: keys}
    folders = {kind: folder.absolute() for kind, folder in wanted.items() if folder is not None}
    if not folders:
        raise click.UsageError("name --record FOLDER, or --keys FOLDER where the key store is lost")
    settings = settings_of(ctx)
    held = ring(settings)
    root = held.digests()[DigestPurpose.AUDIT.value]
    with only_one(settings.data):
        stores = open_stores(settings)
        try:
            restoring = Restoring(stores=stores, ring=held, root=root, clock=system_clock, progress=_progress)
            found = restoring.restore(folders)
        finally:
            stores.close()
    for line in told(found, settings):
        click.echo(line)
    ctx.exit(0 if found.is_whole else 1)


def told(found: Restored, settings: Settings) -> Iterator[str]:
    """Say what was found, a line for each thing."""
    for manifest in found.manifests:
        made = manifest.began_at.astimezone(settings.time_zone)
        yield f"{manifest.kind.value}: as of {made:%Y-%m-%d %H:%M:%S}, made by version {manifest.program}"
    parts = " + ".join(f"{number} {state.value}" for state, number in found.ledger.by_state if number) or "nothing"
    yield f"{found.ledger.accepted} accepted = {parts}"
    yield f"{found.destroyed_again} were destroyed since the backup, and were destroyed again: nobody can open them"
    if found.only_in_keys:
        yield (
            f"{found.only_in_keys} were accepted after the backup: their keys are here, their text is not. Look for a "
            "newer backup of the record before 24 hours are over; then these keys are dropped"
        )
    if found.orphans:
        yield f"{found.orphans} wraps of what is not in the record any more were dropped again"
    mended = found.mended
    if mended.sealed_again:
        yield f"{mended.sealed_again} parts were sealed again for those who need them where the record stands now"
    if mended.not_sealed_again:
        yield f"{mended.not_sealed_again} parts could not be: the key they are sealed to is not in this key ring"
    if mended.shut:
        some = ", ".join(mended.references[:SHOWN]) + (", ..." if len(mended.references) > SHOWN else "")
        yield f"{mended.shut} parts can be opened by nobody, though their inquiries were not destroyed: {some}"
    yield from (f"AUDIT chain={fault.chain} line={fault.sequence}: {fault.what}" for fault in found.audit_faults)
    if not found.audit_faults:
        yield "The audit log is unbroken, up to the backup."
    yield from (f"NOT EVEN: {fault}" for fault in found.ledger.faults)
    if found.ledger.is_even:
        yield "The sum is even: everything in the backup is accounted for."
    yield (
        "Everybody was signed out. Accounts, grants and legal holds are as they were at the backup: see who left, and "
        "what was put on hold, since. Then run `sallyport doctor`, and `sallyport serve`."
    )


def _require_apart(folders: dict[Kind, Path], *, together: bool) -> None:
    """Refuse to put what is sealed beside what opens it, unless that is asked for."""
    places = {kind: folder.resolve() for kind, folder in folders.items()}
    joined = any(
        one != other and (here == there or here in there.parents)
        for one, here in places.items()
        for other, there in places.items()
    )
    if not joined:
        return
    if not together:
        raise BackupFault(
            "the record and what opens it in one folder: whoever has that folder needs only one key more, and what is "
            "destroyed stays in it. Name folders apart, best on two machines, or add --together"
        )
    click.echo(
        "note: these backups lie together. Destruction is complete only when this whole folder is gone.", err=True
    )


def _progress(what: str, done: int, of: int) -> None:
    if sys.stderr.isatty() and of:
        click.echo(f"\r{what}: {100 * done // of} %", err=True, nl=done >= of)
