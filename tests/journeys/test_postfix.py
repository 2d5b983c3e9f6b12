"""Mail through a real Postfix, set up as docs/operators/postfix.md says, is in our record as it was handed over."""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import smtplib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from records.blobs import ORIGINAL, place_of
from records.ledger import lines
from records.originals import split_original
from records.unsealing import PrivateKeys, open_blob
from tests.conftest import missing_part
from tests.guards.tree import ROOT
from tests.journeys.program import SECONDS, Program
from tests.servers.postfix import HOST, Postfix, free_port, recipe, running_postfix
from tests.servers.processes import role_of

SENDER = "ada.rourke@example.org"
OURS = ("inquiries@example.test", "claims@example.test")
# Postfix has this one in its list, and we have not: a list that was not kept up.
GONE = "gone@example.test"

# Name, sender, what MAIL says beside it, and the mail.
ODD: tuple[tuple[str, str, tuple[str, ...], bytes], ...] = (
    (
        "a line of 6000 octets",
        SENDER,
        (),
        b"Subject: long line\r\n\r\n" + b"number 512-37-4096, " * 300 + b"\r\n",
    ),
    (
        "octets above 127, declared and not",
        SENDER,
        ("BODY=8BITMIME",),
        b"Subject: caf\xe9\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\xc3\xa9 and \xe9, \xff\xfe\r\n",
    ),
    ("dots", SENDER, (), b"Subject: dots\r\n\r\n.\r\n..\r\n.three\r\nand the end\r\n"),
    (
        "a header of 220 kB",
        SENDER,
        (),
        b"Subject: big header\r\nX-Big:" + b" one more word of it,\r\n" * 10_000 + b" LASTWORD\r\n\r\nbody\r\n",
    ),
    (
        "an address beyond ASCII",
        "álvaro@correo.example",
        ("SMTPUTF8", "BODY=8BITMIME"),
        "From: álvaro@correo.example\r\nSubject: ¿cuándo?\r\n\r\nMi número 512-37-4096\r\n".encode(),
    ),
    ("no header at all but one", SENDER, (), b"Subject:\r\n\r\n"),
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, real_program: Callable[..., str]) -> Iterator[Program]:
    real_program("postfix", package="postfix")
    if os.geteuid() != 0:
        missing_part("root, which Postfix needs,", "sudo make test")
    program = Program(tmp_path_factory.mktemp("behind a gateway") / "demo")
    program.environment |= {"SALLYPORT_LMTP_LISTEN": f"{HOST}:{free_port()}"}
    program.start()
    yield program
    program.kill()


@pytest.fixture(scope="module")
def gateway(house: Program) -> Iterator[Postfix]:
    alone = recipe("alone", house.ports["lmtp"])
    listed = alone["virtual_mailbox_maps"].replace("inline:{", f"inline:{{ {{ {GONE} = yes }}")
    with running_postfix(recipe("keep", house.ports["lmtp"]) | alone | {"virtual_mailbox_maps": listed}) as postfix:
        yield postfix


def send(
    gateway: Postfix, raw: bytes, *to: str, sender: str = SENDER, options: tuple[str, ...] = ()
) -> dict[str, tuple[int, bytes]]:
    """Send one mail to Postfix; give the recipients that it refused."""
    with smtplib.SMTP(HOST, gateway.port, local_hostname="mail.example.org", timeout=SECONDS) as connection:
        return connection.sendmail(sender, to or OURS[:1], raw, options)


def originals(house: Program) -> dict[str, bytes]:
    """Open all originals; by reference."""
    ring = house.keys
    keys = PrivateKeys([ring.private("intake"), ring.private("custodian")])
    with house.stores() as stores, stores.record.reading() as connection:
        return {
            inquiry.reference: split_original(open_blob(stores, keys, place_of(connection, inquiry.id, ORIGINAL))[0])[0]
            for inquiry in lines(connection)
        }


def with_subject(house: Program, subject: str) -> dict[str, bytes]:
    """Give the originals with this subject."""
    field = f"\r\nSubject: {subject}\r\n".encode()
    return {reference: raw for reference, raw in originals(house).items() if field in raw}


def test_odd_mails_that_waited_for_us_are_kept_byte_for_byte(house: Program, gateway: Postfix, tmp_path: Path) -> None:
    """While we are down mail waits; then each is in the record once, as Postfix had it, who had it as it was sent."""
    house.kill()
    for _, sender, options, raw in ODD:
        assert not send(gateway, raw, sender=sender, options=options)
    gateway.until(lambda: gateway.log().count("status=deferred") >= len(ODD), "Postfix did not try")
    waiting = gateway.waiting()
    assert len(waiting) == len(ODD)
    held = {queue_id: gateway.held_bytes(queue_id) for queue_id in waiting}
    for name, _, _, raw in ODD:
        assert sum(kept.startswith(b"Received: ") and kept.endswith(raw) for kept in held.values()) == 1, name
    for queue_id, kept in held.items():
        (tmp_path / f"{queue_id}.eml").write_bytes(kept)

    house.start()
    gateway.until_handed_over()
    found = [json.loads(line) for line in house.command("ledger", "--find", str(tmp_path)).stdout.splitlines()]
    assert [row["count"] for row in found] == [1] * len(ODD)
    stored = originals(house)
    for row in found:
        assert stored[row["references"][0]] == held[Path(row["file"]).stem]


def test_two_of_our_mailboxes_have_a_reply_each_and_one_inquiry(house: Program, gateway: Postfix) -> None:
    """One mail to two mailboxes is handed over once, answered for each of them (RFC 2033), and is one inquiry."""
    assert not send(gateway, b"Subject: for two\r\n\r\nboth\r\n", *OURS)
    gateway.until_handed_over()
    (reference,) = with_subject(house, "for two")
    accepted = re.findall(rf"to=<([^>]+)>, .*status=sent \(250 .*{reference}\)", gateway.log())
    assert sorted(accepted) == sorted(OURS)
    (line,) = [line for line in house.lines() if line["reference"] == reference]
    assert sorted(line["recipients"]) == sorted(OURS)


def test_who_is_not_ours_is_refused_and_the_others_are_served(house: Program, gateway: Postfix) -> None:
    """An unknown address is refused by Postfix at once; one that only Postfix knows bounces, and for itself alone."""
    refused = send(gateway, b"Subject: mistyped\r\n\r\nx\r\n", OURS[0], "inquires@example.test")
    assert {address: code for address, (code, _) in refused.items()} == {"inquires@example.test": 550}
    assert not send(gateway, b"Subject: half known\r\n\r\nx\r\n", GONE, OURS[0])
    gateway.until_handed_over()
    assert re.search(rf"to=<{GONE}>, .*dsn=5\.1\.1, status=bounced \(.* 550 5\.1\.1 ", gateway.log())
    for subject in ("mistyped", "half known"):
        (reference,) = with_subject(house, subject)
        assert [line["recipients"] for line in house.lines() if line["reference"] == reference] == [[OURS[0]]]


def test_a_fault_of_ours_makes_mail_wait_and_never_bounce(house: Program, gateway: Postfix) -> None:
    """While the gateway's process cannot write, Postfix hears 4xx and keeps the mail; then it is stored, once."""
    gateway_process = role_of(house.pids["unsealer"], "lmtp")
    before = resource.prlimit(gateway_process, resource.RLIMIT_FSIZE)
    said = len(gateway.log())
    resource.prlimit(gateway_process, resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        assert not send(gateway, b"Subject: no room\r\n\r\nx\r\n")
        # 451 to the message or to MAIL, or 421 to the connection: all of them mean later.
        later = re.compile(r"status=deferred \(host .*\b4[25]\d[ -]4\.\d\.\d ")
        gateway.until(lambda: later.search(gateway.log()[said:]) is not None, "it was not deferred", 60)
        assert not with_subject(house, "no room")
    finally:
        resource.prlimit(gateway_process, resource.RLIMIT_FSIZE, before)
    gateway.until_handed_over()
    assert "status=bounced" not in gateway.log()[said:]
    assert len(with_subject(house, "no room")) == 1


def test_fifty_mails_are_there_once_though_the_gateway_was_killed(house: Program, gateway: Postfix) -> None:
    """Kill -9 of the LMTP role, three times in the middle of fifty mails, loses none of them and doubles none."""
    said = len(gateway.log())
    for number in range(50):
        send(gateway, b"Subject: fifty\r\nMessage-ID: <%d@fifty.example.org>\r\n\r\ntext %d\r\n" % (number, number))
        if number in {10, 25, 40}:
            os.kill(role_of(house.pids["unsealer"], "lmtp"), signal.SIGKILL)
    gateway.until_handed_over()
    assert "status=deferred" in gateway.log()[said:], "no mail met a killed gateway: the test tests nothing"
    stored = with_subject(house, "fifty").values()
    numbers = sorted(int(re.findall(rb"Message-ID: <(\d+)@", raw)[0]) for raw in stored)
    assert numbers == list(range(50))
    house.idle()
    assert house.command("ledger").exit_code == 0


def test_the_recipe_for_a_shared_domain_works_too(house: Program) -> None:
    """Beside other mailboxes of the domain, handed over a recipient at a time, a mail to two of ours is one inquiry."""
    domain = {
        "mydestination": "example.test",
        "local_recipient_maps": "inline:{ { inquiries = yes } { claims = yes } { other = yes } }",
        "local_transport": "error:nobody reads this here",
        "lmtp_destination_recipient_limit": "1",
    }
    port = house.ports["lmtp"]
    with running_postfix(recipe("keep", port) | recipe("beside", port) | domain) as postfix:
        assert not send(postfix, b"Subject: one by one\r\n\r\nboth\r\n", *OURS)
        assert not send(postfix, b"Subject: with a tag\r\n\r\nx\r\n", "inquiries+web@example.test")
        postfix.until_handed_over()
        assert postfix.log().count("status=sent (250 ") == 3
    (reference,) = with_subject(house, "one by one")
    (line,) = [line for line in house.lines() if line["reference"] == reference]
    assert sorted(line["recipients"]) == sorted(OURS)
    assert len(with_subject(house, "with a tag")) == 1


@pytest.mark.parametrize("page", ["README.md", "docs/operators/postfix.md"])
def test_no_value_of_main_cf_has_a_comment_behind_it(page: str) -> None:
    """Postfix reads what we tell people to put into main.cf as we mean it: a # behind a value would belong to it."""
    text = (ROOT / page).read_text(encoding="utf-8")
    settings = re.findall(r"^(?:\w+_\w+) = .*$", text, re.MULTILINE)
    assert settings
    assert not [line for line in settings if "#" in line]
