"""The job that sends a written answer, up to the transport."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from records.blobs import CONTACT, insert_sealed
from records.commit import Change
from records.documents import Contact, to_bytes
from records.sealing import new_id, seal, wrap
from records.tables import AlarmRow, ResponseRow
from records.unsealing import PrivateKey, PrivateKeys
from records.values import State
from router.sending import Sending
from tests.router.builders import Desk, a_desk

GENERAL = {"category": "general", "channel_allowed": "email", "data_classes": []}


@dataclass
class Letterbox:
    """A transport that keeps what it is given."""

    names: list[str] = field(default_factory=list)

    def send(self, sender: str, recipient: str, message: bytes, name: str) -> None:
        """Keep the name."""
        del sender, recipient, message
        self.names.append(name)


@dataclass
class Post:
    """A desk, its sending jobs, and what has left."""

    desk: Desk
    key: PrivateKey
    sending: Sending
    letterbox: Letterbox

    def answer(self, **columns: Any) -> str:
        """Write an answer to an inquiry with these columns; give the response's id."""
        inquiry = self.desk.add_inquiry(**(GENERAL | columns))
        contact, text = (
            seal(body, inquiry_id=inquiry.id, part=part)
            for body, part in (
                (to_bytes(Contact(address="bounces@example.org", answer_to="maria@example.org")), CONTACT),
                (b"At nine.", "response"),
            )
        )
        for sealed in (contact, text):
            apply = partial(insert_sealed, sealed=sealed, now=self.desk.clock())
            wrapped = wrap(sealed.content_key, self.key.public(), sealed.place)
            self.desk.books.committer.commit(Change(apply=apply, wraps=(wrapped,)))
        row: dict[str, object] = {"id": new_id(), "inquiry_id": inquiry.id, "kind": "email"}
        row |= {"state": "waiting", "made_by": "reader", "made_at": self.desk.clock(), "blob_id": text.place.blob_id}
        self.desk.commit(lambda connection: connection.execute(insert(ResponseRow), [row]))
        return str(row["id"])

    def states(self) -> list[str]:
        """Give how the answers stand."""
        with self.desk.books.store.reading() as connection:
            return list(connection.scalars(select(ResponseRow.state)))

    def alarms(self) -> list[str]:
        """Give the kinds of the alarms."""
        with self.desk.books.store.reading() as connection:
            return list(connection.scalars(select(AlarmRow.kind)))


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    key, letterbox = PrivateKey.generate("dispatch"), Letterbox()
    with a_desk(tmp_path) as desk:
        sending = Sending(
            stores=desk.stores,
            committer=desk.books.committer,
            private=PrivateKeys([key]),
            digests=desk.books.digests,
            transport=letterbox,
            clock=desk.clock,
            agency="Department of Employment",
            telephone="",
            from_address="inquiries@example.test",
            own_addresses=frozenset(),
        )
        yield Post(desk, key, sending, letterbox)


def test_an_answer_leaves_once_and_answers(post: Post) -> None:
    """What was written to a general question leaves, and the inquiry is answered."""
    response_id = post.answer()
    post.desk.books.committer.commit(post.sending.reply(response_id))
    post.desk.books.committer.commit(post.sending.reply(response_id))
    assert post.letterbox.names == [f"reply-{response_id}"]
    assert post.states() == ["sent"]


@pytest.mark.parametrize("state", [State.HELD, State.CLOSED, State.ANSWERED])
def test_an_answer_stays_when_its_inquiry_was_held_or_ended(post: Post, state: State) -> None:
    """Held, closed or answered otherwise before it leaves: the answer stays here, and somebody is told."""
    response_id = post.answer(state=state.value)
    post.desk.books.committer.commit(post.sending.reply(response_id))
    assert post.letterbox.names == []
    assert (post.states(), post.alarms()) == (["failed"], ["reply-stopped"])
