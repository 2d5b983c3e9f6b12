"""`ledger` and `wait`: what was accepted, where it stands, and whether it all adds up."""

from __future__ import annotations

import json
import time
from pathlib import Path

import click
from sqlalchemy import func, select

from records.digests import DigestKeys, DigestPurpose
from records.jobs import count
from records.ledger import Sum, find_digests, lines, total
from records.store import Stores
from records.tables import InquiryRow
from records.values import InquiryFacts
from sallyport.commands.common import settings_of, stores_of
from sallyport.keys import ring
from sallyport.mailfiles import as_sent, mail_files

POLL_SECONDS = 0.1


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON line per inquiry.")
@click.option(
    "--find",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="One JSON line per mail file of FOLDER: which inquiries hold exactly those bytes.",
)
@click.pass_context
def ledger(ctx: click.Context, as_json: bool, folder: Path | None) -> None:  # noqa: FBT001 - click gives a flag
    """Show that what was accepted equals what is accounted for. Status 1 when it doesn't."""
    settings = settings_of(ctx)
    with stores_of(settings) as stores:
        if folder is not None:
            _find(stores, DigestKeys(ring(settings).digests()), folder)
        elif as_json:
            with stores.record.reading(takes_time=True) as connection:
                for inquiry in lines(connection):
                    click.echo(json.dumps(line_of(inquiry)))
        else:
            ctx.exit(0 if show(total(stores)) else 1)


@click.command()
@click.option("--idle", is_flag=True, required=True, help="Until no job is left and nothing is on its way.")
@click.option("--timeout", "seconds", default=60.0, show_default=True, help="Longest wait in seconds.")
@click.pass_context
def wait(ctx: click.Context, idle: bool, seconds: float) -> None:  # noqa: FBT001 - click gives a flag
    """Wait until all that was accepted is routed or held. Status 1 when the time is over first."""
    del idle
    end = time.monotonic() + seconds
    with stores_of(settings_of(ctx)) as stores:
        while left := unfinished(stores):
            if time.monotonic() >= end:
                said = f"sallyport: {left} inquiries or jobs are still on their way after {seconds:g} seconds"
                click.echo(said, err=True)
                ctx.exit(1)
            time.sleep(POLL_SECONDS)


def unfinished(stores: Stores) -> int:
    """Count what is on its way: jobs, and inquiries that are neither routed nor held nor further."""
    with stores.record.reading() as connection:
        on_way = select(func.count()).where(InquiryRow.state.in_(("received", "admitted")))
        return max(count(connection), connection.execute(on_way).scalar_one())


def line_of(inquiry: InquiryFacts) -> dict[str, object]:
    """Give an inquiry's line of the ledger."""
    return {
        "reference": inquiry.reference,
        "channel": inquiry.channel.value,
        "recipients": list(inquiry.mailboxes),
        "state": inquiry.state.value,
        "hold_reason": inquiry.hold_reason,
        "flags": list(inquiry.flags),
        "finding_counts": dict(inquiry.finding_counts),
        "category": inquiry.category.value if inquiry.category else None,
        "program": inquiry.program,
        "unit": inquiry.unit,
        "channel_allowed": inquiry.channel_allowed.value if inquiry.channel_allowed else None,
        "acknowledged": inquiry.acknowledged in {"sending", "sent"},
        "acknowledgement": inquiry.acknowledged,
        "received_at": inquiry.received_at.isoformat(),
    }


def show(found: Sum) -> bool:
    """Print the sum; tell whether it is even."""
    parts = " + ".join(f"{number} {state.value}" for state, number in found.by_state if number) or "nothing"
    click.echo(f"{found.accepted} accepted = {parts}")
    for fault in found.faults:
        click.echo(f"NOT EVEN: {fault}")
    if found.is_even:
        click.echo("The sum is even: everything accepted is accounted for.")
    return found.is_even


def _find(stores: Stores, digests: DigestKeys, folder: Path) -> None:
    files = list(mail_files(folder))
    keyed = [digests.digest(DigestPurpose.SUBMISSION, as_sent(path.read_bytes())) for path in files]
    with stores.record.reading() as connection:
        found = find_digests(connection, keyed)
    for path, digest in zip(files, keyed, strict=True):
        held = found.get(digest, ())
        row = {"file": str(path.relative_to(folder)), "count": len(held)}
        click.echo(
            json.dumps({**row, "references": [name for name, _ in held], "states": [state for _, state in held]})
        )
