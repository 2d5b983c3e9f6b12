"""What was answered with 250 or a receipt is there after everything was killed; what was not is not half there."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

from tests.journeys.builders import case_form, case_mail, pen
from tests.journeys.program import Program


def test_nothing_accepted_is_lost_when_everything_is_killed(running: Program, tmp_path: Path) -> None:
    """Mails and posts that were answered are each accounted for once after kill -9 of every process and a new start."""
    mails = tmp_path / "mails"
    mails.mkdir()
    references = []
    for number in range(6):
        sample = case_mail(pen(f"killed {number}"))
        running.send(sample)
        (mails / f"{number}.eml").write_bytes(sample.raw)
        references.append(running.send(case_form(pen(f"killed form {number}"))))
    unfinished = running.smtp()
    unfinished.ehlo()
    for command in ("MAIL FROM:<a@example.org>", "RCPT TO:<claims@example.test>", "DATA"):
        assert unfinished.docmd(command)[0] in {250, 354}
    unfinished.send(b"Subject: never finished\r\n\r\nand then the light went out")
    running.kill()
    unfinished.close()

    running.start()
    running.idle()
    found = [json.loads(line) for line in running.command("ledger", "--find", str(mails)).stdout.splitlines()]
    assert [row["count"] for row in found] == [1] * 6
    lines = {line["reference"]: line["state"] for line in running.lines()}
    assert [lines[reference] for reference in references] == ["routed"] * 6
    assert len(lines) == 12, "the mail that was never finished is not half there"
    ledger = running.command("ledger")
    assert ledger.exit_code == 0, ledger.stdout
    assert running.command("audit", "verify").exit_code == 0


def test_a_killed_worker_is_started_again(running: Program) -> None:
    """When a single role dies, the supervisor starts it again, and nobody outside notices."""
    os.kill(running.pids["worker-1"], signal.SIGKILL)
    assert running.send_and_find(case_mail(pen("behind a dead worker")))["state"] == "routed"
    assert running.stop() == 0
