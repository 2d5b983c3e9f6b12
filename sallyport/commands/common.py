"""What commands share: the settings they run with, and the stores they open."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import click

from records.store import Stores
from sallyport.databases import open_stores, require_ready
from sallyport.settings import Settings, load


def settings_of(ctx: click.Context) -> Settings:
    """Read the settings of this call; raises `SettingsFault`."""
    return load(os.environ, ctx.find_object(Path))


@contextlib.contextmanager
def stores_of(settings: Settings) -> Iterator[Stores]:
    """Open both databases for a command, or say what is missing."""
    stores = open_stores(settings)
    try:
        require_ready(settings, stores)
        yield stores
    finally:
        stores.close()
