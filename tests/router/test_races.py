from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from records.audit import verify
from records.tables import AuditRow, JobRow, ReaderRow, SessionRow
from router import work
from router.accounts import CEILING, SignInRefused, sign_in
from router.work import Done, NotDone, Work
from router.work.originals import approve_original, request_original
from router.work.undo import undo
from tests.router.builders import Desk, a_desk
from tests.router.scene import CASE, GENERAL, HELD, REACHABLE, Scene, a_scene, asked, rows, services, taken, works
from tests.servers.postgres import Databases
from tests.servers.together import meanwhile, together

Desks = tuple[Scene, Work, Desk]


@pytest.fixture
def desks(tmp_path: Path, databases: Databases) -> Iterator[Desks]:
    """Give a desk, the work of another process on the same record, and that process."""
    with a_scene(tmp_path, databases) as scene, a_desk(tmp_path, databases) as other:
        yield scene, services(other, scene.opening, scene.sealing).work(), other


def test_one_of_two_readers_takes_an_inquiry(desks: Desks) -> None:
    """At two hosts' desks two readers press "Take" at once: one has it, the other is told, and it is written once."""
    scene, elsewhere, _ = desks
    first, second = asked(scene, CASE), asked(scene, CASE, "colleague")
    answers = together([partial(work.take, works(scene), first), partial(work.take, elsewhere, second)])
    assert sorted(type(answer).__name__ for answer in answers) == ["Done", "NotDone"]
    winner = (first, second)[[isinstance(answer, Done) for answer in answers].index(True)]
    assert scene.desk.find(CASE).assigned_to == winner.reader.id
    assert scene.desk.audit_kinds().count("taken") == 1


def test_a_decision_and_a_hold_at_once_are_one_of_them(desks: Desks) -> None:
    """What was decided of one version is not done to another one: whoever is second is told that it has changed."""
    scene, elsewhere, _ = desks
    first, second = asked(scene, GENERAL), asked(scene, GENERAL, "colleague")
    answers = together([
        partial(work.decide, works(scene), first, "case"),
        partial(work.hold, elsewhere, second, "needs-second-look"),
    ])  # fmt: skip
    refused = [answer.reason for answer in answers if isinstance(answer, NotDone)]
    assert len(refused) == 1
    assert refused[0] in {"changed", "not-there", "held"}
    assert scene.desk.find(GENERAL).version == first.version + 1


def test_a_request_is_approved_once(desks: Desks) -> None:
    """Two supervisors approve one request at once: one approval counts."""
    scene, elsewhere, _ = desks
    made = request_original(works(scene), asked(scene, HELD, "a.silva"), "not-scanned")
    assert isinstance(made, Done)
    second = asked(scene, HELD, "r.chen")
    approve = (partial(approve_original, each, second, made.made) for each in (works(scene), elsewhere))
    answers = together(list(approve))
    assert sorted(type(answer).__name__ for answer in answers) == ["Done", "NotDone"]
    assert scene.desk.audit_kinds().count("original-approved") == 1


def test_many_tries_at_two_desks_cannot_outrun_the_ceiling(desks: Desks) -> None:
    """Passwords guessed at two hosts at once are counted together: no more are looked at than the ceiling allows."""
    scene, _, other = desks
    tries = [
        partial(sign_in, each.books, each.passwords, name="j.okafor", password="wrong", now=scene.desk.clock())
        for each in (scene.desk, other) * (CEILING - 2)
    ]
    answers = together(tries)
    assert all(isinstance(answer, SignInRefused) for answer in answers)
    reasons = [answer.reason for answer in answers]
    assert (reasons.count("wrong"), reasons.count("locked")) == (CEILING, len(tries) - CEILING)
    agent = next(row for row in rows(scene, ReaderRow) if row.sign_in_name == "j.okafor")
    assert (agent.failures, agent.locked_until is not None) == (CEILING, True)


def test_one_chain_is_written_from_two_desks(desks: Desks) -> None:
    """Two hosts' desks share the chain `desk`: their lines follow each other, and every one verifies."""
    scene, _, other = desks
    together([partial(each.sign_in, name) for each in (scene.desk, other) for name in ("j.okafor", "t.nguyen")])
    with scene.desk.books.store.reading() as connection:
        lines = connection.execute(select(func.count()).select_from(AuditRow)).scalar_one()
        assert connection.execute(select(func.max(AuditRow.sequence))).scalar_one() == lines
        gaps = [fault for fault in verify(connection, b"") if "missing" in fault.what]
    assert gaps == []
    assert len(rows(scene, SessionRow)) == 4


def test_an_answer_that_is_being_taken_up_has_left(desks: Desks) -> None:
    """A worker takes an answer up while its reader takes it back: the reader waits, and is told that it has left."""
    scene, elsewhere, _ = desks
    taken(scene, GENERAL)
    written = work.email_reply(works(scene), asked(scene, GENERAL), REACHABLE, "They are open.")
    assert isinstance(written, Done)
    up = update(JobRow).where(JobRow.kind == "dispatch", JobRow.taken == 0).values(taken=1)
    back = partial(undo, elsewhere, asked(scene, GENERAL), "take-back")
    answer = meanwhile(scene.desk.books.committer, lambda connection: connection.execute(up), back)
    assert answer == NotDone(reason="answer-left")
    assert [row.taken for row in rows(scene, JobRow) if row.kind == "dispatch"] == [1]
