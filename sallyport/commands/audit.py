"""`audit verify`, `audit checkpoint`, and `audit who`: the log that nobody can take back, as officers ask for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection, func, select

from records.audit import checkpoint as make_checkpoint
from records.audit import checkpoint_chain, heads, read_checkpoint
from records.audit import verify as find_faults
from records.clock import system_clock
from records.digests import DigestPurpose
from records.inquiries import find
from records.tables import AuditRow, DisclosureRow, ReaderRow
from records.values import InquiryFacts
from sallyport.commands.common import settings_of, stores_of
from sallyport.errors import CannotStart
from sallyport.keys import ring


@click.group()
def audit() -> None:
    """Verify the audit log, make a checkpoint of it, or ask it who saw an inquiry."""


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
    with stores_of(settings) as stores, stores.record.reading(takes_time=True) as connection:
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
        text = make_checkpoint(connection, checkpoint_chain(root), system_clock())
    click.echo(text)


@audit.command()
@click.argument("reference")
@click.option("--json", "as_json", is_flag=True, help="One JSON line per line of the log.")
@click.pass_context
def who(ctx: click.Context, reference: str, as_json: bool) -> None:  # noqa: FBT001 - click gives a flag
    """Say who saw an inquiry, who tried to, and what else was done with it, oldest first."""
    with stores_of(settings_of(ctx)) as stores, stores.record.reading() as connection:
        inquiry = find(connection, reference=reference)
        names = {row.id: f"{row.name} ({row.sign_in_name})" for row in connection.execute(_READERS)}
        told = list(lines_about(connection, inquiry))
        rows = select(func.count()).select_from(DisclosureRow).where(DisclosureRow.inquiry_id == inquiry.id)
        disclosures = connection.execute(rows).scalar_one()
    for line in told:
        by = [names.get(str(who), str(who)) for who in (line["actor"], line["detail"].get("second")) if who]
        if as_json:
            click.echo(json.dumps({**line, "by": by}))
        else:
            more = ", ".join(f"{name}={value}" for name, value in line["detail"].items() if name != "second")
            click.echo(f"{line['at']}  {line['kind']}  {' with '.join(by)}" + (f"  ({more})" if more else ""))
    opened = sum(line["kind"] in {"opened", "refused"} for line in told)
    if opened != disclosures:
        click.echo(f"NOT EVEN: {disclosures} disclosures are kept and {opened} are in the log: run `audit verify`")
        ctx.exit(1)


_READERS = select(ReaderRow.id, ReaderRow.name, ReaderRow.sign_in_name)


def lines_about(connection: Connection, inquiry: InquiryFacts) -> Iterator[dict[str, Any]]:
    """Give the lines that name an inquiry: of its own, and of the pages of a list whose previews were opened."""
    own = AuditRow.reference == inquiry.reference
    of_a_page = (AuditRow.kind == "previews") & (AuditRow.at >= inquiry.received_at)
    asked = select(AuditRow).where(own | of_a_page).order_by(AuditRow.at, AuditRow.chain, AuditRow.sequence)
    for row in connection.execute(asked.with_only_columns(*AuditRow.__table__.columns)):
        detail = dict(row.detail)
        page = detail.pop("references", None)
        if row.reference == inquiry.reference or inquiry.reference in (page or ()):
            yield {"at": row.at.isoformat(), "kind": row.kind, "actor": row.actor, "detail": detail}
