"""What a backup says of itself: versions, times, counts, and a digest of each file, under a key of the house.

The whole is under an HMAC, so that a backup that was changed, or is another house's, is not restored by mistake.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from records.audit import chain_key
from records.keyring import write_private
from sallyport.errors import SallyportError

FILE = "manifest.json"
FORM = 1  # The manifest's own form; a later one is refused.
PIECE = 1024 * 1024


class BackupFault(SallyportError):
    """A backup could not be taken or put back; the message says why, and what to do."""


class Kind(StrEnum):
    """What a backup is of."""

    RECORD = "record"
    KEYS = "keys"
    KEY_RING = "key-ring"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file of a backup."""

    name: str
    size: int
    sha256: str
    # The columns of a table, in their order in the file; none where the file is a whole database.
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup says of itself. It holds nothing that anybody wrote to the agency."""

    kind: Kind
    program: str
    engine: str
    schema: str
    began_at: datetime
    ended_at: datetime
    counts: Mapping[str, int]
    files: tuple[File, ...]
    # The ends of the audit log's chains as the copy must have them; only of the record.
    checkpoint: str = ""
    mac: str = ""

    def under(self, root: bytes) -> Manifest:
        """Give it under the key of this house."""
        return replace(self, mac=_mac(self, root))

    def write(self, folder: Path) -> None:
        """Write it beside its files."""
        write_private(folder / FILE, json.dumps({"form": FORM, **_plain(self)}, indent=1).encode())


def read(folder: Path, root: bytes) -> Manifest:
    """Read a backup's manifest, or raise `BackupFault`."""
    try:
        body = json.loads((folder / FILE).read_bytes())
    except OSError:
        raise BackupFault(f"{folder.name}: there is no whole backup in this folder{_known(folder)}") from None
    except ValueError:
        raise BackupFault(f"{folder.name}: the manifest is damaged") from None
    try:
        if body.pop("form") != FORM:
            raise BackupFault(f"{folder.name}: this backup was made by a later version of the program")
        found = _manifest(body)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BackupFault(f"{folder.name}: the manifest is damaged") from None
    if not hmac.compare_digest(found.mac, _mac(found, root)):
        raise BackupFault(f"{folder.name}: this backup is not one of this house, or was changed")
    return found


def require_whole(folder: Path, manifest: Manifest) -> None:
    """Read every file and compare; raise `BackupFault` where one is missing or was changed."""
    for file in manifest.files:
        try:
            is_whole = (folder / file.name).stat().st_size == file.size and digest(folder / file.name) == file.sha256
        except OSError:
            is_whole = False
        if not is_whole:
            raise BackupFault(f"{folder.name}: {file.name} is missing, or was changed since the backup was made")


def digest(path: Path) -> str:
    """Give the SHA-256 of a file, a piece at a time."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            found.update(piece)
    return found.hexdigest()


def described(folder: Path, name: str, columns: tuple[str, ...] = ()) -> File:
    """Give a file's entry."""
    path = folder / name
    return File(name=name, size=path.stat().st_size, sha256=digest(path), columns=columns)


def _plain(manifest: Manifest) -> dict[str, Any]:
    body = asdict(manifest)
    return {**body, "began_at": manifest.began_at.isoformat(), "ended_at": manifest.ended_at.isoformat()}


def _manifest(body: Mapping[str, Any]) -> Manifest:
    files = tuple(File(**{**file, "columns": tuple(file["columns"])}) for file in body["files"])
    times = {name: datetime.fromisoformat(body[name]) for name in ("began_at", "ended_at")}
    return Manifest(**{**body, **times, "kind": Kind(body["kind"]), "files": files})


def _mac(manifest: Manifest, root: bytes) -> str:
    body = _plain(manifest)
    del body["mac"]
    canonical = json.dumps(body, separators=(",", ":"), sort_keys=True).encode()
    return hmac.digest(chain_key(root, "backups"), canonical, "sha256").hex()


def _known(folder: Path) -> str:
    """Name the backups in a folder of backups, for somebody who named that one."""
    found = sorted(path.parent.name for path in folder.glob(f"*/{FILE}"))
    return f"; it holds {', '.join(found)}: name one of them" if found else ""
