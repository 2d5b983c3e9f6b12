"""The README tells what is true: its commands and make targets are there, and none is left out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.guards.tree import ROOT

README = ROOT / "README.md"
# In running text and in code blocks alike: a name after the program, not an option or a file.
COMMAND = re.compile(r"(?:^|[`$ ])sallyport ([a-z][a-z-]+)(?=[`\s]|$)", re.MULTILINE)
TARGET = re.compile(r"(?:^|[`$ ])make ([a-z][a-z-]+)(?=[`\s]|$)", re.MULTILINE)


def help_text() -> str:
    """Give what `sallyport --help` says."""
    done = subprocess.run(
        [sys.executable, "-m", "sallyport", "--help"],
        cwd=ROOT, env={**os.environ, "COLUMNS": "100"}, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def commands(text: str) -> set[str]:
    """Give the commands that a help text lists."""
    listed = text.partition("Commands:")[2]
    return set(re.findall(r"^  ([a-z][a-z-]*)(?=\s|$)", listed, re.MULTILINE))


def in_code(text: str) -> Iterator[str]:
    """Give a document's code: blocks between fences, and what stands between backquotes."""
    blocks = re.findall(r"^```[a-z]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    yield from blocks
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))


@pytest.fixture(scope="module")
def readme() -> str:
    """Give the README's code, one piece a line."""
    if not README.exists():
        pytest.skip("there is no README.md yet")
    return "\n".join(in_code(README.read_text(encoding="utf-8")))


def test_the_readme_names_every_command(readme: str) -> None:
    """Each command that `sallyport --help` lists is in the README, and the README names no other."""
    listed = commands(help_text())
    assert listed
    assert set(COMMAND.findall(readme)) == listed


def test_the_readme_names_real_targets(readme: str) -> None:
    """Each `make` that the README shows is in the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert set(TARGET.findall(readme)) <= set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))


def test_a_list_of_commands_is_read() -> None:
    """Names are taken from the help's list, not from its descriptions."""
    assert commands("Usage: x\n\nCommands:\n  serve   start\n  demo    see\n          more words\n") == {
        "serve",
        "demo",
    }


def test_only_code_is_read_from_the_readme() -> None:
    """A sentence about sallyport is no command; a command in a block or between backquotes is."""
    text = "sallyport helps.\n\n```sh\nsallyport init\nmake demo\n```\n\nThen `sallyport serve`, and sallyport runs.\n"
    found = "\n".join(in_code(text))
    assert set(COMMAND.findall(found)) == {"init", "serve"}
    assert TARGET.findall(found) == ["demo"]
