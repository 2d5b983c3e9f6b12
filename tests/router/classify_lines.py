"""Classify JSON lines from standard input, for a tool that scores them; nothing is redacted before."""

from __future__ import annotations

import sys

from router.classification.jsonl import classify_line


def unredacted(text: str) -> tuple[str, tuple[tuple[str, int], ...]]:
    """Redact nothing: the rules have to hold by themselves."""
    return text, ()


def main() -> None:
    """Answer each line with one line."""
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # standard input is text here
    for line in sys.stdin:
        sys.stdout.write(classify_line(line, unredacted) + "\n")


if __name__ == "__main__":
    main()
