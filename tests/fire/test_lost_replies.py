"""A sender who never hears the answer sends again, and again: it is one mail all the same."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fire.burning import Burning
from tests.fire.conftest import Ground
from tests.fire.senders import HOST, MAILBOX, SECONDS, Mail

SENDER = "sender@example.org"
# Nothing waits in the socket's buffer: closing it is a reset, and what was to be answered meets nobody.
RESET = struct.pack("ii", 1, 0)


@pytest.fixture
def burning(ground: Ground, tmp_path: Path) -> Iterator[Burning]:
    burning = Burning(tmp_path / "a house", ground.settings, ground.wishes)
    burning.start()
    yield burning
    burning.kill()


def send_and_go(port: int, raw: bytes) -> None:
    """Give a whole mail, its last dot too, and be gone before the answer."""
    connection = smtplib.SMTP(HOST, port, timeout=SECONDS)
    connection.ehlo()
    connection.mail(SENDER)
    connection.rcpt(MAILBOX)
    assert connection.docmd("DATA")[0] == 354
    connection.send(raw + b".\r\n")
    assert connection.sock is not None
    connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    connection.close()


def test_a_mail_whose_answer_was_never_heard_is_there_once(burning: Burning, tmp_path: Path) -> None:
    """Twice the sender goes right after the last dot, then stays: small mails and large ones are in the record once."""
    mails = [
        Mail(f"unheard-{number}", f"Subject: unheard {number}\r\n\r\n".encode() + b"a line of words\r\n" * size)
        for number, size in enumerate((1, 1, 1, 100, 100, 1_000, 40_000))
    ]
    for mail in mails:
        for _ in range(2):
            with contextlib.suppress(OSError):
                send_and_go(burning.ports["smtp"], mail.raw)
        with smtplib.SMTP(HOST, burning.ports["smtp"], timeout=SECONDS) as connection:
            connection.sendmail(SENDER, [MAILBOX], mail.raw)
    burning.idle()
    folder = tmp_path / "mails"
    folder.mkdir()
    assert set(burning.counts(mails, folder).values()) == {1}
    assert len(burning.lines()) == len(mails)
    assert burning.command("ledger").exit_code == 0
