"""Use cases: what a reader does to an inquiry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from records.commit import Change
from records.tables import ApprovalRow, InquiryRow, JobRow, ReaderRow, ResponseRow
from records.values import Category, ChannelAllowed, State
from router import work
from router.opening import OriginalText
from router.work import Asked, Done, NotDone, Work
from router.work.ending import CLOSE_REASONS, HOLD_REASONS
from router.work.originals import GROUNDS
from tests.router.fakes import FakeSealing
from tests.router.scene import CASE, ELSEWHERE, GENERAL, HELD, REACHABLE, Scene, a_scene, asked, rows, taken, works
from tests.servers.postgres import Databases


@pytest.fixture
def scene(tmp_path: Path, databases: Databases) -> Iterator[Scene]:
    with a_scene(tmp_path, databases) as made:
        yield made


def test_taking_gives_it_to_the_one_who_asks(scene: Scene) -> None:
    """Taken: assigned, one version on, one audit line in the same commit, and a way back."""
    before = scene.desk.find(CASE)
    done = work.take(works(scene), asked(scene, CASE))
    after = scene.desk.find(CASE)
    assert done == Done(act="taken", version=before.version + 1, undo="give-back")
    assert (after.state, after.assigned_to) == (State.ASSIGNED, scene.people["agent"])
    assert scene.desk.audit()[-1][:3] == ("taken", scene.people["agent"], CASE)


def test_only_one_person_takes_an_inquiry(scene: Scene) -> None:
    """Of two who take the same inquiry, the second is told that a colleague has it."""
    first, second = asked(scene, CASE), asked(scene, CASE, "colleague")
    assert isinstance(work.take(works(scene), first), Done)
    assert work.take(works(scene), second) == NotDone(reason="changed")
    assert work.take(works(scene), asked(scene, CASE, "colleague")) == NotDone(reason="taken")


def test_giving_back_is_for_the_one_who_has_it(scene: Scene) -> None:
    """One's own goes back to the queue; somebody else's does not move."""
    taken(scene, CASE)
    assert work.give_back(works(scene), asked(scene, CASE, "colleague")) == NotDone(reason="not-yours")
    assert isinstance(work.give_back(works(scene), asked(scene, CASE)), Done)
    assert scene.desk.find(CASE).state is State.ROUTED


ACTS: dict[str, Callable[[Work, Asked], Any]] = {
    "take": work.take,
    "give_back": work.give_back,
    "decide": lambda w, a: work.decide(w, a, "general"),
    "send_to_unit": lambda w, a: work.send_to_unit(w, a, "appeals"),
    "hold": lambda w, a: work.hold(w, a, "missed-identifier"),
    "close": lambda w, a: work.close(w, a, "answered"),
    "record_call": lambda w, a: work.record_call(w, a, "reached"),
    "letter_sent": work.letter_sent,
    "email_reply": lambda w, a: work.email_reply(w, a, REACHABLE, "We open at nine."),
    "retry_held": work.retry_held,
    "release_held": lambda w, a: work.release_held(w, a, "Something readable."),
    "ask_to_send_again": lambda w, a: work.ask_to_send_again(w, a, "letter"),
    "request_original": lambda w, a: work.request_original(w, a, "harm"),
    "approve_original": lambda w, a: work.approve_original(w, a, "0" * 32),
    "show_original": lambda w, a: work.show_original(w, a, "0" * 32),
    "undo": lambda w, a: work.undo(w, a, "take"),
}


@pytest.mark.parametrize("reference", [ELSEWHERE, HELD, "INQ-ZZZZ-ZZZZ"])
def test_what_is_not_listed_is_not_there(scene: Scene, reference: str) -> None:
    """Every act on an inquiry out of scope answers as if it did not exist, and changes nothing (policy: A8)."""
    asking = replace(asked(scene, CASE), reference=reference, version=0)
    before = scene.desk.audit_kinds()
    for name, act in ACTS.items():
        assert act(works(scene), asking) == NotDone(reason="not-there"), name
    assert scene.sealing.written == []
    assert scene.desk.audit_kinds() == before


@pytest.mark.parametrize("name", sorted(set(ACTS) - {"approve_original", "show_original", "email_reply"}))
def test_an_old_page_changes_nothing(scene: Scene, name: str) -> None:
    """An act from a page that shows an older version is not done."""
    reference, who = (HELD, "a.silva") if "held" in name or name == "ask_to_send_again" else (CASE, "agent")
    if name in {"record_call", "letter_sent"}:
        taken(scene, CASE)
    stale = replace(asked(scene, reference, who), version=99)
    assert ACTS[name](works(scene), stale) == NotDone(reason="changed")


@pytest.mark.parametrize("change", [{"form_signed_on": None}, {"trained_on": None}, {"is_active": False}])
def test_who_lost_their_standing_does_nothing(scene: Scene, change: dict[str, Any]) -> None:
    """Without a current form, training or an active account no act is possible (policy: B4, B6)."""
    asking = asked(scene, CASE)
    columns = update(ReaderRow).where(ReaderRow.id == asking.reader.id).values(**change)
    scene.desk.commit(lambda c: c.execute(columns).rowcount)
    asking = replace(asking, reader=scene.desk.reader(asking.reader.id))
    assert work.take(works(scene), asking) == NotDone(reason="not-there")


def test_a_conflict_does_not_work_on_it(scene: Scene) -> None:
    """A reader whose own or whose relative's inquiry it is, is refused (policy: B2)."""
    from sqlalchemy import insert

    from records.tables import ConflictRow

    scene.desk.add_inquiry(number=50, contact=b"c" * 32)
    conflict = {"reader_id": scene.people["agent"], "digest": b"c" * 32}
    scene.desk.commit(lambda c: c.execute(insert(ConflictRow), [conflict]).rowcount)
    reference = next(row.reference for row in rows(scene, InquiryRow) if row.id == f"{50:032x}")
    assert work.take(works(scene), asked(scene, reference)) == NotDone(reason="conflict")


@pytest.mark.parametrize("typed", ["case", "", "General", "both", "general "])
def test_in_doubt_it_is_a_case(scene: Scene, typed: str) -> None:
    """Only the one word opens e-mail; whatever else is said makes it a case (policy: A3)."""
    assert isinstance(work.decide(works(scene), asked(scene, GENERAL), typed), Done)
    found = scene.desk.find(GENERAL)
    assert (found.category, found.channel_allowed) == (Category.CASE, ChannelAllowed.PHONE_OR_MAIL)


def test_a_decision_is_undone_with_its_channel(scene: Scene) -> None:
    """Undoing a class brings the channel back with it."""
    done = work.decide(works(scene), asked(scene, CASE), "general")
    assert isinstance(done, Done)
    assert scene.desk.find(CASE).channel_allowed is ChannelAllowed.EMAIL
    assert isinstance(work.undo(works(scene), asked(scene, CASE), done.undo), Done)
    assert scene.desk.find(CASE).channel_allowed is ChannelAllowed.PHONE_OR_MAIL
    assert scene.desk.audit_kinds().count("decided") == 2


def test_sending_to_a_unit_goes_through_the_unsealer(scene: Scene) -> None:
    """A known unit is asked of the unsealer; one's own and an unknown one are not."""
    assert work.send_to_unit(works(scene), asked(scene, CASE), "nowhere") == NotDone(reason="no-such-unit")
    assert work.send_to_unit(works(scene), asked(scene, CASE), "benefit-claims") == NotDone(reason="same-unit")
    assert work.send_to_unit(works(scene), asked(scene, CASE), "appeals") == Done(act="sent-to-unit", made="appeals")
    assert scene.desk.find(CASE).unit == "appeals"
    scene.opening.is_away = True
    assert work.send_to_unit(works(scene), asked(scene, GENERAL), "appeals") == NotDone(reason="away")


@pytest.mark.parametrize("reason", [*HOLD_REASONS, "", "because"])
def test_holding_needs_a_reason_from_the_table(scene: Scene, reason: str) -> None:
    """A held inquiry carries a reason id; free text is not taken."""
    done = work.hold(works(scene), asked(scene, CASE), reason)
    found = scene.desk.find(CASE)
    if reason in HOLD_REASONS:
        assert (found.state, found.hold_reason) == (State.HELD, reason)
    else:
        assert done == NotDone(reason="no-reason")
        assert found.state is State.ROUTED


def test_a_held_one_is_read_again_from_the_start(scene: Scene) -> None:
    """Retry puts it back to received, with the job that admits it in the same commit."""
    assert isinstance(work.retry_held(works(scene), asked(scene, HELD, "a.silva")), Done)
    found = scene.desk.find(HELD)
    assert (found.state, found.hold_reason) == (State.RECEIVED, None)
    assert [(job.kind, job.subject_id) for job in rows(scene, JobRow)] == [("admit", found.id)]


@pytest.mark.parametrize("state", [State.ROUTED, State.ASSIGNED])
def test_what_no_worker_can_open_is_not_tried_again(scene: Scene, state: State) -> None:
    """Held after it was routed, an inquiry has nothing that a job could open: a retry is refused, not left to fail."""
    if state is State.ASSIGNED:
        taken(scene, CASE)
    work.hold(works(scene), asked(scene, CASE), "missed-identifier")
    assert work.retry_held(works(scene), asked(scene, CASE, "a.silva")) == NotDone(reason="cannot-retry")
    assert rows(scene, JobRow) == []


def test_sorting_that_failed_is_tried_again(scene: Scene) -> None:
    """What was held at sorting goes back to admitted, with the job that sorts it."""
    scene.desk.add_inquiry(number=60, state="held", held_from="admitted", hold_reason="failed-triage", unit=None)
    reference = next(row.reference for row in rows(scene, InquiryRow) if row.id == f"{60:032x}")
    assert isinstance(work.retry_held(works(scene), asked(scene, reference, "a.silva")), Done)
    assert scene.desk.find(reference).state is State.ADMITTED
    assert [job.kind for job in rows(scene, JobRow)] == ["triage"]


def test_a_held_one_is_released_with_a_text_made_by_hand(scene: Scene) -> None:
    """Release seals the typed text in place of the old, and sorts the inquiry on it."""
    done = work.release_held(works(scene), asked(scene, HELD, "a.silva"), "She asks when her claim is paid.")
    found = scene.desk.find(HELD)
    assert isinstance(done, Done)
    assert found.state is State.ADMITTED
    assert scene.sealing.written == [("redacted", found.id, "She asks when her claim is paid.")]
    assert [job.kind for job in rows(scene, JobRow)] == ["triage"]


@pytest.mark.parametrize("text", ["", "  \n", "Her number is 078-05-1120."])
def test_a_released_text_holds_words_and_no_number(scene: Scene, text: str) -> None:
    """A hand-made redaction that is empty, or still holds an SSN, releases nothing."""
    assert isinstance(work.release_held(works(scene), asked(scene, HELD, "a.silva"), text), NotDone)
    assert scene.desk.find(HELD).state is State.HELD
    assert scene.sealing.written == []


def test_nobody_acts_on_a_held_inquiry_of_their_own(scene: Scene) -> None:
    """A held inquiry that is the reader's own, or a relative's, is released, tried again and closed by others."""
    from sqlalchemy import insert

    from records.tables import ConflictRow, ContactRow

    found = scene.desk.find(HELD)
    own = b"d" * 32
    supervisor = asked(scene, HELD, "a.silva").reader.id
    scene.desk.commit(lambda c: c.execute(insert(ContactRow), [{"inquiry_id": found.id, "digest": own}]))
    scene.desk.commit(lambda c: c.execute(insert(ConflictRow), [{"reader_id": supervisor, "digest": own}]))
    acts = (
        lambda: work.release_held(works(scene), asked(scene, HELD, "a.silva"), "Where is your office?"),
        lambda: work.retry_held(works(scene), asked(scene, HELD, "a.silva")),
        lambda: work.close(works(scene), asked(scene, HELD, "a.silva"), "no-answer-needed"),
    )
    assert [act() for act in acts] == [NotDone(reason="conflict")] * 3
    assert scene.desk.find(HELD).state is State.HELD


def test_a_refused_release_drops_nothing(scene: Scene) -> None:
    """When a release is refused in its commit, the wraps of the old text stay: the change is rolled back."""

    class Dropping(FakeSealing):
        def replace_redacted(self, inquiry_id: str, text: str) -> Change:
            del inquiry_id, text
            return Change(apply=lambda _: "", drops=(("f" * 32, None),))

    from sqlalchemy import insert

    from records.tables import WrapRow

    old = {"blob_id": "f" * 32, "compartment": "triage", "key_id": "k", "suite": 1, "sealed": b"x"}
    with scene.desk.stores.keys.writing() as connection:
        connection.execute(insert(WrapRow), [old | {"made_at": scene.desk.clock()}])
    scene.sealing = Dropping()
    stale = replace(asked(scene, HELD, "a.silva"), version=99)
    assert work.release_held(works(scene), stale, "Some words.") == NotDone(reason="changed")
    with scene.desk.stores.keys.reading() as connection:
        assert connection.execute(select(WrapRow.blob_id)).scalar_one() == "f" * 32


def test_asking_to_send_again_closes_with_a_response(scene: Scene) -> None:
    """A held inquiry whose sender was asked by letter or call is closed, and the asking is on record."""
    assert isinstance(work.ask_to_send_again(works(scene), asked(scene, HELD, "a.silva"), "call"), Done)
    assert scene.desk.find(HELD).state is State.CLOSED
    assert [row.kind for row in rows(scene, ResponseRow)] == ["call"]


@pytest.mark.parametrize("reason", [*CLOSE_REASONS, "", "because"])
def test_closing_needs_a_reason_from_the_table(scene: Scene, reason: str) -> None:
    """A closed inquiry has a reason on record; there is no way back, and none is offered."""
    done = work.close(works(scene), asked(scene, CASE), reason)
    assert (scene.desk.find(CASE).state is State.CLOSED) == (reason in CLOSE_REASONS)
    assert not (isinstance(done, Done) and done.undo)


def test_an_original_takes_a_second_person(scene: Scene) -> None:
    """One supervisor asks with a ground, another approves for fifteen minutes; nobody approves their own."""
    done = work.request_original(works(scene), asked(scene, HELD, "a.silva"), "not-scanned")
    assert isinstance(done, Done)
    own = work.approve_original(works(scene), asked(scene, HELD, "a.silva"), done.made)
    assert own == NotDone(reason="same-person")
    assert isinstance(work.approve_original(works(scene), asked(scene, HELD, "r.chen"), done.made), Done)
    (row,) = rows(scene, ApprovalRow)
    assert (row.asked_by, row.approved_by) == (scene.people["a.silva"], scene.people["r.chen"])
    assert row.expires_at == scene.desk.clock() + timedelta(minutes=15)
    again = work.approve_original(works(scene), asked(scene, HELD, "r.chen"), done.made)
    assert again == NotDone(reason="no-request")
    assert [kind for kind in scene.desk.audit_kinds() if kind.startswith("original")] == [
        "original-asked",
        "original-approved",
    ]


def test_an_agent_is_no_second_person(scene: Scene) -> None:
    """An agent cannot approve a colleague's request (policy: B2)."""
    done = work.request_original(works(scene), asked(scene, CASE), "verify-identity")
    assert isinstance(done, Done)
    refused = work.approve_original(works(scene), asked(scene, CASE, "colleague"), done.made)
    assert refused == NotDone(reason="may-not-second")


def test_a_request_lasts_a_day(scene: Scene) -> None:
    """What nobody approved within a day is asked anew."""
    done = work.request_original(works(scene), asked(scene, HELD, "a.silva"), "not-scanned")
    assert isinstance(done, Done)
    scene.desk.clock.move(hours=24)
    late = work.approve_original(works(scene), asked(scene, HELD, "r.chen"), done.made)
    assert late == NotDone(reason="no-request")


@pytest.mark.parametrize("ground", ["", "curious"])
def test_an_original_needs_a_ground_from_the_table(scene: Scene, ground: str) -> None:
    """Without one of the grounds no request is written."""
    assert ground not in GROUNDS
    assert work.request_original(works(scene), asked(scene, CASE), ground) == NotDone(reason="no-ground")
    assert rows(scene, ApprovalRow) == []


def test_the_unsealer_opens_the_original(scene: Scene) -> None:
    """What it gives is passed on; what it refuses is refused."""
    refused = work.show_original(works(scene), asked(scene, HELD, "a.silva"), "a" * 32)
    assert refused == NotDone(reason="no-second-person")
    scene.opening.originals[HELD] = "Dear agency"
    opened = work.show_original(works(scene), asked(scene, HELD, "a.silva"), "a" * 32)
    assert opened == OriginalText(text="Dear agency", size=11)


def test_an_unknown_undo_is_refused(scene: Scene) -> None:
    """What has no way back is not undone."""
    assert work.undo(works(scene), asked(scene, CASE), "close") == NotDone(reason="no-undo")
