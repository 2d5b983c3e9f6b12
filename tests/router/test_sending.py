"""The job that sends a written answer, up to the transport."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from records.blobs import CONTACT, insert_sealed
from records.commit import Change
from records.documents import Contact, to_bytes
from records.sealing import new_id, seal, wrap
from records.tables import AcknowledgedRow, AlarmRow, InquiryRow, ResponseRow
from records.unsealing import PrivateKey, PrivateKeys
from records.values import State
from router.acknowledgement import MOST_TO_SENDER
from router.sending import Sending
from tests.records.builders import digest_keys
from tests.router.builders import Desk, a_desk
from tests.servers.postgres import Databases
from tests.servers.together import together

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

    def form_post(self, number: int, address: str) -> str:
        """Add an inquiry that came by the form from an address; give its id."""
        inquiry = self.desk.add_inquiry(number=number, channel="form", acknowledged="no")
        contact = seal(to_bytes(Contact(address=address, answer_to=address)), inquiry_id=inquiry.id, part=CONTACT)
        wrapped = wrap(contact.content_key, self.key.public(), contact.place)
        apply = partial(insert_sealed, sealed=contact, now=self.desk.clock())
        self.desk.books.committer.commit(Change(apply=apply, wraps=(wrapped,)))
        return inquiry.id

    def states(self) -> list[str]:
        """Give how the answers stand."""
        with self.desk.books.store.reading() as connection:
            return list(connection.scalars(select(ResponseRow.state)))

    def alarms(self) -> list[str]:
        """Give the kinds of the alarms."""
        with self.desk.books.store.reading() as connection:
            return list(connection.scalars(select(AlarmRow.kind)))


@pytest.fixture
def post(tmp_path: Path, databases: Databases) -> Iterator[Post]:
    key, letterbox = PrivateKey.generate("dispatch"), Letterbox()
    with a_desk(tmp_path, databases) as desk:
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


def test_two_workers_keep_one_ceiling(post: Post, tmp_path: Path, databases: Databases) -> None:
    """Of many mails of one sender that two hosts take up at once, no more are acknowledged than of one host's."""
    inquiries = [post.form_post(number, "maria@example.org") for number in range(1, MOST_TO_SENDER + 6)]
    sending = replace(post.sending, digests=digest_keys())
    with a_desk(tmp_path, databases) as other:
        elsewhere = replace(sending, stores=other.stores, committer=other.books.committer)
        both = itertools.cycle((sending, elsewhere))
        changes = together([partial(next(both).acknowledge, inquiry) for inquiry in inquiries])
    for change in changes:
        post.desk.books.committer.commit(change)
    assert len(post.letterbox.names) == MOST_TO_SENDER
    with post.desk.books.store.reading() as connection:
        told = list(connection.scalars(select(InquiryRow.acknowledged)))
        assert connection.execute(select(func.max(AcknowledgedRow.count))).scalar_one() == MOST_TO_SENDER
    assert (told.count("sent"), sum(each.startswith("silent:") for each in told)) == (MOST_TO_SENDER, 5)
