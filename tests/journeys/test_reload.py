"""SIGHUP to the whole program: new routes without a stop."""

from __future__ import annotations

import os
import re
import signal
from importlib.resources import files
from pathlib import Path

from sqlalchemy import select

from records.tables import AlarmRow, InquiryRow
from tests.journeys.program import Program
from tests.sallyport.alone import eventually

MAIL = b"Subject: my claim\r\n\r\nI filed my claim for unemployment benefits %d weeks ago and heard nothing.\r\n"
LOADED = re.compile("(loaded again|not loaded, the old one stays): kind=routes")


def units(program: Program) -> list[str]:
    """Give the units of the inquiries, in the order in which they came."""
    with program.stores() as stores, stores.record.reading() as connection:
        return list(connection.scalars(select(InquiryRow.unit).order_by(InquiryRow.received_at)))


def alarms(program: Program) -> set[str]:
    """Give the kinds of alarms that stand."""
    with program.stores() as stores, stores.record.reading() as connection:
        return set(connection.scalars(select(AlarmRow.kind).where(AlarmRow.cleared_at.is_(None))))


def parent_of(pid: int) -> int:
    """Give the process that started another."""
    return int((Path("/proc") / str(pid) / "stat").read_text("ascii").rpartition(")")[2].split()[1])


def send(program: Program, number: int) -> None:
    """Send a mail about a claim, and wait until it is routed."""
    with program.smtp() as client:
        client.sendmail("maria@example.org", ["inquiries@example.test"], MAIL % number)
    program.idle()


def test_new_routes_are_taken_while_it_runs(tmp_path: Path) -> None:
    """After SIGHUP to `serve` the next inquiry goes by the new file; a broken one changes nothing, with an alarm."""
    shipped = files("router").joinpath("routes.toml").read_text("utf-8")
    head, rule, tail = shipped.partition('rule = "claims"')
    changed = head + rule + tail.replace('"benefit-claims"', '"overpayments"', 1)
    file = tmp_path / "routes.toml"
    file.write_text(shipped, "utf-8")
    program = Program(tmp_path / "house", {"SALLYPORT_ROUTES": str(file)})
    program.start()
    try:
        log = tmp_path / "house" / "log" / "serve.log"

        def reload(text: str, times: int) -> None:
            file.write_text(text, "utf-8")
            # The roles are the supervisor's children.
            os.kill(parent_of(program.pids["desk"]), signal.SIGHUP)
            # Worker and desk read it, each for itself.
            assert eventually(lambda: len(LOADED.findall(log.read_text("utf-8"))) >= 2 * times)

        send(program, 1)
        reload(changed, 1)
        send(program, 2)
        reload("nothing [", 2)
        assert eventually(lambda: "routes-not-loaded" in alarms(program))
        send(program, 3)
        reload(shipped, 3)
        assert eventually(lambda: "routes-not-loaded" not in alarms(program))
        send(program, 4)
        assert units(program) == ["benefit-claims", "overpayments", "overpayments", "benefit-claims"]
    finally:
        program.kill()
