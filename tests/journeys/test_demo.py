"""`sallyport demo`, as people run it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guards.tree import ROOT
from tests.journeys.test_secrets import children_of

SECONDS = 150.0


def environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SALLYPORT_", "LC_", "LANG"))}
    return kept | {"LANG": "C", "PYTHONPATH": str(ROOT), "TMPDIR": str(folder)}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    made = tmp_path / "a place with spaces"
    made.mkdir()
    return made


@pytest.fixture
def started(place: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "sallyport", "demo"],
        cwd=place,
        env=environment(place),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        umask=0o077,
        # A shell that runs the tests in the background has them ignore Ctrl-C, and what they start as well.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no thread runs here yet
    ) as process:
        yield process
        process.kill()


def test_the_demonstration_ends_well(started: subprocess.Popen[str], place: Path) -> None:
    """It ends by itself with status 0: every sample routed or held, an even sum, nothing found, no process left."""
    told, _ = started.communicate(timeout=SECONDS)
    assert started.returncode == 0, told[-3000:]
    assert told.isascii(), "LANG=C promises no more than ASCII"
    counted = re.search(r"^(\d+) sent, (\d+) found in the record, (\d+) routed or held\.$", told, re.MULTILINE)
    assert counted is not None
    assert len(set(counted.groups())) == 1
    assert int(counted[1]) >= 36
    assert "The sum is even" in told
    assert re.search(r"numbers in every encoding: 0 found\.$", told, re.MULTILINE)
    assert "telephone or letter" in told
    assert "e-mail" in told
    assert "make run" in told
    assert (place / "var" / "demo" / "readers.txt").stat().st_mode & 0o777 == 0o600
    assert not running_in(place)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_demonstration_leaves_no_process(
    started: subprocess.Popen[str], place: Path, number: signal.Signals
) -> None:
    """Ctrl-C and SIGTERM in the middle of it end everything that it started."""
    assert started.stdout is not None
    for line in started.stdout:
        if line.startswith("Sending"):
            break
    assert children_of(started.pid)
    assert running_in(place)
    started.send_signal(number)
    started.communicate(timeout=SECONDS)
    assert started.returncode not in {0, None}
    assert not running_in(place)


def test_a_folder_of_somebody_else_is_refused_in_one_line(place: Path) -> None:
    """A folder that is not the demonstration's own is left alone, with one clear line and status 2."""
    (place / "mine").mkdir()
    (place / "mine" / "letter.txt").touch()
    done = subprocess.run(
        [sys.executable, "-m", "sallyport", "demo", "--folder", "mine"],
        cwd=place,
        env=environment(place),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "--folder" in done.stderr
    assert (place / "mine" / "letter.txt").exists()


def running_in(place: Path) -> list[int]:
    """Give the processes whose settings name a folder under this place."""
    found = []
    for file in Path("/proc").glob("[0-9]*/environ"):
        try:
            told = file.read_bytes()
        except OSError:  # Somebody else's, or gone.
            continue
        if b"SALLYPORT_DATA=" + os.fsencode(place) in told:
            found.append(int(file.parent.name))
    return found
