"""The whole program with a real Redis beside it: inquiries go their way, and Redis learns nothing of them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from sallyport.demo.mails import by_mail, words
from tests.journeys.builders import pen
from tests.journeys.program import Program
from tests.servers.valkey import ValkeyServer

NAME, ADDRESS = "Nina Ferreira", "nina@example.org"


@pytest.fixture(scope="module")
def carried(tmp_path_factory: pytest.TempPathFactory, valkey_server: ValkeyServer) -> Iterator[Program]:
    valkey_server.fresh()
    folder: Path = tmp_path_factory.mktemp("carried")
    password = folder / "redis-password"
    password.touch(0o600)
    password.write_text(valkey_server.password)
    settings = {"SALLYPORT_REDIS_URL": valkey_server.url, "SALLYPORT_REDIS_PASSWORD_FILE": str(password)}
    program = Program(folder / "demo", settings)
    program.start()
    try:
        yield program
    finally:
        program.stop()


def test_redis_learns_nothing_of_an_inquiry(carried: Program, valkey_server: ValkeyServer) -> None:
    """Everything that ever goes to Redis is watched: no number, address, reference or id of an inquiry is among it."""
    writer = pen("carried")
    number = writer.ssn()
    sample = by_mail(
        writer,
        name=NAME,
        address=ADDRESS,
        title="carried",
        subject=f"claim {number}",
        part=words(f"my number is {number}"),
    )
    heard: list[bytes] = []
    with contextlib.closing(valkey_server.client()) as client, client.monitor() as monitor:
        line = carried.send_and_find(sample)
        client.echo("the end of it")
        while b"the end of it" not in (command := monitor.next_command()["command"].encode("utf-8", "surrogateescape")):
            heard.append(command)
    assert line["state"] == "routed"
    assert any(b"rq:job:work-" in command for command in heard)
    told = b"\n".join(heard)
    with carried.stores() as stores, stores.record.reading() as connection:
        names = connection.exec_driver_sql("SELECT id, reference FROM inquiry").fetchall()
    for word in (
        number,
        number.replace("-", ""),
        sample.sender,
        line["reference"],
        *(each for row in names for each in row),
    ):
        assert str(word).encode() not in told
    assert b"admit" not in told
    assert b"Traceback" not in told


def test_what_a_flush_took_goes_its_way_all_the_same(carried: Program, valkey_server: ValkeyServer) -> None:
    """Mails are routed while Redis is flushed again and again, and while it is killed."""
    writer = pen("flushed")
    samples = [
        by_mail(
            writer,
            name=NAME,
            address=ADDRESS,
            title=f"flushed {each}",
            subject="hours",
            part=words(f"When are you open? {each}"),
        )
        for each in range(12)
    ]
    with contextlib.closing(valkey_server.client()) as client:
        for sample in samples[:8]:
            carried.send(sample)
            client.flushall()
    valkey_server.kill()
    for sample in samples[8:]:
        carried.send(sample)
    carried.idle()
    valkey_server.start()
    assert {line["state"] for line in carried.lines()} == {"routed"}
    assert carried.command("ledger").exit_code == 0
