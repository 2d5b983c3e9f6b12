"""`original`: an officer's way to the bytes as they came, with the custodian's key and a second person."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path

import click

from records.blobs import ORIGINAL, place_of
from records.clock import system_clock
from records.inquiries import find
from records.originals import split_original
from records.unsealing import PrivateKeys, open_blob
from records.values import Purpose, Reader
from router.clearance import SENTENCES, Refused, may_second, need_to_know
from router.disclosures import Disclosure, written_down
from router.passwords import Passwords
from sallyport.commands.common import settings_of, stores_of
from sallyport.errors import SallyportError
from sallyport.keys import ring
from sallyport.officer import Office, let_in, office


class NotShown(SallyportError):
    """The rules refuse this opening; the refusal is on record."""


@click.command()
@click.argument("reference")
@click.option(
    "--custodian-key",
    "key_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The custodian's key file, where it is kept apart; default: the one in the key ring.",
)
@click.option("--reader", required=True, help="Sign-in name of the person who opens.")
@click.option("--second", required=True, help="Sign-in name of the second person, who stands by.")
@click.option(
    "--to", "target", type=click.Path(exists=False, path_type=Path), help="File to write (0600); default: stdout."
)
@click.pass_context
def original(
    ctx: click.Context, reference: str, key_file: Path | None, reader: str, second: str, target: Path | None
) -> None:
    """Open the original of an inquiry, exactly as it came. Both people give their passwords; both are on record.

    Without a terminal the two passwords are read from standard input, a line each.
    """
    settings = settings_of(ctx)
    if target is None and sys.stdout.isatty():
        raise NotShown("what somebody sent could command a terminal: name a file with --to")
    if target is not None and (target.exists() or not os.access(target.absolute().parent, os.W_OK)):
        # Said before anybody types a password, and before an opening is on record.
        raise NotShown("--to: name a file that is not there yet, in a folder that you can write to")
    keys = ring(settings)
    with stores_of(settings) as stores, office(stores, keys) as opened:
        passwords = Passwords()
        first = let_in(
            opened.books, passwords, reader, click.prompt("Password of the reader", hide_input=True, err=True)
        )
        other = let_in(
            opened.books, passwords, second, click.prompt("Password of the second", hide_input=True, err=True)
        )
        data = disclose_original(opened, reference, first, other, key_file, system_clock())
    if target is None:
        sys.stdout.buffer.write(data)
        return
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)


def disclose_original(
    opened: Office, reference: str, reader: Reader, second: Reader, key_file: Path | None, now: datetime
) -> bytes:
    """Decide, write it down, and only then open."""
    with opened.stores.record.reading() as connection:
        inquiry = find(connection, reference=reference)
        place = place_of(connection, inquiry.id, ORIGINAL)
    verdict = need_to_know(reader, inquiry, Purpose.VERIFY, now, second_person=second.id)
    if not isinstance(verdict, Refused):
        verdict = may_second(second, reader, inquiry, now)
    reason = verdict.reason if isinstance(verdict, Refused) else None
    disclosure = Disclosure(
        reader=reader, inquiry=inquiry, purpose=Purpose.VERIFY, part=ORIGINAL, at=now, refused=reason, second=second.id
    )
    opened.books.committer.commit(written_down(disclosure, opened.books.chain))
    if reason is not None:
        raise NotShown(f"not opened: {SENTENCES[reason]}")
    key = opened.keys.private("custodian", key_file)
    return split_original(open_blob(opened.stores, PrivateKeys([key]), place)[0])[0]
