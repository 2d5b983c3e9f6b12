"""What an operator types: backup, restore, destroy, doctor, and who saw an inquiry."""

from __future__ import annotations

import json
import re
import shutil
import socket
import stat
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from records.alarms import raise_alarm
from records.audit import CHECKPOINTS
from records.clock import system_clock
from records.inquiries import find, hold, move
from records.tables import AuditRow, InquiryRow, JobRow, LegalHoldRow, SubmissionRow, TombstoneRow, WrapRow
from records.values import State
from tests.sallyport.test_commands import MAIL, House


@pytest.fixture
def house(tmp_path) -> House:
    made = House(tmp_path)
    assert made.run("init").exit_code == 0
    return made


def closed(house: House, raw: bytes = MAIL) -> str:
    reference = house.accept(raw)
    stores = house.stores()
    with stores.record.writing() as connection:
        inquiry = find(connection, reference=reference)
        hold(connection, inquiry.id, "unreadable", now=system_clock())
        move(connection, inquiry.id, State.CLOSED, now=system_clock())
    stores.close()
    return reference


def backup(house: House, *options: str) -> list[Path]:
    done = house.run(
        "backup", "--record", str(house.folder / "b/record"), "--keys", str(house.folder / "b2/keys"), *options
    )
    assert done.exit_code == 0, done.output
    return [
        Path(line.split(": ")[1].split(" (")[0]) for line in done.output.splitlines() if line[:5] in {"recor", "keys:"}
    ]


def findings(house: House, *options: str) -> dict[str, list[tuple[str, str]]]:
    done = house.run("doctor", "--json", *options)
    found: dict[str, list[tuple[str, str]]] = {}
    for line in map(json.loads, done.stdout.splitlines()):
        found.setdefault(line["about"], []).append((line["level"], line["seen"]))
    assert done.exit_code == max(
        {"ok": 0, "look": 1, "wrong": 2}[level] for each in found.values() for level, _ in each
    )
    return found


def test_backup_destroy_restore_as_an_operator_types_it(house) -> None:
    """After a restoration of yesterday's record the destroyed inquiry stays shut; with yesterday's keys it opens."""
    stays, goes = house.accept(), closed(house, b"Subject: goes\r\n\r\nplease\r\n")
    record, keys = backup(house)
    done = house.run("destroy", goes, "--approval", "RCB-2026-14", "--yes")
    assert done.exit_code == 0, done.output
    assert "live 7 days at most" in done.output
    data = house.folder / "data"
    data.joinpath("sallyport.db").rename(house.folder / "lost.db")
    done = house.run("restore", "--record", str(record))
    assert done.exit_code == 0, done.output
    assert "1 were destroyed since the backup" in done.output
    assert "2 accepted = 1 received + 1 destroyed" in done.output
    assert "The audit log is unbroken" in done.output
    assert house.run("ledger").exit_code == 0
    # Everything from yesterday, the key store too: then it opens, and the guide says for how many days it does.
    for name in ("sallyport.db", "keys.db"):
        data.joinpath(name).rename(house.folder / f"lost again {name}")
    done = house.run("restore", "--record", str(record), "--keys", str(keys))
    assert done.exit_code == 0, done.output
    assert "2 accepted = 1 received + 1 closed" in done.output
    assert stays in house.run("ledger", "--json").output


def test_a_restored_house_says_who_restored_it(house) -> None:
    """The restoration is a line of the audit log, an alarm, and `audit verify` holds after it."""
    house.accept()
    record, _ = backup(house)
    (house.folder / "data/sallyport.db").unlink()
    assert house.run("restore", "--record", str(record)).exit_code == 0
    assert house.run("audit", "verify").exit_code == 0
    assert ("look", "restored: 1 open, the oldest since 0 seconds ago") in findings(house)["alarm"]
    assert house.run("doctor", "--clear", "restored").output == "cleared 1\n"
    assert findings(house)["alarm"] == [("ok", "none is open")]


def test_restore_overwrites_nothing(house) -> None:
    """A record that is there is not touched, whatever backup is named, and the line says what to do."""
    house.accept()
    record, _ = backup(house)
    before = (house.folder / "data/sallyport.db").read_bytes()
    done = house.run("restore", "--record", str(record))
    assert done.exit_code == 2
    assert "not empty" in done.output
    assert (house.folder / "data/sallyport.db").read_bytes() == before


def test_the_record_and_what_opens_it_are_kept_apart(house) -> None:
    """One folder for both, or one within the other, takes a word of its own, which is answered with a warning."""
    for keys in ("b", "b/keys"):
        done = house.run("backup", "--record", str(house.folder / "b"), "--keys", str(house.folder / keys))
        assert done.exit_code == 2
        assert "one folder" in done.output
    assert not (house.folder / "b").exists()
    together = house.run("backup", "--record", str(house.folder / "b"), "--keys", str(house.folder / "b"), "--together")
    assert together.exit_code == 0
    assert "lie together" in together.output


def test_the_key_ring_is_copied_only_when_asked_and_the_master_key_never(house) -> None:
    """No backup holds the master key; the ring's files come as they lie, and open under it again."""
    backup(house, "--key-ring", str(house.folder / "b3"))
    master = (house.folder / "data/master.key").read_bytes().strip()
    copies = [path for name in ("b", "b2", "b3") for path in (house.folder / name).rglob("*") if path.is_file()]
    assert not any(master in path.read_bytes() for path in copies)
    assert [path.name for path in copies].count("intake.key") == 1
    assert {stat.S_IMODE(path.stat().st_mode) for path in copies} == {0o600}


def test_a_running_house_is_not_restored_over(house) -> None:
    """While `serve` holds the data folder, a restoration is refused."""
    from sallyport.settings import load
    from sallyport.supervisor import only_one

    record, _ = backup(house)
    with only_one(load(house.environment).data):
        done = house.run("restore", "--record", str(record))
    assert done.exit_code == 2
    assert "serves this data folder" in done.output


def test_destroy_is_for_what_is_closed_and_not_on_hold(house) -> None:
    """What waits for somebody, is on legal hold, or is not there, is not destroyed: one line, and nothing is gone."""
    waits, held = house.accept(), closed(house, b"Subject: held\r\n\r\nx\r\n")
    stores = house.stores()
    with stores.record.writing() as connection:
        row = {"inquiry_id": find(connection, reference=held).id, "set_by": "x", "set_at": system_clock()}
        connection.execute(insert(LegalHoldRow), [row])
    for reference in (waits, held, "INQ-0000-0000"):
        done = house.run("destroy", reference, "--approval", "1", "--yes")
        assert done.exit_code == 2
        assert len(done.output.splitlines()) == 1
    with stores.keys.reading() as connection:
        assert len(connection.execute(select(WrapRow)).all()) == 2
        assert not connection.execute(select(TombstoneRow)).all()
    stores.close()


def test_destroy_asks_unless_told(house) -> None:
    """Without --yes the question has to be answered, and no is the answer that an Enter gives."""
    reference = closed(house)
    assert house.run("destroy", reference, "--approval", "1", words="\n").exit_code == 1
    assert "1 closed" in house.run("ledger").output
    assert house.run("destroy", reference, "--approval", "1", words="y\n").exit_code == 0
    assert "1 destroyed" in house.run("ledger").output


def test_who_saw_an_inquiry(house) -> None:
    """`audit who` gives what was done with one inquiry, in order, and nothing of another."""
    one, other = closed(house), closed(house, b"Subject: other\r\n\r\nx\r\n")
    assert house.run("destroy", one, "--approval", "RCB-7", "--yes").exit_code == 0
    done = house.run("audit", "who", one)
    assert done.exit_code == 0
    assert re.fullmatch(r"\S+  destroyed  officer  \(approval=RCB-7\)\n", done.output)
    assert house.run("audit", "who", other).output == ""


def test_a_well_house_is_said_to_be_well(house) -> None:
    """Only what a new house really lacks is named: where keys and checkpoints lie, and that no role runs."""
    house.accept()
    found = findings(house, "--full")
    looked = {about for about, each in found.items() for level, _ in each if level != "ok"}
    assert looked == {"keys", "roles", "audit"}
    assert {level for each in found.values() for level, _ in each} == {"ok", "look"}
    assert ("ok", "admit: 1 ready, 0 taken up, 0 wait for another try") in found["jobs"]


def _remove_unit(house: House) -> None:
    for path in (house.folder / "data/keys").glob("unit.appeals.*"):
        path.unlink()


def _since(**span: float) -> datetime:
    return system_clock() - timedelta(**span)


Fault = Callable[[House, Connection, Connection, str], object]
FAULTS: dict[str, Fault] = {
    "late job": lambda _, record, _keys, _id: record.execute(update(JobRow).values(not_before=_since(hours=2.1))),
    "failing job": lambda _, record, _keys, _id: record.execute(
        update(JobRow).values(failures=1, not_before=_since(minutes=-5))
    ),
    "held": lambda _, record, _keys, inquiry_id: hold(record, inquiry_id, "unreadable", now=_since(days=8)),
    "alarm": lambda _, record, _keys, inquiry_id: raise_alarm(record, "admit-failed", inquiry_id, system_clock()),
    "future": lambda _, record, _keys, _id: record.execute(update(SubmissionRow).values(received_at=_since(hours=-1))),
    "half destroyed": lambda _, _record, keys, inquiry_id: keys.execute(
        insert(TombstoneRow), [{"inquiry_id": inquiry_id, "at": system_clock()}]
    ),
    "unit": lambda house, _record, _keys, _id: _remove_unit(house),
    "audit": lambda _, record, _keys, _id: record.execute(
        update(AuditRow).where(AuditRow.chain == CHECKPOINTS).values(actor="nobody")
    ),
    "no job": lambda _, record, _keys, _id: record.execute(delete(JobRow)),
}


@pytest.mark.parametrize(
    ("change", "about", "level", "said"),
    [
        ("late job", "jobs", "wrong", "the oldest since 2 hours ago"),
        ("failing job", "jobs", "look", "1 have failed before"),
        ("held", "held", "look", "held, the oldest since 8 days ago"),
        ("alarm", "alarm", "look", "admit-failed: 1 open"),
        ("future", "clock", "wrong", "from now"),
        ("half destroyed", "destruction", "look", "1 inquiries cannot be opened"),
        ("unit", "keys", "wrong", "has no key yet"),
        ("audit", "audit", "wrong", "faults in the audit log"),
        ("no job", "ledger", "wrong", "wait for a job that does not exist"),
    ],
)
def test_each_thing_that_goes_wrong_is_found(house, change, about, level, said) -> None:
    """Jobs, a long hold, an alarm, a clock, a destruction cut short, a key, the log, the ledger."""
    reference = house.accept()
    assert house.run("audit", "checkpoint").exit_code == 0
    stores = house.stores()
    with stores.record.writing() as connection, stores.keys.writing() as keys:
        FAULTS[change](house, connection, keys, find(connection, reference=reference).id)
    stores.close()
    assert any(each[0] == level and said in each[1] for each in findings(house, "--full")[about])


def test_a_database_that_is_not_there_is_a_finding(house) -> None:
    """Where nothing can be looked at the doctor says the first thing to do, with status 2."""
    (house.folder / "data/keys.db").unlink()
    done = house.run("doctor")
    assert done.exit_code == 2
    assert "keys database is not there" in done.output
    house.environment["SALLYPORT_MESSAGE_SIZE"] = "many"
    assert "SALLYPORT_MESSAGE_SIZE" in house.run("doctor").output


def test_a_role_that_answers_is_seen(house) -> None:
    """One role that answers while others do not is wrong, not just not started."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        house.environment["SALLYPORT_SITE_LISTEN"] = f"127.0.0.1:{listening.getsockname()[1]}"
        ((level, said),) = findings(house)["roles"]
    assert level == "wrong"
    assert "site" not in said


def test_a_redis_that_does_not_answer_is_seen(house) -> None:
    """A Redis in the settings that nobody answers at is found, with the class of the error and no address."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        house.environment["SALLYPORT_REDIS_URL"] = f"redis://127.0.0.1:{nobody.getsockname()[1]}/0"
        ((level, said),) = findings(house)["redis"]
    assert (level, said) == ("wrong", "it does not answer (ConnectionError)")


def test_nothing_that_was_written_is_said(house) -> None:
    """Neither backups' manifests nor the doctor repeat a word or an address of a mail."""
    house.accept()
    backup(house)
    said = house.run("doctor", "--full").output + "".join(
        path.read_text() for path in house.folder.rglob("manifest.json")
    )
    assert not re.search(r"512-37-4096|ana@example", said)
    shutil.rmtree(house.folder / "b")


def test_held_inquiries_of_a_weekend_are_not_late(house) -> None:
    """What was held a moment ago is fine."""
    reference = house.accept()
    stores = house.stores()
    with stores.record.writing() as connection:
        hold(connection, find(connection, reference=reference).id, "unreadable", now=system_clock())
        assert connection.execute(select(InquiryRow.held_at)).scalar_one()
    stores.close()
    assert findings(house)["held"][0][0] == "ok"
