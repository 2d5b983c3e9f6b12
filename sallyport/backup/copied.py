"""What copies a database promises, whatever the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy import MetaData

from records.store import Store
from sallyport.backup.manifest import File, Kind, Manifest

Progress = Callable[[str, int, int], None]  # What is copied, how far, and how much there is (0: not known).


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What was copied: the files, and the rows of each table in the copy."""

    files: tuple[File, ...]
    counts: Mapping[str, int]


class Copier(Protocol):
    """Copies one kind of database."""

    def save(self, store: Store, tables: MetaData, folder: Path, progress: Progress) -> Copied:
        """Copy a database into a folder: one consistent view, while others write."""

    def load(self, store: Store, kind: Kind, tables: MetaData, folder: Path, manifest: Manifest) -> None:
        """Put a copy in the place of an empty database; with the schema it had."""
