"""The demonstration, from an empty folder to the sum that comes out even and the search that finds nothing."""

from __future__ import annotations

import base64
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from records.clock import system_clock
from records.digests import DigestKeys, DigestPurpose
from records.inquiries import find
from records.ledger import find_digests, total
from records.store import Stores
from records.values import Channel, InquiryFacts, Role, State
from sallyport.commands.ledger import show, unfinished
from sallyport.commands.setup import prepare
from sallyport.demo.folder import DEFAULT_FOLDER, demo_environment, make_folder, serving_environment
from sallyport.demo.readers import Account, add_readers, write_accounts
from sallyport.demo.sample import Sample
from sallyport.demo.samples import all_planted, samples
from sallyport.demo.search import Found, search
from sallyport.demo.sending import send
from sallyport.demo.serving import Serving, serving
from sallyport.demo.table import console, is_plain, table_of
from sallyport.demo.telling import Tell, say, working
from sallyport.errors import SallyportError
from sallyport.keys import ring
from sallyport.mailfiles import as_sent
from sallyport.roles.running import open_stores
from sallyport.settings import Settings, load

__all__ = ["demo_environment", "run_demo"]

# Title of a sample -> the reference on its receipt, or "" for a mail.
Receipts = Mapping[str, str]
IDLE_SECONDS = 75.0
POLL_SECONDS = 0.25


class NotDone(SallyportError):
    """The demonstration did not come to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What the steps work with."""

    folder: Path
    settings: Settings
    stores: Stores
    samples: tuple[Sample, ...]
    console: Console


def run_demo(folder: Path = DEFAULT_FOLDER) -> int:
    """Run the whole demonstration; 0 when everything is accounted for and nothing planted is found."""
    began = time.monotonic()
    # All that this process makes is for its owner.
    os.umask(0o077)
    folder = make_folder(folder)
    environment = serving_environment(folder)
    settings = load(environment)
    out = console(sys.stdout, os.environ)
    with working(out, f"Making keys and databases in {folder}"):
        prepare(settings)
    stores = open_stores(settings)
    try:
        stage = Stage(folder=folder, settings=settings, stores=stores, samples=samples(system_clock()), console=out)
        with working(out, f"Adding {len(Role)} readers for the desk, one of each role"):
            accounts = add_readers(settings, stores, system_clock())
            file = write_accounts(folder, accounts)
        receipts, found = _play(stage, environment)
        is_even = _show_results(stage, receipts)
        found += search([folder], all_planted(stage.samples))
        is_clean = _show_found(stage, found)
        _show_way_on(out, folder, accounts, file, time.monotonic() - began)
    finally:
        stores.close()
    return 0 if is_even and is_clean else 1


def _play(stage: Stage, environment: Mapping[str, str]) -> tuple[Receipts, Found]:
    """Start the program, send everything, wait, and search while it still runs."""
    out, wanted = stage.console, all_planted(stage.samples)
    log_file = stage.folder / "log" / "serve.log"
    with (
        working(out, "Starting site, desk, unsealer, mail gateway and worker on loopback") as tell,
        serving(environment, log_file) as running,
    ):
        tell("They serve: " + ", ".join(f"{role} on port {port}" for role, port in running.ports.items()))
        receipts = _send_all(stage, running, tell)
        _wait(stage, tell)
        tell(f"Searching everything at rest, and the command lines, for {len(wanted)} numbers")
        found = search([stage.folder], wanted, running.processes())
        tell("Stopping everything")
    return receipts, found


def _send_all(stage: Stage, running: Serving, tell: Tell) -> Receipts:
    by_form = sum(sample.channel is Channel.FORM for sample in stage.samples)
    tell(f"Sending {len(stage.samples) - by_form} mails over SMTP and {by_form} posts to the form")
    return {sample.title: send(sample, running.ports) for sample in stage.samples}


def _wait(stage: Stage, tell: Tell) -> None:
    tell("Waiting until everything is routed or held")
    end = time.monotonic() + IDLE_SECONDS
    while left := unfinished(stage.stores):
        if time.monotonic() > end:
            raise NotDone(f"{left} inquiries are not done; the log in the demonstration's folder says more")
        time.sleep(POLL_SECONDS)


def _show_results(stage: Stage, receipts: Receipts) -> bool:
    """Print the table and the ledger's sum; tell whether every sample is there, once, and the sum is even."""
    rows = _rows(stage, receipts)
    stage.console.print(table_of(rows, plain=is_plain(sys.stdout, os.environ)))
    finished = sum(inquiry.state in {State.ROUTED, State.HELD} for _, inquiry in rows)
    say(stage.console, f"{len(stage.samples)} sent, {len(rows)} found in the record, {finished} routed or held.")
    is_even = show(total(stage.stores))
    return is_even and finished == len(rows) == len(stage.samples)


def _rows(stage: Stage, receipts: Receipts) -> list[tuple[str, InquiryFacts]]:
    """Give title and inquiry of each sample: by its receipt, or by the keyed digest of its bytes."""
    digests = DigestKeys(ring(stage.settings).digests())
    rows = []
    with stage.stores.record.reading() as connection:
        for sample in stage.samples:
            references = [receipts[sample.title]]
            if sample.channel is Channel.EMAIL:
                key = digests.digest(DigestPurpose.SUBMISSION, as_sent(sample.raw))
                references = [reference for reference, _ in find_digests(connection, [key]).get(key, ())]
            rows += [(sample.title, find(connection, reference=reference)) for reference in references]
    return rows


def _finds_a_plant(stage: Stage, number: str) -> bool:
    """Tell whether the search finds a number that was put there on purpose: one that finds nothing proves nothing."""
    decoy = stage.folder / "tmp" / "decoy"
    decoy.write_bytes(base64.b64encode(f"number={number}".encode()))
    try:
        return bool(search([stage.folder], (number,)).hits)
    finally:
        decoy.unlink()


def _show_found(stage: Stage, found: Found) -> bool:
    planted = all_planted(stage.samples)
    if not _finds_a_plant(stage, planted[0]):
        raise NotDone("the search did not find the number that was put there on purpose")
    say(
        stage.console,
        f"Searched {found.files} files and {found.bytes / 1e6:.1f} MB, while it ran and after, for {len(planted)} "
        f"numbers in every encoding: {len(found.hits)} found.",
    )
    say(stage.console, "The search was tried on one of them, put into a file on purpose for a moment: it was found.")
    for hit in found.hits:
        say(stage.console, f"  FOUND number {hit.which + 1} in {hit.file}: {hit.encoding}")
    return not found.hits


def _show_way_on(out: Console, folder: Path, accounts: tuple[Account, ...], file: Path, seconds: float) -> None:
    say(out, f"All of it took {seconds:.0f} seconds, and every process it started has ended.")
    way = "`make run` (or `sallyport serve --demo`)"
    if folder != DEFAULT_FOLDER.absolute():
        way = f"`sallyport serve` with SALLYPORT_DATA={folder / 'data'}"
    say(out, f"To look at these inquiries: {way}, then the desk at http://127.0.0.1:8001 and the site at")
    say(out, f"http://127.0.0.1:8000. Readers of the desk, also in {file}:")
    for account in accounts:
        say(out, f"  {account.sign_in_name:<14} {account.password}  ({account.role.value.replace('_', ' ')})")
