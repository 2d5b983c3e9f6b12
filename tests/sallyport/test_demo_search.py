"""The demonstration's search: what it finds, and that it finds nothing where nothing is."""

from __future__ import annotations

import base64
import gzip
import io
import os
import sqlite3
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sallyport.demo.search import Found, Hit, search

NUMBER = "512-34-9876"
BARE = NUMBER.replace("-", "")
OTHER = "20-4417763"
FULL_WIDTH = str.maketrans("0123456789-", "０１２３４５６７８９－")


def zipped(text: bytes) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", text * 3)
    return into.getvalue()


def line(text: str) -> bytes:
    return f"some words before {text} and after".encode()


# How it is written into a file, and the encoding that the search names.
WAYS: dict[str, tuple[Callable[[], bytes], str]] = {
    "as it was written": (lambda: line(NUMBER), "plain"),
    "digits only": (lambda: line(BARE), "plain"),
    "dots": (lambda: line(NUMBER.replace("-", ".")), "plain"),
    "spaces": (lambda: line(NUMBER.replace("-", " ")), "plain"),
    "each digit apart": (lambda: line(" ".join(BARE)), "plain"),
    "over a line end": (lambda: line("512-34-\n> 9876"), "plain"),
    "reversed": (lambda: line(NUMBER[::-1]), "plain, reversed"),
    "reversed digits": (lambda: line(BARE[::-1]), "plain, reversed"),
    "base64": (lambda: base64.b64encode(line(NUMBER)), "base64"),
    "base64, second alignment": (lambda: base64.b64encode(b"x" + line(NUMBER)), "base64"),
    "base64, third alignment": (lambda: base64.b64encode(b"xy" + line(NUMBER)), "base64"),
    "base64, nothing around": (lambda: base64.b64encode(BARE.encode()), "base64"),
    "base64 for addresses": (lambda: base64.urlsafe_b64encode(b"\xff\xfe\xfb " + line(BARE)), "base64"),
    "base64 in lines": (lambda: base64.encodebytes(line(NUMBER) * 5), "base64"),
    "base64 reversed": (lambda: base64.b64encode(line(BARE[::-1])), "base64, reversed"),
    "base32": (lambda: base64.b32encode(line(NUMBER)), "base32"),
    "base32, small": (lambda: base64.b32encode(b"xyz" + line(NUMBER)).lower(), "base32"),
    "hex": (lambda: line(NUMBER).hex().encode(), "hex"),
    "hex, capitals": (lambda: line(BARE).hex().upper().encode(), "hex"),
    "hex in pairs": (lambda: line(BARE).hex(" ").encode(), "hex"),
    "UTF-16, small end first": (lambda: line(NUMBER).decode().encode("utf-16-le"), "UTF-16"),
    "UTF-16, big end first": (lambda: line(NUMBER).decode().encode("utf-16-be"), "UTF-16"),
    "percent": (lambda: "".join(f"%{ord(sign):02X}" for sign in NUMBER).encode(), "percent"),
    "percent, in part": (lambda: b"?q=512%2D34%2D987%36", "percent"),
    "quoted-printable, in part": (lambda: b"ssn=3D512-34-987=36 is it", "quoted-printable"),
    "quoted-printable, all": (lambda: "".join(f"={ord(sign):02X}" for sign in NUMBER).encode(), "quoted-printable"),
    "soft line break": (lambda: b"number 512-34=\r\n-98=\r\n76 is it", "quoted-printable"),
    "zlib": (lambda: zlib.compress(line(NUMBER) * 3), "packed"),
    "gzip behind other bytes": (lambda: b"\x00" * 7 + gzip.compress(line(BARE) * 3), "packed"),
    "office document": (lambda: zipped(line(NUMBER)), "packed"),
    "gzip in base64": (lambda: base64.b64encode(gzip.compress(line(NUMBER) * 3)), "base64 > packed"),
    "full-width digits": (lambda: line(NUMBER.translate(FULL_WIDTH)), "folded"),
    "other hyphens": (lambda: line(NUMBER.replace("-", "\u2011")), "folded"),
    "nothing between": (lambda: line("512\u200b34\u200b9876"), "folded"),
    "tags between": (lambda: line("<b>512</b>-<i>34</i>-98<span class='x'>76</span>"), "folded"),
    "entities between": (lambda: line("512&#8209;34&ndash;9876"), "folded"),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_number_is_found_however_it_is_written(tmp_path: Path, way: str) -> None:
    """A planted number is found in each encoding, and the find names file, place in the list and encoding."""
    content, encoding = WAYS[way]
    (tmp_path / "file.bin").write_bytes(content())
    found = search([tmp_path], (OTHER, NUMBER))
    assert {(hit.file, hit.which) for hit in found.hits} == {("file.bin", 1)}
    assert not encoding or encoding in {hit.encoding for hit in found.hits}


def test_a_number_is_found_where_a_database_keeps_it(tmp_path: Path) -> None:
    """A number in a table is found in the file, or in the log that is written ahead of it."""
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE note (words TEXT)")
    connection.execute("INSERT INTO note VALUES (?)", (f"my social is {NUMBER}",))
    connection.commit()
    found = search([tmp_path], (NUMBER,))
    connection.close()
    assert "a.db-wal" in {hit.file for hit in found.hits}


def test_a_number_is_found_that_a_database_keeps_as_a_number(tmp_path: Path) -> None:
    """A column of whole numbers holds no digits that one could search for; they are read and searched."""
    connection = sqlite3.connect(tmp_path / "a b.db")
    connection.execute('CREATE TABLE "odd ""name" (value INTEGER, words BLOB)')
    connection.execute('INSERT INTO "odd ""name" VALUES (?, ?)', (int(BARE), b"none"))
    connection.commit()
    connection.close()
    (tmp_path / "broken.db").write_bytes(b"SQLite format 3\0" + b"x" * 600)
    assert search([tmp_path], (OTHER, NUMBER)).hits == (Hit("a b.db", 1, "table"),)


def test_a_number_is_found_over_the_edge_of_a_piece(tmp_path: Path) -> None:
    """Files are read in pieces, and a number that lies over their edge is found all the same."""
    (tmp_path / "large").write_bytes(b"-" * (8 * 1024 * 1024 - 5) + NUMBER.encode() + b"." * 1000)
    assert search([tmp_path], (NUMBER,)).hits == (Hit("large", 0, "plain"),)


def test_a_number_is_found_in_a_name(tmp_path: Path) -> None:
    """The name of a file or folder counts like what is in it."""
    (tmp_path / f"note {BARE}").mkdir()
    (tmp_path / f"note {BARE}" / "empty.txt").touch()
    assert search([tmp_path], (NUMBER,)).hits == (Hit(f"note {BARE}/empty.txt", 0, "plain"),)


@pytest.fixture
def sleeper() -> Iterator[int]:
    """Start a process of ours whose command line holds a number."""
    command = [sys.executable, "-c", "print(flush=True); input()", f"--ssn={NUMBER}"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as it:
        # A process that was started a moment ago may not show its arguments yet.
        assert it.stdout is not None
        assert it.stdout.readline() == b"\n"
        yield it.pid
        it.kill()


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="this system shows no command lines")
def test_a_number_is_found_in_a_command_line(sleeper: int) -> None:
    """The arguments of a process can be read by everybody on the machine, so they are searched."""
    assert search([], (NUMBER,), [sleeper]).hits == (Hit(f"process {sleeper}", 0, "plain"),)


def test_nothing_is_found_where_nothing_is(tmp_path: Path) -> None:
    """Random bytes, times, longer numbers and hashes are no hit; files and bytes are counted."""
    (tmp_path / "random").write_bytes(os.urandom(300_000))
    (tmp_path / "log.txt").write_text("2026-11-21T10:11:12.345 sent 1512349876 and 5123498761 of 99512-34-98761\n" * 50)
    (tmp_path / "link").symlink_to("/proc/version")
    found = search([tmp_path, tmp_path / "absent"], (NUMBER, OTHER))
    assert found.hits == ()
    assert found.files == 2
    assert found.bytes == 300_000 + (tmp_path / "log.txt").stat().st_size


def test_a_find_never_says_the_number(tmp_path: Path) -> None:
    """What a search gives back may be printed: no digit of a planted number is in it."""
    (tmp_path / "file").write_text(NUMBER)
    found = search([tmp_path], (NUMBER,))
    assert found.hits
    assert "512" not in repr(found)
    assert "9876" not in repr(found)


def test_finds_are_added_up() -> None:
    """Two searches make one result, in which the same find stands once."""
    hit = Hit("a", 0, "plain")
    both = Found(files=1, bytes=2, hits=(hit,)) + Found(files=3, bytes=4, hits=(hit,))
    assert both == Found(files=4, bytes=6, hits=(hit,))
