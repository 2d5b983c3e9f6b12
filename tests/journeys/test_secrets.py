"""What must not be anywhere: planted numbers at rest, private keys where none belong, text for a revoked session."""

from __future__ import annotations

import base64
import contextlib
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import re2

from records.values import Purpose, RedactedInquiry
from router.opening import NotOpened
from router.unsealer.client import UnsealerClient
from sallyport.demo.forms import Filled, by_form
from sallyport.demo.mails import attached, by_mail, several, words
from sallyport.demo.sample import Sample, Upload
from sallyport.demo.search import search
from sallyport.demo.serving import Serving
from tests.conftest import missing_part
from tests.journeys.builders import case_mail, pen
from tests.journeys.program import Browser, Program, token_of


def mail_with_numbers_everywhere() -> Sample:
    writer = pen("everywhere")
    content = f"total for {writer.ssn()}\r\n".encode()
    return by_mail(
        writer,
        title="numbers everywhere",
        name=f"Nina {writer.ssn()}",
        address=f"nina{writer.claimant()}@example.org",
        subject=f"claim {writer.ssn()}",
        part=several("mixed", words(f"ssn {writer.ssn()}"), attached(f"{writer.ssn()}.txt", "text/plain", content)),
        headers=(f"X-{writer.ssn()}: a", f"Comments: {writer.card()}", f"In-Reply-To: <{writer.ssn()}@example.org>"),
    )


def form_with_numbers_everywhere() -> Sample:
    writer = pen("everywhere in the form")
    filled = Filled(
        message=f"about my claim {writer.ssn()}",
        kind="own",
        subject=writer.ssn(),
        name=f"Nino {writer.claimant()}",
        phone=writer.phone(),
        postal_address=f"1 Main St {writer.ssn()}",
        email=f"{writer.ssn().replace('-', '')}@example.org",
    )
    upload = Upload(name=f"{writer.ssn()}.csv", media_type="text/csv", content=f"ssn\r\n{writer.ssn()}\r\n".encode())
    odd_name = f"field-{writer.ssn()}"
    sample = by_form(writer, "numbers everywhere", filled, files=(upload,))
    return replace(sample, fields=(*sample.fields, (odd_name, "x")))


def talk_with_numbers(running: Program) -> tuple[str, ...]:
    """Say numbers wherever the protocol lets one say something; what is refused counts as well."""
    writer = pen("talk")
    with running.smtp(f"host-{writer.ssn()}.example.net") as connection:
        for command in (
            f"EHLO {writer.ssn()}.example.net",
            f"SSN {writer.ssn()}",
            f"{writer.ssn()} what",
            f"VRFY {writer.ssn()}",
            f"MAIL FROM:<v+{writer.ssn()}@example.org> SIZE=x{writer.ssn()}",
            f"MAIL FROM:<v+{writer.ssn()}@example.org>",
            f"RCPT TO:<claims+{writer.ssn()}@example.test>",
            f"RCPT TO:<{writer.ssn()}@example.test>",
            "RCPT TO:<claims@example.test>",
        ):
            connection.docmd(command)
        assert connection.data(f"Subject: hello\r\n\r\nmy social {writer.ssn()}\r\n".encode())[0] == 250
    agent = {"User-Agent": f"phone {writer.ssn()}", "Referer": f"http://x.example/?q={writer.ssn()}"}
    for path in (f"/?ssn={writer.ssn()}", f"/status/{writer.ssn()}", f"/es/?{writer.ssn().replace('-', '%2D')}=1"):
        running.get(path, {**agent, "Cookie": f"c={writer.ssn()}"})
    desk = Browser(running.ports["desk"])
    page = desk.get(f"/sign-in?name={writer.ssn()}")[1]
    desk.post("/sign-in", {"form_token": token_of(page), "name": writer.ssn(), "password": writer.ssn()})
    desk.get(f"/inquiries/{writer.ssn()}")
    return writer.planted


def test_no_planted_number_is_at_rest_or_in_a_command_line(running: Program) -> None:
    """Numbers said in every place that a sender can reach are in no file, table, log or argument, in any encoding."""
    sent = [mail_with_numbers_everywhere(), form_with_numbers_everywhere()]
    planted = [number for sample in sent for number in sample.planted]
    for sample in sent:
        running.send(sample)
    planted += talk_with_numbers(running)
    running.idle()
    session = os.getsid(running.pids["smtp"])
    processes = Serving(ports={}, pids={}, session=session).processes()
    assert set(running.pids.values()) <= set(processes)
    found = search(running.at_rest(), planted, processes)
    assert found.hits == ()
    assert found.bytes > 100_000

    lapse = running.folder / "log" / "lapse.log"
    lapse.write_bytes(b"debug: " + base64.b64encode(f"x {planted[0]}".encode()))
    hits = search([running.folder], planted).hits
    lapse.unlink()
    assert {(hit.file, hit.which) for hit in hits} == {("log/lapse.log", 0)}


def memory_of(process: int) -> Iterator[bytes]:
    """Give a process's private writable memory, region by region, each with the end of the one before."""
    before = b""
    with Path(f"/proc/{process}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{process}/maps").read_text().splitlines():
            region = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
            if region is None:
                continue
            start, end = int(region[1], 16), int(region[2], 16)
            with contextlib.suppress(OSError):
                memory.seek(start)
                piece = memory.read(end - start)
                yield before + piece
                before = piece[-256:]


def held_by(process: int, seeds: dict[str, bytes]) -> set[str]:
    """Name the keys of which a process's memory holds either half, as octets or in hexadecimal digits."""
    wanted: dict[bytes, str] = {}
    for name, seed in seeds.items():
        # ML-KEM's 64 octets, then the 32 of X25519.
        for half in (seed[:32], seed[64:]):
            wanted |= {half: name, half.hex().encode(): name}
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    # One pass for all of them; a hundred passes over all that six processes hold take minutes.
    pattern = re2.compile(b"|".join(re2.escape(half) for half in wanted), options)
    return {wanted[found[0]] for piece in memory_of(process) for found in pattern.finditer(piece)}


def children_of(process: int) -> list[int]:
    """Give the children of a process; others may end while we look."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):
            if f"PPid:\t{process}\n" in status.read_text():
                found.append(int(status.parent.name))
    return found


def test_private_keys_are_only_where_they_are_needed(running: Program) -> None:
    """Site, gateway, desk and parser hold no private key; the worker and the unsealer hold theirs and no other's."""
    running.send_and_find(case_mail(pen("wakes the parser")))
    pids = dict(running.pids)
    (pids["parser"],) = children_of(pids["worker-1"])
    try:
        next(memory_of(pids["site"]))
    except PermissionError:
        missing_part("the right to read our own processes' memory", "sysctl kernel.yama.ptrace_scope=0")
    seeds = {name: running.keys.private(name).seed for name in running.keys.compartments()}
    assert len(seeds) > 8
    of_worker = {"intake", "triage", "dispatch"}
    found = {role: held_by(pids[role], seeds) for role in ("site", "smtp", "desk", "parser", "worker-1", "unsealer")}
    assert found == {
        "site": set(),
        "smtp": set(),
        "desk": set(),
        "parser": set(),
        "worker-1": of_worker,
        "unsealer": set(seeds) - of_worker,
    }


def test_a_desk_with_a_revoked_session_gets_nothing(running: Program) -> None:
    """Whoever holds the desk's socket and a session that has ended, or none, opens nothing at the unsealer."""
    reference = running.send_and_find(case_mail(pen("revoked")))["reference"]
    browser = Browser(running.ports["desk"])
    session = browser.sign_in(running.agent())
    unsealer = UnsealerClient(running.settings.unsealer_socket)
    assert isinstance(unsealer.open(session, reference, Purpose.TRIAGE), RedactedInquiry)
    assert reference in unsealer.previews(session, [reference])

    browser.post("/sign-out", {"form_token": token_of(browser.get("/")[1])})
    for token in (session, "", secrets.token_urlsafe(32)):
        refused = unsealer.open(token, reference, Purpose.TRIAGE)
        assert isinstance(refused, NotOpened)
        assert refused.reason == "session"
        assert unsealer.previews(token, [reference]) == {}
        assert isinstance(unsealer.original(token, reference, "none"), NotOpened)
