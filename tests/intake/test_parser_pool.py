"""The bare child and its pool: what goes wrong in one message never reaches the next."""

from __future__ import annotations

import io
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.errors import OurFault
from intake.mime import Budget
from intake.parser_pool import Limits, ParserPool
from intake.submission import Place, Submission, from_plain, to_plain

ROOT = Path(__file__).parents[2]
SIMPLE = b"From: a@writer.example\r\nSubject: Hi\r\n\r\nHello there\r\n"


@pytest.fixture(scope="module")
def pool() -> Iterator[ParserPool]:
    with ParserPool() as pool:
        yield pool


def children() -> set[int]:
    """Give the process ids of this process's children."""
    found = set()
    for task in Path("/proc/self/task").iterdir():
        found |= {int(pid) for pid in (task / "children").read_text().split()}
    return found


def is_well(pool: ParserPool) -> bool:
    found = pool.parse(SIMPLE)
    return found.hold is None and any(
        each.text == "Hello there\n" for each in found.passages if each.place is Place.BODY
    )


def zip_bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("z.txt", b"\0" * (60 << 20))
    part = b"Content-Type: application/zip; name=z.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    import base64

    return b"Content-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\n" + part + base64.encodebytes(target.getvalue())


@pytest.mark.parametrize("answer", [b"[" * 200_000, b'"\xff', b"1" * 5000], ids=["deep", "bytes", "number"])
def test_an_answer_that_is_none_ends_the_child(answer: bytes) -> None:
    """Whatever a child answers, the message is held and the child goes: its answer may blow up the reader too."""

    class Child:
        is_ended = False

        def exchange(self, _frame: bytes) -> bytes:
            return answer

        def end(self) -> None:
            self.is_ended = True

    child, pool = Child(), ParserPool()
    again, found = pool._parsed(child, b"M")  # type: ignore[arg-type]  # a child that was taken over
    assert (again, found.hold, child.is_ended) == (None, "parser-died", True)


def nest(depth: int) -> bytes:
    inner = b"Content-Type: text/plain\r\n\r\nx"
    for level in range(depth):
        inner = b"Content-Type: multipart/mixed; boundary=n%d\r\n\r\n--n%d\r\n%b\r\n--n%d--\r\n" % (
            level,
            level,
            inner,
            level,
        )
    return inner


def test_a_simple_mail_comes_back(pool: ParserPool) -> None:
    """A mail goes through the pipe and comes back read."""
    assert is_well(pool)
    assert pool.parse(SIMPLE).subject == "Hi"


@pytest.mark.parametrize(("raw", "reason"), [(zip_bomb(), "archive-bomb"), (nest(500), "too-deep")])
def test_what_is_over_budget_is_held_and_the_next_is_read(pool: ParserPool, raw: bytes, reason: str) -> None:
    """A bomb or a deep nest holds itself and nobody else."""
    assert pool.parse(raw).hold == reason
    assert is_well(pool)


def test_a_child_that_runs_out_of_memory_is_replaced() -> None:
    """A message that takes more memory than the kernel gives is held for that, and the next one is read."""
    with ParserPool(limits=Limits(memory=160 << 20), budget=Budget(decoded_bytes=4 << 30, text=4 << 30)) as pool:
        assert is_well(pool)
        assert pool.parse(SIMPLE + b"x\n" * (40 << 20)).hold in {"too-much-memory", "parser-died"}
        assert is_well(pool)


def test_a_child_that_dawdles_is_killed() -> None:
    """A message that takes longer than is allowed is held for that; the child is gone."""
    with ParserPool(limits=Limits(seconds=1.0)) as pool:
        before = children()
        assert is_well(pool)
        (child,) = children() - before
        os.kill(child, signal.SIGSTOP)
        assert pool.parse(SIMPLE).hold == "too-slow"
        assert child not in children()


def test_a_killed_child_is_replaced() -> None:
    """A child that was killed costs at most the message it worked on."""
    with ParserPool() as pool:
        before = children()
        assert is_well(pool)
        (child,) = children() - before
        os.kill(child, signal.SIGKILL)
        assert pool.parse(SIMPLE).hold in {None, "parser-died"}
        assert is_well(pool)
        assert child not in children()


def test_a_child_is_replaced_after_its_share() -> None:
    """No child works for ever."""
    with ParserPool(limits=Limits(messages=2)) as pool:
        seen = set()
        before = children()
        for _ in range(4):
            assert is_well(pool)
            seen |= children() - before
        assert children() == before
    # A child that has done its share is ended at once, so none can be seen between two messages but a fresh one.
    assert len(seen) == 2


def test_the_child_has_nothing_of_its_parent() -> None:
    """The child has no environment, no descriptor but its pipes, and limits it cannot lift."""
    os.environ["SALLYPORT_TEST_SECRET"] = "secret-of-the-parent"
    try:
        with (ROOT / "pyproject.toml").open("rb"), ParserPool(limits=Limits(memory=512 << 20)) as pool:
            before = children()
            assert is_well(pool)
            (child,) = children() - before
            process = Path("/proc") / str(child)
            assert b"secret-of-the-parent" not in (process / "environ").read_bytes()
            assert b"SALLYPORT" not in (process / "environ").read_bytes()
            assert {int(path.name) for path in (process / "fd").iterdir()} == {0, 1, 2}
            assert (process / "fd" / "2").readlink() == Path("/dev/null")
            limits = (process / "limits").read_text().splitlines()
            hard = {line[:25].strip(): line[26:].split()[1] for line in limits[1:]}
            assert hard["Max address space"] == str(512 << 20)
            assert hard["Max file size"] == hard["Max core file size"] == hard["Max processes"] == "0"
    finally:
        del os.environ["SALLYPORT_TEST_SECRET"]


def test_the_child_imports_nothing_that_holds_keys_or_data() -> None:
    """Neither the store, the web framework nor any key is within the child's reach."""
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); import intake.parser_child, intake.mime, intake.submission;"
        "print([name for name in sys.modules if name.split('.')[0] in"
        " {'sqlalchemy', 'flask', 'cryptography', 'records', 'redaction', 'socket', 'ssl', 'subprocess'}])"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script, str(ROOT)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_it_works_from_a_folder_with_spaces(tmp_path: Path) -> None:
    """An installation in a folder with spaces and odd letters, used from any folder, finds its own parser."""
    home = tmp_path / "a folder é"
    shutil.copytree(ROOT / "intake", home / "intake", ignore=shutil.ignore_patterns("__pycache__"))
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); from intake.parser_pool import ParserPool\n"
        "with ParserPool() as pool: print(pool.parse(b'Subject: found\\r\\n\\r\\nx').subject)"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script, str(home)],
        capture_output=True,
        text=True,
        check=True,
        cwd="/",
        env={},
    )
    assert done.stdout.strip() == "found"


def test_many_threads_share_the_children() -> None:
    """Every thread gets the answer to its own message, and no more children run than were asked for."""
    answers: dict[int, str] = {}
    with ParserPool(size=2) as pool:
        before = children()

        def ask(number: int) -> None:
            for _ in range(5):
                answers[number] = pool.parse(b"Subject: %d\r\n\r\nx" % number).subject

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(children() - before) <= 2
    assert answers == {number: str(number) for number in range(6)}


def test_closing_ends_the_children() -> None:
    """Nothing is left behind."""
    before = children()
    pool = ParserPool()
    assert is_well(pool)
    pool.close()
    assert children() == before
    with pytest.raises(OurFault):
        pool.parse(SIMPLE)
    pool.close()


@pytest.mark.parametrize(
    "change",
    [
        {"flags": ["512-37-4096"]},
        {"flags": ["Any Words"]},
        {"passages": [["body", "scan of 512374096", "x", True]]},
        {"attachments": [["a", "text/plain", 10**400, True, None]]},
    ],
    ids=["number as flag", "words as flag", "number as label", "size beyond all"],
)
def test_what_a_child_may_say_in_clear_is_ours(change) -> None:
    """A child that was taken over puts no word of its own where it would be kept readable or shown unscanned."""
    plain = json.loads(json.dumps(to_plain(Submission(subject="x"))))
    from_plain(plain)
    with pytest.raises(ValueError):
        from_plain({**plain, **change})


def test_a_child_that_cannot_be_started_is_no_fault_of_the_message() -> None:
    """Where no descriptor is left for a child's pipes the message says so, to be tried again; the next one is read."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with ParserPool() as pool:
        resource.setrlimit(resource.RLIMIT_NOFILE, (len(list(Path("/proc/self/fd").iterdir())), hard))
        try:
            assert pool.parse(SIMPLE).hold == "parser-not-started"
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        assert is_well(pool)


def test_the_kernel_ends_the_child_before_its_parent() -> None:
    """Where the machine's memory runs out, the child is the one to go."""
    with ParserPool() as pool:
        before = children()
        assert is_well(pool)
        (child,) = children() - before
        assert (Path("/proc") / str(child) / "oom_score_adj").read_text().strip() == "1000"


GREEDY = """
import json, os, sys
def frame():
    return sys.stdin.buffer.read(int.from_bytes(sys.stdin.buffer.read(4), "big"))
def tell(plain):
    body = json.dumps(plain).encode()
    sys.stdout.buffer.write(len(body).to_bytes(4, "big") + body)
    sys.stdout.buffer.flush()
def fault(attempt):
    try:
        attempt()
    except BaseException as fault:
        return type(fault).__name__
    return "allowed"
def write():
    with open(sys.argv[1] + "/written", "wb") as opened:
        opened.write(b"x")
def descriptors():
    for _ in range(20):
        os.dup(0)
frame()
tell({})
frame()
tell([fault(lambda: bytearray(2 << 30)), fault(write), fault(descriptors)])
frame()
while True:
    pass
"""


def test_the_limits_bite(tmp_path: Path) -> None:
    """A child that is somebody else's by now gets no gigabytes, writes no file, opens no more, and may not burn on."""
    shutil.copytree(ROOT / "intake", tmp_path / "intake", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "intake" / "parser_child.py").write_text(GREEDY, "ascii")
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from intake.mime.budget import Budget\n"
        "from intake.parser_pool import Limits, _Child, _ChildFailed\n"
        "child = _Child(Limits(seconds=2.0, seconds_per_mebibyte=0), Budget())\n"
        "print(child.exchange(b'M').decode())\n"
        "try: child.exchange(b'M')\n"
        "except _ChildFailed as failed: print(failed.reason)\n"
        "child.end()\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        cwd="/",
        env={},
    )
    told, burning = done.stdout.splitlines()
    assert json.loads(told) == ["MemoryError", "OSError", "OSError"]
    assert burning == "too-slow"
    assert not (tmp_path / "written").exists() or (tmp_path / "written").stat().st_size == 0
