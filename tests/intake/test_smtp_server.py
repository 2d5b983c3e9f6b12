from __future__ import annotations

import logging
import re
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from intake.smtp import LMTP, Limits
from tests.intake.fakes import FakeAcceptor, RunningServer, SmtpClient

HEADER = b"From: <sender@remote.test>\r\nSubject: a question\r\n\r\n"
QUICK = Limits(idle_seconds=0.3, pace=1000)


def accepted(content: bytes) -> bytes:
    """Send one mail to a fresh server, and give what was stored of it."""
    acceptor = FakeAcceptor()
    with RunningServer(acceptor) as server, server.client() as client:
        assert client.mail(content).startswith("250 ")
    (stored,) = acceptor.stored
    return stored.content


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    folder: Path = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now)
    certificate = builder.not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "both.pem").write_bytes(key.private_bytes(pem, *plain) + certificate.public_bytes(pem))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "both.pem")
    return context


def test_250_names_the_reference_of_what_was_stored() -> None:
    """An accepted mail is stored once, byte for byte, with its envelope, and its reference is in the reply."""
    acceptor = FakeAcceptor()
    with RunningServer(acceptor) as server, server.client() as client:
        assert client.mail(HEADER + b"hello\r\n") == "250 2.0.0 Ok: accepted as Q-000001"
        assert client.say("QUIT").startswith("221")
        assert client.reply() == ""
    (stored,) = acceptor.stored
    assert stored.content == HEADER + b"hello\r\n"
    envelope = stored.envelope
    assert (envelope.mailboxes, envelope.sender) == (("inquiries@example.test",), "sender@remote.test")
    assert (envelope.peer, envelope.greeting, envelope.protocol) == ("127.0.0.1", "client.test", "ESMTP")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        HEADER + b".\r\n..\r\n...\r\n.a\r\n",
        HEADER + b"one\ntwo\rthree\n\r\0 \xe4\xff\r\n",
        (HEADER + b"line\r\n").replace(b"\r\n", b"\n") + b"\r\n",
        HEADER + b"x" * 2_000_000 + b"\r\n",
        HEADER + b"".join(b"%07d.\r\n.\n" % number for number in range(30_000)) + b"\r\n",
    ],
    ids=["nothing", "dots", "bare line ends", "LF only", "one endless line", "many odd lines"],
)
def test_bytes_are_kept_as_they_came(content: bytes) -> None:
    """Dots, bare LF and CR, NUL, 8-bit octets and lines of any length are stored untouched."""
    assert accepted(content) == content


def test_memory_is_flat_whatever_the_size() -> None:
    """The upload is written in pieces of 64 KiB at most."""
    acceptor = FakeAcceptor()
    with RunningServer(acceptor) as server, server.client() as client:
        assert client.mail(HEADER + b"x" * 3_000_000 + b"\r\n").startswith("250")
    assert 0 < acceptor.largest_write <= 64 * 1024


def test_a_second_message_cannot_be_smuggled_in() -> None:
    """Behind a look-alike of the end, commands are text of the first message."""
    acceptor = FakeAcceptor()
    with RunningServer(acceptor) as server, server.client() as client:
        client.begin()
        client.send(b"a\n.\r\nMAIL FROM:<smuggled@remote.test>\r\nRCPT TO:<jobs@example.test>\r\nDATA\r\nb\r\n.\r\n")
        assert client.reply().startswith("250")
        assert client.say("NOOP").startswith("250 2.0.0 Ok")
    (stored,) = acceptor.stored
    assert b"smuggled@remote.test" in stored.content


def test_pipelined_commands_are_each_answered() -> None:
    """Two messages with their envelopes and QUIT in as few packets as RFC 2920 allows lose no command."""
    acceptor = FakeAcceptor()
    envelope = b"MAIL FROM:<a@remote.test>\r\nRCPT TO:<inquiries@example.test>\r\nDATA\r\n"
    with RunningServer(acceptor) as server, server.client() as client:
        client.send(envelope)
        assert [client.reply()[:3] for _ in range(3)] == ["250", "250", "354"]
        client.send(b"one\r\n.\r\n" + envelope)
        assert [client.reply()[:3] for _ in range(4)] == ["250", "250", "250", "354"]
        client.send(b"two\r\n.\r\nQUIT\r\n")
        assert [client.reply()[:3] for _ in range(3)] == ["250", "221", ""]
    assert [stored.content for stored in acceptor.stored] == [b"one\r\n", b"two\r\n"]


def test_what_is_announced() -> None:
    """The greeting offers size, 8-bit, UTF-8, pipelining and enhanced codes; nothing names the product or a version."""
    with RunningServer(FakeAcceptor(), Limits(octets=1000)) as server, server.client(greet=False) as client:
        assert client.reply() == "220 example.test ESMTP"
        offered = client.say("EHLO client.test")
    assert {line[4:] for line in offered.split("\n")} == {
        "example.test", "SIZE 1000", "8BITMIME", "SMTPUTF8", "PIPELINING", "ENHANCEDSTATUSCODES",
    }  # fmt: skip


def test_two_servers_keep_their_own_limits() -> None:
    """Limits belong to a server: one takes a long sender, the other refuses it, however often they are greeted."""
    long = f"MAIL FROM:<{'a' * 600}@remote.test>"
    with (
        RunningServer(FakeAcceptor(), Limits(command_octets=512)) as strict,
        RunningServer(FakeAcceptor()) as roomy,
        strict.client() as one,
        roomy.client() as other,
    ):
        for client in (one, other, one, other):
            client.say("EHLO again.test")
        assert one.say(long).startswith("500 5.5.6")
        assert other.say(long).startswith("250")


def test_a_line_too_long_costs_only_itself() -> None:
    """A command of 100 kB is refused and the next one is heard; one without an end is cut off."""
    with RunningServer(FakeAcceptor()) as server, server.client() as client:
        assert client.say("NOOP " + "x" * 100_000).startswith("500")
        assert client.say("NOOP").startswith("250")
        client.send(b"x" * 1_100_000)
        assert client.reply()[:3] in {"500", ""}
        assert client.reply() == ""


def test_a_message_too_big_is_refused_and_the_session_lives() -> None:
    """Above the announced size the rest is thrown away and 552 comes in its place; nothing is stored."""
    acceptor = FakeAcceptor()
    with RunningServer(acceptor, Limits(octets=100_000)) as server, server.client() as client:
        assert client.mail(HEADER + b"x" * 120_000 + b"\r\n").startswith("552 5.3.4")
        assert client.mail(HEADER).startswith("250")
    assert acceptor.abandoned == 1
    assert [stored.content for stored in acceptor.stored] == [HEADER]


def test_a_message_without_end_is_cut_off() -> None:
    """What goes on after twice the size is not read any longer."""
    acceptor = FakeAcceptor()
    with RunningServer(acceptor, Limits(octets=1000)) as server, server.client() as client:
        client.begin()
        client.send(b"x" * 5000)
        assert client.reply().startswith("552")
        assert client.reply() == ""
    assert (acceptor.stored, acceptor.abandoned) == ([], 1)


def test_an_idle_session_hears_421() -> None:
    """Silence ends with a word."""
    with RunningServer(FakeAcceptor(), QUICK) as server, server.client() as client:
        assert client.reply().startswith("421 4.4.2")
        assert client.reply() == ""


def test_a_trickle_is_cut_off_and_nothing_of_it_stays() -> None:
    """Data below the pace ends with 421 and an abandoned upload."""
    acceptor = FakeAcceptor()
    with RunningServer(acceptor, QUICK) as server, server.client() as client:
        client.begin()
        client.send(b"x")
        assert client.reply().startswith("421 4.4.2")
        assert acceptor.was_abandoned.wait(10)
    assert acceptor.stored == []


@pytest.mark.parametrize("end", [SmtpClient.reset, lambda client: client.socket.close()], ids=["RST", "FIN"])
def test_half_a_message_is_no_message(end: Callable[[SmtpClient], None]) -> None:
    """A connection lost before the end of the data stores nothing and leaves nothing."""
    acceptor = FakeAcceptor()
    with RunningServer(acceptor) as server:
        client = server.client()
        client.begin()
        client.send(HEADER + b"half a mess")
        end(client)
        assert acceptor.was_abandoned.wait(10)
        assert server.complaints == []
    assert acceptor.stored == []


def test_connections_beyond_the_limit_hear_421_and_others_are_served() -> None:
    """A flood is met at the door; who is inside is served, and a place that is left can be taken."""
    with RunningServer(FakeAcceptor(), Limits(connections=3)) as server:
        inside = [server.client() for _ in range(3)]
        for _ in range(5):
            with server.client(greet=False) as refused:
                assert refused.reply().startswith("421 4.3.2")
                assert refused.reply() == ""
        assert {client.say("NOOP")[:3] for client in inside} == {"250"}
        assert inside[0].say("QUIT").startswith("221")
        assert inside[0].reply() == ""
        with server.client() as next_one:
            assert next_one.say("NOOP").startswith("250")
        for client in inside:
            client.socket.close()


def test_one_peer_may_be_limited() -> None:
    """Where peers are told apart, one of them cannot take every place."""
    with RunningServer(FakeAcceptor(), Limits(connections_per_peer=1)) as server, server.client() as client:
        with server.client(greet=False) as second:
            assert second.reply().startswith("421")
        assert client.say("NOOP").startswith("250")


def test_the_same_recipient_again_counts_once() -> None:
    """Five times the same recipient is one mailbox and one submission."""
    acceptor = FakeAcceptor()
    with RunningServer(acceptor) as server, server.client() as client:
        assert client.mail(HEADER, *["inquiries@example.test"] * 5).startswith("250")
    (stored,) = acceptor.stored
    assert stored.envelope.mailboxes == stored.envelope.recipients == ("inquiries@example.test",)


@pytest.mark.parametrize("late_fault", [None, OSError(28, "secret")], ids=["accepted", "failed"])
def test_lmtp_answers_for_each_recipient(late_fault: Exception | None) -> None:
    """LMTP owes a reply per accepted recipient, repeated ones too, whatever the outcome, and none for refused ones."""
    acceptor = FakeAcceptor()
    acceptor.late_fault = late_fault
    with RunningServer(acceptor, protocol=LMTP) as server, server.client() as client:
        client.begin("inquiries@example.test", "nobody@example.test", "jobs@example.test", "jobs@example.test")
        client.send(HEADER + b".\r\n")
        replies = [client.reply() for _ in range(3)]
        assert len(set(replies)) == 1
        assert replies[0].startswith("451 4.3.0" if late_fault else "250 2.0.0 Ok: accepted as Q-")
        assert client.say("NOOP") == "250 2.0.0 Ok"


def test_starttls_forgets_and_drops_what_came_before(tls: ssl.SSLContext) -> None:
    """Commands sent in the clear behind STARTTLS are never answered under TLS, and the session begins anew."""
    acceptor = FakeAcceptor()
    with RunningServer(acceptor, tls=tls) as server, server.client() as client:
        client.say("MAIL FROM:<before@remote.test>")
        client.send(b"STARTTLS\r\nRSET\r\nMAIL FROM:<injected@remote.test>\r\n")
        assert client.reply().startswith("220")
        client.secure()
        assert client.say("MAIL FROM:<a@remote.test>").startswith("503")
        assert "STARTTLS" not in client.say("EHLO client.test")
        assert client.mail(HEADER).startswith("250")
        client.say("QUIT")
        assert server.complaints == []
    (stored,) = acceptor.stored
    assert (stored.envelope.sender, stored.envelope.protocol) == ("sender@remote.test", "ESMTPS")


def test_a_failed_handshake_ends_one_session_only(tls: ssl.SSLContext) -> None:
    """Garbage instead of TLS closes the connection, and its place is free again."""
    with RunningServer(FakeAcceptor(), Limits(connections=1), tls=tls) as server:
        with server.client() as client:
            client.say("STARTTLS")
            client.send(b"this is not TLS\r\n" * 20)
            while client.socket.recv(4096):
                pass
        with server.client() as client:
            assert client.say("NOOP").startswith("250")


def test_nothing_of_a_session_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Neither aiosmtpd's logger nor ours says a greeting, an address, a command or a line of mail."""
    caplog.set_level(logging.DEBUG)
    acceptor = FakeAcceptor()
    with RunningServer(acceptor) as server, server.client() as client:
        client.say("EHLO planted.test")
        client.say("VRFY planted@remote.test")
        client.mail(b"Subject: planted\r\n\r\nplanted\r\n", "inquiries+planted@example.test")
        acceptor.late_fault = RuntimeError("planted")
        assert client.mail(b"planted again\r\n").startswith("451")
        client.say("planted")
    assert re.search("planted|remote.test", caplog.text) is None
    assert "RuntimeError" in caplog.text
