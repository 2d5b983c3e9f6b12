"""The import contracts hold, and each of them fails on a breach made in a copy."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.guards.tree import PACKAGES, ROOT

CONTRACTS = ROOT / ".importlinter"
# For each contract: the lines that break it, by file. A file that is not there is made.
BREACHES = {
    "house": {"intake/errors.py": "import router.errors"},
    "records-and-redaction": {"redaction/kinds.py": "", "records/clock.py": "import redaction.kinds"},
    "redaction-is-pure": {"redaction/forbidden.py": "import os"},
    "inside-redaction": {"redaction/forbidden.py": ""},
    "detectors": {
        "redaction/detectors/__init__.py": "",
        "redaction/detectors/one.py": "",
        "redaction/detectors/another.py": "import redaction.detectors.one",
    },
    "word-tables": {"router/classification/words/english.py": "import router.classification.words.spanish"},
    "inside-records": {"records/forbidden.py": ""},
    "inside-intake": {"intake/forbidden.py": ""},
    "inside-router": {"router/forbidden.py": ""},
    "inside-sallyport": {"sallyport/forbidden.py": ""},
    "decisions-are-pure": {"router/clearance.py": "import sqlalchemy"},
    "public-side-cannot-open": {"intake/accept.py": "import records.keyring"},
    "desk-cannot-open": {"router/lists.py": "import records.unsealing"},
    "parser-is-bare": {"intake/parser_child.py": "import cryptography"},
}


def declared_contracts() -> list[str]:
    """Read the contracts' ids from the file."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(CONTRACTS, encoding="utf-8")
    return [section.removeprefix("importlinter:contract:") for section in parser.sections() if ":contract:" in section]


def copy_of_the_house(folder: Path) -> None:
    """Copy what the contracts are about: Python files, and the contracts."""
    shutil.copy(CONTRACTS, folder)
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package,
            folder / package,
            ignore=lambda where, names: [
                name for name in names if not (name.endswith(".py") or (Path(where) / name).is_dir())
            ],
        )


def check(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run import-linter on a copy, as `make check` does on the project."""
    program = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", program, "--config", ".importlinter", "--no-cache", "--no-logo", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "NO_COLOR": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_the_contracts_hold(tmp_path: Path) -> None:
    """The code as it is keeps every contract."""
    copy_of_the_house(tmp_path)
    done = check(tmp_path)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("contract", declared_contracts())
def test_each_contract_fails_on_a_breach(contract: str, tmp_path: Path) -> None:
    """One forbidden import, or one file without a place, breaks the contract that is about it."""
    copy_of_the_house(tmp_path)
    for name, line in BREACHES[contract].items():
        file = tmp_path / name
        before = file.read_text(encoding="utf-8") if file.exists() else ""
        file.write_text(f"{before}\n{line}\n", encoding="utf-8")
    done = check(tmp_path, "--contract", contract)
    assert done.returncode == 1, done.stdout
    assert "1 broken" in done.stdout, done.stdout
