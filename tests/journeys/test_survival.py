"""What was answered with 250 or a receipt is there after everything was killed; what was not is not half there."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import signal
import smtplib
import threading
from pathlib import Path
from typing import Self

from tests.journeys.builders import case_form, case_mail, pen
from tests.journeys.program import Program


class Burst:
    """Somebody who sends mail after mail on one connection, until it breaks."""

    def __init__(self, running: Program) -> None:
        self._running = running
        self.answered: list[bytes] = []
        # The one whose answer was not heard: it may be there, once, or not.
        self.unheard = b""
        self.is_under_way = threading.Event()
        self._thread = threading.Thread(target=self._send)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join()

    def _send(self) -> None:
        with contextlib.suppress(smtplib.SMTPException, OSError), self._running.smtp() as connection:
            for number in itertools.count():
                sample = case_mail(pen(f"burst {number}"))
                self.unheard = sample.raw
                connection.sendmail(sample.sender, [sample.recipient], sample.raw, ["BODY=8BITMIME"])
                self.answered.append(sample.raw)
                if len(self.answered) >= 10:
                    self.is_under_way.set()
        self.is_under_way.set()


def test_nothing_accepted_is_lost_when_everything_is_killed(running: Program, tmp_path: Path) -> None:
    """Mails and posts that were answered are accounted for once after kill -9 in the middle of a burst of them."""
    references = [running.send(case_form(pen(f"killed form {number}"))) for number in range(3)]
    unfinished = running.smtp()
    unfinished.ehlo()
    for command in ("MAIL FROM:<a@example.org>", "RCPT TO:<claims@example.test>", "DATA"):
        assert unfinished.docmd(command)[0] in {250, 354}
    unfinished.send(b"Subject: never finished\r\n\r\nand then the light went out")
    with Burst(running) as burst:
        burst.is_under_way.wait()
        running.kill()
    unfinished.close()
    assert len(burst.answered) >= 10

    for number, raw in enumerate(burst.answered):
        (tmp_path / f"{number:03d}.eml").write_bytes(raw)
    (tmp_path / "unheard.eml").write_bytes(burst.unheard)
    running.start()
    running.idle()
    found = [json.loads(line) for line in running.command("ledger", "--find", str(tmp_path)).stdout.splitlines()]
    counts = {row["file"]: row["count"] for row in found}
    assert {count for file, count in counts.items() if file != "unheard.eml"} == {1}
    assert counts["unheard.eml"] in {0, 1}
    lines = {line["reference"]: line["state"] for line in running.lines()}
    assert [lines[reference] for reference in references] == ["routed"] * 3
    assert len(lines) == 3 + sum(counts.values()), "the mail that was never finished is not half there"
    assert set(lines.values()) == {"routed"}
    ledger = running.command("ledger")
    assert ledger.exit_code == 0, ledger.stdout
    assert running.command("audit", "verify").exit_code == 0


def test_a_killed_worker_is_started_again(running: Program) -> None:
    """When a single role dies, the supervisor starts it again, and nobody outside notices."""
    os.kill(running.pids["worker-1"], signal.SIGKILL)
    assert running.send_and_find(case_mail(pen("behind a dead worker")))["state"] == "routed"
    assert running.stop() == 0
