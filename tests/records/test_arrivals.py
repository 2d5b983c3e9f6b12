import threading

from sqlalchemy import Connection

from intake.accept import Accept
from records.commit import Change, Committer
from records.ledger import total
from records.store import Stores
from records.values import Accepted, Channel, Envelope
from tests.records.builders import MAILBOX, TickingClock, accept_mail, acceptor, private_keys

OTHER = "policy@example.test"


def accept_together(accept: Accept, committer: Committer, mails: list[tuple[bytes, str]]) -> list[Accepted]:
    """Accept mails in one commit."""
    begun, go_on = threading.Event(), threading.Event()

    def hold_up(_connection: Connection) -> None:
        begun.set()
        go_on.wait(10)

    committer.submit(Change(apply=hold_up))
    assert begun.wait(10)
    answers = []
    for raw, mailbox in mails:
        upload = accept.begin(Channel.EMAIL)
        if waiting := upload.write(raw):
            waiting.result(10)
        answers.append(upload.finish(Envelope(channel=Channel.EMAIL, mailboxes=(mailbox,))))
    go_on.set()
    return [answer.result(10) for answer in answers]


def test_new_and_known_mails_share_a_commit(stores: Stores, committer: Committer, clock: TickingClock) -> None:
    """In one commit, what is new is an inquiry each; what came before, or twice in it, is answered as before."""
    accept = acceptor(committer, private_keys()["intake"], clock)
    known = accept_mail(accept, b"known")
    mails = [(b"one", MAILBOX), (b"known", OTHER), (b"two", MAILBOX), (b"one", OTHER), (b"one", OTHER)]
    one, again, two, one_again, once_more = accept_together(accept, committer, mails)
    assert not one.is_duplicate
    assert not two.is_duplicate
    assert all(answer.is_duplicate for answer in (again, one_again, once_more))
    assert again.reference == known.reference
    assert one.reference == one_again.reference == once_more.reference
    assert len({known.reference, one.reference, two.reference}) == 3
    assert total(stores).is_even
    with stores.record.reading() as connection:
        delivered = connection.exec_driver_sql("SELECT count(*) FROM delivery").scalar_one()
        kept = connection.exec_driver_sql("SELECT count(*) FROM blob").scalar_one()
    # Three inquiries, two of them to two mailboxes; of the repeated ones nothing but that is kept.
    assert (delivered, kept) == (5, 3)
