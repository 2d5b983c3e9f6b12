import contextlib
import secrets
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from intake.errors import OurFault, TryAgain
from records.blobs import ORIGINAL, place_of, sweep_uploads
from records.commit import Change, Committer
from records.errors import StoreUnavailable
from records.inquiries import find
from records.ledger import total
from records.originals import split_original
from records.settling import sweep_wraps
from records.store import Store, Stores
from records.tables import BlobRow, ChunkRow, DeliveryRow, InquiryRow, JobRow, SubmissionRow, WrapRow
from records.tallies import tallies
from records.unsealing import PrivateKeys, open_blob
from records.values import Channel, Envelope, State
from tests.records.builders import MAILBOX, TickingClock, accept_mail, acceptor, private_keys

MAIL = b"From: maria@example.org\r\nSubject: My claim\r\n\r\nIt was denied.\r\n"


def rows(stores: Stores, table: type) -> int:
    store = stores.keys if table is WrapRow else stores.record
    with store.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


@pytest.mark.parametrize("size", [0, 1, 65535, 65536, 65537, 300_000, 3_000_000])
def test_the_bytes_come_back_exactly(stores, committer, clock, size: int) -> None:
    """Whatever the size, the original that was accepted is the bytes that were sent."""
    keys = private_keys()
    raw = (MAIL * (size // len(MAIL) + 1))[:size]
    accepted = accept_mail(acceptor(committer, keys["intake"], clock), raw)
    with stores.record.reading() as connection:
        inquiry = find(connection, reference=accepted.reference)
        place = place_of(connection, inquiry.id, ORIGINAL)
    found, envelope = split_original(open_blob(stores, PrivateKeys([keys["intake"]]), place)[0])
    assert found == raw
    assert envelope["sender"] == "maria@example.org"
    assert inquiry.state is State.RECEIVED
    assert total(stores).is_even


def test_the_same_bytes_again_are_the_same_inquiry(stores, committer, clock) -> None:
    """A mail that is sent again after a lost reply is answered as before and stored once."""
    accept = acceptor(committer, private_keys()["intake"], clock)
    first, again = accept_mail(accept, MAIL), accept_mail(accept, MAIL)
    assert (first.reference, first.is_duplicate) == (again.reference, False)
    assert again.is_duplicate
    assert [rows(stores, table) for table in (SubmissionRow, InquiryRow, BlobRow, JobRow)] == [1, 1, 1, 1]


def test_the_same_bytes_to_another_mailbox_add_a_delivery(stores, committer, clock) -> None:
    """A mail to two of our addresses that comes in two transactions is one inquiry with two deliveries."""
    accept = acceptor(committer, private_keys()["intake"], clock)
    accept_mail(accept, MAIL, (MAILBOX,))
    accepted = accept_mail(accept, MAIL, (MAILBOX, "policy@example.test"))
    with stores.record.reading() as connection:
        assert find(connection, reference=accepted.reference).mailboxes == (MAILBOX, "policy@example.test")
    assert (rows(stores, InquiryRow), rows(stores, DeliveryRow)) == (1, 2)


def test_the_same_bytes_at_once_are_one_inquiry(stores, committer, clock) -> None:
    """Twenty copies in the same moment share a commit and are still one inquiry."""
    accept = acceptor(committer, private_keys()["intake"], clock)
    found = []
    threads = [threading.Thread(target=lambda: found.append(accept_mail(accept, MAIL))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({accepted.reference for accepted in found}) == 1
    assert sum(not accepted.is_duplicate for accepted in found) == 1
    assert rows(stores, InquiryRow) == 1


def test_a_form_token_is_the_identity_of_a_form_post(stores, committer, clock) -> None:
    """A form that is sent twice is one inquiry, whatever the browser changed in the bytes around it."""
    accept = acceptor(committer, private_keys()["intake"], clock)
    envelope = Envelope(channel=Channel.FORM, mailboxes=(MAILBOX,), idempotency_key=b"token-1", access_code="ABCD EFGH")
    found = []
    for raw in (b"boundary-1", b"boundary-2"):
        upload = accept.begin(Channel.FORM)
        upload.write(raw)
        found.append(upload.finish(envelope).result())
    assert found[0].reference == found[1].reference
    assert rows(stores, InquiryRow) == 1


def test_the_access_code_is_kept_as_a_keyed_digest_only(committer, clock, on_disk) -> None:
    """Nobody who reads the databases learns an access code."""
    accept = acceptor(committer, private_keys()["intake"], clock)
    upload = accept.begin(Channel.FORM)
    upload.write(b"x")
    code = "H7PX 3NQT 9WKC 2M4A"
    upload.finish(Envelope(channel=Channel.FORM, mailboxes=(MAILBOX,), access_code=code)).result()
    kept = on_disk()
    assert code.encode() not in kept
    assert code.replace(" ", "").encode() not in kept


def test_nothing_of_a_mail_is_readable_in_any_file(committer, clock, on_disk) -> None:
    """Text, sender, recipients as written and greeting are in no file of either database, log included."""
    accept = acceptor(committer, private_keys()["intake"], clock)
    upload = accept.begin(Channel.EMAIL)
    upload.write(b"Subject: 123-45-6789\r\n\r\nplanted word zqxj\r\n")
    upload.finish(
        Envelope(
            channel=Channel.EMAIL,
            mailboxes=(MAILBOX,),
            sender="secret-sender@example.org",
            recipients=("inquiries+plantedtag@example.test",),
            greeting="planted-greeting",
        )
    ).result()
    kept = on_disk()
    assert MAILBOX.encode() in kept  # The search does find what is kept readable.
    for planted in (b"123-45-6789", b"zqxj", b"secret-sender", b"plantedtag", b"planted-greeting"):
        assert planted not in kept


def test_an_abandoned_upload_leaves_nothing(stores, committer, clock) -> None:
    """A connection lost half way through a large mail leaves neither bytes nor an inquiry."""
    upload = acceptor(committer, private_keys()["intake"], clock).begin(Channel.EMAIL)
    for _ in range(20):
        if waiting := upload.write(bytes(65536)):
            waiting.result()
    assert rows(stores, ChunkRow) > 0
    upload.abandon()
    upload.abandon()
    committer.commit(Change(apply=lambda _: None))
    assert [rows(stores, table) for table in (ChunkRow, BlobRow, InquiryRow)] == [0, 0, 0]


def test_a_finished_upload_cannot_be_abandoned(stores, committer, clock) -> None:
    """Abandoning after the commit takes nothing back: what was accepted stays."""
    upload = acceptor(committer, private_keys()["intake"], clock).begin(Channel.EMAIL)
    upload.write(MAIL)
    upload.finish(Envelope(channel=Channel.EMAIL, mailboxes=(MAILBOX,))).result()
    upload.abandon()
    committer.commit(Change(apply=lambda _: None))
    assert rows(stores, InquiryRow) == 1


def test_orphans_of_a_crash_are_swept(stores, committer, clock) -> None:
    """What a crash left of an upload goes after some hours; an upload under way, and every accepted one, stays."""
    accept = acceptor(committer, private_keys()["intake"], clock)
    accept_mail(accept, MAIL)
    started = accept.begin(Channel.EMAIL)
    for _ in range(6):
        if waiting := started.write(bytes(65536)):
            waiting.result()
    with stores.record.writing() as connection:
        assert sweep_uploads(connection, clock()) == 0
        assert sweep_uploads(connection, clock() + timedelta(hours=7)) == 1
    assert rows(stores, BlobRow) == 1


def test_wraps_without_a_blob_are_swept(stores, committer, clock) -> None:
    """The wrap of a duplicate, or of a crash between the two commits, is dropped; the others open on."""
    accept = acceptor(committer, private_keys()["intake"], clock)
    before = clock()
    accept_mail(accept, MAIL)
    accept_mail(accept, MAIL)
    assert rows(stores, WrapRow) == 2
    assert sweep_wraps(stores, before, clock()) == 1
    assert rows(stores, WrapRow) == 1
    assert total(stores).is_even


def test_one_bad_change_takes_no_neighbour_with_it(stores, committer, clock) -> None:
    """In a group, a member that fails is alone in it: its neighbours are durable."""
    accept = acceptor(committer, private_keys()["intake"], clock)
    gate = threading.Event()
    held = committer.submit(Change(apply=lambda _: gate.wait(10)))

    def breaks(_connection) -> None:
        raise ValueError

    uploads = [accept.begin(Channel.EMAIL) for _ in range(3)]
    for number, upload in enumerate(uploads):
        upload.write(MAIL + b"%d" % number)
    envelope = Envelope(channel=Channel.EMAIL, mailboxes=(MAILBOX,))
    good = [uploads[0].finish(envelope), uploads[1].finish(envelope)]
    bad = committer.submit(Change(apply=breaks))
    good.append(uploads[2].finish(envelope))
    gate.set()
    held.result(10)
    with pytest.raises(ValueError):
        bad.result(10)
    assert len({answer.result(10).reference for answer in good}) == 3
    assert total(stores).is_even


def test_a_store_that_fails_is_our_fault_and_tells_nothing(stores, committer, clock) -> None:
    """When the database does not take it, the sender hears 451 without a word of detail."""
    accept = acceptor(committer, private_keys()["intake"], clock)
    with stores.record.writing() as connection:
        connection.exec_driver_sql("DROP TABLE delivery")
    with pytest.raises(OurFault) as told:
        accept_mail(accept, MAIL)
    assert told.value.smtp_reply == "451 4.3.0 Please try again later"
    assert str(told.value) == "store"
    assert told.value.__cause__ is None


def test_a_full_gate_asks_to_come_again(committer, clock) -> None:
    """Backpressure is an answer that a mail server understands, before any byte is taken."""
    accept = acceptor(committer, private_keys()["intake"], clock)
    busy = type(accept)(committer, accept.key, accept.digests, accept.settings, clock, gate=lambda: "busy")
    with pytest.raises(TryAgain):
        busy.begin(Channel.EMAIL)


def test_counts_are_kept_with_each_change(stores, committer, clock) -> None:
    """The counts of the queue are right without ever being recounted."""
    accept = acceptor(committer, private_keys()["intake"], clock)
    for number in range(5):
        accept_mail(accept, MAIL + b"%d" % number)
    with stores.record.reading() as connection:
        assert tallies(connection) == {("received", "", ""): 5}


def test_a_committer_that_closes_commits_what_waits(stores, clock) -> None:
    """SIGTERM loses nothing: what was queued is durable before the thread ends."""
    committer = Committer(stores, TickingClock())
    accept = acceptor(committer, private_keys()["intake"], clock)
    upload = accept.begin(Channel.EMAIL)
    upload.write(MAIL)
    answer = upload.finish(Envelope(channel=Channel.EMAIL, mailboxes=(MAILBOX,)))
    committer.close()
    assert answer.result(0).reference
    assert rows(stores, InquiryRow) == 1


class LostAnswer:
    """A record whose next commit is durable, and is said not to be: a connection that was lost in COMMIT."""

    def __init__(self, store: Store) -> None:
        self._store, self.is_lost = store, True

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """Commit, and lose the answer."""
        with self._store.writing() as connection:
            yield connection
        if self.is_lost:
            self.is_lost = False
            raise StoreUnavailable("lost")


def test_a_commit_whose_answer_was_lost_keeps_the_original(stores, clock) -> None:
    """A group that was durable after all is tried again one by one: what is found then is one's own, and stays."""
    record: Any = LostAnswer(stores.record)
    committer = Committer(Stores(record, stores.keys), clock)
    accept = acceptor(committer, private_keys()["intake"], clock)
    uploads = [accept.begin(Channel.EMAIL) for _ in range(2)]
    answers = []
    begun, go_on = threading.Event(), threading.Event()
    record.is_lost = False

    def hold_up(_connection: Connection) -> None:
        begun.set()
        go_on.wait(10)

    waiting = committer.submit(Change(apply=hold_up))
    assert begun.wait(10)
    for number, upload in enumerate(uploads):
        upload.write(b"%d" % number)
        answers.append(upload.finish(Envelope(channel=Channel.EMAIL, mailboxes=(MAILBOX,))))
    waiting.add_done_callback(lambda _: setattr(record, "is_lost", True))
    go_on.set()
    assert [answer.result().is_duplicate for answer in answers] == [False, False]
    assert (rows(stores, InquiryRow), rows(stores, BlobRow)) == (2, 2)
    assert total(stores).is_even
    committer.close()


@pytest.mark.parametrize("more", [0, 8])
def test_an_upload_that_was_swept_is_not_accepted(stores, committer, clock, more: int) -> None:
    """When the clock jumps and the sweep takes the beginning of an upload, its sender is told to come again."""
    upload = acceptor(committer, private_keys()["intake"], clock).begin(Channel.EMAIL)
    waited = [upload.write(secrets.token_bytes(65536)) for _ in range(8)]
    assert [answer.result() for answer in waited if answer]
    with stores.record.writing() as connection:
        assert sweep_uploads(connection, clock() + timedelta(hours=7)) == 1
    answers: list[Any] = [upload.write(secrets.token_bytes(65536)) for _ in range(more)]
    answers = [*filter(None, answers), upload.finish(Envelope(channel=Channel.EMAIL, mailboxes=(MAILBOX,)))]
    assert all(isinstance(answer.exception(), OurFault) for answer in answers)
    assert [rows(stores, table) for table in (SubmissionRow, InquiryRow, BlobRow, ChunkRow)] == [0, 0, 0, 0]
    assert total(stores).is_even


def test_a_committer_that_was_closed_answers(stores, clock) -> None:
    """Who comes too late hears that at once, and does not wait for ever."""
    committer = Committer(stores, clock)
    committer.close()
    with pytest.raises(StoreUnavailable):
        committer.submit(Change(apply=lambda _: None)).result(5)


def test_the_committer_outlives_whatever_a_change_does(stores, clock) -> None:
    """Even an exit raised within a change is an answer to the one who waits; the next one is served."""
    committer = Committer(stores, clock)

    def leaves(_connection) -> None:
        raise SystemExit

    with pytest.raises(SystemExit):
        committer.submit(Change(apply=leaves)).result(5)
    assert committer.submit(Change(apply=lambda _: "served")).result(5) == "served"
    committer.close()
