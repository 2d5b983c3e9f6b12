"""A worker's lanes: a thread each, so that what waits for a relay keeps no inquiry from being admitted and routed."""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from records.holding import Holding
from records.jobs import JobKind
from records.running import Runner
from sallyport.carrying.carrier import Carrier
from sallyport.carrying.lane import CarriedLane
from sallyport.carrying.link import Link, open_redis
from sallyport.carrying.queue import LaneQueue
from sallyport.host import host_id, make_host_id
from sallyport.roles.running import Running

# The kinds of a lane, and what is done for them; those that come first are taken first.
Lanes = Mapping[str, Mapping[str, JobKind]]
Life = Callable[[threading.Event], None]


def run_lanes(running: Running, lanes: Lanes, *beside: Life) -> None:
    """Run the lanes, what keeps their leases, and what goes on beside them, until told to stop."""
    with own_name(running.settings.data / "run", running.name) as name:
        make_host_id(running.settings)  # A host that runs workers only has never seen `sallyport init`.
        worker = f"{host_id(running.settings)}/{name}"
        holding = Holding(running.stores, running.clock, worker)
        holding.release()
        lives = _lives(running, lanes, holding)
        threads = [
            threading.Thread(target=_live, args=(life, running.stop), name=f"lane-{lane}")
            for lane, life in lives.items()
        ]
        for life in (holding.run, *beside):
            threading.Thread(target=life, args=(running.stop,), daemon=True).start()
        for thread in threads:
            thread.start()
        running.ready(None)
        for thread in threads:
            thread.join()


def _live(life: Life, stop: threading.Event) -> None:
    try:
        life(stop)
    finally:
        # A lane ends when told to. One that ends by itself takes the role along, which is started again.
        stop.set()


def _lives(running: Running, lanes: Lanes, holding: Holding) -> dict[str, Life]:
    stores, clock, settings = running.stores, running.clock, running.settings
    runners: dict[str, Runner] = {}
    for lane, kinds in lanes.items():
        # In a rush, later lanes give way to the first: an acknowledgement may wait, an inquiry should not.
        first = next(iter(runners.values()), None)
        runners[lane] = Runner(stores, running.committer, kinds, clock, holding, gives_way_to=first)
    if settings.redis_url is None:
        return {lane: runner.run for lane, runner in runners.items()}
    connection = open_redis(settings.redis_url, settings.redis_password_file)
    link = Link(connection=connection, stores=stores, clock=clock, host=host_id(settings))
    lives: dict[str, Life] = {}
    for lane, runner in runners.items():
        queue = LaneQueue(connection, lane, clock)
        carrier = Carrier(stores=stores, kinds=runner.kinds, queue=queue, link=link, clock=clock)
        carried = CarriedLane(runner=runner, carrier=carrier, queue=queue, link=link, worker=holding.worker)
        lives[lane] = carried.run
    return lives


@contextlib.contextmanager
def own_name(folder: Path, name: str) -> Iterator[str]:
    """Hold a name that no other process of this host has: the first free one of `name`, `name.2`, and so on.

    A worker that ended, however it ended, has let go of its name: the next one finds what it left undone.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for number in itertools.count(1):
        mine = name if number == 1 else f"{name}.{number}"
        descriptor = os.open(folder / f"{mine}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            continue
        try:
            yield mine
        finally:
            os.close(descriptor)
        return
