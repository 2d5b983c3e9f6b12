"""Sending: acknowledgements and e-mail replies, through a relay or into an outbox folder.

Whatever leaves is looked at once more: a message in which an identifier is found does not leave. An acknowledgement
holds nothing of what it answers; a reply goes only where the inquiry's class allows e-mail.
"""

from __future__ import annotations

import os
import smtplib
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

from redaction import DESK, scan
from router.errors import RouterError

SECONDS = 30


class NotSent(RouterError):
    """A message did not leave; the job tries again."""


class MustNotLeave(RouterError):
    """A message holds what may not be sent by e-mail."""


class Transport(Protocol):
    """The way out."""

    def send(self, sender: str, recipient: str, message: bytes, name: str) -> None:
        """Hand a message over; `name` is an id of ours under which it may be kept. Raises `NotSent`."""


@dataclass(frozen=True, slots=True)
class Relay:
    """A mail server that sends for us; STARTTLS where it offers it."""

    host: str
    port: int

    def send(self, sender: str, recipient: str, message: bytes, name: str) -> None:
        """Hand over by SMTP. The reply's text is not kept: it may quote the recipient."""
        del name
        try:
            with smtplib.SMTP(self.host, self.port, timeout=SECONDS) as connection:
                connection.ehlo_or_helo_if_needed()
                if connection.has_extn("starttls"):
                    connection.starttls()
                connection.sendmail(sender, [recipient], message)
        except (OSError, smtplib.SMTPException):
            raise NotSent("the relay did not take it") from None


@dataclass(frozen=True, slots=True)
class Outbox:
    """A folder from which something else sends: a file for each message, whole or not at all."""

    folder: Path

    def send(self, sender: str, recipient: str, message: bytes, name: str) -> None:
        """Write the message under its name; the same name again is the same message, written once."""
        del sender, recipient
        target = self.folder / f"{name}.eml"
        waiting = target.with_suffix(".new")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(message)
                file.flush()
                os.fsync(file.fileno())
            waiting.replace(target)
        except OSError:
            raise NotSent("the outbox did not take it") from None


def check_outgoing(message: bytes) -> None:
    """Raise `MustNotLeave` when a message holds an identifier that is masked at the desk."""
    parsed = message_from_bytes(message, policy=policy.SMTP)
    body = parsed.get_body(("plain",)) if isinstance(parsed, EmailMessage) else None
    texts = [str(value) for name, value in parsed.items() if name.lower() not in _OURS]
    texts.append(body.get_content() if body is not None else "")
    if any(finding.kind in DESK.masked for text in texts for finding in scan(text)):
        raise MustNotLeave("an identifier")


# Fields that hold dates and ids of our own making, where digits in a row mean nothing.
_OURS = frozenset({"date", "message-id", "mime-version", "content-type", "content-transfer-encoding"})
