import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text

from records.clock import system_clock
from records.commit import Change, Committer
from records.holding import Holding
from records.jobs import JobKind, claim
from records.loads import LOAD, TAKING
from records.running import Runner
from records.schema import migrate
from records.sealing import new_id
from records.store import Stores
from records.tables import AlarmRow, JobRow
from sallyport.carrying.carrier import Carrier
from sallyport.carrying.lane import CarriedLane
from sallyport.carrying.link import AWAY, Link, open_redis
from sallyport.carrying.loader import Loader
from sallyport.carrying.queue import LOAD_SECONDS, MOST_LOADS, LaneQueue
from sallyport.errors import CannotStart
from sallyport.roles.lanes import own_name
from tests.guards.tree import ROOT
from tests.servers.postgres import Databases
from tests.servers.valkey import ValkeyServer

PLANTED = "512-37-4096"
SECONDS = 60.0


class Place:
    """One lane of a worker in this process, over real stores and a real Redis."""

    def __init__(self, stores: Stores, server: ValkeyServer, folder: Path) -> None:
        self.stores, self.clock = stores, system_clock
        self.done: list[str] = []
        self.committer = Committer(stores, self.clock)
        file = folder / "redis-password"
        file.touch(0o600)
        file.write_text(server.password)
        self.connection = open_redis(server.url, file)
        self.link = Link(connection=self.connection, stores=stores, clock=self.clock, host="host")
        self.queue = LaneQueue(self.connection, "work", self.clock)
        self.holding = Holding(stores, self.clock, "host/worker")
        kinds = {"admit": JobKind(prepare=self.note, give_up=lambda *_: None)}
        self.runner = Runner(stores, self.committer, kinds, self.clock, self.holding)
        self.carrier = Carrier(
            stores=stores, kinds=self.runner.kinds, queue=self.queue, link=self.link, clock=self.clock
        )
        self.lane = CarriedLane(
            runner=self.runner, carrier=self.carrier, queue=self.queue, link=self.link, worker="host/worker"
        )

    def note(self, subject: str) -> Change:
        """Do a job: note what it is about, when it is committed."""
        return Change(apply=lambda _: self.done.append(subject))

    def loader(self) -> Loader:
        """Give RQ's worker."""
        return Loader(self.queue, f"host/{new_id()[:8]}", self.runner.run_these)

    def do_loads(self, loads: int) -> None:
        """Do so many loads that wait."""
        loader = self.loader()
        turns = iter(range(loads + 1))
        loader.work_until(lambda: next(turns) == loads)

    def held(self) -> dict[str, str]:
        """Give everything that Redis holds, as text; what RQ packs is unpacked."""
        return {bytes(key).decode(): self._value(key) for key in list(self.connection.scan_iter(count=1000))}

    def _value(self, key: Any) -> str:
        client: Any = self.connection
        read: dict[bytes, Callable[[Any], Any]] = {
            b"hash": client.hgetall,
            b"string": client.get,
            b"list": lambda name: client.lrange(name, 0, -1),
            b"set": client.smembers,
            b"zset": lambda name: client.zrange(name, 0, -1),
            b"stream": client.xrange,
        }
        value = read[client.type(key)](key)
        if isinstance(value, dict) and b"data" in value:
            value[b"data"] = zlib.decompress(value[b"data"])
        return repr(value)

    def close(self) -> None:
        """End it."""
        self.committer.close()
        self.connection.close()


@pytest.fixture
def stores(databases: Databases) -> Iterator[Stores]:
    opened = databases.stores()
    migrate(opened)
    yield opened
    opened.close()


@pytest.fixture
def server(valkey_server: ValkeyServer) -> ValkeyServer:
    valkey_server.fresh()
    return valkey_server


@pytest.fixture
def place(stores, server, tmp_path) -> Iterator[Place]:
    made = Place(stores, server, tmp_path)
    yield made
    made.close()


def add_jobs(stores: Stores, number: int, kind: str = "admit") -> list[str]:
    """Write jobs, as an acceptance does; give their subjects."""
    subjects = [new_id() for _ in range(number)]
    now = system_clock()
    with stores.record.writing() as connection:
        connection.execute(insert(JobRow), [{"kind": kind, "subject_id": each, "not_before": now} for each in subjects])
    return subjects


def left(stores: Stores) -> int:
    with stores.record.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(JobRow)).scalar_one())


def alarms(stores: Stores) -> list[tuple[str, bool]]:
    with stores.record.reading() as connection:
        asked = select(AlarmRow.kind, AlarmRow.cleared_at.is_(None))
        return [(kind, bool(is_open)) for kind, is_open in connection.execute(asked)]


def until(is_so: Callable[[], Any], seconds: float = SECONDS) -> None:
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends, "it never came to be so"
        time.sleep(0.02)


@contextlib.contextmanager
def running(place: Place) -> Iterator[threading.Event]:
    stop = threading.Event()
    thread = threading.Thread(target=place.lane.run, args=(stop,))
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join(SECONDS)
        assert not thread.is_alive()


def test_loads_are_carried_and_done(place, stores) -> None:
    """Jobs in the record go out as numbers, many to a load, come back to a worker, and are done once each."""
    subjects = add_jobs(stores, LOAD + 3)
    assert place.carrier.carry_once() == LOAD + 3
    assert len(place.queue.look().waiting) == 2
    place.do_loads(2)
    assert sorted(place.done) == sorted(subjects)
    assert left(stores) == 0


def test_redis_holds_numbers_and_nothing_else(place, stores) -> None:
    """Neither what a job is about nor its kind is in Redis, and a load that was done leaves nothing of itself."""
    (subject,) = add_jobs(stores, 1)
    place.carrier.carry_once()
    held = place.held()
    (load,) = [value for key, value in held.items() if key.startswith("rq:job:")]
    with stores.record.reading() as connection:
        number = connection.execute(select(JobRow.id)).scalar_one()
    assert f'["jobs", null, [[{number}]], {{}}]' in load
    assert subject not in repr(held)
    assert "admit" not in repr(held)
    place.do_loads(1)
    assert not [key for key in place.held() if key.startswith("rq:job:")]


def test_what_a_failure_said_never_reaches_redis_or_the_log(place, stores, caplog) -> None:
    """A bug in the work itself, outside every edge of ours, leaves a class name in the log and no trace in Redis."""

    def bug(_numbers: Any) -> None:
        message = f"{PLANTED} is no number"
        raise ValueError(message)

    add_jobs(stores, 1)
    place.carrier.carry_once()
    loader = Loader(place.queue, "host/buggy", bug)
    turns = iter(range(2))
    with caplog.at_level("DEBUG"):
        loader.work_until(lambda: next(turns) == 1)
    assert "load not done: class=ValueError" in caplog.text
    assert all(0 < place.connection.ttl(key) <= LOAD_SECONDS for key in place.held() if key.startswith("rq:job:"))
    held = repr(place.held())
    for said in (PLANTED, "ValueError", "Traceback"):
        assert said not in held
    assert PLANTED not in caplog.text


def test_no_function_is_looked_up_for_redis(place, stores) -> None:
    """Who can write to Redis cannot have code run: a job that names a function is no load, and is dropped."""
    place.queue.rq.enqueue("os.mkdir", "never", on_success=None)
    place.do_loads(1)
    assert not Path("never").exists()
    for given in (["7"], [[1.5]], [{"a": 1}], []):
        place.queue.rq.enqueue("jobs", args=given)
    place.do_loads(4)
    add_jobs(stores, 1)
    place.carrier.carry_once()
    place.do_loads(1)
    assert len(place.done) == 1


def test_a_load_twice_is_done_once(place, stores) -> None:
    """The same numbers from two loads, and numbers of jobs that are gone, are claimed once and done once."""
    subjects = add_jobs(stores, 3)
    with stores.record.reading() as connection:
        numbers = list(connection.scalars(select(JobRow.id)))
    assert place.runner.run_these(numbers) == 3
    assert place.runner.run_these(numbers) == 0
    assert sorted(place.done) == sorted(subjects)


def test_what_waits_is_not_carried_again(place, stores) -> None:
    """As long as a load waits in the queue, however long, its jobs are carried once."""
    add_jobs(stores, 2)
    assert place.carrier.carry_once() == 2
    later = Carrier(
        stores=stores,
        kinds=["admit"],
        queue=place.queue,
        link=place.link,
        clock=lambda: system_clock() + timedelta(minutes=5),
    )
    assert place.carrier.carry_once() == 0
    assert later.carry_once() == 0


def test_what_a_flush_took_is_carried_again_at_once(place, stores) -> None:
    """After FLUSHALL the next look carries everything that was not taken; nothing waits out a time limit."""
    subjects = add_jobs(stores, 5)
    place.carrier.carry_once()
    place.connection.flushall()
    assert place.carrier.carry_once() == 5
    place.do_loads(1)
    assert sorted(place.done) == sorted(subjects)


def test_a_load_whose_worker_died_before_it_claimed_is_carried_again(place, stores) -> None:
    """A load that left the queue and came to nothing is missed after seconds, though its record in Redis is there."""
    add_jobs(stores, 1)
    place.carrier.carry_once()
    assert place.connection.lpop(place.queue.rq.key) is not None
    assert place.carrier.carry_once() == 0
    later = Carrier(
        stores=stores,
        kinds=["admit"],
        queue=place.queue,
        link=place.link,
        clock=lambda: system_clock() + TAKING + timedelta(seconds=1),
    )
    assert later.carry_once() == 1


def test_redis_holds_a_bounded_part_of_the_backlog(place, stores) -> None:
    """However many jobs wait, Redis holds what its workers do next, and the record holds the rest."""
    add_jobs(stores, LOAD * (MOST_LOADS + 5))
    assert place.carrier.carry_once() == LOAD * MOST_LOADS
    assert place.carrier.carry_once() == 0
    place.do_loads(2)
    assert place.carrier.carry_once() == 2 * LOAD


def test_two_carriers_carry_each_job_once(place, stores) -> None:
    """Carriers of several hosts deal the jobs out among themselves."""
    add_jobs(stores, LOAD * 8)
    counts: list[int] = []

    def carry() -> None:
        while count := place.carrier.carry_once():
            counts.append(count)

    threads = [threading.Thread(target=carry) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == LOAD * 8


def test_without_redis_the_record_is_swept(place, stores, server, caplog) -> None:
    """While Redis is away the work goes on, one alarm stands; when it is back, it carries again and the alarm goes."""
    with running(place):
        add_jobs(stores, 3)
        until(lambda: len(place.done) == 3)
        server.kill()
        add_jobs(stores, 3)
        until(lambda: len(place.done) == 6)
        until(lambda: alarms(stores) == [(AWAY, True)])
        server.start()
        until(lambda: alarms(stores) == [(AWAY, False)])
        add_jobs(stores, 3)
        until(lambda: len(place.done) == 9)
        until(lambda: place.connection.exists("sallyport:life"))
    assert sum("ALARM" in record.getMessage() for record in caplog.records) == 1
    assert left(stores) == 0


def test_a_full_redis_is_as_good_as_none(place, stores, server) -> None:
    """Where Redis takes nothing more, the record is swept until it does."""
    with contextlib.closing(server.client()) as client, running(place):
        add_jobs(stores, 2)
        until(lambda: len(place.done) == 2)
        client.config_set("maxmemory", "1")
        add_jobs(stores, 2)
        until(lambda: len(place.done) == 4)
        until(lambda: alarms(stores) == [(AWAY, True)])
        client.config_set("maxmemory", "0")
        until(lambda: alarms(stores) == [(AWAY, False)])
    assert left(stores) == 0


def test_a_frozen_redis_is_given_up(place, stores, server) -> None:
    """A Redis that answers nothing, though its connections stand, stops the work for seconds only."""
    assert server.process is not None
    with running(place):
        add_jobs(stores, 1)
        until(lambda: len(place.done) == 1)
        server.process.send_signal(signal.SIGSTOP)
        try:
            add_jobs(stores, 1)
            until(lambda: len(place.done) == 2)
        finally:
            server.process.send_signal(signal.SIGCONT)
        until(lambda: not place.link.is_lost.is_set())


def test_stopping_ends_the_load_under_way(place, stores) -> None:
    """A worker that is told to stop commits what it has begun, and gives the rest of its load back untried."""
    began, go_on = threading.Event(), threading.Event()

    def slow(subject: str) -> Change:
        began.set()
        go_on.wait(SECONDS)
        return Change(apply=lambda _: place.done.append(subject))

    place.runner._kinds["admit"] = JobKind(prepare=slow, give_up=lambda *_: None)
    add_jobs(stores, 4)
    with running(place) as stop:
        began.wait(SECONDS)
        stop.set()
        go_on.set()
    assert len(place.done) == 1
    with stores.record.reading() as connection:
        rows = connection.execute(select(JobRow.taken, JobRow.worker)).all()
    assert [tuple(row) for row in rows] == [(0, None)] * 3


def test_a_workers_name_is_its_own(tmp_path) -> None:
    """Two processes of one name on one host are told apart; the name of one that ended is free again."""
    with own_name(tmp_path, "worker") as first, own_name(tmp_path, "worker") as second:
        assert (first, second) == ("worker", "worker.2")
    with own_name(tmp_path, "worker") as again:
        assert again == "worker"


def test_the_password_is_the_owners_alone(tmp_path, server) -> None:
    """The password comes from a file that nobody else may read, and stands in no text of the client."""
    file = tmp_path / "redis-password"
    file.write_text(server.password + "\n")
    file.chmod(0o640)
    with pytest.raises(CannotStart, match="chmod 600"):
        open_redis(server.url, file)
    file.chmod(0o600)
    with contextlib.closing(open_redis(server.url, file)) as connection:
        assert connection.ping()
        assert server.password not in repr(connection)


class Worker:
    """A counting worker in a process of its own; its host is its data folder."""

    def __init__(
        self, folder: Path, name: str, databases: Databases, server: ValkeyServer, *, stops: bool = False
    ) -> None:
        (folder / "run").mkdir(parents=True, exist_ok=True)
        (folder / "run" / "host").write_text(f"{folder.name}\n")
        password = folder / "redis-password"
        password.touch(0o600)
        password.write_text(server.password)
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "PYTHONPATH": str(ROOT),
            "SALLYPORT_DATA": str(folder),
            "SALLYPORT_REDIS_URL": server.url,
            "SALLYPORT_REDIS_PASSWORD_FILE": str(password),
        }
        with (folder / f"{name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.sallyport.counting_worker"],
                env=environment,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        login = databases.login
        told = {
            "name": name,
            "stops": stops,
            "record": databases.record_url,
            "keys": databases.keys_url,
            "login": {"name": login.name, "password": login.password} if login else None,
        }
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(told).encode() + b"\n")
        self.process.stdin.close()

    def await_ready(self) -> None:
        """Wait until it works."""
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == b"ready\n"

    def end(self, number: int = signal.SIGTERM) -> int:
        """End it by a signal; give its status."""
        self.process.send_signal(number)
        status = self.process.wait(SECONDS)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return status


@pytest.fixture
def counted(stores) -> Iterator[Callable[[], list[str]]]:
    with stores.record.writing() as connection:
        connection.execute(text("CREATE TABLE counted (subject VARCHAR(32), pid INTEGER)"))

    def ask() -> list[str]:
        with stores.record.reading() as connection:
            return list(connection.scalars(text("SELECT subject FROM counted")))

    yield ask
    with stores.record.writing() as connection:
        connection.execute(text("DROP TABLE counted"))


def test_two_hosts_do_every_job_once(databases, stores, server, counted, tmp_path) -> None:
    """Workers of two hosts share the work; one host is killed, Redis flushed, jobs given twice: each is done once."""
    subjects = add_jobs(stores, 900) + add_jobs(stores, 100, "acknowledge")
    hosts = [(tmp_path / host, name) for host in ("north", "south") for name in ("worker-1", "worker-2")]
    workers = [Worker(folder, name, databases, server) for folder, name in hosts]
    for worker in workers:
        worker.await_ready()
    until(lambda: len(counted()) > 100)
    for worker in workers[:2]:
        worker.end(signal.SIGKILL)
    with contextlib.closing(server.client()) as client:
        client.flushall()
    subjects += add_jobs(stores, 300)
    until(lambda: len(counted()) > 600)
    # North is started again: what its dead workers held is theirs again at once, not at the end of a lease.
    workers[:2] = [Worker(folder, name, databases, server) for folder, name in hosts[:2]]
    with contextlib.closing(server.client()) as client:
        client.flushall()
    for worker in workers[:2]:
        worker.await_ready()
    until(lambda: left(stores) == 0)
    assert [worker.end() for worker in workers] == [0] * 4
    assert sorted(counted()) == sorted(subjects)


def test_a_stopped_workers_jobs_are_taken_over(databases, stores, server, counted, tmp_path) -> None:
    """A worker that hangs loses what it holds when its lease ends; when it wakes it finds that done, and goes on."""
    # It stops in the middle of a job: stopped in the middle of a commit it would hold SQLite's lock as well.
    first = Worker(tmp_path / "north", "worker", databases, server, stops=True)
    subjects = add_jobs(stores, 200)
    until(lambda: is_stopped(first.process.pid))
    # Its lease is made to end now: thirty seconds of waiting show no more.
    with stores.record.writing() as connection:
        connection.execute(text("UPDATE job SET not_before = 0 WHERE worker IS NOT NULL"))
    second = Worker(tmp_path / "south", "worker", databases, server)
    until(lambda: left(stores) == 0)
    first.process.send_signal(signal.SIGCONT)
    subjects += add_jobs(stores, 200)
    until(lambda: left(stores) == 0)
    assert [worker.end() for worker in (first, second)] == [0, 0]
    assert sorted(counted()) == sorted(subjects)


def is_stopped(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def test_a_claimed_load_leaves_the_queue_alone(place, stores) -> None:
    """What the sweep or another worker has taken up is not carried while its lease runs."""
    add_jobs(stores, 2)
    assert len(claim(stores, "elsewhere/worker", ["admit"], system_clock())) == 2
    assert place.carrier.carry_once() == 0
