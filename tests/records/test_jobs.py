import contextlib
import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from records.commit import Change
from records.errors import StoreAway, WrongState
from records.holding import LONGEST_HOLD, Holding
from records.inquiries import find, hold
from records.jobs import (
    LEASE,
    LONGEST_REST,
    MOST_TAKEN,
    ORDINARY,
    STORE_AWAY,
    JobFault,
    JobKind,
    Superseded,
    bring_back,
    claim,
    enqueue,
    put_off,
    ready_jobs,
    release,
)
from records.ledger import total
from records.running import LONGEST_TURN, Runner
from records.tables import AlarmRow, JobRow
from records.values import State
from records.waking import Waking
from tests.records.builders import accept_mail, acceptor, private_keys


def no_give_up(_connection, _subject: str, _reason: str, _now) -> None:
    raise AssertionError


def kind(prepare) -> JobKind:
    return JobKind(prepare=prepare, give_up=lambda c, subject, reason, now: hold(c, subject, reason, now=now))


def runner_of(stores, committer, clock, prepare: JobKind, name: str = "w") -> Runner:
    return Runner(stores, committer, {"admit": prepare}, clock, Holding(stores, clock, name))


def jobs(stores) -> list[Any]:
    with stores.record.reading() as connection:
        return list(connection.execute(select(JobRow.__table__).order_by(JobRow.id)))


def test_a_job_ends_with_its_work(stores, committer, clock) -> None:
    """The work and the job's end are one commit: neither is there without the other."""
    accepted = accept_mail(acceptor(committer, private_keys()["intake"], clock), b"x")
    done = []
    runner = runner_of(stores, committer, clock, kind(lambda s: Change(apply=lambda _: done.append(s))))
    assert runner.run_once() == 1
    assert (len(done), jobs(stores)) == (1, [])
    assert accepted.reference


def test_the_same_job_twice_is_one(stores, clock) -> None:
    """Asking for the same work again, before it is done, adds nothing."""
    with stores.record.writing() as connection:
        enqueue(connection, "admit", "a" * 32, clock())
        enqueue(connection, "admit", "a" * 32, clock())
    assert len(jobs(stores)) == 1


def test_five_failures_hold_the_inquiry_and_raise_an_alarm(stores, committer, clock, caplog) -> None:
    """A job that fails again and again ends: the inquiry is held with the reason, an alarm line is written, once."""
    accepted = accept_mail(acceptor(committer, private_keys()["intake"], clock), b"x")
    tries = []

    def fails(subject: str) -> Change:
        tries.append(subject)
        raise JobFault("cannot-open")

    runner = runner_of(stores, committer, clock, kind(fails))
    for _ in range(ORDINARY.most + 3):
        runner.run_once()
        clock.now += timedelta(minutes=10)
    assert len(tries) == ORDINARY.most
    with stores.record.reading() as connection:
        inquiry = find(connection, reference=accepted.reference)
        alarms = list(connection.execute(select(AlarmRow.kind, AlarmRow.subject_id)))
    assert (inquiry.state, inquiry.hold_reason) == (State.HELD, "cannot-open")
    assert alarms == [("admit-failed", inquiry.id)]
    assert sum("ALARM" in record.getMessage() for record in caplog.records) == 1
    assert total(stores).is_even


def test_failures_are_tried_again_later_and_later(stores, committer, clock) -> None:
    """Each failure makes the next try wait longer, so a passing trouble costs little."""
    accept_mail(acceptor(committer, private_keys()["intake"], clock), b"x")

    def fails(_subject: str) -> Change:
        raise OSError

    runner = runner_of(stores, committer, clock, kind(fails))
    waits = []
    for _ in range(3):
        assert runner.run_once() == 1
        waits.append(jobs(stores)[0].not_before - clock.now)
        clock.now += timedelta(minutes=10)
    assert waits == sorted(waits)
    assert waits[0] < timedelta(seconds=2) < waits[1] + timedelta(seconds=1)


def test_one_bad_job_stops_none_behind_it(stores, committer, clock) -> None:
    """The one that fails waits; those behind it are done in the same turn."""
    accept = acceptor(committer, private_keys()["intake"], clock)
    for number in range(4):
        accept_mail(accept, b"%d" % number)
    bad = jobs(stores)[0].subject_id
    done = []

    def prepare(subject: str) -> Change:
        if subject == bad:
            raise ValueError
        return Change(apply=lambda _: done.append(subject))

    runner_of(stores, committer, clock, kind(prepare)).run_once()
    assert len(done) == 3
    assert [job.subject_id for job in jobs(stores)] == [bad]


def test_what_a_failure_said_is_kept_nowhere(stores, committer, clock, caplog) -> None:
    """An exception's text may quote a sender: the record keeps a reason id, the log a class."""
    accept_mail(acceptor(committer, private_keys()["intake"], clock), b"x")

    def fails(_subject: str) -> Change:
        raise ValueError("123-45-6789 is no claim")

    runner_of(stores, committer, clock, kind(fails)).run_once()
    assert jobs(stores)[0].reason == "failed"
    assert "123-45-6789" not in caplog.text


def test_two_workers_never_take_the_same_job(stores, committer, clock) -> None:
    """Jobs are dealt out, not shared."""
    accept = acceptor(committer, private_keys()["intake"], clock)
    for number in range(30):
        accept_mail(accept, b"%d" % number)
    taken: list[int] = []
    now = clock()

    def take(name: str) -> None:
        while batch := claim(stores, name, ["admit"], now, limit=3):
            taken.extend(job.id for job in batch)

    threads = [threading.Thread(target=take, args=(f"w{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(set(taken))
    assert len(taken) == 30


def test_a_dead_workers_jobs_come_back(stores, committer, clock) -> None:
    """A job whose worker was killed is ready when the lease ends, or at once when a worker of its name starts."""
    accept_mail(acceptor(committer, private_keys()["intake"], clock), b"x")
    assert claim(stores, "w1", ["admit"], clock())
    assert not claim(stores, "w2", ["admit"], clock())
    release(stores, "w1", clock())
    assert claim(stores, "w1", ["admit"], clock())
    clock.now += LEASE
    assert claim(stores, "w2", ["admit"], clock())


def test_a_job_that_kills_its_workers_is_held(stores, committer, clock) -> None:
    """A poison message that takes the worker down each time ends as held, with a reason of its own."""
    accepted = accept_mail(acceptor(committer, private_keys()["intake"], clock), b"x")
    for _ in range(MOST_TAKEN - 1):
        assert claim(stores, "w", ["admit"], clock())
        clock.now += LEASE
    runner = runner_of(stores, committer, clock, kind(lambda _: Change(apply=lambda _: None)))
    runner.run_once()
    with stores.record.reading() as connection:
        inquiry = find(connection, reference=accepted.reference)
    assert (inquiry.state, inquiry.hold_reason) == (State.HELD, "worker-died")


def test_what_a_slow_batch_has_not_begun_is_given_back(stores, committer, clock) -> None:
    """Jobs in line behind slow ones are ready for others at once, and were not tried."""
    accept = acceptor(committer, private_keys()["intake"], clock)
    for number in range(4):
        accept_mail(accept, b"%d" % number)

    def slow(_subject: str) -> Change:
        clock.now += LONGEST_TURN
        return Change(apply=lambda _: None)

    runner_of(stores, committer, clock, kind(slow)).run_once()
    committer.commit(Change(apply=lambda _: None))
    left = jobs(stores)
    assert [(job.taken, job.worker) for job in left] == [(0, None)] * 3
    assert all(job.not_before <= clock.now for job in left)


def test_a_claim_does_not_sort_the_backlog(stores, clock) -> None:
    """However many jobs wait, a claim reads the first ones from the index of what is ready."""
    asked = ready_jobs("admit", clock(), 16)
    with stores.record.reading() as connection:
        engine = connection.dialect.name
        if engine == "postgresql":
            # An empty table is read whole, whatever indexes it has.
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
        compiled = asked.compile(connection, compile_kwargs={"literal_binds": True})
        explain = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN"}[engine]
        plan = " ".join(str(row) for row in connection.exec_driver_sql(f"{explain} {compiled}"))
    assert "ix_job_ready" in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


def test_a_worker_that_lost_its_lease_ends_no_job_of_others(stores, committer, clock) -> None:
    """A worker that wakes after its lease finds its job done; the job that has its number by now is left alone."""
    accept = acceptor(committer, private_keys()["intake"], clock)
    accept_mail(accept, b"first")
    late = runner_of(stores, committer, clock, kind(lambda _: Change(apply=lambda _: None)))
    (lost,) = claim(stores, "w", ["admit"], clock())
    clock.now += LEASE
    assert late.run_once() == 1
    accept_mail(accept, b"second")
    if stores.record.engine.dialect.name == "sqlite":
        assert [job.id for job in jobs(stores)] == [lost.id]  # It gives the number of the last row again.
    change = late._prepare(lost, late._preparing([lost]))
    assert change is not None
    fault = committer.submit(change).exception()
    assert isinstance(fault, Superseded)
    late._failed(lost, fault)
    late._failed(replace(lost, failures=ORDINARY.most), JobFault("too-late"))
    late._put_back([lost])
    committer.commit(Change(apply=lambda _: None))
    assert [(job.failures, job.taken) for job in jobs(stores)] == [(0, 0)]


def test_what_a_lost_lease_prepared_is_not_committed(stores, committer, clock) -> None:
    """Of two workers that prepared the same job, the one that holds it commits; neither change happens twice."""
    accept_mail(acceptor(committer, private_keys()["intake"], clock), b"x")
    done: list[str] = []
    runners = []
    for name in ("late", "in time"):
        kinds = kind(lambda _, name=name: Change(apply=lambda _: done.append(name)))
        runners.append((runner_of(stores, committer, clock, kinds, name), claim(stores, name, ["admit"], clock())[0]))
        clock.now += LEASE
    changes = [runner._prepare(job, runner._preparing([job])) for runner, job in runners]
    answers = committer.submit_all([change for change in changes if change is not None])
    assert [type(answer.exception()) for answer in answers] == [Superseded, type(None)]
    assert done == ["in time"]


def test_a_job_that_kills_its_workers_takes_none_along(stores, committer, clock) -> None:
    """What was taken up in one batch with a poison message is done before it is given up, not held with it."""
    accept = acceptor(committer, private_keys()["intake"], clock)
    for number in range(4):
        accept_mail(accept, b"%d" % number)
    poison = jobs(stores)[0].subject_id
    done: list[str] = []

    class Killed(BaseException):
        pass

    def prepare(subject: str) -> Change:
        if subject == poison:
            raise Killed
        return Change(apply=lambda _: done.append(subject))

    held: list[str] = []
    kinds = JobKind(prepare=prepare, give_up=lambda _c, subject, _r, _n: held.append(subject))
    for _ in range(MOST_TAKEN + 8):
        release(stores, "w", clock())
        with contextlib.suppress(Killed):
            runner_of(stores, committer, clock, kinds).run_once()
    assert held == [poison]
    assert len(done) == 3
    assert jobs(stores) == []


def test_a_change_made_with_others_ends_its_own_job(stores, committer, clock) -> None:
    """Changes that are written together with their neighbours' end their jobs each, in the same commit."""
    accept = acceptor(committer, private_keys()["intake"], clock)
    for number in range(3):
        accept_mail(accept, b"%d" % number)
    done: list[str] = []

    def together(_connection, subjects) -> list[None]:
        done.extend(subjects)
        return [None] * len(subjects)

    runner = runner_of(stores, committer, clock, kind(lambda subject: Change.one_of_many(together, subject)))
    assert runner.run_once() == 3
    assert (len(done), jobs(stores)) == (3, [])


def test_what_waits_for_a_relay_is_tried_for_days(stores, committer, clock) -> None:
    """A relay that is away over a weekend costs no written answer; other faults end after five tries all the same."""
    accept_mail(acceptor(committer, private_keys()["intake"], clock), b"x")

    def away(_subject: str) -> Change:
        raise JobFault("not-sent")

    runner = runner_of(stores, committer, clock, kind(away))
    start = clock.now
    while clock.now < start + timedelta(days=2):
        runner.run_once()
        clock.now += timedelta(hours=1)
    assert [job.reason for job in jobs(stores)] == ["not-sent"]


def only(stores) -> Any:
    (job,) = jobs(stores)
    return job


def test_a_running_worker_keeps_its_lease(stores, committer, clock) -> None:
    """A job that takes longer than the lease stays with its worker as long as that is alive."""
    accept_mail(acceptor(committer, private_keys()["intake"], clock), b"x")
    holding = Holding(stores, clock, "w")
    assert holding.take(lambda: claim(stores, "w", ["admit"], clock()))
    for _ in range(8):
        clock.now += LEASE * 3 / 4
        holding.look()
        assert not claim(stores, "other", ["admit"], clock())
    clock.now += LEASE
    assert claim(stores, "other", ["admit"], clock())


def test_what_hangs_is_somebody_elses_in_the_end(stores, committer, clock) -> None:
    """A job that never ends is not renewed for ever: its lease ends, and it counts as one that was taken up."""
    accept_mail(acceptor(committer, private_keys()["intake"], clock), b"x")
    holding = Holding(stores, clock, "w")
    (job,) = holding.take(lambda: claim(stores, "w", ["admit"], clock()))
    holding._held[job.id] = (job, -LONGEST_HOLD)
    clock.now += LEASE * 3 / 4
    holding.look()
    clock.now += LEASE / 2
    (again,) = claim(stores, "other", ["admit"], clock())
    assert again.taken == 2


def test_what_could_not_be_ended_goes_back_at_once(stores, committer, clock) -> None:
    """A failed write leaves no job waiting out a lease: it is ready when the store answers, and was not its fault."""
    accept_mail(acceptor(committer, private_keys()["intake"], clock), b"x")
    holding = Holding(stores, clock, "w")
    batch = holding.take(lambda: claim(stores, "w", ["admit"], clock()))
    holding.look()
    assert only(stores).worker == "w"
    holding.let_go(batch)
    holding.look()
    assert (only(stores).worker, only(stores).taken, only(stores).failures) == (None, 0, 0)
    assert only(stores).not_before <= clock.now


def test_a_full_disk_is_no_fault_of_the_job(stores, committer, clock) -> None:
    """What the store does not take is tried again for as long as it takes, and never held."""
    accept_mail(acceptor(committer, private_keys()["intake"], clock), b"x")

    def full(_connection) -> None:
        raise StoreAway("full")

    runner = runner_of(stores, committer, clock, kind(lambda _: Change(apply=full)))
    for _ in range(MOST_TAKEN + ORDINARY.most):
        assert runner.run_once() == 1
        clock.now += timedelta(minutes=1)
    assert only(stores).reason == STORE_AWAY


def test_a_parsers_fault_is_tried_once_more_alone(stores, committer, clock) -> None:
    """A message that the parser could not do in time has another try by itself; the second time it is held."""
    accept = acceptor(committer, private_keys()["intake"], clock)
    slow = accept_mail(accept, b"slow").reference
    tries: list[list[str]] = []

    def prepare(subject: str) -> Change:
        tries[-1].append(subject)
        if subject == first:
            raise JobFault("too-slow", otherwise=Change(apply=lambda c: hold(c, subject, "too-slow", now=clock())))
        return Change(apply=lambda _: None)

    first = only(stores).subject_id
    runner = runner_of(stores, committer, clock, kind(prepare))
    for number in range(2):
        accept_mail(accept, b"%d" % number)
        tries.append([])
        runner.run_once()
        clock.now += timedelta(minutes=1)
    assert [first in batch for batch in tries] == [True, True]
    assert tries[1] == [first]
    with stores.record.reading() as connection:
        inquiry = find(connection, reference=slow)
        assert list(connection.execute(select(AlarmRow.kind))) == []
    assert (inquiry.state, inquiry.hold_reason) == (State.HELD, "too-slow")


def test_a_subject_that_cannot_be_given_up_ends_its_job(stores, committer, clock, caplog) -> None:
    """A job whose last resort fails as well ends with an alarm: tried for ever it would keep a worker busy."""
    accept_mail(acceptor(committer, private_keys()["intake"], clock), b"x")

    def fails(_subject: str) -> Change:
        raise JobFault("cannot-open")

    def refuses(*_: Any) -> None:
        raise WrongState("over")

    runner = runner_of(stores, committer, clock, JobKind(prepare=fails, give_up=refuses))
    for _ in range(ORDINARY.most):
        runner.run_once()
        clock.now += timedelta(minutes=10)
    assert jobs(stores) == []
    assert "ALARM kind=admit-failed" in caplog.text


@pytest.mark.parametrize("back", [timedelta(minutes=1), timedelta(hours=1), timedelta(days=400)])
def test_a_clock_that_is_set_back_makes_nothing_wait(stores, committer, clock, back) -> None:
    """New jobs, failed jobs and jobs of dead workers are ready within their ordinary time, whatever the clock does."""
    accept = acceptor(committer, private_keys()["intake"], clock)
    for number in range(3):
        accept_mail(accept, b"%d" % number)
    (dead,) = claim(stores, "dead", ["admit"], clock(), limit=1)
    (failed,) = claim(stores, "w", ["admit"], clock(), limit=1)
    with stores.record.writing() as connection:
        put_off(connection, failed, "not-sent", clock() + timedelta(hours=1))
    clock.now -= back
    bring_back(stores, clock())
    clock.now += LONGEST_REST + LEASE
    got = set()
    for _ in range(3):
        got |= {job.id for job in claim(stores, "w", ["admit"], clock())}
    assert len(got) == 3
    assert dead.id in got


def test_what_waits_as_it_should_is_not_brought_back(stores, committer, clock) -> None:
    """Where no clock was set, leases and rests last as long as they are meant to."""
    accept = acceptor(committer, private_keys()["intake"], clock)
    for number in range(2):
        accept_mail(accept, b"%d" % number)
    claim(stores, "alive", ["admit"], clock(), limit=1)
    (failed,) = claim(stores, "w", ["admit"], clock(), limit=1)
    with stores.record.writing() as connection:
        put_off(connection, failed, "not-sent", clock() + LONGEST_REST)
    assert bring_back(stores, clock()) == 0


def test_a_slow_relay_keeps_no_inquiry_waiting(stores, committer, clock) -> None:
    """Runners of two kinds share a process and its name: one that hangs in its work holds up nobody but its own."""
    accept_mail(acceptor(committer, private_keys()["intake"], clock), b"x")
    with stores.record.writing() as connection:
        enqueue(connection, "acknowledge", "b" * 32, clock())
    hangs, go_on = threading.Event(), threading.Event()
    done: list[str] = []

    def slow(subject: str) -> Change:
        hangs.set()
        go_on.wait(60)
        return Change(apply=lambda _: done.append(subject))

    holding = Holding(stores, clock, "w")
    post = Runner(stores, committer, {"acknowledge": kind(slow)}, clock, holding)
    waiting = threading.Thread(target=post.run_once)
    waiting.start()
    assert hangs.wait(60)
    work = kind(lambda subject: Change(apply=lambda _: done.append(subject)))
    assert Runner(stores, committer, {"admit": work}, clock, holding).run_once() == 1
    holding.look()
    assert len(done) == 1
    assert only(stores).worker == "w"
    go_on.set()
    waiting.join(60)
    assert jobs(stores) == []


def test_a_rest_ends_with_the_next_commit(stores, clock) -> None:
    """Where the engine tells of commits, a worker that rests hears of a new job at once; where not, it looks again."""
    waking, stop = Waking(stores.record), threading.Event()
    waking.rest(stop, 0.0)
    rested = threading.Event()

    def rest() -> None:
        waking.rest(stop, 600.0)
        rested.set()

    thread = threading.Thread(target=rest)
    thread.start()
    with stores.record.writing() as connection:
        enqueue(connection, "admit", "a" * 32, clock())
    assert rested.wait(60)
    thread.join(60)
    waking.close()
