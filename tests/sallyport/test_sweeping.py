"""The worker's rounds: the day's checkpoint, the alarm for what is held, and what is swept."""

from __future__ import annotations

import contextlib
import stat
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from records.audit import read_checkpoint
from records.clock import system_clock
from records.commit import Committer
from records.digests import DigestPurpose
from records.inquiries import find, hold, move
from records.settling import Sweep
from records.tables import AlarmRow
from records.values import State
from sallyport.keys import ROLES, bundle, ring
from sallyport.reloading import Hangup
from sallyport.roles.running import Running
from sallyport.roles.sweeping import checkpoint_file, sweep
from sallyport.settings import load
from tests.sallyport.test_commands import House


@pytest.fixture
def house(tmp_path) -> House:
    made = House(tmp_path)
    assert made.run("init").exit_code == 0
    return made


@contextlib.contextmanager
def worker(house: House) -> Iterator[Running]:
    """Give what a worker runs with, without a process."""
    settings, stores = load(house.environment), house.stores()
    committer = Committer(stores, system_clock)
    yield Running(
        role="worker",
        name="worker-1",
        settings=settings,
        keys=bundle(ring(settings), "worker"),
        stores=stores,
        committer=committer,
        clock=system_clock,
        stop=threading.Event(),
        hangup=Hangup("worker-1", committer, system_clock),
        listen=None,
        ready=lambda _: None,
    )
    committer.close()
    stores.close()


def test_a_checkpoint_is_written_once_a_day(house) -> None:
    """One file a day, private, which verifies against the log; a second round of the day writes none."""
    today = system_clock()
    with worker(house) as running:
        for moment in (today, today, today + timedelta(days=1)):
            sweep(running, Sweep(), moment)
        folder = running.settings.checkpoints
        files = sorted(folder.iterdir())
        assert files == [checkpoint_file(folder, today), checkpoint_file(folder, today + timedelta(days=1))]
        root = ring(running.settings).digests()[DigestPurpose.AUDIT.value]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    heads = [read_checkpoint(root, path.read_text()) or {} for path in files]
    assert [each["checkpoints"][0] for each in heads] == [1, 2]
    assert house.run("audit", "verify", "--from", str(files[1])).exit_code == 0


def test_only_the_worker_may_tie_the_chains_together(house) -> None:
    """The key of the chain of checkpoints is given to the worker and to nobody else, and no role has the root."""
    keys = ring(load(house.environment))
    holders = {role for role in ROLES if "checkpoints" in bundle(keys, role).chain_keys}
    assert holders == {"worker"}
    assert not any(bundle(keys, role).audit_root for role in ROLES)


def test_the_alarm_for_what_is_held_goes_when_somebody_saw_to_it(house) -> None:
    """Held for more than a business day raises it once; closed, it goes by itself."""
    reference, now = house.accept(), system_clock()
    with worker(house) as running:
        with running.stores.record.writing() as connection:
            hold(connection, find(connection, reference=reference).id, "unreadable", now=now - timedelta(days=8))
        sweep(running, Sweep(), now)
        sweep(running, Sweep(), now)
        with running.stores.record.writing() as connection:
            ((kind, cleared),) = connection.execute(select(AlarmRow.kind, AlarmRow.cleared_at)).all()
            assert (kind, cleared) == ("held-too-long", None)
            move(connection, find(connection, reference=reference).id, State.CLOSED, now=now)
        sweep(running, Sweep(), now)
        with running.stores.record.reading() as connection:
            assert connection.execute(select(AlarmRow.cleared_at)).scalar_one() is not None
