"""One role of the program alone, as a service manager would start it; and how its standard error is read."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import select

from records.ledger import Sum, total
from records.store import Stores
from records.tables import AlarmRow
from sallyport.commands.preparing import Wishes, prepare
from sallyport.demo.folder import make_folder, serving_environment
from sallyport.roles.running import open_stores
from sallyport.settings import Settings, load
from tests.guards.tree import ROOT

HOST = "127.0.0.1"
SECONDS = 60.0
MAIL = b"From: <maria@example.org>\r\nSubject: a question\r\n\r\nnumber %d\r\n"


def eventually(is_so: Callable[[], bool], seconds: float = SECONDS) -> bool:
    """Wait until something is so; False if it never is."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if is_so():
            return True
        time.sleep(0.05)
    return False


class AloneRole:
    """A role's process; `wrapper` stands before its command."""

    def __init__(
        self,
        role: str,
        folder: Path,
        more: Mapping[str, str] | None = None,
        wrapper: Sequence[str] = (),
        wishes: Wishes | None = None,
    ) -> None:
        self.role, self.folder = role, folder
        self.environment = serving_environment(make_folder(folder)) | {"PYTHONPATH": str(ROOT)} | dict(more or {})
        self.settings: Settings = load(self.environment)
        prepare(self.settings, wishes)
        self._wrapper = tuple(wrapper)
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        ours, theirs = os.pipe()
        command = [*self._wrapper, sys.executable, "-m", "sallyport", self.role, "--ready-fd", str(theirs)]
        with (self.folder / "log" / "role.log").open("ab") as told:
            self.process = subprocess.Popen(
                command, env=self.environment, stdin=subprocess.DEVNULL, stderr=told, pass_fds=(theirs,)
            )
        os.close(theirs)
        with os.fdopen(ours, "rb") as ready:
            line = ready.readline()
        assert line, self.log()
        self.port = json.loads(line)["port"] or 0
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
            try:
                self.process.wait(SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self.process is not None
        return self.process.pid

    def log(self) -> str:
        """Give what it said so far."""
        return (self.folder / "log" / "role.log").read_text("utf-8")

    def reload(self) -> None:
        """Tell it to read its files again."""
        os.kill(self.pid, signal.SIGHUP)

    def client(self) -> smtplib.SMTP:
        """Open an SMTP connection; raises `SMTPConnectError` where it hears 421."""
        return smtplib.SMTP(HOST, self.port, local_hostname="client.test", timeout=SECONDS)

    def send(self, content: bytes, client: smtplib.SMTP | None = None) -> int:
        """Send one mail and give the code that decided: of the connection, of MAIL, or of the last dot."""
        try:
            with contextlib.ExitStack() as stack:
                client = client or stack.enter_context(self.client())
                client.ehlo_or_helo_if_needed()
                for code, _ in (client.mail("maria@example.org"), client.rcpt("inquiries@example.test")):
                    if code >= 400:
                        client.rset()
                        return code
                return client.data(content)[0]
        except smtplib.SMTPResponseException as fault:
            return fault.smtp_code
        except smtplib.SMTPServerDisconnected:
            return 421

    @contextlib.contextmanager
    def stores(self) -> Iterator[Stores]:
        """Open the databases."""
        opened = open_stores(self.settings)
        try:
            yield opened
        finally:
            opened.close()

    def ledger(self) -> Sum:
        """Add up what was accepted."""
        with self.stores() as stores:
            return total(stores)

    def alarms(self) -> dict[str, bool]:
        """Give each kind of alarm, and whether it stands."""
        with self.stores() as stores, stores.record.reading() as connection:
            rows = connection.execute(select(AlarmRow.kind, AlarmRow.cleared_at))
            return {kind: cleared_at is None for kind, cleared_at in rows}
