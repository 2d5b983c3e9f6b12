"""Odd mails, one a file, each with its expected result beside it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from intake.mime import parse
from intake.submission import Place, Submission

FOLDER = Path(__file__).parents[1] / "mails"
NAMES = sorted(path.stem for path in FOLDER.glob("*.eml"))
BODY = {Place.BODY, Place.HTML, Place.FORM}


def submission(name: str) -> Submission:
    return parse((FOLDER / f"{name}.eml").read_bytes(), may_be_form=False)


def expected(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_odd_mail_is_read_as_expected(name: str) -> None:
    """Every odd mail gives what is written beside it."""
    found, want = submission(name), expected(name)
    shown = "\n".join(each.text for each in found.passages if each.is_shown)
    assert found.hold == want.get("hold")
    assert found.subject == want.get("subject", found.subject)
    assert set(want.get("flags", [])) <= set(found.flags)
    for text in want.get("shown", []):
        assert text in shown
    for text in want.get("scanned", []):
        assert any(text in each.text for each in found.passages), text
    for text in want.get("unseen", []):
        assert text not in shown
    if "senders" in want:
        assert [[each.name, each.address] for each in found.senders] == want["senders"]
    if "count" in want:
        assert sum(each.is_shown and each.place in BODY for each in found.passages) == want["count"]
    if "attachments" in want:
        files = [[each.name, each.is_scanned, each.reason or ""] for each in found.attachments]
        assert files == want["attachments"]


def test_every_mail_has_its_line_and_its_result() -> None:
    """The README says of each mail what is odd about it, and no mail lacks an expected result."""
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert NAMES
    for name in NAMES:
        assert f"| {name}.eml | " in readme
        assert expected(name)
