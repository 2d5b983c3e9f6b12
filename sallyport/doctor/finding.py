"""One line of what the doctor says: how it is, what was seen, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How something is."""

    OK = "ok"
    LOOK = "look"  # A person should look, soon; nothing is lost.
    WRONG = "wrong"  # Something does not work, or would not survive the next fault.


STATUS = {Level.OK: 0, Level.LOOK: 1, Level.WRONG: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line. It names ids, kinds and counts; never a setting's value, or anything that anybody wrote."""

    about: str
    level: Level
    seen: str
    remedy: str = ""


def ok(about: str, seen: str) -> Finding:
    """Say that something is as it should be."""
    return Finding(about=about, level=Level.OK, seen=seen)


def look(about: str, seen: str, remedy: str) -> Finding:
    """Say that a person should look."""
    return Finding(about=about, level=Level.LOOK, seen=seen, remedy=remedy)


def wrong(about: str, seen: str, remedy: str) -> Finding:
    """Say that something is wrong."""
    return Finding(about=about, level=Level.WRONG, seen=seen, remedy=remedy)


def worst(findings: Iterable[Finding]) -> int:
    """Give the exit status: 0 all is well, 1 somebody should look, 2 something is wrong."""
    return max((STATUS[finding.level] for finding in findings), default=0)
