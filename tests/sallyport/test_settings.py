from pathlib import Path

import pytest

from sallyport.errors import SettingsFault
from sallyport.settings import as_environment, load, parse
from sallyport.settings_table import TABLE


def test_nothing_set_is_a_working_setting() -> None:
    """A newcomer sets nothing: everything is on loopback, in one folder."""
    settings = parse({})
    assert settings.site_listen.is_loopback
    assert settings.desk_listen.is_loopback
    assert settings.smtp_listen.is_loopback
    assert settings.database_url != settings.keys_url
    assert settings.outbox is not None


def test_every_fault_is_told_at_once() -> None:
    """Three mistakes give three sentences, so that settings are put right in one go."""
    with pytest.raises(SettingsFault) as told:
        parse({"SITE_LISTEN": "nowhere", "MESSAGE_SIZE": "many", "MAILBOXES": "no address", "TIME_ZONE": "Mars/Base"})
    names = " ".join(told.value.faults)
    for name in ("SITE_LISTEN", "MESSAGE_SIZE", "MAILBOXES", "TIME_ZONE"):
        assert f"SALLYPORT_{name}" in names


@pytest.mark.parametrize("name", [name for name, _, _ in TABLE])
def test_a_fault_never_quotes_the_value(name: str) -> None:
    """A setting may hold a secret pasted into the wrong place: no message repeats it."""
    planted = "pl4nted-s3cret://x y\x00"
    said = ""
    try:
        parse({name: planted})
    except SettingsFault as fault:
        said = str(fault)
    assert "pl4nted" not in said


def test_an_unknown_name_is_a_fault() -> None:
    """A misspelt setting is said, not silently passed over."""
    with pytest.raises(SettingsFault) as told:
        load({"SALLYPORT_SMPT_LISTEN": "127.0.0.1:25"})
    assert "SALLYPORT_SMPT_LISTEN: there is no such setting" in told.value.faults


@pytest.mark.parametrize("name", ["SITE_LISTEN", "DESK_LISTEN"])
def test_plain_http_beyond_this_machine_needs_a_proxy(name: str) -> None:
    """Without TLS in front, nobody types an inquiry or a password over a network."""
    with pytest.raises(SettingsFault):
        parse({name: "0.0.0.0:80"})
    assert parse({name: "0.0.0.0:80", "TRUSTED_PROXIES": "10.0.0.1"})


def test_a_relay_and_an_outbox_are_one_too_many() -> None:
    """Two ways out would be a guess."""
    with pytest.raises(SettingsFault):
        parse({"RELAY": "mail.example.org:25", "OUTBOX": "out"})


def test_the_key_store_is_a_database_of_its_own() -> None:
    """Wraps beside the record would be restored with it, and destruction undone."""
    with pytest.raises(SettingsFault):
        parse({"DATABASE_URL": "sqlite:////tmp/a.db", "KEYS_URL": "sqlite:////tmp/a.db"})


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    """One TOML file holds the settings; a variable changes one for one run."""
    file = tmp_path / "sallyport.toml"
    file.write_text(
        'agency = "From the file"\nmailboxes = ["a@example.org", "b@example.org"]\nsallyport_recipients = 7\n'
    )
    settings = load({"SALLYPORT_AGENCY": "From the environment"}, file)
    assert settings.agency == "From the environment"
    assert settings.mailboxes.listed == ("a@example.org", "b@example.org")
    assert settings.recipients == 7


@pytest.mark.parametrize("text", ["this is = = not TOML", "agency = "])
def test_a_broken_file_is_one_clear_fault(tmp_path: Path, text: str) -> None:
    """A file that is not TOML, or not there, is said without its content."""
    file = tmp_path / "sallyport.toml"
    file.write_text(text)
    with pytest.raises(SettingsFault, match="not TOML"):
        load({}, file)
    with pytest.raises(SettingsFault, match="cannot be read"):
        load({}, tmp_path / "missing.toml")


def test_roles_inherit_settings_and_nothing_else() -> None:
    """A role's environment holds no token, password or key that lay in the starter's."""
    kept = as_environment({"SALLYPORT_DATA": "x", "PATH": "/bin", "AWS_SECRET_ACCESS_KEY": "s", "PGPASSWORD": "s"})
    assert kept == {"SALLYPORT_DATA": "x", "PATH": "/bin", "MALLOC_ARENA_MAX": "2"}
