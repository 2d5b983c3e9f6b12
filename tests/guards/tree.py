"""The project's files, as the guards read them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeVar

Node = TypeVar("Node", bound=ast.AST)

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("redaction", "records", "intake", "router", "sallyport", "templates")
# What set-up, checks and runs leave behind. Read from the folder and not from git, so that an unpacked archive is
# guarded as well as a checkout.
LEFT_BEHIND = frozenset({
    ".git", ".venv", "build", "dist", "var", "__pycache__",
    ".mypy_cache", ".ruff_cache", ".pytest_cache", ".import_linter_cache", ".hypothesis",
})  # fmt: skip


@dataclass(frozen=True)
class Source:
    """One Python file: its path from the project's root, and its text."""

    path: str
    text: str = field(repr=False)

    @cached_property
    def tree(self) -> ast.Module:
        """The text, parsed."""
        return ast.parse(self.text, self.path)

    @property
    def package(self) -> str:
        """The top-level folder."""
        return self.path.split("/", 1)[0]

    def all_of(self, kind: type[Node]) -> Iterator[Node]:
        """Give every node of a kind."""
        return (node for node in ast.walk(self.tree) if isinstance(node, kind))

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Give every function and method."""
        yield from self.all_of(ast.FunctionDef)
        yield from self.all_of(ast.AsyncFunctionDef)


def files(root: Path = ROOT) -> Iterator[Path]:
    """Give every file of the project that is not left behind by a run."""
    for path in sorted(root.iterdir()):
        if path.name in LEFT_BEHIND or path.suffix == ".egg-info" or path.is_symlink():
            continue
        if path.is_dir():
            yield from files(path)
        else:
            yield path


def sources(*folders: str) -> tuple[Source, ...]:
    """Give every Python file of these top-level folders; of all packages, if none is named."""
    return tuple(
        Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
        for folder in folders or PACKAGES
        for path in files(ROOT / folder)
        if path.suffix == ".py"
    )
