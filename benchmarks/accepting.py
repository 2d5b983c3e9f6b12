"""Accepting: over SMTP against an aiosmtpd that stores nothing, and within the process by size of the group."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import load
from benchmarks.house import ROOT, BenchFault, House, Mail, Process, envelope, hand_in, started
from benchmarks.mail import sized_mail
from benchmarks.measuring import Case, Figures, Row, interleaved, seconds_of
from benchmarks.scale import KIBIBYTE, MEBIBYTE, Scale
from intake.accept import Accept
from records.commit import Change
from tests.servers.place import a_place
from tests.servers.postgres import a_server, find_programs

NOTHING, SYNCED, OURS = "aiosmtpd, stores nothing", "aiosmtpd, a synced file", "sallyport smtp"
OURS_ON_POSTGRESQL = "sallyport smtp, PostgreSQL"
CLIENT_SECONDS = 600
RATE_SIZE = 4 * KIBIBYTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What one run of the client sends."""

    size: int
    mails: int
    sessions: int
    is_kept: bool

    def __str__(self) -> str:
        size = f"{self.size // MEBIBYTE} MB" if self.size >= MEBIBYTE else f"{self.size // KIBIBYTE} kB"
        sessions = "1 session" if self.sessions == 1 else f"{self.sessions} sessions"
        return f"{size}, {sessions}, {'kept' if self.is_kept else 'a connection per mail'}"


def over_smtp(folder: Path, scale: Scale) -> Iterator[Row]:
    """Mails a second that are answered with 250, and the server's processor time for each."""
    with _servers(folder) as servers:
        for (size, mails), sessions, is_kept in itertools.product(scale.mails, scale.sessions, (True, False)):
            load = Load(size=size, mails=mails, sessions=sessions, is_kept=is_kept)
            cases = {name: _sending(server, load) for name, server in servers.items()}
            yield from interleaved(f"accept, {load}", cases, scale.repetitions, against=NOTHING)


def on_postgresql(folder: Path, scale: Scale) -> Iterator[Row]:
    """Accept small mails with the databases on a PostgreSQL of this machine, where there is one."""
    if find_programs() is None:
        print("not measured: PostgreSQL is not installed", file=sys.stderr)
        return
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(a_server())
        stack.enter_context(load.adopted(int((server.data / "postmaster.pid").read_text("utf-8").split()[0])))
        place = stack.enter_context(a_place(server))
        servers = {
            NOTHING: stack.enter_context(started(["benchmarks.plain_server"], dict(os.environ), folder / "plain.log")),
            OURS: stack.enter_context(House(folder / "sqlite").role("smtp")),
            OURS_ON_POSTGRESQL: stack.enter_context(House(folder / "postgresql", place).role("smtp")),
        }
        size, mails = scale.mails[0]
        for sessions in scale.sessions:
            load_of_mails = Load(size=size, mails=mails, sessions=sessions, is_kept=True)
            cases = {name: _sending(each, load_of_mails) for name, each in servers.items()}
            yield from interleaved(f"accept, {load_of_mails}", cases, scale.repetitions, against=NOTHING)


@contextlib.contextmanager
def _servers(folder: Path) -> Iterator[Mapping[str, Process]]:
    house, synced = House(folder / "accept"), folder / "synced"
    synced.mkdir()
    environment, log_file = dict(os.environ), folder / "plain.log"
    with contextlib.ExitStack() as stack:
        yield {
            NOTHING: stack.enter_context(started(["benchmarks.plain_server"], environment, log_file)),
            SYNCED: stack.enter_context(
                started(["benchmarks.plain_server", "--folder", str(synced)], environment, log_file)
            ),
            OURS: stack.enter_context(house.role("smtp")),
        }


def _sending(server: Process, load: Load) -> Case:
    command = [sys.executable, "-m", "benchmarks.mail_client"]
    command += [str(number) for number in (server.port, load.sessions, load.mails, load.size)]

    def send() -> Figures:
        before = server.busy_seconds()
        done = subprocess.run(
            [*command, *(["--kept"] if load.is_kept else [])],
            cwd=ROOT,
            capture_output=True,
            timeout=CLIENT_SECONDS,
            check=False,
        )
        if done.returncode:
            raise BenchFault("the client could not send its mails")
        told = json.loads(done.stdout)
        if told["accepted"] != load.mails:
            raise BenchFault("not every mail was accepted")
        return {
            "mails/s": load.mails / told["seconds"],
            "server CPU ms/mail": 1000 * (server.busy_seconds() - before) / load.mails,
            "client CPU ms/mail": 1000 * told["busy_seconds"] / load.mails,
        }

    return send


def in_groups(folder: Path, scale: Scale) -> Iterator[Row]:
    """Submissions a second that become durable, by how many share a commit; without SMTP."""
    with House(folder / "groups").door() as door:
        cases = {f"groups of {size}": _grouped(door, size, scale.accepts) for size in scale.groups}
        yield from interleaved("accept in process, 4 kB", cases, scale.repetitions, against="groups of 1")


def _grouped(door: Accept, size: int, count: int) -> Case:
    def accept() -> Figures:
        mails = [(sized_mail(RATE_SIZE, number), envelope()) for number in range(count)]
        return {"accepts/s": count / seconds_of(lambda: accept_in_groups(door, mails, size))}

    return accept


def accept_in_groups(door: Accept, mails: Sequence[Mail], size: int) -> None:
    """Accept mails, `size` of them in each commit."""
    for start in range(0, len(mails), size):
        _accept_together(door, mails[start : start + size])


def _accept_together(door: Accept, mails: Sequence[Mail]) -> None:
    """Accept mails in one commit: the committer is kept waiting until all of them stand in its queue."""
    may_go = threading.Event()
    door.committer.submit(Change(apply=lambda _: may_go.wait()))
    waiting = [hand_in(door, mail) for mail in mails]
    may_go.set()
    for answer in waiting:
        answer.result()
