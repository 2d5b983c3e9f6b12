"""What a mail administrator reads at three in the morning: one sentence for each fault, and what to do."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys

import pytest

from sallyport.errors import SettingsFault
from sallyport.settings import parse
from tests.sallyport.test_commands import House, house

__all__ = ["house"]


def alone(house: House, role: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run one role as a process of its own until it says why it cannot."""
    return subprocess.run(
        [sys.executable, "-m", "sallyport", role],
        env={**os.environ, **house.environment, **settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("role", ["site", "desk", "smtp", "lmtp"])
def test_a_port_in_use_names_the_setting(house: House, role: str) -> None:
    """Where a role cannot listen, it names its setting, and does not only say which class of error it was."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        name = f"SALLYPORT_{role.upper()}_LISTEN"
        done = alone(house, role, **{name: f"127.0.0.1:{taken.getsockname()[1]}"})
    assert done.returncode == 3  # The supervisor tries this one again: the port may be free in a moment.
    assert name in done.stderr
    assert "uncaught" not in done.stderr


@pytest.mark.parametrize("name", ["intake", "triage", "dispatch", "custodian"])
def test_a_key_that_is_gone_is_named_before_mail_is_taken(house: House, name: str) -> None:
    """Without a key that mail must be sealed to, nothing starts; else it would be taken, and wait unseen."""
    for half in ("key", "pub"):
        (house.folder / "data" / "keys" / f"{name}.{half}").rename(house.folder / f"kept.{half}")
    done = house.run("check-settings")
    assert done.exit_code == 2
    assert f"no key file of {name}" in done.output
    started = alone(house, "worker")
    assert started.returncode == 2
    assert f"no key file of {name}" in started.stderr


def test_init_makes_no_new_master_key_over_old_keys(house: House) -> None:
    """A lost master key is put back, not made anew: a new one opens nothing of what is there."""
    master = house.folder / "data" / "master.key"
    master.rename(house.folder / "kept.key")
    done = house.run("init")
    assert done.exit_code == 2
    assert "put it back" in done.output
    assert not master.exists()


def test_init_says_where_it_cannot_make_a_folder(house: House) -> None:
    """A folder that cannot be made is one sentence."""
    (house.folder / "file").write_text("", "utf-8")
    house.environment["SALLYPORT_OUTBOX"] = str(house.folder / "file" / "outbox")
    done = house.run("init")
    assert done.exit_code == 2
    assert "the folder outbox cannot be made" in done.output


def test_settings_are_not_called_usable_before_init(tmp_path) -> None:
    """`check-settings` on a house that was never made says what to run."""
    done = House(tmp_path).run("check-settings")
    assert done.exit_code == 2
    assert "run `sallyport init`" in done.output


@pytest.mark.parametrize(
    "wrong",
    [
        {"TRUSTED_PROXIES": "foo"},
        {"FROM": "nobody"},
        {"SMTP_LISTEN": "127.0.0.1:2525", "LMTP_LISTEN": "127.0.0.1:2525"},
    ],
)
def test_what_would_only_fail_later_is_found_in_the_settings(wrong: dict[str, str]) -> None:
    """A proxy that is no address, a sender that is none, two roles on one port: refused before anything starts."""
    with pytest.raises(SettingsFault) as told:
        parse(wrong)
    assert next(reversed(wrong)).rpartition("_")[2] in str(told.value)


def test_a_certificate_that_is_not_there_is_found_by_the_check(house: House) -> None:
    """`check-settings` does not call settings usable with which the gateway would not start."""
    house.environment |= {"SALLYPORT_TLS_CERTIFICATE": "/nowhere/a.pem", "SALLYPORT_TLS_KEY": "/nowhere/a.key"}
    done = house.run("check-settings")
    assert done.exit_code == 2
    assert "STARTTLS" in done.output


def test_an_original_is_refused_in_words_and_never_over_a_file(house: House) -> None:
    """A target that is there already is refused before any password is asked for, and nothing is on record."""
    target = house.folder / "there.eml"
    target.write_text("mine", "utf-8")
    opening = ("original", "INQ-K4M7-B29X", "--reader", "a", "--second", "b", "--to", str(target))
    done = house.run(*opening, words="x\ny\n")
    assert done.exit_code == 2
    assert "not there yet" in done.output
    assert "Password" not in done.output
    assert target.read_text("utf-8") == "mine"
    assert json.loads(house.run("ledger", "--json").output or "[]") == []


def test_serve_ends_when_a_role_cannot_start(house: House) -> None:
    """Settings that only a role can check stop the whole with one sentence; nothing is tried again and again."""
    missing = str(house.folder / "missing.pem")
    listens = {f"SALLYPORT_{role}_LISTEN": "127.0.0.1:0" for role in ("SITE", "DESK", "SMTP")}
    done = alone(house, "serve", **listens, SALLYPORT_TLS_CERTIFICATE=missing, SALLYPORT_TLS_KEY=missing)
    assert done.returncode == 2
    assert "smtp cannot start" in done.stderr
    assert done.stderr.count("role ended: name=smtp") <= 1
