import socket
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from records.audit import Chain
from records.blobs import ORIGINAL, PREVIEW, REDACTED, insert_sealed
from records.commit import Change
from records.documents import to_bytes
from records.originals import seal_envelope
from records.sealing import new_id, seal, wrap
from records.tables import ApprovalRow, DisclosureRow, ReaderRow, SessionRow
from records.unsealing import PrivateKey, PrivateKeys
from records.values import (
    Channel,
    Envelope,
    InquiryFacts,
    Preview,
    Purpose,
    RedactedInquiry,
    RedactedPart,
    Role,
    State,
)
from router.accounts import sign_out
from router.opening import NotOpened, OriginalText
from router.unsealer import Unsealer, UnsealerClient, UnsealerServer
from router.unsealer.frames import address, receive, send
from router.unsealer.rules import Holding
from tests.router.builders import Desk, a_desk, grant
from tests.servers.postgres import Databases
from tests.servers.together import together

TEXT = "My claim was denied, [SSN 1]."
RAW = b"Subject: x\r\n\r\nMy number is 512-37-4096 \x1b[31m\xe2\x80\xae\r\n"


@dataclass
class House:
    """A desk with a real unsealer behind a real socket."""

    desk: Desk
    keys: dict[str, PrivateKey]
    client: UnsealerClient
    path: Path
    chain: Chain
    holding: Holding
    server: UnsealerServer

    def sealed_inquiry(self, **columns: Any) -> InquiryFacts:
        """Add an inquiry whose texts are sealed as triage seals them."""
        inquiry = self.desk.add_inquiry(**columns)
        unit = f"unit/{inquiry.unit}" if inquiry.unit else "triage"
        document = RedactedInquiry(subject="Denied", parts=(RedactedPart(label="message", text=TEXT),))
        preview = Preview(sender="maria@example.org", subject="Denied", first_sentence="My claim was denied.")
        original = RAW + seal_envelope(Envelope(channel=Channel.EMAIL, mailboxes=("a@b.test",)))
        texts = (
            (to_bytes(document), REDACTED, unit),
            (to_bytes(preview), PREVIEW, unit),
            (original, ORIGINAL, "custodian"),
        )
        for plaintext, part, compartment in texts:
            sealed = seal(plaintext, inquiry_id=inquiry.id, part=part)
            wrapped = wrap(sealed.content_key, self.keys[compartment].public(), sealed.place)
            apply = partial(insert_sealed, sealed=sealed, now=self.desk.clock())
            self.desk.books.committer.commit(Change(apply=apply, wraps=(wrapped,)))
        return inquiry

    def approval(self, inquiry: InquiryFacts, asked_by: str, approved_by: str | None) -> str:
        """Write an approval down; give its id."""
        approval_id = new_id()
        row = {
            "id": approval_id,
            "inquiry_id": inquiry.id,
            "asked_by": asked_by,
            "ground": "scan-faulty",
            "asked_at": self.desk.clock(),
            "approved_by": approved_by,
            "approved_at": self.desk.clock(),
            "expires_at": self.desk.clock() + timedelta(hours=1),
        }
        self.desk.commit(lambda c: c.execute(insert(ApprovalRow), [row]))
        return approval_id

    def lines(self) -> list[tuple[str, str, str, Mapping[str, Any]]]:
        """Give the lines of the unsealer's own chain."""
        return [line for line in self.desk.audit() if line[0] in {"opened", "refused", "previews", "sent-to-unit"}]

    def disclosures(self) -> list[tuple[str, bool, str | None]]:
        """Give what was disclosed or refused, in order."""
        with self.desk.books.store.reading() as connection:
            asked = select(DisclosureRow.part, DisclosureRow.is_granted, DisclosureRow.reason)
            return [(part, is_granted, reason) for part, is_granted, reason in connection.execute(asked)]


@pytest.fixture
def house(tmp_path, databases) -> Iterator[House]:
    units = ("benefit-claims", "appeals")
    names = ("triage", "custodian", *(f"unit/{unit}" for unit in units))
    keys = {name: PrivateKey.generate(name) for name in names}
    with a_desk(tmp_path, databases) as desk:
        chain = Chain("unsealer", b"u" * 32)
        held = [key for name, key in keys.items() if name != "triage"]
        holding = Holding(
            stores=desk.stores,
            committer=desk.books.committer,
            private=PrivateKeys(held),
            public={name: key.public() for name, key in keys.items() if name.startswith("unit/")},
            digests=desk.books.digests,
            chain=chain,
            clock=desk.clock,
        )
        path = tmp_path / "unsealer.sock"
        server = UnsealerServer(Unsealer(holding), path)
        server.start()
        yield House(desk, keys, UnsealerClient(path), path, chain, holding, server)
        server.stop()


def test_what_is_opened_was_written_down_first(house) -> None:
    """An opening gives the text and leaves a disclosure and an audit line that name reader, inquiry and purpose."""
    reader, inquiry = house.desk.add_reader(), house.sealed_inquiry()
    opened = house.client.open(house.desk.sign_in(), inquiry.reference, Purpose.TRIAGE)
    assert isinstance(opened, RedactedInquiry)
    assert opened.parts[0].text == TEXT
    assert house.disclosures() == [("redacted", True, None)]
    kind, actor, reference, detail = house.lines()[-1]
    assert (kind, actor, reference, detail["purpose"]) == ("opened", reader, inquiry.reference, "triage")


def test_no_audit_line_no_text(house) -> None:
    """When the log cannot be written, nothing is opened."""
    house.desk.add_reader()
    inquiry, session = house.sealed_inquiry(), house.desk.sign_in()
    house.desk.commit(lambda c: c.exec_driver_sql("DROP TABLE disclosure"))
    assert house.client.open(session, inquiry.reference, Purpose.TRIAGE) == NotOpened(reason="failed")


def test_a_revoked_session_gets_nothing(house) -> None:
    """A desk that goes on asking with a session that was ended hears nothing, not even what is there."""
    house.desk.add_reader()
    inquiry, session = house.sealed_inquiry(), house.desk.sign_in()
    assert house.client.previews(session, [inquiry.reference])
    sign_out(house.desk.books, session, house.desk.clock())
    assert house.client.open(session, inquiry.reference, Purpose.TRIAGE) == NotOpened(reason="session")
    assert house.client.previews(session, [inquiry.reference]) == {}
    assert house.client.original(session, inquiry.reference, "x") == NotOpened(reason="session")
    assert house.client.move(session, inquiry.reference, "appeals") == NotOpened(reason="session")


@pytest.mark.parametrize("token", ["", "x", "0" * 5000, "é\ud800"])
def test_a_made_up_session_gets_nothing(house, token: str) -> None:
    """Whatever is sent as a session, only a live one counts."""
    inquiry = house.sealed_inquiry()
    assert house.client.open(token, inquiry.reference, Purpose.TRIAGE) == NotOpened(reason="session")


def test_a_separated_readers_session_ends_at_once(house) -> None:
    """The moment a reader is separated, an open session opens nothing any more."""
    reader = house.desk.add_reader()
    inquiry, session = house.sealed_inquiry(), house.desk.sign_in()
    gone = update(ReaderRow).where(ReaderRow.id == reader).values(separated_at=house.desk.clock())
    house.desk.commit(lambda c: c.execute(gone))
    assert house.client.open(session, inquiry.reference, Purpose.TRIAGE) == NotOpened(reason="session")


def test_a_forged_session_of_another_desk_gets_nothing(house) -> None:
    """A session row under a digest that nobody's token has is never matched."""
    reader = house.desk.add_reader()
    inquiry = house.sealed_inquiry()
    row = {
        "token_digest": b"0" * 32,
        "reader_id": reader,
        "created_at": house.desk.clock(),
        "seen_at": house.desk.clock(),
    }
    house.desk.commit(lambda c: c.execute(insert(SessionRow), [row]))
    assert isinstance(house.client.open("0" * 32, inquiry.reference, Purpose.TRIAGE), NotOpened)


def test_a_refusal_is_on_record(house) -> None:
    """A reader without a grant for the unit is refused, and the attempt is written down with its reason."""
    house.desk.add_reader(grants=(grant("appeals"),))
    inquiry = house.sealed_inquiry()
    refused = house.client.open(house.desk.sign_in(), inquiry.reference, Purpose.TRIAGE)
    assert refused == NotOpened(reason="no-grant")
    assert house.disclosures() == [("redacted", False, "no-grant")]


def test_a_forbidden_purpose_is_refused_and_on_record(house) -> None:
    """Nobody opens an inquiry for a marketing list, whatever else they may (policy: B2)."""
    house.desk.add_reader()
    inquiry = house.sealed_inquiry()
    refused = house.client.open(house.desk.sign_in(), inquiry.reference, Purpose.MARKETING_LIST)
    assert refused == NotOpened(reason="forbidden-purpose")
    assert house.disclosures()[0][2] == "forbidden-purpose"


def test_a_page_of_previews_is_one_line(house) -> None:
    """Previews come for those inquiries only that may be sorted by this reader, with one audit line that names them."""
    house.desk.add_reader()
    mine = [house.sealed_inquiry(number=number) for number in range(3)]
    theirs = house.sealed_inquiry(number=9, unit="appeals")
    session = house.desk.sign_in()
    before = len(house.lines())
    found = house.client.previews(session, [inquiry.reference for inquiry in (*mine, theirs)])
    assert set(found) == {inquiry.reference for inquiry in mine}
    assert found[mine[0].reference].first_sentence == "My claim was denied."
    (line,) = house.lines()[before:]
    assert sorted(line[3]["references"]) == sorted(found)


def test_an_original_takes_a_second_person(house) -> None:
    """Alone, with oneself, with an approval for another inquiry, or with a lapsed one, an original stays shut."""
    first = house.desk.add_reader("first", role=Role.SUPERVISOR)
    second = house.desk.add_reader("second", role=Role.SUPERVISOR)
    inquiry, other = house.sealed_inquiry(number=1), house.sealed_inquiry(number=2)
    session = house.desk.sign_in("first")

    def reason(approval: str) -> str:
        answer = house.client.original(session, inquiry.reference, approval)
        assert isinstance(answer, NotOpened)
        return answer.reason

    assert reason("none") == "no-second-person"
    assert reason(house.approval(inquiry, first, None)) == "no-second-person"
    assert reason(house.approval(inquiry, first, first)) == "same-person"
    assert reason(house.approval(other, first, second)) == "no-second-person"
    assert reason(house.approval(inquiry, second, first)) == "no-second-person"
    lapsed = house.approval(inquiry, first, second)
    house.desk.clock.move(minutes=10)
    house.desk.clock.move(hours=1)
    assert house.client.original(session, inquiry.reference, lapsed) == NotOpened(reason="session")


def test_an_original_is_shown_as_inert_text(house) -> None:
    """With a second person it opens: exact size, no control characters, and what is found in it masked."""
    first = house.desk.add_reader("first", role=Role.SUPERVISOR)
    second = house.desk.add_reader("second", role=Role.SUPERVISOR)
    inquiry = house.sealed_inquiry()
    session = house.desk.sign_in("first")
    answer = house.client.original(session, inquiry.reference, house.approval(inquiry, first, second))
    assert isinstance(answer, OriginalText)
    assert answer.size == len(RAW)
    assert "512-37-4096" not in answer.text
    assert not any(character in answer.text for character in "\x1b\u202e")
    assert house.disclosures()[-1] == ("original", True, None)


def test_an_approval_opens_once(house) -> None:
    """An approval that was used opens nothing more, and the try is on record."""
    first = house.desk.add_reader("first", role=Role.SUPERVISOR)
    second = house.desk.add_reader("second", role=Role.SUPERVISOR)
    inquiry = house.sealed_inquiry()
    session, approval = house.desk.sign_in("first"), house.approval(inquiry, first, second)
    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(house.client.original, session, inquiry.reference, approval) for _ in range(8)]
    answers = [each.result() for each in asked]
    assert sum(isinstance(answer, OriginalText) for answer in answers) == 1
    assert answers.count(NotOpened(reason="approval-used")) == 7
    assert house.disclosures().count(("original", False, "approval-used")) == 7


@contextmanager
def unsealer_elsewhere(house: House, tmp_path: Path, databases: Databases) -> Iterator[Unsealer]:
    """Give another process's unsealer, on the same record."""
    with a_desk(tmp_path, databases) as desk:
        yield Unsealer(replace(house.holding, stores=desk.stores, committer=desk.books.committer))


def test_an_approval_opens_once_on_two_hosts(house, tmp_path, databases) -> None:
    """Two unsealers are asked with one approval at once: one opens, the other says that it was used."""
    first = house.desk.add_reader("first", role=Role.SUPERVISOR)
    second = house.desk.add_reader("second", role=Role.SUPERVISOR)
    inquiry = house.sealed_inquiry()
    approval = house.approval(inquiry, first, second)
    question = {"session": house.desk.sign_in("first"), "reference": inquiry.reference, "approval": approval}
    with unsealer_elsewhere(house, tmp_path, databases) as other:
        answers = together([partial(each.original, question) for each in (Unsealer(house.holding), other) * 2])
    assert sum("original" in answer for answer in answers) == 1
    assert answers.count({"refused": "approval-used"}) == 3


def test_an_inquiry_is_sent_to_a_unit_once(house, tmp_path, databases) -> None:
    """Two unsealers move one inquiry at once: it is moved once, and written down once."""
    house.desk.add_reader()
    inquiry = house.sealed_inquiry()
    question = {"session": house.desk.sign_in(), "reference": inquiry.reference, "unit": "appeals"}
    with unsealer_elsewhere(house, tmp_path, databases) as other:
        answers = together([partial(each.move, question) for each in (Unsealer(house.holding), other)])
    assert {"moved": True} in answers
    assert house.desk.find(inquiry.reference).unit == "appeals"
    assert house.desk.find(inquiry.reference).version == inquiry.version + 1
    assert [kind for kind, *_ in house.lines()].count("sent-to-unit") == 1


def test_a_held_inquiry_opens_for_nobody_alone(house) -> None:
    """What was not fully scanned shows no content, whoever asks."""
    house.desk.add_reader(role=Role.SUPERVISOR)
    inquiry = house.sealed_inquiry(state=State.HELD.value, hold_reason="unreadable")
    answer = house.client.open(house.desk.sign_in(), inquiry.reference, Purpose.TRIAGE)
    assert answer == NotOpened(reason="held")


def test_another_unit_opens_what_was_sent_to_it_and_the_first_no_more(house) -> None:
    """Sending to a unit seals anew: the new unit's readers open it, and the old unit's key fits nothing any more."""
    house.desk.add_reader("first")
    house.desk.add_reader("appeals", grants=(grant("appeals"),))
    inquiry = house.sealed_inquiry()
    assert house.client.move(house.desk.sign_in("first"), inquiry.reference, "appeals") is None
    moved = house.desk.find(inquiry.reference)
    assert (moved.unit, moved.state) == ("appeals", State.ROUTED)
    assert isinstance(house.client.open(house.desk.sign_in("first"), inquiry.reference, Purpose.TRIAGE), NotOpened)
    opened = house.client.open(house.desk.sign_in("appeals"), inquiry.reference, Purpose.TRIAGE)
    assert isinstance(opened, RedactedInquiry)


def test_an_unknown_unit_changes_nothing(house) -> None:
    """An inquiry is never sealed to a unit that has no key."""
    house.desk.add_reader()
    inquiry = house.sealed_inquiry()
    answer = house.client.move(house.desk.sign_in(), inquiry.reference, "nowhere")
    assert answer == NotOpened(reason="no-such-unit")
    assert house.desk.find(inquiry.reference).unit == "benefit-claims"


@pytest.mark.parametrize(
    "noise",
    [b"", b"\x00", b"\x00\x00\x00\x05hello", b"\xff\xff\xff\xff", b"\x00\x00\x00\x02[]", b"\x00\x00\x00\x02{}"],
)
def test_noise_on_the_socket_hurts_nobody(house, noise: bytes) -> None:
    """Whatever is sent to the socket, the next question is answered."""
    with socket.socket(socket.AF_UNIX) as connection, address(house.path) as name:
        connection.connect(name)
        connection.sendall(noise)
    house.desk.add_reader()
    inquiry = house.sealed_inquiry()
    assert isinstance(house.client.open(house.desk.sign_in(), inquiry.reference, Purpose.TRIAGE), RedactedInquiry)


def test_an_absent_unsealer_is_an_answer(tmp_path) -> None:
    """When nobody answers, the desk hears "away" and can say so calmly."""
    client = UnsealerClient(tmp_path / "nobody.sock")
    assert client.open("x", "INQ-AAAA-AAAA", Purpose.TRIAGE) == NotOpened(reason="away")
    assert client.previews("x", ["INQ-AAAA-AAAA"]) == {}


def test_a_socket_in_a_deep_folder_works(tmp_path) -> None:
    """A data folder with a long path is no obstacle, though a socket's address holds 108 bytes."""
    folder = tmp_path / ("deep " * 30).strip()
    folder.mkdir()
    path = folder / "unsealer.sock"
    with socket.socket(socket.AF_UNIX) as listener, address(path) as name:
        listener.bind(name)
        listener.listen()

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                assert receive(connection)
                send(connection, {"refused": "heard"})

        thread = threading.Thread(target=answer)
        thread.start()
        assert UnsealerClient(path).open("x", "y", Purpose.TRIAGE) == NotOpened(reason="heard")
        thread.join()


def test_an_unsealer_that_ends_late_leaves_the_next_ones_socket(house) -> None:
    """After a kill of the supervisor two may be there for a moment: the old one's end cuts nobody off."""
    following = UnsealerServer(Unsealer(house.holding), house.path)
    following.start()
    house.server.stop()
    house.desk.add_reader()
    reference = house.sealed_inquiry().reference
    assert isinstance(house.client.open(house.desk.sign_in(), reference, Purpose.TRIAGE), RedactedInquiry)
    following.stop()
    assert not house.path.exists()
