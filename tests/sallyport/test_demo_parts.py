"""The demonstration's folder, table and readers."""

from __future__ import annotations

import fcntl
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from records.values import Category, Channel, ChannelAllowed, InquiryFacts, Role, State
from sallyport.commands.setup import prepare
from sallyport.demo.folder import MARKER, demo_environment, make_folder, serving_environment
from sallyport.demo.readers import add_readers, write_accounts
from sallyport.demo.table import is_plain, removed, standing, table_of
from sallyport.errors import CannotStart
from sallyport.roles.running import open_stores
from sallyport.settings import load

NOON = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)


class Stream(io.StringIO):
    """A stream of another encoding."""

    def __init__(self, encoding: str) -> None:
        super().__init__()
        self._encoding = encoding

    @property
    def encoding(self) -> str:  # type: ignore[override]  # a fake's own encoding
        """Give what it was made with."""
        return self._encoding


def inquiry(**changes: object) -> InquiryFacts:
    values: dict[str, object] = {
        "id": "1",
        "reference": "INQ-K4M7-B29X",
        "channel": Channel.EMAIL,
        "state": State.ROUTED,
        "received_at": NOON,
        "finding_counts": (("EMAIL", 3), ("US_EIN", 1), ("US_SSN", 2)),
        "category": Category.CASE,
        "reasons": ("holds an identifier: US_EIN, US_SSN", "more"),
        "unit": "benefit-claims",
        "channel_allowed": ChannelAllowed.PHONE_OR_MAIL,
    }
    return InquiryFacts(**{**values, **changes})  # type: ignore[arg-type]  # a builder


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    """A folder that holds anything and not our marker is refused and keeps what it holds."""
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(CannotStart, match="--folder"):
        make_folder(tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_a_link_or_a_file_is_refused(tmp_path: Path) -> None:
    """What is no folder of its own is refused: removing it could remove something else."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "file").touch()
    for name in ("link", "file"):
        with pytest.raises(CannotStart):
            make_folder(tmp_path / name)


def test_an_old_demonstration_is_made_anew(tmp_path: Path) -> None:
    """A folder with our marker is emptied first; an empty one is taken as it is."""
    folder = make_folder(tmp_path / "a demo")
    (folder / "data" / "old.db").touch()
    assert not (make_folder(folder) / "data" / "old.db").exists()
    assert (folder / MARKER).is_file()
    (tmp_path / "empty").mkdir()
    assert make_folder(tmp_path / "empty").is_dir()


def test_a_demonstration_that_is_served_is_left_alone(tmp_path: Path) -> None:
    """While somebody browses the last demonstration, a new one does not take its folder away."""
    folder = make_folder(tmp_path / "demo")
    (folder / "data" / "run").mkdir()
    with (folder / "data" / "run" / "lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(CannotStart, match="stop that first"):
            make_folder(folder)
    make_folder(folder)


def test_settings_of_others_do_not_reach_the_demonstration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relay or a record in the environment of whoever runs it is not used: nothing leaves this machine."""
    monkeypatch.setenv("SALLYPORT_RELAY", "mail.example.net:25")
    monkeypatch.setenv("SALLYPORT_DATABASE_URL", "sqlite:////somewhere/else.db")
    settings = load(serving_environment(make_folder(tmp_path / "demo")))
    assert settings.relay is None
    assert str(tmp_path) in settings.database_url
    assert all(listen.is_loopback for listen in (settings.site_listen, settings.desk_listen, settings.smtp_listen))


def test_browsing_needs_a_demonstration(tmp_path: Path) -> None:
    """`serve --demo` has fixed ports and the demonstration's record, and says what to do where there is none."""
    with pytest.raises(CannotStart, match="make demo"):
        demo_environment(tmp_path / "demo")
    settings = load(demo_environment(make_folder(tmp_path / "demo")))
    assert (settings.site_listen.port, settings.desk_listen.port, settings.smtp_listen.port) == (8000, 8001, 2525)
    assert settings.data == tmp_path / "demo" / "data"


def test_a_row_says_what_was_removed_and_how_it_may_be_answered() -> None:
    """Only what was taken out is counted; the class has its reason; a held inquiry says why."""
    assert removed(inquiry()) == "2 SSN, EIN"
    assert removed(inquiry(finding_counts=(("EMAIL", 1),))) == "nothing"
    assert standing(inquiry()) == ("case: holds an identifier", "benefit-claims", "telephone or letter")
    held = inquiry(state=State.HELD, hold_reason="too-deep", unit=None)
    assert (removed(held), standing(held)) == ("not scanned", ("held: too-deep", "-", "by nobody yet"))


def test_the_table_is_plain_where_the_locale_is() -> None:
    """With LANG=C the table is ASCII from corner to corner, whatever stands in it."""
    out = io.StringIO()
    table = table_of([("Café", inquiry(reasons=("names “a day”",)))], plain=True)
    Console(file=out, width=150).print(table)
    assert out.getvalue().isascii()
    assert "INQ-K4M7-B29X" in out.getvalue()


@pytest.mark.parametrize(
    ("environment", "encoding", "plain"),
    [
        ({"LANG": "en_US.UTF-8"}, "utf-8", False),
        ({"LANG": "C.UTF-8"}, "utf-8", False),
        ({"LC_ALL": "pt_BR.utf8", "LANG": "C"}, "utf-8", False),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, "utf-8", True),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "C"}, "utf-8", True),
        ({}, "utf-8", True),
        ({"LANG": "en_US.UTF-8"}, "iso8859-1", True),
    ],
)
def test_what_the_locale_promises(environment: dict[str, str], encoding: str, *, plain: bool) -> None:
    """Lines and letters beyond ASCII are shown only where locale and stream both take them."""
    assert is_plain(Stream(encoding), environment) is plain


def test_readers_are_added_with_passwords_of_their_own(tmp_path: Path) -> None:
    """Each role gets a random password, which is written to a file that only its owner reads."""
    folder = make_folder(tmp_path / "demo")
    settings = load(serving_environment(folder))
    prepare(settings)
    stores = open_stores(settings)
    accounts = add_readers(settings, stores, NOON, (Role.AGENT, Role.AUDITOR))
    stores.close()
    file = write_accounts(folder, accounts)
    assert file.stat().st_mode & 0o777 == 0o600
    assert all(account.password in file.read_text() for account in accounts)
    assert len({account.password for account in accounts}) == 2
    assert accounts[0].password not in repr(accounts)
