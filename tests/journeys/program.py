"""A whole Sallyport in a folder, as a test starts, asks and kills it; and a reader's browser at its desk."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import smtplib
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from click.testing import CliRunner, Result

from records.clock import system_clock
from records.keyring import KeyRing, read_master
from records.store import Stores
from records.values import Role
from sallyport.commands.preparing import Wishes, prepare
from sallyport.demo.folder import make_folder, serving_environment
from sallyport.demo.readers import Account, add_readers
from sallyport.demo.sample import Sample
from sallyport.demo.sending import send
from sallyport.main import sallyport
from sallyport.roles.running import open_stores
from sallyport.settings import Settings, load
from tests.guards.tree import ROOT

HOST = "127.0.0.1"
SECONDS = 60.0


class Program:
    """`sallyport serve` on ports of the system's choice, with a record of its own: on SQLite, unless told otherwise."""

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None, wishes: Wishes | None = None) -> None:
        self.folder = make_folder(folder)
        self.environment = serving_environment(self.folder) | {"PYTHONPATH": str(ROOT)} | dict(settings or {})
        self.settings: Settings = load(self.environment)
        prepare(self.settings, wishes)
        self.ports: Mapping[str, int] = {}
        self.pids: Mapping[str, int] = {}
        # Where all that it keeps is, and the search of everything at rest looks.
        self.at_rest: Callable[[], Sequence[Path]] = lambda: [self.folder]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait for its ready line."""
        with (self.folder / "log" / "serve.log").open("ab") as told:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "sallyport", "serve"],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=told,
                start_new_session=True,
            )
        assert self._process.stdout is not None
        ready = json.loads(self._process.stdout.readline() or b'{"ports": {}, "pids": {}}')
        assert ready["ports"], (self.folder / "log" / "serve.log").read_text()[-2000:]
        self.ports, self.pids = ready["ports"], ready["pids"]

    def kill(self) -> None:
        """Kill every process of it at once, as a power cut would."""
        if self._process is None:
            return
        os.killpg(self._process.pid, signal.SIGKILL)
        self._gone()

    def stop(self) -> int:
        """Ask it to stop; give its exit status."""
        if self._process is None:
            return 0
        self._process.terminate()
        status = self._process.wait(SECONDS)
        self._gone()
        return status

    def _gone(self) -> None:
        assert self._process is not None
        self._process.wait(SECONDS)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._process = None

    def command(self, *arguments: str) -> Result:
        """Run a command of the program on this record, in this process: a test asks many times."""
        return CliRunner(env=self.environment).invoke(sallyport, arguments)

    def idle(self) -> None:
        """Wait until everything is routed or held."""
        done = self.command("wait", "--idle", "--timeout", "50")
        assert done.exit_code == 0, done.output

    def lines(self) -> list[dict[str, Any]]:
        """Give the lines of the ledger."""
        return [json.loads(line) for line in self.command("ledger", "--json").stdout.splitlines()]

    def send(self, sample: Sample) -> str:
        """Send a sample by its channel; give a form's reference."""
        return send(sample, self.ports)

    def send_and_find(self, sample: Sample) -> dict[str, Any]:
        """Send a sample, wait, and give the line of the ledger that it made."""
        before = {line["reference"] for line in self.lines()}
        self.send(sample)
        self.idle()
        (new,) = [line for line in self.lines() if line["reference"] not in before]
        return new

    def smtp(self, greeting: str = "mail.example.net") -> smtplib.SMTP:
        """Open a connection to the mail gateway."""
        return smtplib.SMTP(HOST, self.ports["smtp"], local_hostname=greeting, timeout=SECONDS)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, str]:
        """Get a page of the public site."""
        with contextlib.closing(http.client.HTTPConnection(HOST, self.ports["site"], timeout=SECONDS)) as connection:
            connection.request("GET", path, headers=dict(headers or {}))
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    @contextlib.contextmanager
    def stores(self) -> Iterator[Stores]:
        """Open the databases."""
        opened = open_stores(self.settings)
        try:
            yield opened
        finally:
            opened.close()

    def agent(self) -> Account:
        """Add an agent who has grants of all units. Once for a record: the name is taken then."""
        with self.stores() as stores:
            (account,) = add_readers(self.settings, stores, system_clock(), (Role.AGENT,))
        return account

    @property
    def keys(self) -> KeyRing:
        """The key ring, under its master key."""
        return KeyRing(self.settings.key_folder, read_master(self.settings.master_key_file))


class Browser:
    """A reader's browser at the desk: cookies, forms, no scripts."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> tuple[int, str]:
        """Get a page."""
        return self._ask("GET", path)

    def post(self, path: str, fields: Mapping[str, str]) -> tuple[int, str]:
        """Post a form, with the token of the page it is on."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{HOST}:{self._port}"}
        return self._ask("POST", path, urlencode(fields).encode(), headers)

    def sign_in(self, account: Account) -> str:
        """Sign in; give the session's token."""
        page = self.get("/sign-in")[1]
        fields = {"form_token": token_of(page), "name": account.sign_in_name, "password": account.password}
        status, _ = self.post("/sign-in", fields)
        assert status == 303
        return self.cookies["sallyport-desk"]

    def _ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, str]:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        with contextlib.closing(http.client.HTTPConnection(HOST, self._port, timeout=SECONDS)) as connection:
            connection.request(method, path, body, {**(headers or {}), **({"Cookie": cookie} if cookie else {})})
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie") or ():
                name, _, value = line.partition(";")[0].partition("=")
                self.cookies[name] = value
            return answer.status, answer.read().decode()


def token_of(page: str) -> str:
    """Give the form token of a page."""
    found = re.search(r'name="form_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]
