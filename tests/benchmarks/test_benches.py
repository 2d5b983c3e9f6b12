"""Each bench runs, on amounts so small that its figures mean nothing, and its rows have the right shape."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.__main__ import BENCHES, measure
from benchmarks.letters import varied_mails
from benchmarks.load import Foreign, Moment, adopted, between, now
from benchmarks.mail import sized_mail
from benchmarks.measuring import Row, Spread, interleaved
from benchmarks.report import keep, machine, table
from benchmarks.scale import TINY

ROW = Row(
    bench="a", case="b", unit="c/s", figures=Spread(least=1, median=2, most=3), count=3, against="d",
    ratio=Spread(least=0.4, median=0.5, most=0.6),
)  # fmt: skip


@pytest.mark.parametrize("name", BENCHES)
def test_a_bench_gives_rows(name: str, tmp_path: Path) -> None:
    """A bench ends, gives rows with figures in order, and leaves nothing behind."""
    rows = list(measure([name], TINY, tmp_path))
    assert rows
    for row in rows:
        assert row.bench
        assert row.case
        assert row.unit
        assert row.count >= 1
        assert 0 <= row.figures.least <= row.figures.median <= row.figures.most
        assert (row.ratio is None) == (row.against == "")
    assert not list(tmp_path.iterdir())


def test_ratios_are_taken_within_a_repetition() -> None:
    """A machine that becomes slower between two repetitions changes no ratio, and the order is turned round."""
    pace = iter([10.0, 20.0, 2.0, 1.0])
    cases = {"base": lambda: {"x": next(pace)}, "other": lambda: {"x": next(pace)}}
    base, other = interleaved("bench", cases, 2, against="base")
    assert base.ratio is None
    assert base.figures == Spread(least=1.0, median=5.5, most=10.0)
    assert other.ratio == Spread(least=2.0, median=2.0, most=2.0)


def test_a_row_is_a_line_in_both_forms(tmp_path: Path) -> None:
    """The table has a line for a row with its ratio, and the file a line of JSON behind the machine's."""
    assert "| a | b | c/s | 1.00 | 2.00 | 3.00 | **0.5** (0.4 .. 0.6) | d | 0% | 0% |" in table([ROW])
    file = tmp_path / "rows.jsonl"
    keep(file, machine())
    keep(file, ROW)
    head, line = map(json.loads, file.read_text().splitlines())
    assert set(head) == {"load", "cores", "python", "sqlite", "system", "pressure"}
    assert (line["case"], line["ratio"]["median"]) == ("b", 0.5)


def test_mails_are_of_their_size_and_differ() -> None:
    """A sized mail is nearly as large as was asked for, and no two mails are the same."""
    assert 0.9 * 4096 < len(sized_mail(4096)) <= 4096
    assert sized_mail(4096) != sized_mail(4096)
    mails = [raw for raw, _ in varied_mails(60)]
    assert len(set(mails)) == 60


def test_others_share_of_the_machine_is_what_is_not_ours() -> None:
    """Of what the cores did, ours is taken off; what other guests of the host took is told apart."""
    waited = {"cpu": 1.0, "io": 2.0}
    before = Moment(at=0, busy=100, ours=10, stolen=1, waited=waited)
    cores = os.cpu_count() or 1
    later = Moment(at=10, busy=100 + 6 * cores, ours=10 + 4 * cores, stolen=1 + cores, waited=waited | {"io": 3.0})
    assert between(before, later) == Foreign(share=0.2, stolen=0.1, pressure={"cpu": 0.0, "io": 0.1})


def test_a_row_from_a_busy_machine_is_marked() -> None:
    """Figures that others' work has distorted say so in the table."""
    assert "| 24% |" in table([replace(ROW, others=0.24)])
    assert "| 25% (!) |" in table([replace(ROW, others=0.25)])


def test_an_adopted_process_is_ours() -> None:
    """A server that went into the background counts as ours while it is adopted, and its children with it."""
    work = "import sys; sum(range(10**7)); print(); sys.stdin.read()"
    # Its parent ends at once, so that it stands below nobody of ours.
    parent = (
        f"import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', {work!r}], stdin=0).pid, flush=True)"
    )
    with subprocess.Popen([sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as started:
        assert started.stdin is not None
        assert started.stdout is not None
        number = int(started.stdout.readline())
        assert started.stdout.readline() == b"\n"
        started.wait(30)
        alone = now().ours
        with adopted(number):
            together = now().ours
        started.stdin.close()
    assert together - alone >= 0.05
