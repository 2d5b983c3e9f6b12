"""The project stands alone: its files name no machine and no place of download, and its requirements are complete."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guards.tree import PACKAGES, ROOT, Source, files, sources

# Spelled in two parts, so that this file keeps its own rule.
MACHINE_PATHS = re.compile(
    "|".join(["/" + "root/", "/" + "home/[a-z]", "/" + "Users/[A-Z]", "/" + "work/", "[A-Z]:" + r"\\\\Users"])
)
REGISTRIES = re.compile(
    "|".join([
        "pypi" + r"\.org", "pypi\\.python" + r"\.org", "python" + r"hosted\.org", "npm" + r"js\.(org|com)",
        "crates" + r"\.io", "proxy\\.golang" + r"\.org", "rubygems" + r"\.org", "docker" + r"\.io", "ghcr" + r"\.io",
        "quay" + r"\.io", "unpkg" + r"\.com", "jsdelivr" + r"\.net",
    ])
)  # fmt: skip
# The name a requirement has on the index, where it is not the name one imports.
DISTRIBUTIONS = {
    "argon2": "argon2-cffi", "flask_wtf": "flask-wtf", "re2": "google-re2", "imghdr": "standard-imghdr",
    "prometheus_client": "prometheus-client",
}  # fmt: skip


def foreign_places(text: str) -> Iterator[str]:
    """Give each path of a machine and each registry's host that a text names."""
    for pattern in (MACHINE_PATHS, REGISTRIES):
        yield from (found[0] for found in pattern.finditer(text))


def names_in(requirements: list[str]) -> set[str]:
    """Give the normalised names of requirements."""
    return {re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0].lower().replace("_", "-") for line in requirements}


def outside_imports(source: Source) -> Iterator[str]:
    """Give the distributions that a file imports from."""
    modules = [alias.name for node in source.all_of(ast.Import) for alias in node.names]
    modules += [node.module or "" for node in source.all_of(ast.ImportFrom)]
    for module in modules:
        top = module.split(".", maxsplit=1)[0]
        if top and top not in {*PACKAGES, *sys.stdlib_module_names}:
            yield DISTRIBUTIONS.get(top, top).lower()


def run_time_requirements() -> set[str]:
    """Give the names of what the program says it needs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return names_in(project["dependencies"])


def test_no_file_names_a_machine_or_a_registry() -> None:
    """Nobody's folders and no place of download stand in any file."""
    breaches = [
        f"{path.relative_to(ROOT)}: {place}"
        for path in files()
        for place in foreign_places(path.read_bytes().decode("utf-8", "replace"))
    ]
    assert not breaches, "\n".join(breaches)


@pytest.mark.parametrize("text", ["see /" + "root/v", "/" + "home/ann/x", "https://pypi" + ".org/simple"])
def test_a_foreign_place_is_seen(text: str) -> None:
    """A path of a machine and a registry's host are found."""
    assert list(foreign_places(text))


def test_everything_imported_is_required() -> None:
    """What the packages import is named in pyproject, not only brought along by something else."""
    breaches = {
        f"{source.path}: {name}" for source in sources() for name in outside_imports(source)
    } - {f"{source.path}: {name}" for source in sources() for name in run_time_requirements()}  # fmt: skip
    assert not breaches, "\n".join(sorted(breaches))


def test_an_import_that_is_not_required_is_seen() -> None:
    """An import of what pyproject does not name is found."""
    assert set(outside_imports(Source("router/x.py", "import requests.adapters, os"))) == {"requests"}


@pytest.mark.parametrize("name", ["build", "runtime", "test"])
def test_every_pin_has_hashes(name: str) -> None:
    """Each line of a compiled file names one version, and the hashes its files must have."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[A-Za-z0-9])", "\n" + text)[1:]
    assert entries
    for entry in entries:
        assert re.match(r"[A-Za-z0-9._-]+==[^ ;]+", entry), entry
        assert "--hash=sha256:" in entry, entry


def test_the_compiled_files_have_all_of_run_time() -> None:
    """No requirement of the program is missing from the pinned file."""
    pinned = names_in((ROOT / "requirements/runtime.txt").read_text(encoding="utf-8").splitlines())
    assert run_time_requirements() <= pinned


@pytest.mark.parametrize("path", sorted((ROOT / ".ci").iterdir()), ids=lambda path: path.name)
def test_scripts_may_be_run(path: Path) -> None:
    """What make and CI start is executable and says with what."""
    assert path.stat().st_mode & 0o100
    assert path.read_text(encoding="utf-8").startswith("#!")
