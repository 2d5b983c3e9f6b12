"""Mail servers that do not give up: each mail is unique, and is sent again until it is answered for good."""

from __future__ import annotations

import smtplib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Self

HOST = "127.0.0.1"
SECONDS = 30.0
MAILBOX = "inquiries@example.test"
# In octets: most mails are small; one in forty comes in many pieces, and is spilled before it is complete.
SIZES = (300,) * 30 + (4_000,) * 6 + (30_000,) * 3 + (300_000,)
# Seconds between two mails of a sender: the fire is what is tested, not how much is read afterwards.
PAUSE = 0.03
LINE = b"and some more words of it, on a line of its own\r\n"


@dataclass(slots=True)
class Mail:
    """One mail, and what was heard of it. `heard` holds reply codes, and 0 where no reply was heard."""

    name: str
    raw: bytes = field(repr=False)
    heard: list[int] = field(default_factory=list)

    @property
    def is_accepted(self) -> bool:
        """Was it answered with 250."""
        return 250 in self.heard

    @property
    def is_refused(self) -> bool:
        """Was it refused for good. None of these is ever to be."""
        return any(code >= 500 for code in self.heard)


class Sender:
    """One connection at a time, over SMTP or LMTP, to wherever the program listens just now."""

    def __init__(self, protocol: type[smtplib.SMTP], port: Callable[[], int], random: Random, name: str) -> None:
        self._protocol, self._port, self._random, self._name = protocol, port, random, name
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._connection: smtplib.SMTP | None = None
        self.mails: list[Mail] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._hang_up()

    @property
    def accepted(self) -> int:
        """How many were answered with 250 so far."""
        return sum(mail.is_accepted for mail in tuple(self.mails))

    def _run(self) -> None:
        while not self._stop.is_set():
            mail = self._write(f"{self._name}-{len(self.mails)}")
            self.mails.append(mail)
            while not self._stop.is_set() and not (mail.is_accepted or mail.is_refused):
                mail.heard.append(self._try(mail))
                if mail.heard[-1] < 500 and not mail.is_accepted:
                    time.sleep(self._random.uniform(0.05, 0.3))
            time.sleep(PAUSE)

    def _write(self, name: str) -> Mail:
        lines = LINE * (self._random.choice(SIZES) // len(LINE) + 1)
        head = f"From: {name}@example.org\r\nSubject: under fire\r\nMessage-ID: <{name}@example.org>\r\n\r\n{name}\r\n"
        return Mail(name, head.encode() + lines)

    def _try(self, mail: Mail) -> int:
        try:
            if self._connection is None:
                self._connection = self._protocol(HOST, self._port(), timeout=SECONDS)
            self._connection.sendmail(f"{mail.name}@example.org", [MAILBOX], mail.raw)
        except smtplib.SMTPRecipientsRefused as refused:
            return refused.recipients[MAILBOX][0]
        except smtplib.SMTPResponseException as refused:
            self._hang_up()
            return refused.smtp_code
        except (smtplib.SMTPException, OSError):
            self._hang_up()
            return 0
        return 250

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
