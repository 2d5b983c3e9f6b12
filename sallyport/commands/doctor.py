"""`doctor`: what is well, what to look at, and what is wrong, with what to do about it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict

import click
from sqlalchemy import select

from records.alarms import clear_alarms
from records.audit import Chain, append, chain_key
from records.clock import system_clock
from records.digests import DigestPurpose
from records.errors import RecordsError
from records.keyring import KeyRing
from records.store import Stores
from records.tables import AlarmRow
from sallyport.commands.common import settings_of, stores_of
from sallyport.doctor import Finding, House, Level, examine, worst
from sallyport.errors import SallyportError, SettingsFault
from sallyport.keys import ring
from sallyport.officer import CHAIN

FIRST = "put this right first: nothing else can be looked at without it"


@click.command()
@click.option("--full", "is_full", is_flag=True, help="Verify every line of the audit log, and add up the ledger.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line for each finding.")
@click.option("--clear", "kind", metavar="KIND", help="Clear the open alarms of a kind, after seeing to them.")
@click.pass_context
def doctor(ctx: click.Context, *, is_full: bool, as_json: bool, kind: str | None) -> None:
    """Look at everything that could go wrong, while it runs. Status 0: all is well; 1: look; 2: something is wrong."""
    try:
        settings = settings_of(ctx)
        held = ring(settings)
        with stores_of(settings) as stores:
            if kind is not None:
                click.echo(f"cleared {clear(stores, held, kind)}")
                return
            house = House(settings, held, stores, system_clock, is_full)
            status = _say(examine(house), as_json=as_json)
    except SettingsFault as fault:
        status = _say((_first("settings", each) for each in fault.faults), as_json=as_json)
    except (SallyportError, RecordsError) as fault:
        status = _say([_first("house", str(fault))], as_json=as_json)
    ctx.exit(status)


def clear(stores: Stores, held: KeyRing, kind: str) -> int:
    """Clear the open alarms of a kind, and write that down; give how many."""
    now = system_clock()
    chain = Chain(CHAIN, chain_key(held.digests()[DigestPurpose.AUDIT.value], CHAIN))
    is_open = (AlarmRow.kind == kind) & AlarmRow.cleared_at.is_(None)
    with stores.record.writing() as connection:
        subjects = tuple(connection.scalars(select(AlarmRow.subject_id).where(is_open)))
        if subjects:
            clear_alarms(connection, kind, subjects, now)
            detail: dict[str, str | int | list[str]] = {"kind": kind, "count": len(subjects)}
            append(connection, chain, kind="alarms-cleared", actor="officer", at=now, detail=detail)
    return len(subjects)


def _first(about: str, seen: str) -> Finding:
    return Finding(about=about, level=Level.WRONG, seen=seen, remedy=FIRST)


def _say(findings: Iterable[Finding], *, as_json: bool) -> int:
    """Say each finding as it is found; give the exit status."""
    said = []
    for finding in findings:
        said.append(finding)
        if as_json:
            click.echo(json.dumps(asdict(finding)))
            continue
        click.echo(f"{finding.level.value:<6}{finding.about:<12}{finding.seen}")
        if finding.remedy:
            click.echo(f"{'':<18}-> {finding.remedy}")
    return worst(said)
