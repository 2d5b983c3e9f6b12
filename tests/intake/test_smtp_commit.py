from __future__ import annotations

import pytest

from intake.errors import IntakeError, OurFault, SenderFault, TryAgain
from intake.smtp import Limits
from tests.intake.fakes import FakeAcceptor, RunningServer

MAIL = b"Subject: a question\r\n\r\nhello\r\n"
WORDS = "/var/lib/secret: 512-37-4096"


@pytest.mark.parametrize("place", ["begin_fault", "write_fault", "finish_fault", "late_fault"])
@pytest.mark.parametrize(
    "fault",
    [OSError(28, WORDS), RuntimeError(WORDS), TimeoutError(WORDS), TryAgain("full"), OurFault("store"),
     SenderFault("bad")],
    ids=lambda fault: type(fault).__name__,
)  # fmt: skip
def test_a_fault_is_answered_without_a_word_of_it(place: str, fault: Exception) -> None:
    """Whatever the store fails on and wherever: our faults are 451, and the reply is the one intake's errors carry."""
    acceptor = FakeAcceptor()
    setattr(acceptor, place, fault)
    expected = fault.smtp_reply if isinstance(fault, IntakeError) else IntakeError.smtp_reply
    with RunningServer(acceptor) as server, server.client() as client:
        reply = client.begin()
        if reply.startswith("354"):
            client.send(MAIL + b".\r\n")
            reply = client.reply()
        assert reply == expected
        setattr(acceptor, place, None)
        client.say("RSET")
        assert client.mail(MAIL).startswith("250")
        assert server.complaints == []
    assert len(acceptor.stored) == 1


def test_250_waits_for_the_commit() -> None:
    """Until what was given is durable there is no reply, though others have long been cut off for being idle."""
    acceptor = FakeAcceptor(is_waiting=True)
    with RunningServer(acceptor, Limits(idle_seconds=0.2)) as server, server.client() as client:
        client.begin()
        client.send(MAIL + b".\r\n")
        assert acceptor.arrived.wait(10)
        with server.client() as idle:
            assert idle.reply().startswith("421")
        client.socket.setblocking(False)
        with pytest.raises(BlockingIOError):
            client.reply()
        client.socket.settimeout(20)
        acceptor.release()
        assert client.reply().startswith("250")


@pytest.mark.parametrize("late_fault", [None, OurFault("store")], ids=["accepted", "failed"])
def test_a_lost_connection_never_cancels_a_commit(late_fault: Exception | None) -> None:
    """The sender drops right after the dot: the commit ends as it would have, once, and the retry is known again."""
    acceptor = FakeAcceptor(is_waiting=True)
    acceptor.late_fault = late_fault
    with RunningServer(acceptor) as server:
        client = server.client()
        client.begin()
        client.send(MAIL + b".\r\n")
        assert acceptor.arrived.wait(10)
        client.reset()
        with server.client() as other:
            assert other.say("NOOP").startswith("250")
        acceptor.is_waiting = False
        acceptor.release()
        assert len(acceptor.stored) == (0 if late_fault else 1)
        acceptor.late_fault = None
        with server.client() as again:
            assert again.mail(MAIL) == "250 2.0.0 Ok: accepted as Q-000001"
        assert server.complaints == []
    assert (len(acceptor.stored), acceptor.abandoned) == (1, 0)


def test_a_half_closed_connection_is_still_answered() -> None:
    """A sender that is done sending hears how its message ended."""
    acceptor = FakeAcceptor(is_waiting=True)
    with RunningServer(acceptor) as server, server.client() as client:
        client.begin()
        client.send(MAIL + b".\r\n")
        client.socket.shutdown(1)
        assert acceptor.arrived.wait(10)
        acceptor.release()
        assert client.reply().startswith("250")
        assert client.reply() == ""


def test_an_unknown_outcome_is_451() -> None:
    """A commit that takes too long is answered 451 before the sender gives up; it may still succeed."""
    acceptor = FakeAcceptor(is_waiting=True)
    with RunningServer(acceptor, Limits(commit_seconds=0.1)) as server, server.client() as client:
        assert client.mail(MAIL).startswith("451 4.3.0")
        acceptor.is_waiting = False
        acceptor.release()
        assert client.mail(MAIL) == "250 2.0.0 Ok: accepted as Q-000001"
    assert len(acceptor.stored) == 1


def test_the_store_sets_the_pace() -> None:
    """While a piece is on its way to the store nothing more is written, and then all of it is."""
    acceptor = FakeAcceptor(piece_limit=200_000)
    content = b"x" * 500_000 + b"\r\n"
    with RunningServer(acceptor) as server, server.client() as client:
        client.begin()
        client.send(content[:350_000])
        assert acceptor.write_waits.wait(10)
        with server.client() as other:
            assert other.say("NOOP").startswith("250")
        assert acceptor.written < 300_000
        acceptor.release_writes()
        client.send(content[350_000:] + b".\r\n")
        assert acceptor.write_waits.wait(10)
        acceptor.release_writes()
        assert client.reply().startswith("250")
    assert [stored.content for stored in acceptor.stored] == [content]


def test_a_pause_is_felt_at_the_door_and_at_mail() -> None:
    """With a reason to pause, new connections hear 421 and open ones 451; a gate that fails counts as one."""
    reason: list[str | None] = [None]

    def pause() -> str | None:
        if reason[0] == "broken":
            raise RuntimeError(WORDS)
        return reason[0]

    with RunningServer(FakeAcceptor(), is_paused=pause) as server, server.client() as client:
        for stop, code in (("disk", "451 4.3.2"), ("broken", "451 4.3.0")):
            reason[0] = stop
            assert client.say("MAIL FROM:<a@remote.test>").startswith(code)
            with server.client(greet=False) as refused:
                assert refused.reply().startswith("421 4.3.2")
        reason[0] = None
        assert client.mail(MAIL).startswith("250")
        assert server.complaints == []


def test_stopping_lets_messages_end_and_closes_the_rest() -> None:
    """On stop an idle session hears 421 at once, a message under way its 250 and then 421; nobody new comes in."""
    acceptor = FakeAcceptor()
    with RunningServer(acceptor) as server, server.client() as idle, server.client() as busy:
        busy.begin()
        busy.send(MAIL)
        stopped = server.begin_stop(20)
        assert idle.reply().startswith("421 4.3.2")
        assert idle.reply() == ""
        with pytest.raises(ConnectionRefusedError):
            server.client()
        busy.send(b".\r\n")
        assert busy.reply().startswith("250")
        assert busy.reply().startswith("421 4.3.2")
        assert busy.reply() == ""
        stopped.result(20)
        assert server.complaints == []
    assert len(acceptor.stored) == 1


def test_after_the_grace_all_is_closed() -> None:
    """A message that does not end in time is cut off with 421 and stores nothing."""
    acceptor = FakeAcceptor()
    with RunningServer(acceptor) as server, server.client() as client:
        client.begin()
        client.send(b"half a mess")
        server.stop(0.1)
        assert client.reply().startswith("421 4.3.2")
        assert client.reply() == ""
        assert acceptor.was_abandoned.wait(10)
    assert acceptor.stored == []
