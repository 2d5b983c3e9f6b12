"""The wheel is the whole program: it works from any folder, with its templates, tables and migrations."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.conftest import missing_part
from tests.guards.tree import LEFT_BEHIND, PACKAGES, ROOT, files

# pyproject asks for it; what an older Python brings along does not know our licence field.
LEAST_SETUPTOOLS = 77


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy, as `pip install .` does, without reaching for the network."""
    if int(version("setuptools").split(".")[0]) < LEAST_SETUPTOOLS:
        missing_part(f"setuptools {LEAST_SETUPTOOLS}", "make test")
    folder = tmp_path_factory.mktemp("a wheel")
    copy = folder / "copy"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*LEFT_BEHIND, "tests", "*.egg-info"))
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*command, "--wheel-dir", str(folder), str(copy)], cwd=folder, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_everything_in_the_packages_is_in_the_wheel(wheel: Path) -> None:
    """No template, table, migration or style sheet stays behind, and nothing else comes along."""
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    expected = {path.relative_to(ROOT).as_posix() for package in PACKAGES for path in files(ROOT / package)}
    assert held == expected


def test_the_wheel_works_from_any_folder(wheel: Path, tmp_path: Path) -> None:
    """Unpacked elsewhere, the program starts and finds its templates."""
    zipfile.ZipFile(wheel).extractall(tmp_path / "unpacked")
    elsewhere = tmp_path / "else where"
    elsewhere.mkdir()
    program = (
        "import importlib.resources, sys, sallyport.main\n"
        "assert sallyport.main.__file__.startswith(sys.argv[1])\n"
        "assert any(importlib.resources.files('templates').joinpath('static').iterdir())\n"
        "sallyport.main.sallyport(['--help'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "unpacked")],
        cwd=elsewhere, capture_output=True, encoding="utf-8", check=False,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "unpacked"), "LC_ALL": "C"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Commands:" in done.stdout
