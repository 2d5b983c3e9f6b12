"""A Sallyport in a folder, its roles as processes, and its door opened in this process."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.mail import HOST, MAILBOX, SENDER
from intake.accept import Accept
from intake.arrivals import AcceptSettings
from records.clock import system_clock
from records.commit import Committer
from records.digests import DigestKeys
from records.store import Stores
from records.values import Accepted, Channel, Envelope
from sallyport.commands.preparing import Wishes, prepare
from sallyport.demo.folder import MAILBOXES
from sallyport.demo.sample import MAIL_DOMAIN
from sallyport.keys import bundle, ring
from sallyport.roles.running import open_stores
from sallyport.settings import Settings, as_environment, load
from sallyport.settings_reading import PREFIX

if TYPE_CHECKING:
    from tests.servers.place import HousePlace

ROOT = Path(__file__).resolve().parent.parent
STOP_SECONDS = 30
# The bytes of a mail, and what a transport would say of it.
Mail = tuple[bytes, Envelope]


class BenchFault(Exception):
    """What was to be measured did not start, or did not do its work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A program under measurement."""

    pid: int
    port: int

    def busy_seconds(self) -> float:
        """Give the processor time it has taken so far (proc(5)); 0 where the system does not tell.

        It is what a loaded machine distorts least: time spent waiting for a core does not count.
        """
        try:
            fields = Path(f"/proc/{self.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        except OSError:
            return 0.0
        # The times in user and in system mode are the 14th and 15th field; two went before the parenthesis.
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_mebibytes(process: int) -> float:
    """Give the most memory that a process has had in use (proc(5)); 0 where the system does not tell, or it is gone."""
    try:
        lines = Path(f"/proc/{process}/status").read_text("utf-8").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)


@contextlib.contextmanager
def started(command: list[str], environment: Mapping[str, str], log_file: Path) -> Iterator[Process]:
    """Run a program that says `{"port": ...}` on the descriptor after `--ready-fd`, until the block ends."""
    theirs_to_read, theirs_to_write = os.pipe()
    with log_file.open("ab") as told:
        process = subprocess.Popen(
            [sys.executable, "-m", *command, "--ready-fd", str(theirs_to_write)],
            env=dict(environment),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=told,
            pass_fds=(theirs_to_write,),
        )
    os.close(theirs_to_write)
    try:
        with os.fdopen(theirs_to_read, "rb") as ready:
            line = ready.readline()
        if not line:
            raise BenchFault(f"{command[0]} did not start")
        yield Process(pid=process.pid, port=int(json.loads(line).get("port") or 0))
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class House:
    """One record with its keys, in a folder; with a place, its databases are on a PostgreSQL server."""

    def __init__(self, folder: Path, place: HousePlace | None = None) -> None:
        self.folder = folder
        (folder / "data").mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = {name: value for name, value in as_environment(os.environ).items() if not name.startswith(PREFIX)}
        listens = dict.fromkeys(("SITE_LISTEN", "DESK_LISTEN", "SMTP_LISTEN"), f"{HOST}:0")
        boxes = ",".join(f"{name}@{MAIL_DOMAIN}" for name in MAILBOXES)
        ours = {"DATA": str(folder / "data"), "MAILBOXES": boxes, **listens}
        self.environment = kept | {PREFIX + name: value for name, value in ours.items()}
        self.environment |= place.settings if place else {}
        self.settings: Settings = load(self.environment)
        prepare(self.settings, Wishes(administrators=place.administrators if place else None))

    def copied_to(self, folder: Path) -> House:
        """Give a house with the same record and keys elsewhere; nothing may have this one open."""
        shutil.copytree(self.folder, folder)
        return House(folder)

    def role(self, role: str, name: str = "") -> contextlib.AbstractContextManager[Process]:
        """Run a role as a process of its own."""
        command = ["sallyport", role, "--name", name or role]
        return started(command, self.environment, self.folder / f"{name or role}.log")

    @contextlib.contextmanager
    def stores(self) -> Iterator[Stores]:
        """Open the databases."""
        opened = open_stores(self.settings)
        try:
            yield opened
        finally:
            opened.close()

    @contextlib.contextmanager
    def door(self) -> Iterator[Accept]:
        """Open the way in, within this process."""
        keys = bundle(ring(self.settings), "smtp")
        settings = AcceptSettings(
            reference_prefix=self.settings.reference_prefix,
            policy_version=self.settings.policy_version,
            record_series=self.settings.record_series,
        )
        with self.stores() as stores:
            committer = Committer(stores, system_clock)
            try:
                yield Accept(committer, keys.public[0], DigestKeys(keys.digests), settings, system_clock)
            finally:
                committer.close()


def envelope(mailbox: str = MAILBOX, sender: str = SENDER) -> Envelope:
    """Give what a transport would say of a mail."""
    return Envelope(channel=Channel.EMAIL, mailboxes=(mailbox,), sender=sender, protocol="ESMTP")


def hand_in(door: Accept, mail: Mail) -> Future[Accepted]:
    """Hand a whole mail to the door; the answer comes when it is durable."""
    raw, said = mail
    upload = door.begin(Channel.EMAIL)
    if written := upload.write(raw):
        written.result()
    return upload.finish(said)


@contextlib.contextmanager
def workplace(folder: Path) -> Iterator[Path]:
    """Give a folder that is gone afterwards.

    It lies below the one that is named and not where the system keeps temporary files: those may be in memory, where a
    sync costs nothing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix="work-") as made:
        yield Path(made)
