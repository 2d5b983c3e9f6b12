"""`audit verify` and `audit checkpoint`."""

from __future__ import annotations

from pathlib import Path

import click

from records.audit import checkpoint as make_checkpoint
from records.audit import heads, read_checkpoint
from records.audit import verify as find_faults
from records.clock import system_clock
from records.digests import DigestPurpose
from sallyport.commands.common import settings_of, stores_of
from sallyport.errors import CannotStart
from sallyport.keys import ring


@click.group()
def audit() -> None:
    """Verify the audit log, or make a checkpoint of it."""


@audit.command()
@click.option(
    "--from",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A checkpoint that was kept elsewhere: shows a cut-off end too.",
)
@click.pass_context
def verify(ctx: click.Context, file: Path | None) -> None:
    """Go through every line of every chain. Status 1 when one was changed, removed or moved."""
    settings = settings_of(ctx)
    root = ring(settings).digests()[DigestPurpose.AUDIT.value]
    outside = read_checkpoint(root, file.read_text("utf-8")) if file is not None else None
    if file is not None and outside is None:
        raise CannotStart("this checkpoint is not one of ours, or was changed")
    with stores_of(settings) as stores, stores.record.reading() as connection:
        known = heads(connection)
        faults = list(find_faults(connection, root, outside))
    for fault in faults:
        click.echo(f"FAULT chain={fault.chain} line={fault.sequence}: {fault.what}")
    click.echo(f"{sum(sequence for sequence, _ in known.values())} lines in {len(known)} chains, {len(faults)} faults")
    if outside is None:
        click.echo("Without a checkpoint from elsewhere (--from), lines cut off at the end cannot be seen.")
    ctx.exit(1 if faults else 0)


@audit.command()
@click.pass_context
def checkpoint(ctx: click.Context) -> None:
    """Tie the ends of all chains together, and print that: keep it where this machine cannot change it."""
    settings = settings_of(ctx)
    root = ring(settings).digests()[DigestPurpose.AUDIT.value]
    with stores_of(settings) as stores, stores.record.writing() as connection:
        text = make_checkpoint(connection, root, system_clock())
    click.echo(text)
