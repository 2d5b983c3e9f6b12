"""One line of JSON in, one line of JSON out: how other programs use the redactor."""

from __future__ import annotations

import json
from dataclasses import asdict

from redaction.masking import redact
from redaction.policy import Policy
from redaction.scanning import scan


def scan_line(line: str, policy: Policy) -> str:
    """Answer `{"text"}` with `{"findings", "redacted"}`; offsets are code points of the text.

    Raises ValueError when the line is not a JSON object with a string under "text"; the error quotes nothing.
    """
    text = _text_of(line)
    findings = scan(text)
    return json.dumps(
        {"findings": [asdict(finding) for finding in findings], "redacted": redact(text, findings, policy).text}
    )


def _text_of(line: str) -> str:
    try:
        asked = json.loads(line)
    except ValueError:
        asked = None  # The parser's own error would quote the line.
    if not isinstance(asked, dict) or not isinstance(asked.get("text"), str):
        raise ValueError("not-a-text-line")  # noqa: TRY004 - a fault of the line, not of the caller
    return str(asked["text"])
