"""Taking back what can be taken back: a class, an assignment, an answer that has not left yet.

What the life cycle has no way back from (closed, answered, held) is not undone; its page asks before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import Connection, delete, select

from records.blobs import remove_blob
from records.tables import JobRow, ResponseRow
from records.values import InquiryFacts
from router.work.answers import WAITING
from router.work.asked import Asked, Done, NotDone, Work, may_answer, note, perform
from router.work.assignment import decide, give_back, take


def undo(work: Work, asked: Asked, act: str) -> Done | NotDone:
    """Take back an act, by the id that its `Done` gave."""
    taken_back = _WAYS.get(act)
    return taken_back(work, asked) if taken_back else NotDone(reason="no-undo")


def _take_back(work: Work, asked: Asked) -> Done | NotDone:
    """Take back an answer that waits. One that a worker has taken up is on its way.

    The blob goes here; its wraps open nothing any more, and the sweep of wraps without a blob drops them.
    """

    def act(connection: Connection, facts: InquiryFacts) -> Done | NotDone:
        row = connection.execute(
            select(ResponseRow.id, ResponseRow.blob_id, JobRow.id.label("job"))
            .join(JobRow, (JobRow.subject_id == ResponseRow.id) & (JobRow.kind == "dispatch"))
            .where(ResponseRow.inquiry_id == facts.id, ResponseRow.state == WAITING, JobRow.taken == 0)
            # A worker that takes it up in this moment has it: then it is taken, and not found here.
            .with_for_update(of=JobRow)
        ).one_or_none()
        if row is None:
            return NotDone(reason="answer-left")
        connection.execute(delete(JobRow).where(JobRow.id == row.job))
        connection.execute(delete(ResponseRow).where(ResponseRow.id == row.id))
        if row.blob_id:
            remove_blob(connection, row.blob_id)
        note(connection, work, asked, "answer-taken-back", {"response": row.id})
        return Done(act="taken-back", version=facts.version)

    return perform(work, asked, may_answer, act)


_WAYS: Mapping[str, Callable[[Work, Asked], Done | NotDone]] = {
    "take": take,
    "give-back": give_back,
    "decide-general": lambda work, asked: decide(work, asked, "general"),
    "decide-case": lambda work, asked: decide(work, asked, "case"),
    "take-back": _take_back,
}
