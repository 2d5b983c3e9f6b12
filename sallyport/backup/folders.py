"""A backup's folder: exclusive, private, durable, and there whole or not at all."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sallyport.backup.manifest import BackupFault, Kind

STAMP = "%Y%m%dT%H%M%SZ"
NAME = re.compile(r"(record|keys|key-ring)-(\d{8}T\d{6}Z)(?:-\d+)?")
UNFINISHED = ".new"


@contextlib.contextmanager
def making(parent: Path, kind: Kind, now: datetime) -> Iterator[tuple[Path, Path]]:
    """Give a folder to fill, and the name it is given when the block has ended without an error.

    One backup at a time in a folder. What an earlier one left unfinished is removed.
    """
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(parent, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for left in parent.glob(f".*{UNFINISHED}"):
            if NAME.fullmatch(left.name.removeprefix(".").removesuffix(UNFINISHED)):
                shutil.rmtree(left)
        final = _free_name(parent, kind, now)
        filling = parent / f".{final.name}{UNFINISHED}"
        filling.mkdir(mode=0o700)
        try:
            yield filling, final
            _make_durable(filling)
            filling.rename(final)
            os.fsync(lock)
        except BaseException:
            shutil.rmtree(filling, ignore_errors=True)
            raise
    except BlockingIOError:
        raise BackupFault("another backup is being made in this folder: wait for its end") from None
    finally:
        os.close(lock)


def remove_old_keys(parent: Path, now: datetime, days: int) -> tuple[str, ...]:
    """Remove the key store's backups that would outlive their days before tomorrow's run; give their names.

    What was destroyed opens from them. So `days` is the longest that one may exist, and not the age at which a daily
    run comes to notice it.
    """
    removed = []
    for folder in sorted(parent.iterdir()):
        found = NAME.fullmatch(folder.name)
        if found is None or found[1] != Kind.KEYS:
            continue
        made_at = datetime.strptime(found[2], STAMP).replace(tzinfo=UTC)
        if now - made_at > timedelta(days=days - 1):
            shutil.rmtree(folder)
            removed.append(folder.name)
    return tuple(removed)


def new_file(path: Path) -> int:
    """Make a file that was not there, readable to its owner only, and give its descriptor."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)


def _free_name(parent: Path, kind: Kind, now: datetime) -> Path:
    base = parent / f"{kind.value}-{now.astimezone(UTC).strftime(STAMP)}"
    number, name = 1, base
    while name.exists():
        number += 1
        name = base.with_name(f"{base.name}-{number}")
    return name


def _make_durable(folder: Path) -> None:
    for path in (*folder.iterdir(), folder):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
