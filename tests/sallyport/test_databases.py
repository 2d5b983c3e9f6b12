"""Databases that are gone, damaged or too new: one sentence that says which and what to do, and nothing is changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from sallyport.errors import CannotStart, SettingsFault
from sallyport.host import host_id
from sallyport.settings import load, parse
from tests.sallyport.test_commands import House, house

__all__ = ["house"]

FILES = {"record": "sallyport.db", "keys": "keys.db"}
COMMANDS = [("init",), ("check-settings",), ("ledger",), ("serve",)]


def remove(house: House, name: str) -> Path:
    """Take a database away, with what belongs to it; give where it was."""
    file = house.folder / "data" / FILES[name]
    for part in file.parent.glob(f"{file.name}*"):
        part.unlink()
    return file


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("command", COMMANDS)
def test_one_of_two_that_is_gone_is_not_made_anew(house: House, name: str, command: tuple[str, ...]) -> None:
    """An empty key store beside a full record opens nothing, and an empty record has lost all: both are refused."""
    file = remove(house, name)
    done = house.run(*command)
    assert done.exit_code == 2
    assert f"the {name} database is" in done.output
    assert "from your backup" in done.output
    assert not file.exists()


def test_both_that_are_gone_are_not_made_anew(house: House) -> None:
    """A house that was made once does not become an empty one because a disk was not mounted."""
    files = [remove(house, name) for name in FILES]
    done = house.run("init")
    assert done.exit_code == 2
    assert "both databases of this house are gone" in done.output
    assert not any(file.exists() for file in files)


def test_a_new_database_is_made_when_asked_for(house: House) -> None:
    """`--new-database` is how a person says that there is nothing to put back."""
    remove(house, "keys")
    assert house.run("init", "--new-database").exit_code == 0
    assert house.run("ledger").exit_code == 0


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_damaged_database_is_called_damaged(house: House, name: str, command: tuple[str, ...]) -> None:
    """Nobody is sent to `init` for a database that cannot be read; it is left as it is."""
    file = remove(house, name)
    file.write_bytes(b"no database at all " * 1000)
    done = house.run(*command)
    assert done.exit_code == 2
    assert f"the {name} database cannot be read" in done.output
    assert "damaged" in done.output
    assert "run `sallyport init`" not in done.output
    assert file.read_bytes() == b"no database at all " * 1000


@pytest.mark.parametrize("command", COMMANDS)
def test_a_database_that_does_not_open_is_not_called_new(house: House, command: tuple[str, ...]) -> None:
    """What is there and cannot be opened is said to be so."""
    remove(house, "record").mkdir()
    done = house.run(*command)
    assert done.exit_code == 2
    assert "cannot be opened" in done.output
    assert "run `sallyport init`" not in done.output


@pytest.mark.parametrize("command", COMMANDS)
def test_a_later_version_says_what_to_install(house: House, command: tuple[str, ...]) -> None:
    """Whoever went back to an older program is told to install the newer one, and that nothing was changed."""
    stores = house.stores()
    with stores.keys.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    stores.close()
    done = house.run(*command)
    assert done.exit_code == 2
    assert "install that version or a newer one; nothing was changed" in done.output


def test_check_settings_tells_what_is_set_and_never_to_what(house: House) -> None:
    """Each setting has its default, or says that it is set; what it is set to is shown nowhere."""
    house.environment["SALLYPORT_AGENCY_TELEPHONE"] = "617-555-0142"
    lines = {
        line.split()[0]: line.split()[1] for line in house.run("check-settings").output.splitlines() if "_" in line
    }
    assert lines["SALLYPORT_AGENCY_TELEPHONE"] == "set"
    assert lines["SALLYPORT_RECIPIENTS"] == "1000"
    assert lines["SALLYPORT_TLS_KEY"] == "-"
    assert "617-555-0142" not in house.run("check-settings").output


def test_a_host_has_an_id_that_stays(house: House, tmp_path: Path) -> None:
    """`init` makes a random id for this host, once; where it was not run there is none, and that is said."""
    settings = load(house.environment)
    mine = host_id(settings)
    assert len(mine) == 16
    assert house.run("init").exit_code == 0
    assert host_id(settings) == mine
    with pytest.raises(CannotStart, match="sallyport init"):
        host_id(load({"SALLYPORT_DATA": str(tmp_path / "elsewhere")}))


def test_the_custodians_key_can_be_taken_away(house: House) -> None:
    """With `custodian.key` off the machine a house is checked and updated, and no other is made in its place."""
    key = house.folder / "data" / "keys" / "custodian.key"
    key.rename(house.folder / "carried.key")
    for command in (("init",), ("check-settings",), ("ledger",)):
        done = house.run(*command)
        assert done.exit_code == 0, done.output
    assert not key.exists()


SERVERS = {
    "DATABASE_URL": "postgresql://db.example.test:5432/house",
    "KEYS_URL": "postgresql://keys.example.test/house_keys",
}


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("postgresql://me@db.example.test/house", "no name and no password"),
        ("postgresql://me:secret@db.example.test/house", "no name and no password"),
        ("postgresql://db.example.test/house?password=secret", "no options but sslmode and sslrootcert"),
        ("postgresql://db.example.test/house?options=-csynchronous_commit%3Doff", "no options but"),
        ("postgresql://db.example.test", "DATABASE_URL"),
    ],
)
def test_a_url_holds_no_secret_and_no_option_of_ours(url: str, fault: str) -> None:
    """Names, passwords and options beyond TLS are refused, and never quoted."""
    with pytest.raises(SettingsFault) as told:
        parse(SERVERS | {"DATABASE_URL": url})
    assert fault in str(told.value)
    assert "secret" not in str(told.value)


def test_a_url_may_say_how_the_server_proves_itself() -> None:
    """TLS options reach the driver as they are; the same database under two modes is still the same."""
    proven = f"{SERVERS['DATABASE_URL']}?sslmode=verify-full&sslrootcert=%2Fetc%2Fagency-ca.pem"
    settings = parse(SERVERS | {"DATABASE_URL": proven})
    assert settings.database_url.startswith("postgresql+psycopg://db.example.test:5432/house?sslmode=verify-full")
    with pytest.raises(SettingsFault, match="a database of its own"):
        parse(SERVERS | {"DATABASE_URL": proven, "KEYS_URL": SERVERS["DATABASE_URL"]})
