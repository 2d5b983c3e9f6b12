"""The demonstration's own folder: made anew each time, and never in the place of anybody's work."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from sallyport.demo.sample import MAIL_DOMAIN
from sallyport.errors import CannotStart
from sallyport.settings import as_environment
from sallyport.settings_reading import PREFIX

DEFAULT_FOLDER = Path("var") / "demo"
MARKER = ".sallyport-demo"
MAILBOXES = ("inquiries", "claims", "hearings", "employers", "overpayments", "fraud", "privacy")
# Where `sallyport serve --demo` listens.
BROWSING = {"SITE_LISTEN": "127.0.0.1:8000", "DESK_LISTEN": "127.0.0.1:8001", "SMTP_LISTEN": "127.0.0.1:2525"}
ANY_PORT = dict.fromkeys(BROWSING, "127.0.0.1:0")


def make_folder(folder: Path) -> Path:
    """Make the folder anew, with its parts. One that does not carry our marker is refused, unless it is empty."""
    folder = folder.absolute()
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise CannotStart(f"{folder} is not a folder; name another one with --folder")
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARKER).is_file():
            raise CannotStart(f"{folder} holds something else than a demonstration; name another folder with --folder")
        _require_unused(folder)
        shutil.rmtree(folder)
    for part in (folder, data_folder(folder), folder / "tmp", folder / "log"):
        part.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / MARKER).write_text("A demonstration of Sallyport. It is removed when the next one begins.\n", "utf-8")
    return folder


def _require_unused(folder: Path) -> None:
    """Refuse a folder that is being served at this moment."""
    lock = data_folder(folder) / "run" / "lock"
    if not lock.is_file():
        return
    with lock.open("rb") as opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(f"the demonstration in {folder} is being served; stop that first") from None


def data_folder(folder: Path) -> Path:
    """Give where the demonstration's record is."""
    return folder.absolute() / "data"


def demo_settings(folder: Path, listen: Mapping[str, str]) -> dict[str, str]:
    """Give the settings of a demonstration, as variables of the environment."""
    settings = {
        "DATA": str(data_folder(folder)),
        "MAILBOXES": ",".join(f"{name}@{MAIL_DOMAIN}" for name in MAILBOXES),
        **listen,
    }
    return {PREFIX + name: value for name, value in settings.items()}


def demo_environment(folder: Path = DEFAULT_FOLDER) -> dict[str, str]:
    """Give the settings with which the desk shows a demonstration's inquiries; raises where there is none."""
    if not (folder / MARKER).is_file():
        raise CannotStart("there is no demonstration to show yet: run `make demo` (or `sallyport demo`) first")
    return demo_settings(folder, BROWSING)


def serving_environment(folder: Path) -> dict[str, str]:
    """Give the environment of the program while it is shown: no settings of anybody else, temporary files inside."""
    kept = {name: value for name, value in as_environment(os.environ).items() if not name.startswith(PREFIX)}
    return kept | demo_settings(folder, ANY_PORT) | {"TMPDIR": str(folder / "tmp")}
