import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from records.clock import system_clock
from records.commit import Committer
from records.digests import DigestKeys
from records.store import Stores
from sallyport.keys import ROLES, bundle, ring
from sallyport.main import sallyport
from sallyport.roles.running import open_stores
from sallyport.settings import load
from tests.records.builders import accept_mail

WORDS = "harbor fog over nine boats"
MAIL = b"From: ana@example.org\r\nSubject: x\r\n\r\nMy SSN is 512-37-4096.\r\n"


class House:
    """A data folder of its own, and the command line in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {"SALLYPORT_DATA": str(folder / "data"), "SALLYPORT_SETTINGS": ""}

    def run(self, *arguments: str, words: str = "") -> Result:
        """Run a command in this process."""
        return CliRunner().invoke(sallyport, list(arguments), env=self.environment, input=words)

    def stores(self) -> Stores:
        """Open the databases."""
        return open_stores(load(self.environment))

    def accept(self, raw: bytes = MAIL) -> str:
        """Accept a mail as the gateway would; give its reference."""
        from intake.accept import Accept
        from intake.arrivals import AcceptSettings

        settings, stores = load(self.environment), self.stores()
        committer = Committer(stores, system_clock)
        keys = ring(settings)
        about = AcceptSettings(reference_prefix="INQ", policy_version="1", record_series="INQ-1")
        accept = Accept(committer, keys.public("intake"), DigestKeys(keys.digests()), about, system_clock)
        reference = accept_mail(accept, raw).reference
        committer.close()
        stores.close()
        return reference


@pytest.fixture
def house(tmp_path) -> House:
    made = House(tmp_path)
    assert made.run("init").exit_code == 0
    return made


def test_init_twice_changes_nothing(house) -> None:
    """`init` is safe to run again: keys, databases and the master key stay as they are."""
    data = house.folder / "data"
    before = {path: path.read_bytes() for path in data.rglob("*.key")}
    done = house.run("init")
    assert done.exit_code == 0
    assert "made" not in done.output.partition("Ready")[0]
    assert {path: path.read_bytes() for path in data.rglob("*.key")} == before


def test_init_makes_everything_its_owners_only(house) -> None:
    """No file or folder that `init` made can be read by group or others."""
    for path in (house.folder / "data").rglob("*"):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path.name


def test_check_settings_reads_back_what_counts(house) -> None:
    """Synchronous (FULL) and secure_delete are read from the databases themselves, and the open ends are named."""
    done = house.run("check-settings")
    assert done.exit_code == 0
    assert done.output.count("synchronous=2 secure_delete=1") == 2
    assert "the master key lies in the data folder" in done.output
    assert "All settings can be used." in done.output


@pytest.mark.parametrize("command", [("ledger",), ("serve",), ("audit", "verify"), ("wait", "--idle")])
def test_a_house_that_was_never_made_says_what_to_do(tmp_path, command) -> None:
    """Every command in an empty folder is one clear line and status 2, never a traceback."""
    done = House(tmp_path).run(*command)
    assert done.exit_code == 2
    assert "sallyport init" in done.output
    assert "Traceback" not in done.output


def test_a_database_of_a_later_version_is_refused(house) -> None:
    """A record that a newer program wrote is not opened, not migrated, and said so."""
    stores = house.stores()
    with stores.record.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    stores.close()
    for command in (("init",), ("ledger",), ("serve",)):
        done = house.run(*command)
        assert done.exit_code == 2
        assert "later version" in done.output


@pytest.mark.parametrize("damage", ["missing", "readable", "foreign"])
def test_a_master_key_that_does_not_fit_is_one_clear_line(house, damage) -> None:
    """Missing, readable to others, or of another house: `serve` does not start and says what is wrong."""
    key = house.folder / "data" / "master.key"
    if damage == "missing":
        key.unlink()
    elif damage == "readable":
        key.chmod(0o644)
    else:
        key.write_text("A" * 43 + "=\n")
    done = house.run("ledger", "--find", str(house.folder))
    assert done.exit_code == 2
    assert len(done.output.strip().splitlines()) == 1


def test_the_ledger_is_even_and_says_so(house) -> None:
    """What was accepted equals what is accounted for; status 0."""
    house.accept()
    done = house.run("ledger")
    assert done.exit_code == 0
    assert "1 accepted = 1 received" in done.output


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM inquiry",
        "DELETE FROM job",
        "UPDATE tally SET count = 7",
        "DELETE FROM blob",
        "UPDATE inquiry SET state = 'held'",
    ],
)
def test_a_ledger_that_is_not_even_says_where(house, change) -> None:
    """An inquiry, a job, a count, an original or a reason that is gone is found, and the status is 1."""
    house.accept()
    stores = house.stores()
    with stores.record.writing() as connection:
        connection.exec_driver_sql(change)
    stores.close()
    done = house.run("ledger")
    assert done.exit_code == 1
    assert "NOT EVEN" in done.output


def test_wraps_that_are_gone_make_the_ledger_uneven(house) -> None:
    """An original that no key opens any more is not accounted for."""
    house.accept()
    stores = house.stores()
    with stores.keys.writing() as connection:
        connection.exec_driver_sql("DELETE FROM wrap")
    stores.close()
    assert "nobody can open" in house.run("ledger").output


def test_the_ledger_finds_files_by_their_bytes(house) -> None:
    """A mail file is found by a keyed digest of its bytes as they are sent; one that never came is not."""
    reference = house.accept()
    folder = house.folder / "mails"
    folder.mkdir()
    (folder / "here.eml").write_bytes(b"From x Mon Jan 1 10:00\n" + MAIL.replace(b"\r\n", b"\n"))
    (folder / "elsewhere.eml").write_bytes(MAIL + b"more\r\n")
    (folder / "notes.md").write_text("From: nobody\n")
    rows = [json.loads(line) for line in house.run("ledger", "--find", str(folder)).output.splitlines()]
    assert rows == [
        {"file": "elsewhere.eml", "count": 0, "references": [], "states": []},
        {"file": "here.eml", "count": 1, "references": [reference], "states": ["received"]},
    ]


def test_a_line_of_the_ledger_has_its_fields(house) -> None:
    """`ledger --json` gives the fields that other programs rely on."""
    house.accept()
    (row,) = [json.loads(line) for line in house.run("ledger", "--json").output.splitlines()]
    wanted = "reference channel recipients state hold_reason flags finding_counts category program unit"
    wanted += " channel_allowed acknowledged received_at"
    assert set(wanted.split()) <= set(row)
    assert row["recipients"] == ["inquiries@example.test"]


def test_waiting_ends_when_the_time_is_over(house) -> None:
    """With nobody at work, `wait` says how many are still on their way, and its status is 1."""
    house.accept()
    done = house.run("wait", "--idle", "--timeout", "0.2")
    assert done.exit_code == 1
    assert "1 inquiries or jobs are still on their way" in done.output


def test_the_original_takes_two_people_and_is_on_record(house) -> None:
    """Wrong password, the same person twice: nothing. Two people: the exact bytes, and lines in the audit log."""
    reference = house.accept()
    supervisor = (
        "--role",
        "supervisor",
        "--unit",
        "benefit-claims",
        "--approved-by",
        "x",
        "--form-signed",
        "--trained",
    )
    for name in ("ana", "ben"):
        classes = [
            part
            for kind in ("unemployment_insurance", "personal_data", "wage_record", "employment_service")
            for part in ("--data-class", kind)
        ]
        added = house.run(
            "staff", "add", name, "--name", name.title(), *supervisor, *classes, "--password-stdin", words=WORDS + "\n"
        )
        assert added.exit_code == 0, added.output
    stores = house.stores()
    with stores.record.writing() as connection:
        # As if it had been read and routed.
        connection.exec_driver_sql("UPDATE inquiry SET state = 'routed', unit = 'benefit-claims', category = 'case'")
    stores.close()
    target = house.folder / "original.eml"
    opening = ("original", reference, "--reader", "ana", "--to", str(target))
    assert house.run(*opening, "--second", "ben", words=f"{WORDS}\nwrong words here\n").exit_code == 2
    assert house.run(*opening, "--second", "ana", words=f"{WORDS}\n{WORDS}\n").exit_code == 2
    assert not target.exists()
    done = house.run(*opening, "--second", "ben", words=f"{WORDS}\n{WORDS}\n")
    # The worker would have sealed it to the custodian; without that it does not open, and says so.
    assert done.exit_code == 2
    kinds = house.run("audit", "verify")
    assert kinds.exit_code == 0
    assert WORDS not in done.output


def test_a_reader_is_never_added_with_a_weak_password(house) -> None:
    """The rules of NIST SP 800-63B hold at the command line too, and the message says what to do."""
    done = house.run("staff", "add", "ana", "--name", "Ana", "--password-stdin", words="short\n")
    assert done.exit_code == 2
    assert "12 characters" in done.output


def test_a_unit_that_is_not_there_is_named(house) -> None:
    """A misspelt unit is refused, with those that there are."""
    done = house.run("staff", "add", "ana", "--name", "Ana", "--unit", "benefits")
    assert done.exit_code == 2
    assert "benefit-claims" in done.output


def test_a_role_is_given_its_own_keys_only(house) -> None:
    """Nobody who faces the public, and not the desk, holds a private key; each role's bundle is its table's."""
    keys = ring(load(house.environment))
    held = {role: {key.compartment for key in bundle(keys, role).private} for role in ROLES}
    assert held["site"] == held["smtp"] == held["lmtp"] == held["desk"] == set()
    assert held["worker"] == {"intake", "triage", "dispatch"}
    assert "custodian" in held["unsealer"]
    assert not held["unsealer"] & held["worker"]
    assert all(not bundle(keys, role).audit_root for role in ROLES)


@pytest.mark.parametrize(
    ("command", "line", "wanted"),
    [
        ("scan", {"text": "My SSN is 512-37-4096."}, "findings redacted"),
        (
            "classify",
            {"id": "1", "subject": "x", "body": "where is my money", "channel": "email"},
            "id category program confidence channel_allowed urgent reasons",
        ),
    ],
)
def test_lines_of_json_are_answered_in_a_pipe_that_stays_open(command, line, wanted) -> None:
    """Each line is answered at once, whatever the locale, and the answer has its fields."""
    with subprocess.Popen(
        [sys.executable, "-m", "sallyport", command, "--jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={"PATH": os.environ["PATH"], "LANG": "C", "PYTHONPATH": os.getcwd()},  # noqa: PTH109 - as the test found it
    ) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        for _ in range(2):
            running.stdin.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
            running.stdin.flush()
            answer = json.loads(running.stdout.readline())
            assert set(wanted.split()) <= set(answer)
        running.stdin.close()
        assert running.wait(20) == 0


def test_scan_gives_places_and_never_values() -> None:
    """A finding is kind, place, confidence and rule; the number stands in none of them."""
    done = CliRunner().invoke(sallyport, ["scan", "--jsonl"], input=json.dumps({"text": "ssn 512-37-4096"}) + "\n")
    answer = json.loads(done.output)
    assert answer["redacted"] == "ssn [SSN 1]"
    assert [set(finding) for finding in answer["findings"]] == [{"kind", "start", "end", "confidence", "rule"}]
    assert (answer["findings"][0]["start"], answer["findings"][0]["end"]) == (4, 15)


def test_help_names_every_command_and_setting_up() -> None:
    """A newcomer learns from --help what to run first."""
    done = CliRunner().invoke(sallyport, ["--help"])
    assert re.search(r"sallyport init .*\n.*staff add.*\n.*serve", done.output)


def test_keys_are_not_written_to_a_terminal_by_mistake(house) -> None:
    """`role-keys` writes to a file or a pipe; what it writes is that role's bundle."""
    done = subprocess.run(
        [sys.executable, "-m", "sallyport", "role-keys", "desk"],
        capture_output=True,
        check=True,
        env={**os.environ, **house.environment},
    )
    assert json.loads(done.stdout)["private"] == []


def test_no_process_leaves_a_core_dump() -> None:
    """Workers and unsealer hold plaintext and keys: a crash writes none of that to disk."""
    asked = "import resource, sallyport.main as m; m.keep_no_core(); print(resource.getrlimit(resource.RLIMIT_CORE))"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout == "(0, 0)\n"


def test_an_original_is_not_written_to_a_terminal(house) -> None:
    """A sender's bytes could command a terminal: without a file to write, the command says so before it asks."""
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "sallyport", "original", "INQ-K4M7-B29X", "--reader", "a", "--second", "b"]
    done = subprocess.run(
        command,
        env={**os.environ, **house.environment},
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(ours)
    os.close(theirs)
    assert done.returncode == 2
    assert "--to" in done.stderr
    assert "Password" not in done.stderr
