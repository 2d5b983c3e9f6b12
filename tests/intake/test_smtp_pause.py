"""What a gateway hears while mail is not taken: always "later", never "no"."""

from __future__ import annotations

import pytest

from intake.errors import TryAgain
from intake.ports import NO_SPACE
from tests.intake.fakes import FakeAcceptor, RunningServer

MAIL_FROM = "MAIL FROM:<maria@example.org>"


@pytest.mark.parametrize(
    ("reason", "said"), [(NO_SPACE, "452 4.3.1"), ("store-away", "451 4.3.2"), ("backlog", "451 4.3.2")]
)
def test_an_open_session_hears_why_it_may_come_again(reason: str, said: str) -> None:
    """MAIL is answered by the reason of the pause, the session stays open, and goes on when the pause is over."""
    reasons: list[str] = []
    with (
        RunningServer(FakeAcceptor(), is_paused=lambda: reasons[0] if reasons else None) as server,
        server.client() as client,
    ):
        reasons.append(reason)
        assert client.say(MAIL_FROM).startswith(said)
        reasons.clear()
        assert client.mail(b"Subject: a\r\n\r\nx\r\n").startswith("250 ")


@pytest.mark.parametrize(("reason", "said"), [(NO_SPACE, "452 4.3.1"), ("busy", "451 4.3.2")])
def test_a_pause_that_begins_after_mail_from_is_said_at_data(reason: str, said: str) -> None:
    """The door of the record itself may close between MAIL and DATA: no 354 is given then."""
    acceptor = FakeAcceptor()
    with RunningServer(acceptor) as server, server.client() as client:
        client.say(MAIL_FROM)
        client.say("RCPT TO:<inquiries@example.test>")
        acceptor.begin_fault = TryAgain(reason)
        assert client.say("DATA").startswith(said)
        acceptor.begin_fault = None
        assert client.mail(b"Subject: a\r\n\r\nx\r\n").startswith("250 ")


def test_a_newcomer_hears_one_line() -> None:
    """A new connection hears 421 and is closed; no session is spent on it."""
    with RunningServer(FakeAcceptor(), is_paused=lambda: NO_SPACE) as server, server.client(greet=False) as client:
        assert client.reply().startswith("421 4.3.2")
        assert client.reply() == ""
        assert server.server.connections == 0
