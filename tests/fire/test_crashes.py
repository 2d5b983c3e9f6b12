"""Whatever is killed while mail keeps coming: what was answered with 250 is in the record, and is there once."""

from __future__ import annotations

import os
import smtplib
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random

import pytest

from tests.fire.burning import BLOWS, Blow, Burning
from tests.fire.conftest import Ground
from tests.fire.senders import Mail, Sender

PROTOCOLS = {"smtp": smtplib.SMTP, "lmtp": smtplib.LMTP}
CYCLES = 100


def chance(seed: float | str) -> Random:
    """Give a row of chances that a seed repeats."""
    return Random(seed)  # noqa: S311 - which process dies next is no secret


def port_of(burning: Burning, role: str) -> Callable[[], int]:
    """Give where a role listens, whenever it is asked: a new start has new ports."""
    return lambda: burning.ports[role]


def under_fire(burning: Burning, blows: Sequence[Blow], random: Random) -> list[Mail]:
    """Send on all protocols while the blows fall; give all mails, the last ones of which may be unfinished."""
    with ExitStack() as stack:
        senders = [
            stack.enter_context(Sender(protocol, port_of(burning, role), chance(random.random()), f"{role}-{number}"))
            for role, protocol in PROTOCOLS.items()
            for number in range(2)
        ]
        for blow in blows:
            time.sleep(random.uniform(0.2, 1.2))
            blow(burning, random)
        before = [sender.accepted for sender in senders]
        end = time.monotonic() + 60
        # Everybody is served again before the senders stop, without anybody's doing.
        while any(sender.accepted <= count for sender, count in zip(senders, before, strict=True)):
            assert time.monotonic() < end, "not everybody is served again after the last blow"
            time.sleep(0.1)
    return [mail for sender in senders for mail in sender.mails]


def prove(burning: Burning, mails: Sequence[Mail], folder: Path) -> None:
    """Hold the record against what was heard."""
    burning.idle()
    counts = burning.counts(mails, folder)
    assert not [mail for mail in mails if mail.is_refused], "a fault of ours was answered with 5xx"
    assert not [mail for mail in mails if mail.is_accepted and counts[mail.name] == 0], "lost"
    assert not [mail for mail in mails if counts[mail.name] > 1], "twice"
    # One that was answered 4xx may be there: when a database dies in the middle of a commit, nobody knows how it ended.
    lines = burning.lines()
    assert len(lines) == sum(counts.values()), "something is there that nobody sent"
    assert {line["state"] for line in lines} <= {"routed", "held"}
    for proof in (("ledger",), ("audit", "verify")):
        done = burning.command(*proof)
        assert done.exit_code == 0, done.output
    assert burning.orphans() == 0
    accepted = sum(mail.is_accepted for mail in mails)
    assert accepted >= len(PROTOCOLS)


def burn(folder: Path, ground: Ground, blows: Sequence[Blow], random: Random) -> None:
    """One fire, from the first start to the proof."""
    burning = Burning(folder / "a house", ground.settings, ground.wishes)
    kept = folder / "mails"
    kept.mkdir()
    burning.start()
    try:
        prove(burning, under_fire(burning, blows, random), kept)
        assert burning.stop() == 0
    finally:
        burning.kill()


def test_nothing_is_lost_or_doubled_under_fire(tmp_path: Path, ground: Ground) -> None:
    """Roles, supervisor, all, and the servers beneath are killed while mail comes by SMTP and LMTP: none is lost."""
    each = dict.fromkeys((*BLOWS, *ground.blows))
    burn(tmp_path, ground, tuple(each), chance(7))


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_nothing_is_lost_or_doubled_under_long_fire(tmp_path: Path, ground: Ground) -> None:
    """The same a hundred times, in an order that is new each time; SEED repeats one."""
    seed = os.environ.get("SEED", str(time.time_ns()))
    random = chance(seed)
    try:
        burn(tmp_path, ground, random.choices((*BLOWS, *ground.blows), k=CYCLES), random)
    except BaseException as fault:
        fault.add_note(f"SEED={seed}")
        raise
