"""The desk's end of the unsealer's socket. When nobody answers, that is an answer too: "away"."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from records.documents import inquiry_from, preview_from
from records.values import Preview, Purpose, RedactedInquiry
from router.opening import NotOpened, OriginalText
from router.unsealer.frames import address, receive, send

SECONDS = 20


class UnsealerClient:
    """Asks the unsealer; one connection per question."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def previews(self, session: str, references: Sequence[str]) -> Mapping[str, Preview]:
        """Open a page of previews; those that are refused are left out."""
        if not references:
            return {}
        answer = self._ask({"ask": "previews", "session": session, "references": list(references)})
        return {reference: preview_from(body) for reference, body in answer.get("previews", {}).items()}

    def open(self, session: str, reference: str, purpose: Purpose) -> RedactedInquiry | NotOpened:
        """Open an inquiry's redacted text."""
        answer = self._ask({"ask": "open", "session": session, "reference": reference, "purpose": purpose.value})
        return inquiry_from(answer["inquiry"]) if "inquiry" in answer else _refused(answer)

    def original(self, session: str, reference: str, approval_id: str) -> OriginalText | NotOpened:
        """Open an original on its approval."""
        question = {"ask": "original", "session": session, "reference": reference, "approval": approval_id}
        answer = self._ask(question)
        return OriginalText(**answer["original"]) if "original" in answer else _refused(answer)

    def move(self, session: str, reference: str, unit: str) -> NotOpened | None:
        """Seal an inquiry to another unit."""
        answer = self._ask({"ask": "move", "session": session, "reference": reference, "unit": unit})
        return None if answer.get("moved") else _refused(answer)

    def _ask(self, question: Mapping[str, Any]) -> dict[str, Any]:
        try:
            with socket.socket(socket.AF_UNIX) as connection, address(self._path) as name:
                connection.settimeout(SECONDS)
                connection.connect(name)
                send(connection, question)
                return receive(connection, seconds=SECONDS) or {"refused": "away"}
        except OSError:
            return {"refused": "away"}


def _refused(answer: Mapping[str, Any]) -> NotOpened:
    return NotOpened(reason=str(answer.get("refused", "away")))
