"""A Postfix of its own for tests: in a folder of its own, on loopback; the system's Postfix and /etc stay as they are.

    with running_postfix(settings) as postfix:   # needs root and Debian's package
        smtplib.SMTP(HOST, postfix.port)

`settings` are lines of main.cf. The recipes of docs/operators/postfix.md, which the tests hold to their word, are read
with `recipe`. Postfix never runs longer than `LONGEST_SECONDS`, even if the tests are killed.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.guards.tree import ROOT

HOST = "127.0.0.1"
PAGE = ROOT / "docs" / "operators" / "postfix.md"
LONGEST_SECONDS = 1800
START_SECONDS = 30.0
# As an administrator's PATH has them; a plain account's does not.
PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/lib/postfix/sbin"])

# What makes it private, and quick to try again. Nothing leaves this machine: there is no way out.
PRIVATE = {
    "compatibility_level": "3.6",
    "myhostname": "gateway.example.test",
    "inet_interfaces": HOST,
    "inet_protocols": "ipv4",
    "default_transport": "error:nothing leaves this machine",
    "relay_transport": "error:nothing leaves this machine",
    "alias_maps": "",
    "alias_database": "",
    "smtputf8_enable": "yes",
    "minimal_backoff_time": "1s",
    "maximal_backoff_time": "2s",
    "queue_run_delay": "1s",
}
# Service, type, whether it is private, whether it runs unprivileged, when it is woken, how many, and its program.
SERVICES = """
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
local unix - n n - - local
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def recipe(name: str, lmtp_port: int) -> dict[str, str]:
    """Give the settings of one block of the operators' page, with the LMTP port of this test in place of its own."""
    (block,) = re.findall(rf"```ini\n# {name}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    lines = [line for line in block.splitlines() if line and not line.startswith("#")]
    joined = re.sub(r"\n\s+", " ", "\n".join(lines)).replace(":2424", f":{lmtp_port}")
    return {name.strip(): value.strip() for name, _, value in (line.partition("=") for line in joined.splitlines())}


def free_port() -> int:
    """Give a port that nobody has at this moment."""
    with socket.create_server((HOST, 0)) as found:
        return int(found.getsockname()[1])


class Postfix:
    """One running Postfix."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self._folder, self._settings = folder, settings
        self.port = free_port()
        self._master: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Write its configuration, let Postfix make its folders, and wait until it greets."""
        self._write()
        self._run("postfix", "check")
        master = shutil.which("master", path=PATH)
        assert master is not None
        self._master = subprocess.Popen(
            [master, "-c", str(self._etc), "-s", "-e", str(LONGEST_SECONDS)],
            env={"PATH": PATH, "MAIL_CONFIG": str(self._etc)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.until(self._greets, "Postfix does not greet", START_SECONDS)

    def stop(self) -> None:
        """End it and everything it started, for sure."""
        if self._master is None:
            return
        self._master.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._master.wait(10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._master.pid, signal.SIGKILL)
        self._master.wait()
        self._master = None

    def log(self) -> str:
        """Give all that it has said."""
        path = self._folder / "maillog"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def waiting(self) -> tuple[str, ...]:
        """Give the ids of the mails in its queue."""
        listed = self._run("postqueue", "-j").stdout.splitlines()
        return tuple(json.loads(line)["queue_id"] for line in listed)

    def held_bytes(self, queue_id: str) -> bytes:
        """Give a waiting mail as it will be handed over, with CRLF line ends."""
        text = self._run("postcat", "-bhq", queue_id).stdout
        return text.replace(b"\n", b"\r\n")

    def until_handed_over(self, seconds: float = 40.0) -> None:
        """Wait until nothing waits any more, and let it try again and again until then."""

        def is_empty() -> bool:
            if not self.waiting():
                return True
            self._run("postqueue", "-f")
            return False

        self.until(is_empty, "mail is still waiting", seconds, rest=0.3)

    def until(self, is_so: Callable[[], bool], otherwise: str, seconds: float = 20.0, *, rest: float = 0.05) -> None:
        """Wait until something is so; what was said meanwhile is the reason of the failure."""
        end = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < end, f"{otherwise}\n{self.log()[-3000:]}"
            time.sleep(rest)

    def _greets(self) -> bool:
        try:
            with socket.create_connection((HOST, self.port), 5) as connection:
                return connection.recv(3) == b"220"
        except OSError:
            return False

    def _write(self) -> None:
        data = self._folder / "data"
        for folder in (self._etc, self._folder / "spool", data):
            folder.mkdir()
        shutil.chown(data, "postfix")
        places = {
            "queue_directory": str(self._folder / "spool"),
            "data_directory": str(data),
            "maillog_file": str(self._folder / "maillog"),
            "maillog_file_prefixes": str(self._folder),
        }
        lines = [f"{name} = {value}\n" for name, value in {**self._settings, **PRIVATE, **places}.items()]
        (self._etc / "main.cf").write_text("".join(lines), "utf-8")
        (self._etc / "master.cf").write_text(f"{HOST}:{self.port} inet n - n - - smtpd{SERVICES}", "utf-8")

    @property
    def _etc(self) -> Path:
        return self._folder / "etc"

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        done = subprocess.run(
            [program, "-c", str(self._etc), *arguments],
            env={"PATH": PATH},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, f"{program} {arguments} {done.stderr!r}\n{self.log()[-3000:]}"
        return done


@contextlib.contextmanager
def running_postfix(settings: Mapping[str, str]) -> Iterator[Postfix]:
    """Give a Postfix that runs, and leave nothing of it."""
    folder = Path(tempfile.mkdtemp(prefix="postfix.", dir=_enterable()))
    # Its own account must be able to come in; the folder is ours, and made for it.
    folder.chmod(0o755)
    postfix = Postfix(folder, settings)
    try:
        postfix.start()
        yield postfix
    finally:
        postfix.stop()
        shutil.rmtree(folder)


def _enterable() -> str:
    """Give a folder for temporary files that every account can enter."""
    for place in (tempfile.gettempdir(), "/var/tmp"):  # noqa: S108 - what is made in it has a random name, and is ours
        path = Path(place).resolve()
        if all(part.stat().st_mode & 0o001 for part in (path, *path.parents)):
            return str(path)
    raise AssertionError("no folder for temporary files can be entered by Postfix's own account")
