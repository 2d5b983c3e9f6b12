from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.mailboxes import Mailboxes
from intake.smtp import LMTP, SMTP, Dialect, Limits
from intake.smtp.answers import Refusal, Step
from intake.smtp.conversation import LONGEST_DELAY, Conversation
from intake.smtp.paths import read_recipient, read_sender
from intake.smtp.standing import Terms
from intake.smtp.watch import Verdict, Watch


def conversation(
    dialect: Dialect = SMTP,
    *,
    greet: bool = True,
    limits: Limits | None = None,
    pause: Callable[[], str | None] = lambda: None,
    can_secure: bool = False,
) -> Conversation:
    made = Conversation(
        Terms(
            mailboxes=Mailboxes.parse("inquiries@example.test, jobs@example.test"),
            limits=limits or Limits(),
            dialect=dialect,
            hostname="example.test",
            can_secure=can_secure,
            is_paused=pause,
        )
    )
    if greet:
        say(made, f"{dialect.extended_greeting} client.test")
    return made


def say(talk: Conversation, *lines: str) -> str:
    replies = [talk.answer(line.encode("utf-8", "surrogateescape") + b"\r\n").reply for line in lines]
    return replies[-1]


def code(talk: Conversation, *lines: str) -> str:
    return say(talk, *lines)[:3]


@pytest.mark.parametrize(
    "address",
    [
        "", "foo..bar@docomo.ne.jp", "foo.@docomo.ne.jp", '"john doe"@remote.test', r'"a\"b"@remote.test',
        "a@[192.0.2.1]", "a@[IPv6:2001:db8::1]", "bounces+inq=example.test+prvs=0123=x@remote.test",
        "prvs=123456789a=someone@remote.test", "δοκιμή@παράδειγμα.test", "x@under_score.test", "a@localhost",
    ],
)  # fmt: skip
def test_senders_of_the_real_world_are_taken(address: str) -> None:
    """Docomo's dots, quotes, literals, VERP, BATV, UTF-8 and the null sender are read as written."""
    assert read_sender(f"<{address}>").address == address


@pytest.mark.parametrize(
    "text",
    [
        "", "<", "<a@", "<a@b", "a@b.test", '<"a@b.test>', "<(a)@b.test>", "<@hop.test:a@b.test>", "<a@b@c.test>",
        "<a b@c.test>", "<a@b.test", "<a\0@b.test>", "<a@b..test>", "<<a@b.test>>", "<j\udcfcrgen@b.test>", "<root>",
        "<" + "(" * 480 + "@x>", "<a@b.test>SIZE=1",
    ],
)  # fmt: skip
def test_what_is_no_path_is_refused(text: str) -> None:
    """Anything unclosed, commented, routed or not decodable is no path."""
    with pytest.raises(Refusal):
        read_sender(text)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text behind MAIL or RCPT raises anything but a refusal."""
    for read in (read_sender, read_recipient):
        for written in (text, f"<{text}>", f"<a@b.test> {text}"):
            with contextlib.suppress(Refusal):
                read(written)


@given(st.binary(max_size=80))
def test_any_line_has_an_answer_without_its_words(line: bytes) -> None:
    """Whatever comes as a command is answered in ASCII, with a code, and with nothing of the line."""
    talk = conversation()
    answer = talk.answer(b"VRFY xyzzyxyzzy" + line.replace(b"\n", b"") + b"\r\n")
    assert answer.reply[:3].isdigit()
    assert "xyzzyxyzzy" not in answer.reply
    assert talk.answer(line).reply.isascii()


@pytest.mark.parametrize(
    ("parameters", "reply"),
    [
        ("", "250"), (" SIZE=4000", "250"), (" BODY=8BITMIME SMTPUTF8 SIZE=1", "250"), (" body=7bit", "250"),
        (" AUTH=<>", "250"), (" SIZE=abc", "501"), (" SIZE=", "501"), (" SIZE", "501"), (" SIZE=1 SIZE=2", "501"),
        (" BODY=BINARYMIME", "501"), (" SMTPUTF8=yes", "501"), (" FOO=BAR", "555"), (" RET=FULL", "555"),
        (" (", "501"), (" SIZE=99999999999", "552"), (" SIZE=" + "9" * 500, "501"),
    ],
)  # fmt: skip
def test_parameters_of_mail(parameters: str, reply: str) -> None:
    """What was announced is understood; the rest is refused with the code that says why."""
    assert code(conversation(), f"MAIL FROM:<a@remote.test>{parameters}") == reply


def test_commands_come_in_their_order() -> None:
    """MAIL needs a greeting, RCPT a sender, DATA a recipient; a second MAIL is refused, RSET forgets all."""
    assert code(conversation(greet=False), "MAIL FROM:<a@remote.test>") == "503"
    talk = conversation()
    assert code(talk, "RCPT TO:<inquiries@example.test>") == "503"
    assert code(talk, "MAIL FROM:<>") == "250"
    assert code(talk, "MAIL FROM:<a@remote.test>") == "503"
    assert code(talk, "DATA") == "503"
    assert code(talk, "RCPT TO:<inquiries@example.test>") == "250"
    assert talk.answer(b"DATA\r\n").step is Step.RECEIVE
    assert code(talk, "RSET", "DATA") == "503"


@pytest.mark.parametrize(
    ("recipient", "reply"),
    [
        ("nobody@example.test", "550 5.1.1"), ("victim@elsewhere.test", "550 5.1.1"), ("Postmaster", "250"),
        ("inquiries@EXAMPLE.test", "250"), ("", "501"), ("inquiries", "501"),
        ("inquiries@example.test> RRVS=<x", "555"),
        ('"victim@elsewhere.test"@example.test', "550"), ("@example.test:victim@elsewhere.test", "501"),
    ],
)  # fmt: skip
def test_only_our_mailboxes_are_recipients(recipient: str, reply: str) -> None:
    """Nothing is relayed, and RFC 5321's postmaster is always there."""
    assert say(conversation(), "MAIL FROM:<a@remote.test>", f"RCPT TO:<{recipient}>").startswith(reply)


def test_the_envelope_says_what_was_said() -> None:
    """Mailboxes are canonical and named once; recipients stay as written; greeting, peer and protocol are kept."""
    talk = conversation()
    say(talk, "MAIL FROM:<a..b@remote.test> SMTPUTF8", *["RCPT TO:<Inquiries+x@example.test>"] * 3)
    say(talk, "RCPT TO:<inquiries@example.test>", "RCPT TO:<JOBS@example.test>")
    envelope = talk.envelope("192.0.2.7")
    assert envelope.mailboxes == ("inquiries@example.test", "jobs@example.test")
    assert envelope.recipients == ("Inquiries+x@example.test", "inquiries@example.test", "JOBS@example.test")
    assert (envelope.sender, envelope.greeting, envelope.peer) == ("a..b@remote.test", "client.test", "192.0.2.7")
    assert envelope.protocol == "UTF8SMTP"


def test_protocol_names_are_those_of_rfc_3848() -> None:
    """SMTP, ESMTP, ESMTPS, LMTP and LMTPS are told apart."""
    plain, extended, secure = conversation(greet=False), conversation(), conversation()
    say(plain, "HELO client.test")
    secure.secure()
    say(secure, "EHLO client.test")
    names = [talk.envelope("").protocol for talk in (plain, extended, secure, conversation(LMTP))]
    assert names == ["SMTP", "ESMTP", "ESMTPS", "LMTP"]


def test_lmtp_knows_only_its_own_greeting() -> None:
    """RFC 2033 forbids HELO and EHLO in LMTP, and SMTP has no LHLO."""
    assert code(conversation(LMTP, greet=False), "EHLO x") == code(conversation(LMTP, greet=False), "HELO x") == "500"
    assert code(conversation(greet=False), "LHLO x") == "500"


def test_recipients_beyond_the_limit_are_put_off() -> None:
    """The sender hears 452 and comes again with the rest; those before stay."""
    talk = conversation(limits=Limits(recipients=3))
    say(talk, "MAIL FROM:<a@remote.test>", *["RCPT TO:<jobs@example.test>"] * 3)
    assert say(talk, "RCPT TO:<jobs@example.test>").startswith("452 4.5.3")
    assert talk.answer(b"DATA\r\n").step is Step.RECEIVE


def test_addresses_are_not_told() -> None:
    """VRFY says the same for every address, EXPN nothing."""
    talk = conversation()
    assert say(talk, "VRFY inquiries@example.test") == say(talk, "VRFY nobody@example.test")
    assert code(talk, "EXPN staff") == "502"


def test_too_many_faults_end_the_session() -> None:
    """Unknown commands are answered ever later, then with 421; wrong mailboxes alone never end a session."""
    talk = conversation()
    replies = [talk.answer(b"XYZZY\r\n") for _ in range(Limits().faults)]
    assert [answer.reply[:3] for answer in replies] == ["500"] * (Limits().faults - 1) + ["421"]
    assert replies[-1].step is Step.HANG_UP
    assert 0 < talk.delay <= LONGEST_DELAY
    patient = conversation()
    say(patient, "MAIL FROM:<a@remote.test>")
    assert {code(patient, "RCPT TO:<nobody@example.test>") for _ in range(50)} == {"550"}


def test_an_accepted_message_pays_for_faults() -> None:
    """A kept connection that brings mail is never closed for what went wrong long ago."""
    talk = conversation()
    for _ in range(10):
        say(talk, *["XYZZY"] * 10)
        talk.forget(is_accepted=True)
    assert code(talk, "XYZZY") == "500"


def test_commands_that_bring_nothing_end() -> None:
    """NOOP for ever does not hold a place for ever."""
    talk = conversation()
    assert code(talk, *["NOOP"] * Limits().idle_commands) == "421"


def test_http_is_sent_away() -> None:
    """A browser's request is not read beyond its first line."""
    assert conversation().answer(b"POST / HTTP/1.1\r\n").step is Step.HANG_UP


def test_a_pause_puts_mail_off() -> None:
    """While paused, MAIL is answered 451; afterwards it is taken."""
    reasons: list[str | None] = ["disk", None]
    talk = conversation(pause=lambda: reasons.pop(0))
    assert say(talk, "MAIL FROM:<a@remote.test>").startswith("451 4.3.2")
    assert code(talk, "MAIL FROM:<a@remote.test>") == "250"


def test_tls_forgets_what_was_said_before() -> None:
    """After STARTTLS the greeting and the envelope are asked for anew, and TLS is not offered again."""
    talk = conversation(can_secure=True)
    assert "STARTTLS" in say(talk, "EHLO client.test")
    say(talk, "MAIL FROM:<a@remote.test>", "RCPT TO:<jobs@example.test>")
    talk.secure()
    assert code(talk, "DATA") == "503"
    assert code(talk, "MAIL FROM:<a@remote.test>") == "503"
    assert "STARTTLS" not in say(talk, "EHLO client.test")
    assert code(talk, "STARTTLS") == "503"


def test_time_between_commands_is_limited() -> None:
    """A session is idle when no command came for the idle time, counted from the last one."""
    watch = Watch(Limits(idle_seconds=10), 0)
    assert watch.verdict(9) == (Verdict.GO_ON, 1)
    watch.command(9)
    assert watch.verdict(10) == (Verdict.GO_ON, 9)
    assert watch.verdict(19)[0] is Verdict.IDLE


def test_a_slow_but_steady_message_goes_on_and_a_trickle_does_not() -> None:
    """Within a message each idle time must bring its share, and the whole has a limit."""
    watch = Watch(Limits(idle_seconds=10, pace=5, data_seconds=100), 0)
    watch.begin_message(0)
    for now in range(10, 100, 10):
        watch.came(50)
        assert watch.verdict(now)[0] is Verdict.GO_ON
    watch.came(50)
    assert watch.verdict(100)[0] is Verdict.TOO_SLOW
    watch.begin_message(200)
    watch.came(49)
    assert watch.verdict(210)[0] is Verdict.TOO_SLOW


def test_the_time_we_take_is_not_the_senders() -> None:
    """While the store is at work nothing counts, and then the sender has the whole idle time again."""
    watch = Watch(Limits(idle_seconds=10), 0)
    watch.begin_message(0)
    watch.wait_for_us()
    assert watch.verdict(60)[0] is Verdict.GO_ON
    watch.resume(60)
    assert watch.verdict(69) == (Verdict.GO_ON, 1)
