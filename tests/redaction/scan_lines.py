"""Read lines of JSON with a text each, write lines of JSON with findings and redacted text: for evaluation scripts."""

from __future__ import annotations

import sys

from redaction import DESK
from redaction.jsonl import scan_line

if __name__ == "__main__":
    for line in sys.stdin.buffer:
        sys.stdout.write(scan_line(line.decode("utf-8", "surrogatepass"), DESK) + "\n")
        sys.stdout.flush()
