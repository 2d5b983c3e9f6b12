"""Use cases: answers, in the channel that the class allows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from records.tables import CallAttemptRow, JobRow, ResponseRow
from records.values import State
from router import work
from router.work import Done, NotDone
from router.work.answers import OUTCOMES
from tests.router.scene import CASE, GENERAL, REACHABLE, Scene, a_scene, asked, rows, taken, works
from tests.servers.postgres import Databases


@pytest.fixture
def scene(tmp_path: Path, databases: Databases) -> Iterator[Scene]:
    with a_scene(tmp_path, databases) as made:
        yield made


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_only_a_call_that_reached_somebody_answers(scene: Scene, outcome: str) -> None:
    """Every attempt is kept; the inquiry is answered by the one that reached the person."""
    taken(scene, CASE)
    assert isinstance(work.record_call(works(scene), asked(scene, CASE), outcome), Done)
    assert [row.outcome for row in rows(scene, CallAttemptRow)] == [outcome]
    answered = scene.desk.find(CASE).state is State.ANSWERED
    assert answered == (outcome == "reached")
    assert len(rows(scene, ResponseRow)) == answered


def test_only_the_assigned_reader_answers(scene: Scene) -> None:
    """Call, letter and e-mail are for the one who has taken it."""
    taken(scene, CASE, "colleague")
    assert work.record_call(works(scene), asked(scene, CASE), "reached") == NotDone(reason="not-yours")
    assert work.letter_sent(works(scene), asked(scene, CASE)) == NotDone(reason="not-yours")
    reply = work.email_reply(works(scene), asked(scene, GENERAL), REACHABLE, "We open at nine.")
    assert reply == NotDone(reason="not-yours")


def test_a_letter_answers(scene: Scene) -> None:
    """A letter that has gone answers the inquiry."""
    taken(scene, CASE)
    assert isinstance(work.letter_sent(works(scene), asked(scene, CASE)), Done)
    assert scene.desk.find(CASE).state is State.ANSWERED


def test_a_case_gets_no_email(scene: Scene) -> None:
    """No e-mail answer to a case is written, sealed or queued, whoever asks for it (policy: A3)."""
    taken(scene, CASE)
    assert work.email_reply(works(scene), asked(scene, CASE), REACHABLE, "Dear you.") == NotDone(reason="no-email")
    assert scene.sealing.written == []
    assert rows(scene, ResponseRow) == []
    assert rows(scene, JobRow) == []


def test_a_general_question_is_answered_by_email(scene: Scene) -> None:
    """The answer is sealed, its row waits, and its job is not ready for ten seconds."""
    taken(scene, GENERAL)
    done = work.email_reply(works(scene), asked(scene, GENERAL), REACHABLE, "We open at nine.")
    (response,) = rows(scene, ResponseRow)
    (job,) = rows(scene, JobRow)
    assert isinstance(done, Done)
    assert (response.id, response.kind, response.state) == (done.made, "email", "waiting")
    assert (job.kind, job.subject_id) == ("dispatch", response.id)
    assert job.not_before == scene.desk.clock() + timedelta(seconds=10)
    assert scene.sealing.written == [("response", scene.desk.find(GENERAL).id, "We open at nine.")]


def test_an_answer_is_not_written_twice(scene: Scene) -> None:
    """While one answer waits, a second is refused."""
    taken(scene, GENERAL)
    work.email_reply(works(scene), asked(scene, GENERAL), REACHABLE, "We open at nine.")
    again = work.email_reply(works(scene), asked(scene, GENERAL), REACHABLE, "We open at nine.")
    assert again == NotDone(reason="answer-waiting")


@pytest.mark.parametrize("text", ["Your number 078-05-1120 is on file.", "SSN: 078 05 1120", "   "])
def test_an_answer_with_a_number_does_not_leave(scene: Scene, text: str) -> None:
    """An outgoing text in which an identifier is found, or nothing at all, is refused before it is sealed."""
    taken(scene, GENERAL)
    assert isinstance(work.email_reply(works(scene), asked(scene, GENERAL), REACHABLE, text), NotDone)
    assert scene.sealing.written == []


def test_an_answer_is_taken_back_until_a_worker_has_it(scene: Scene) -> None:
    """Within ten seconds the answer can be taken back; one that was taken up has left."""
    taken(scene, GENERAL)
    work.email_reply(works(scene), asked(scene, GENERAL), REACHABLE, "We open at nine.")
    assert isinstance(work.undo(works(scene), asked(scene, GENERAL), "take-back"), Done)
    assert rows(scene, JobRow) == rows(scene, ResponseRow) == []
    work.email_reply(works(scene), asked(scene, GENERAL), REACHABLE, "We open at nine.")
    scene.desk.commit(lambda c: c.execute(update(JobRow).values(taken=1)).rowcount)
    assert work.undo(works(scene), asked(scene, GENERAL), "take-back") == NotDone(reason="answer-left")
