"""`scan` and `classify`: the redactor and the classifier on lines of JSON, without a record."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click

from redaction import DESK, PUBLIC, Tokens, redact
from redaction import scan as find
from redaction.jsonl import scan_line
from router.classification.jsonl import classify_line

POLICIES = {"desk": DESK, "public": PUBLIC}


@click.command()
@click.option("--jsonl", is_flag=True, required=True, help="JSON lines in and out.")
@click.option(
    "--policy",
    type=click.Choice(list(POLICIES)),
    default="desk",
    show_default=True,
    help="desk masks what identifies or pays; public masks all.",
)
def scan(jsonl: bool, policy: str) -> None:  # noqa: FBT001 - click gives a flag
    """Find and remove identifiers: {"text"} lines in, {"findings", "redacted"} lines out."""
    del jsonl
    _each_line(lambda line: scan_line(line, POLICIES[policy]))


@click.command()
@click.option("--jsonl", is_flag=True, required=True, help="JSON lines in and out.")
def classify(jsonl: bool) -> None:  # noqa: FBT001 - click gives a flag
    """Classify messages: {"id","subject","body","channel"} lines in; each is redacted first, then classified."""
    del jsonl
    _each_line(lambda line: classify_line(line, _redacted))


def _redacted(text: str) -> tuple[str, tuple[tuple[str, int], ...]]:
    redaction = redact(text, find(text), DESK, Tokens())
    counts: dict[str, int] = {}
    for finding in redaction.findings:
        counts[finding.kind.value] = counts.get(finding.kind.value, 0) + 1
    return redaction.text, tuple(sorted(counts.items()))


def _each_line(answer: Callable[[str], str]) -> None:
    """Answer each line as it comes, so that the command can stand in a pipe that is kept open."""
    for raw in sys.stdin.buffer:
        line = raw.decode("utf-8", "replace")
        if line.strip():
            sys.stdout.buffer.write(answer(line).encode("utf-8", "replace") + b"\n")
            sys.stdout.flush()
