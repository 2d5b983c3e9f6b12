import contextlib
import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from records.commit import Change
from records.inquiries import find, hold
from records.jobs import (
    LEASE,
    LONGEST_TURN,
    MOST_FAILURES,
    MOST_TAKEN,
    JobFault,
    JobKind,
    Runner,
    Superseded,
    claim,
    enqueue,
    ready_jobs,
    release,
)
from records.ledger import total
from records.tables import AlarmRow, JobRow
from records.values import State
from tests.records.builders import accept_mail, acceptor, private_keys


def no_give_up(_connection, _subject: str, _reason: str, _now) -> None:
    raise AssertionError


def kind(prepare) -> JobKind:
    return JobKind(prepare=prepare, give_up=lambda c, subject, reason, now: hold(c, subject, reason, now=now))


def jobs(stores) -> list[Any]:
    with stores.record.reading() as connection:
        return list(connection.execute(select(JobRow.__table__).order_by(JobRow.id)))


def test_a_job_ends_with_its_work(stores, committer, clock) -> None:
    """The work and the job's end are one commit: neither is there without the other."""
    accepted = accept_mail(acceptor(committer, private_keys()["intake"], clock), b"x")
    done = []
    runner = Runner(stores, committer, {"admit": kind(lambda s: Change(apply=lambda _: done.append(s)))}, clock, "w")
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

    runner = Runner(stores, committer, {"admit": kind(fails)}, clock, "w")
    for _ in range(MOST_FAILURES + 3):
        runner.run_once()
        clock.now += timedelta(minutes=10)
    assert len(tries) == MOST_FAILURES
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

    runner = Runner(stores, committer, {"admit": kind(fails)}, clock, "w")
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

    Runner(stores, committer, {"admit": kind(prepare)}, clock, "w").run_once()
    assert len(done) == 3
    assert [job.subject_id for job in jobs(stores)] == [bad]


def test_what_a_failure_said_is_kept_nowhere(stores, committer, clock, caplog) -> None:
    """An exception's text may quote a sender: the record keeps a reason id, the log a class."""
    accept_mail(acceptor(committer, private_keys()["intake"], clock), b"x")

    def fails(_subject: str) -> Change:
        raise ValueError("123-45-6789 is no claim")

    Runner(stores, committer, {"admit": kind(fails)}, clock, "w").run_once()
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
    runner = Runner(stores, committer, {"admit": kind(lambda _: Change(apply=lambda _: None))}, clock, "w")
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

    Runner(stores, committer, {"admit": kind(slow)}, clock, "w").run_once()
    committer.commit(Change(apply=lambda _: None))
    left = jobs(stores)
    assert [(job.taken, job.worker) for job in left] == [(0, None)] * 3
    assert all(job.not_before <= clock.now for job in left)


def test_a_claim_does_not_sort_the_backlog(stores, clock) -> None:
    """However many jobs wait, a claim reads the first ones from the index of what is ready."""
    asked = ready_jobs(["admit", "triage"], clock(), 16)
    with stores.record.reading() as connection:
        compiled = asked.compile(connection, compile_kwargs={"literal_binds": True})
        plan = " ".join(str(row) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}"))
    assert "ix_job_ready" in plan
    assert "TEMP B-TREE" not in plan


def test_a_worker_that_lost_its_lease_ends_no_job_of_others(stores, committer, clock) -> None:
    """A worker that wakes after its lease finds its job done; the job that has its number by now is left alone."""
    accept = acceptor(committer, private_keys()["intake"], clock)
    accept_mail(accept, b"first")
    late = Runner(stores, committer, {"admit": kind(lambda _: Change(apply=lambda _: None))}, clock, "w")
    (lost,) = claim(stores, "w", ["admit"], clock())
    clock.now += LEASE
    assert late.run_once() == 1
    accept_mail(accept, b"second")
    assert [job.id for job in jobs(stores)] == [lost.id]  # SQLite gives the number of the last row again.
    answer = late._start(lost)
    assert answer is not None
    fault = answer.exception()
    assert isinstance(fault, Superseded)
    late._failed(lost, fault)
    late._failed(replace(lost, failures=MOST_FAILURES), JobFault("too-late"))
    late._put_back([lost])
    committer.commit(Change(apply=lambda _: None))
    assert [(job.failures, job.taken) for job in jobs(stores)] == [(0, 0)]


def test_what_a_lost_lease_prepared_is_not_committed(stores, committer, clock) -> None:
    """Of two workers that prepared the same job, the one that holds it commits; neither change happens twice."""
    accept_mail(acceptor(committer, private_keys()["intake"], clock), b"x")
    done: list[str] = []
    runners = []
    for name in ("late", "in time"):
        kinds = {"admit": kind(lambda _, name=name: Change(apply=lambda _: done.append(name)))}
        runners.append((Runner(stores, committer, kinds, clock, name), claim(stores, name, ["admit"], clock())[0]))
        clock.now += LEASE
    answers = [runner._start(job) for runner, job in runners]
    assert [type(answer.exception()) for answer in answers if answer is not None] == [Superseded, type(None)]
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
    kinds = {"admit": JobKind(prepare=prepare, give_up=lambda _c, subject, _r, _n: held.append(subject))}
    for _ in range(MOST_TAKEN + 8):
        release(stores, "w", clock())
        with contextlib.suppress(Killed):
            Runner(stores, committer, kinds, clock, "w").run_once()
    assert held == [poison]
    assert len(done) == 3
    assert jobs(stores) == []


def test_what_waits_for_a_relay_is_tried_for_days(stores, committer, clock) -> None:
    """A relay that is away over a weekend costs no written answer; other faults end after five tries all the same."""
    accept_mail(acceptor(committer, private_keys()["intake"], clock), b"x")

    def away(_subject: str) -> Change:
        raise JobFault("not-sent")

    runner = Runner(stores, committer, {"admit": kind(away)}, clock, "w")
    start = clock.now
    while clock.now < start + timedelta(days=2):
        runner.run_once()
        clock.now += timedelta(hours=1)
    assert [job.reason for job in jobs(stores)] == ["not-sent"]
