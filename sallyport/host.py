"""This host's id: random text of its own, so that workers of several hosts have names that differ."""

from __future__ import annotations

import secrets
from pathlib import Path

from records.keyring import write_private
from sallyport.errors import CannotStart
from sallyport.settings import Settings

RANDOM_BYTES = 8


def host_id(settings: Settings) -> str:
    """Give this host's id; `sallyport init` made it."""
    try:
        return host_file(settings).read_text("ascii").strip()
    except (OSError, ValueError):
        raise CannotStart("this host has no id yet: run `sallyport init`") from None


def host_file(settings: Settings) -> Path:
    """Give where it stands: with what belongs to this host alone, and is not carried to another in a backup."""
    return settings.data / "run" / "host"


def make_host_id(settings: Settings) -> bool:
    """Make the id where there is none; tell whether it was made."""
    if host_file(settings).exists():
        return False
    write_private(host_file(settings), secrets.token_hex(RANDOM_BYTES).encode() + b"\n")
    return True
