"""What senders hear while there is no room, no store or too much work; and that it heals without a person."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from email.message import Message
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.sallyport.alone import HOST, MAIL, AloneRole, eventually

MEBIBYTE = 1 << 20


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a file system of 40 MiB of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("a small file system is mounted by root only; run the tests as root")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m,mode=700", "tmpfs", str(folder)], check=False)
    if mounted.returncode:
        pytest.skip("no file system can be mounted in this container; run the tests in one that may")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def real_disk(tmp_path: Path) -> Iterator[Path]:
    """Give an ext4 file system of its own, in a file."""
    folder, image = tmp_path / "disk", tmp_path / "image"
    folder.mkdir()
    if os.geteuid() != 0 or shutil.which("mkfs.ext4", path="/usr/sbin:/sbin:/usr/bin:/bin") is None:
        pytest.skip("a file system is made and mounted by root only; run the tests as root, with e2fsprogs")
    with image.open("wb") as opened:
        opened.truncate(48 * MEBIBYTE)
    subprocess.run(["mkfs.ext4", "-q", str(image)], check=True)
    if subprocess.run(["mount", "-o", "loop", str(image), str(folder)], check=False).returncode:
        pytest.skip("no file system can be mounted in this container; run the tests in one that may")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def unmount_and_mount(folder: Path) -> None:
    """Repair what `real_disk` gave, as an administrator would."""
    image = folder.with_name("image")
    subprocess.run(["umount", str(folder)], check=True)
    subprocess.run(["e2fsck", "-p", str(image)], check=False, capture_output=True)
    subprocess.run(["mount", "-o", "loop", str(image), str(folder)], check=True)


def fill(folder: Path, but: int) -> Path:
    """Fill a file system, but for some bytes."""
    space, name = os.statvfs(folder), folder / "fill"
    name.write_bytes(bytes(max(space.f_bavail * space.f_frsize - but, 0)))
    return name


@contextlib.contextmanager
def locked(database: Path) -> Iterator[None]:
    """Hold the database's write lock, as a forgotten shell would."""
    with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


def is_code(role: AloneRole, code: int) -> Callable[[], bool]:
    """Give the question whether a new connection hears this."""
    return lambda: role.send(MAIL % 999) == code


def test_a_full_disk_is_said_before_it_is_full_and_heals(small_disk: Path) -> None:
    """Below the reserve: 421 at the door, 452 in an open session, an alarm; above it again: taken, and cleared."""
    with AloneRole("smtp", small_disk / "house") as role, role.client() as client:
        assert role.send(MAIL % 1, client) == 250
        filled = fill(small_disk, but=MEBIBYTE)
        assert eventually(lambda: b"421" in hello(role))
        assert role.send(MAIL % 2, client) == 452
        assert eventually(lambda: role.alarms() == {"taking-paused": True})
        filled.unlink()
        assert eventually(lambda: role.send(MAIL % 3, client) == 250)
        assert eventually(lambda: role.alarms() == {"taking-paused": False})
        told = role.log()
        assert told.count("no mail is taken: reason=no-space") == 1
        assert told.count("mail is taken again: reason=no-space") == 1
        found = role.ledger()
        assert (found.accepted, found.is_even) == (2, True)


def test_a_person_keeps_their_words_while_there_is_no_room(small_disk: Path) -> None:
    """The form says calmly that it was not taken, when to come again, and shows what was typed; later it is taken."""
    with AloneRole("site", small_disk / "house") as role:
        filled = fill(small_disk, but=MEBIBYTE)
        assert eventually(lambda: "no mail is taken: reason=no-space" in role.log())
        status, headers, page = post(role, "When do you open on Mondays?")
        assert (status, headers["Retry-After"]) == (503, "120")
        assert "When do you open on Mondays?" in page
        assert "INQ-" not in page
        filled.unlink()
        assert eventually(lambda: post(role, "When do you open on Mondays?")[0] == 200)
        found = role.ledger()
        assert (found.accepted, found.is_even) == (1, True)


def test_nothing_is_acknowledged_on_a_disk_without_a_byte(small_disk: Path) -> None:
    """A disk that fills up in the middle of mails gives 4xx and no 250; with room again, mail is taken."""
    with AloneRole("smtp", small_disk / "house") as role:
        mails = [MAIL % number + b"x" * 3_000_000 for number in range(20)]
        filled = fill(small_disk, but=8 * MEBIBYTE)
        answers = [role.send(mail) for mail in mails]
        assert set(answers) <= {250, 421, 451, 452}
        assert answers.count(250) < len(mails)
        filled.unlink()
        found = role.ledger()
        assert (found.accepted, found.is_even) == (answers.count(250), True)
        assert eventually(is_code(role, 250))


def test_a_locked_database_pauses_the_door_and_loses_nothing(tmp_path: Path) -> None:
    """While the database is locked newcomers hear 421; the mail that waited is taken when it is free, and they too."""
    with AloneRole("smtp", tmp_path / "house") as role:
        early: list[int] = []
        with locked(role.settings.data / "sallyport.db"):
            waiting = threading.Thread(target=lambda: early.append(role.send(MAIL % 1)))
            waiting.start()
            assert eventually(lambda: b"421" in hello(role))
        waiting.join()
        assert early in ([250], [451])
        assert eventually(is_code(role, 250))
        found = role.ledger()
        assert (found.accepted, found.is_even) == (1 + early.count(250), True)
        assert role.log().count("no mail is taken: reason=store-away") == 1


def post(role: AloneRole, words: str) -> tuple[int, Message, str]:
    """Fill in the form as a browser does; give status, headers and page."""
    with contextlib.closing(http.client.HTTPConnection(HOST, role.port, timeout=30)) as connection:
        connection.request("GET", "/")
        token = re.search(rb'name="csrf_token" value="([^"]+)"', connection.getresponse().read())
        assert token is not None
        fields = {"csrf_token": token[1].decode(), "confirmed": "1", "message": words, "kind": "general"}
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/", urlencode(fields), kind)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()


def hello(role: AloneRole) -> bytes:
    """Give the first line that a newcomer hears."""
    with socket.create_connection(("127.0.0.1", role.port), 10) as connection:
        return connection.recv(200)


def test_more_senders_than_descriptors(tmp_path: Path) -> None:
    """With 64 open files, 100 senders at once are taken or told to come again; nobody is acknowledged and forgotten."""
    with AloneRole("smtp", tmp_path / "house", wrapper=("prlimit", "--nofile=64", "--")) as role:
        answers: list[int] = []
        senders = [
            threading.Thread(target=lambda number=number: answers.append(role.send(MAIL % number)))
            for number in range(100)
        ]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        assert set(answers) <= {250, 421, 451}
        assert len(answers) == 100
        assert eventually(is_code(role, 250))
        found = role.ledger()
        assert (found.accepted, found.is_even) == (answers.count(250) + 1, True)
        assert "open files are limited" in role.log()


def test_a_limit_on_file_size_gives_4xx_and_no_half_message(tmp_path: Path) -> None:
    """Where the database's file may not grow (EFBIG), what does not fit is refused for a while and nothing is lost."""
    with AloneRole("smtp", tmp_path / "house", wrapper=("prlimit", "--fsize=2000000", "--")) as role:
        assert role.send(MAIL % 1) == 250
        assert role.send(MAIL % 2 + b"x" * 5_000_000) in {421, 451, 452}
        found = role.ledger()
        assert (found.accepted, found.is_even) == (1, True)
        assert eventually(is_code(role, 250))


def test_a_file_system_that_turns_read_only(real_disk: Path) -> None:
    """When the kernel allows no more writes after an error, mail is refused with 4xx; what was taken is there."""
    house = AloneRole("smtp", real_disk / "house")
    with house as role:
        assert role.send(MAIL % 1) == 250
        # What ext4 does by itself after an error (ext4(5), abort): files that are open can be written no more.
        subprocess.run(["mount", "-o", "remount,abort", str(real_disk)], check=True)
        assert role.send(MAIL % 2) in {421, 451, 452}
        assert eventually(lambda: b"421" in hello(role))
    unmount_and_mount(real_disk)
    with house as role:
        assert role.send(MAIL % 3) == 250
        found = role.ledger()
        assert (found.accepted, found.is_even) == (2, True)


def test_a_failed_sync_is_not_made_good_by_the_next_one(tmp_path: Path, real_program: Callable[..., str]) -> None:
    """When fsync reports an error the mail hears 4xx; later ones are taken, and those with 250 are there."""
    strace = real_program("strace", package="strace")
    with AloneRole("smtp", tmp_path / "house") as role:
        assert role.send(MAIL % 1) == 250
        inject = "inject=fsync,fdatasync:error=EIO"
        told = (tmp_path / "strace").open("wb")
        spoiling = subprocess.Popen(
            [strace, "-f", "-p", str(role.pid), "-e", "trace=fsync,fdatasync", "-e", inject],
            stderr=told,
            stdout=subprocess.DEVNULL,
        )
        try:
            if not eventually(lambda: b"attached" in (tmp_path / "strace").read_bytes(), 10):
                pytest.skip("no process may be traced in this container; run the tests in one that allows ptrace")
            assert role.send(MAIL % 2) in {421, 451}
        finally:
            spoiling.send_signal(signal.SIGINT)
            spoiling.wait()
            told.close()
        assert eventually(is_code(role, 250))
        found = role.ledger()
        assert found.is_even
        assert found.accepted in {2, 3}
