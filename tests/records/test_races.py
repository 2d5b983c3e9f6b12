import contextlib
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select, update

from intake.ports import Upload
from records.audit import Chain, append, chain_key, verify
from records.blobs import ORIGINAL, blob_row, insert_blobs, insert_chunks, is_upload_known, sweep_uploads, wraps_of
from records.commit import Change, Committer
from records.destruction import destroy
from records.errors import WrongState
from records.inquiries import find, hold, move
from records.ledger import total
from records.store import Stores
from records.tables import AuditRow, BlobRow, ChunkRow, DeliveryRow, InquiryRow, LegalHoldRow
from records.tallies import tallies
from records.values import Channel, Envelope, State
from tests.records.builders import MAILBOX, NOON, TickingClock, accept_mail, acceptor, private_keys
from tests.servers.postgres import Databases
from tests.servers.together import meanwhile, together

ROUNDS = 12
CHAIN = Chain("desk", chain_key(b"k" * 32, "desk"))


class Process:
    """What one of several processes has of its own: connections and a committer."""

    def __init__(self, databases: Databases) -> None:
        self.stores, self.clock = databases.stores(), TickingClock()
        self.committer = Committer(self.stores, self.clock)

    def close(self) -> None:
        """End it."""
        self.committer.close()
        self.stores.close()


@pytest.fixture
def processes(stores: Stores, databases: Databases) -> Iterator[tuple[Process, Process]]:
    del stores  # It has made the tables by now.
    with contextlib.closing(Process(databases)) as first, contextlib.closing(Process(databases)) as second:
        yield first, second


def inquiries(stores: Stores) -> list[str]:
    with stores.record.reading() as connection:
        return list(connection.scalars(select(InquiryRow.id).order_by(InquiryRow.id)))


def test_the_same_bytes_at_two_processes_are_one_inquiry(stores, processes) -> None:
    """Two gateways take the same mail in the same moment: both say yes with one reference, and one inquiry exists."""
    key = private_keys()["intake"]
    accepts = [acceptor(each.committer, key, each.clock) for each in processes]
    for number in range(ROUNDS):
        mail = b"the same %d" % number
        answers = together(
            [partial(accept_mail, accept, mail, (f"{place}@example.test",)) for place, accept in enumerate(accepts)]
        )
        assert len({answer.reference for answer in answers}) == 1
        assert sorted(answer.is_duplicate for answer in answers) == [False, True]
    assert len(inquiries(stores)) == ROUNDS
    with stores.record.reading() as connection:
        assert connection.execute(select(func.count()).select_from(DeliveryRow)).scalar_one() == 2 * ROUNDS
    assert total(stores).is_even


def test_an_inquiry_takes_one_of_two_steps(stores, committer, clock, processes) -> None:
    """Two processes move one inquiry from where they saw it: one does, the other is told."""
    accept = acceptor(committer, private_keys()["intake"], clock)
    for number in range(ROUNDS):
        accept_mail(accept, b"%d" % number)
    expected = frozenset({State.RECEIVED})
    for inquiry_id in inquiries(stores):
        step = partial(move, inquiry_id=inquiry_id, to=State.ADMITTED, now=NOON, expected=expected)
        answers = together([partial(each.committer.commit, Change(apply=step)) for each in processes])
        assert sorted(map(type, answers), key=str) == [type(None), WrongState]
    assert total(stores).is_even


def test_counts_hold_under_moves_from_both_ends(stores, committer, clock, processes) -> None:
    """Two processes move many inquiries over the same counts, in opposite order: all arrive, the counts are right."""
    accept = acceptor(committer, private_keys()["intake"], clock)
    for number in range(2 * ROUNDS):
        accept_mail(accept, b"%d" % number)
    ids = inquiries(stores)
    halves = (ids[:ROUNDS], ids[ROUNDS:][::-1])

    def move_all(process: Process, half: list[str]) -> None:
        waiting = []
        for number, inquiry_id in enumerate(half):
            admit = partial(move, inquiry_id=inquiry_id, to=State.ADMITTED, now=NOON)
            route = partial(move, inquiry_id=inquiry_id, to=State.ROUTED, now=NOON, unit=f"unit-{number % 3}")
            waiting += [process.committer.submit(Change(apply=step)) for step in (admit, route)]
        for answer in waiting:
            answer.result(30)

    assert together([partial(move_all, *each) for each in zip(processes, halves, strict=True)]) == [None, None]
    with stores.record.reading() as connection:
        assert tallies(connection) == {("routed", f"unit-{number}", ""): 2 * ROUNDS // 3 for number in range(3)}
    assert total(stores).is_even


def test_two_processes_write_one_chain(stores, processes) -> None:
    """Lines of the same role on two hosts come one after the other: none is lost, none forks the chain."""

    def write(process: Process) -> None:
        for _ in range(ROUNDS):
            # Not by the committer, which would try again: nobody is ever in another's way.
            with process.stores.record.writing() as connection:
                append(connection, chain=CHAIN, kind="seen", actor="x", at=NOON)

    assert together([partial(write, each) for each in processes]) == [None, None]
    with stores.record.reading() as connection:
        assert list(verify(connection, b"k" * 32)) == []
        assert connection.execute(select(func.max(AuditRow.sequence))).scalar_one() == 2 * ROUNDS


def closed(stores: Stores, committer: Committer, clock: TickingClock) -> tuple[str, str]:
    reference = accept_mail(acceptor(committer, private_keys()["intake"], clock), b"x").reference
    with stores.record.writing() as connection:
        inquiry = find(connection, reference=reference)
        hold(connection, inquiry.id, "unreadable", now=clock())
        move(connection, inquiry.id, State.CLOSED, now=clock())
    return inquiry.id, reference


def test_a_legal_hold_that_is_being_set_stops_destruction(stores, committer, clock, processes) -> None:
    """A hold that is not yet durable when destruction begins is waited for, with every wrap in its place."""
    inquiry_id, reference = closed(stores, committer, clock)
    row = {"inquiry_id": inquiry_id, "set_by": "counsel", "set_at": clock()}
    act: Any = partial(destroy, reference=reference, approval="R-1", actor="officer", chain=CHAIN, now=clock())
    came = meanwhile(
        processes[0].committer, lambda c: c.execute(insert(LegalHoldRow), [row]), partial(act, processes[1].stores)
    )
    assert str(came) == "a legal hold stops destruction"
    with stores.record.reading() as connection:
        blob_id = connection.execute(select(BlobRow.id).where(BlobRow.part == ORIGINAL)).scalar_one()
    assert wraps_of(stores, [blob_id])


def test_an_inquiry_is_destroyed_once(stores, committer, clock, processes) -> None:
    """Of two destructions at once one is done; the other is told that there is nothing to destroy."""
    _, reference = closed(stores, committer, clock)
    act: Any = partial(destroy, reference=reference, approval="R-1", actor="officer", chain=CHAIN, now=clock())
    answers = together([partial(act, each.stores) for each in processes])
    assert sorted(map(type, answers), key=str) == [type(None), WrongState]
    assert total(stores).is_even


def test_an_upload_that_is_accepted_while_the_sweep_runs_stays(committer, clock, processes) -> None:
    """The sweep takes an upload by what it is in the moment it goes, not by what it was when it was looked for."""
    upload = acceptor(committer, private_keys()["intake"], clock).begin(Channel.EMAIL)
    assert [upload.write(bytes(65536)) for _ in range(6)]
    committer.commit(Change(apply=lambda _: None))
    sweep = Change(apply=lambda connection: sweep_uploads(connection, NOON + timedelta(hours=7)))
    taken = update(BlobRow).values(inquiry_id="a" * 32)
    assert (
        meanwhile(processes[0].committer, lambda c: c.execute(taken), lambda: processes[1].committer.commit(sweep)) == 0
    )


def test_a_piece_of_an_upload_comes_before_the_sweep_or_not_at_all(stores, committer, processes) -> None:
    """A sweep waits for the piece that is being written, and takes it along: no bytes are left without their upload."""
    committer.commit(Change(apply=lambda connection: insert_blobs(connection, [blob_row("b", ORIGINAL, NOON)])))
    sweep = Change(apply=lambda connection: sweep_uploads(connection, NOON + timedelta(hours=7)))

    def write(connection: Connection) -> None:
        assert is_upload_known(connection, "b")
        insert_chunks(connection, [("b", 0, b"sealed")])

    assert meanwhile(processes[0].committer, write, lambda: processes[1].committer.commit(sweep)) == 1
    with stores.record.reading() as connection:
        assert connection.execute(select(func.count()).select_from(ChunkRow)).scalar_one() == 0


def test_a_sweep_and_an_accept_in_the_same_moment_agree(stores, processes) -> None:
    """An old upload is either accepted whole or swept whole, however sweep and acceptance fall together."""
    accept = acceptor(processes[0].committer, private_keys()["intake"], processes[0].clock)

    def finish(upload: Upload) -> str:
        return upload.finish(Envelope(channel=Channel.EMAIL, mailboxes=(MAILBOX,))).result(30).reference

    def sweep() -> int:
        later = processes[1].clock() + timedelta(hours=7)
        change = Change(apply=lambda connection: sweep_uploads(connection, later))
        swept: int = processes[1].committer.commit(change)
        return swept

    for number in range(ROUNDS):
        upload = accept.begin(Channel.EMAIL)
        for _ in range(6):
            if waiting := upload.write(b"%d" % number * 65536):
                waiting.result(30)
        accepted, swept = together([partial(finish, upload), sweep])
        assert isinstance(accepted, str) == (swept == 0)
    assert total(stores).is_even
    with stores.record.reading() as connection:
        orphans = select(func.count()).select_from(ChunkRow).where(ChunkRow.blob_id.not_in(select(BlobRow.id)))
        assert connection.execute(orphans).scalar_one() == 0
