"""`destroy`: an inquiry's end, under the number of the approval that the records officer was given."""

from __future__ import annotations

from datetime import datetime, timedelta

import click

from records.audit import Chain, chain_key
from records.clock import system_clock
from records.destruction import destroy as destroy_for_good
from records.destruction import replay_tombstones
from records.digests import DigestPurpose
from records.inquiries import find
from sallyport.commands.common import settings_of, stores_of
from sallyport.errors import SallyportError
from sallyport.keys import ring
from sallyport.officer import CHAIN
from sallyport.settings import Settings


class NotDestroyed(SallyportError):
    """Nothing was destroyed; the message says why."""


@click.command()
@click.argument("reference")
@click.option("--approval", required=True, help="Number under which its destruction was approved; goes on record.")
@click.option("--yes", "is_meant", is_flag=True, help="Do not ask again.")
@click.pass_context
def destroy(ctx: click.Context, reference: str, approval: str, is_meant: bool) -> None:  # noqa: FBT001 - click's flag
    """Destroy a closed inquiry: nothing of what was written in it can be opened again. A legal hold stops it."""
    settings, number = settings_of(ctx), approval.strip()
    if not (number and number.isascii() and number.isprintable()):
        raise NotDestroyed("--approval: the number that the approval has, in plain letters and digits")
    root = ring(settings).digests()[DigestPurpose.AUDIT.value]
    with stores_of(settings) as stores:
        with stores.record.reading() as connection:
            found = find(connection, reference=reference)
        if not is_meant:
            click.confirm(f"Destroy {found.reference} ({found.state.value})? It cannot be brought back", abort=True)
        chain, now = Chain(CHAIN, chain_key(root, CHAIN)), system_clock()
        # An earlier destruction that a crash cut short comes to its end first.
        replay_tombstones(stores, now)
        destroy_for_good(stores, reference, approval=number, actor="officer", chain=chain, now=now)
    for line in told(settings, reference, now):
        click.echo(line)


def told(settings: Settings, reference: str, now: datetime) -> tuple[str, ...]:
    """Say what is gone, and what is not gone yet."""
    until = (now + timedelta(days=settings.key_backup_days)).astimezone(settings.time_zone)
    return (
        f"Destroyed {reference}: its wraps, its sealed texts and files, its digests, its answers.",
        "What stays says that it was: its reference, times, state and recipients, and who opened it.",
        f"Backups of the key store made before now still open it. They live {settings.key_backup_days} days at most:",
        f"after {until:%Y-%m-%d %H:%M} none of them may exist, wherever they were copied.",
    )
