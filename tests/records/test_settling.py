from datetime import timedelta

from sqlalchemy import delete, select

from records.blobs import ORIGINAL, place_of, wraps_of
from records.commit import Change
from records.inquiries import find, move
from records.ledger import total
from records.sealing import wrap
from records.settling import SETTLED, drop_settled_wraps, find_lost_work
from records.tables import JobRow
from records.values import State
from tests.records.builders import accept_mail, acceptor, private_keys


def accepted(committer, clock, keys) -> str:
    return accept_mail(acceptor(committer, keys["intake"], clock), b"x").reference


def test_a_wrap_that_was_missed_is_dropped_in_time(stores, committer, clock) -> None:
    """What a crash left for `intake` of a routed inquiry goes; the custodian's wrap, and those of others, stay."""
    keys = private_keys("appeals")
    routed, waits = (
        accepted(committer, clock, keys),
        accept_mail(acceptor(committer, keys["intake"], clock), b"y").reference,
    )
    with stores.record.writing() as connection:
        inquiry = find(connection, reference=routed)
        move(connection, inquiry.id, State.ADMITTED, now=clock())
        move(connection, inquiry.id, State.ROUTED, now=clock(), unit="appeals")
        places = [place_of(connection, find(connection, reference=name).id, ORIGINAL) for name in (routed, waits)]
    custodian = wrap(b"k" * 32, keys["custodian"].public(), places[0])
    committer.commit(Change(apply=lambda _: None, wraps=(custodian,)))
    assert drop_settled_wraps(stores, clock()) == 0
    assert drop_settled_wraps(stores, clock() + SETTLED) == 1
    held = wraps_of(stores, [place.blob_id for place in places])
    assert [each.compartment for each in held[places[0].blob_id]] == ["custodian"]
    assert [each.compartment for each in held[places[1].blob_id]] == ["intake"]


def test_work_that_lost_its_job_is_found_again(stores, committer, clock) -> None:
    """An unfinished inquiry without a job is no dead end: the sweep writes the job again, and the ledger is even."""
    accepted(committer, clock, private_keys())
    with stores.record.writing() as connection:
        connection.execute(delete(JobRow))
    assert not total(stores).is_even
    with stores.record.writing() as connection:
        assert find_lost_work(connection, clock()) == 0
        assert find_lost_work(connection, clock() + SETTLED + timedelta(minutes=1)) == 1
    with stores.record.reading() as connection:
        assert connection.scalars(select(JobRow.kind)).all() == ["admit"]
    assert total(stores).is_even
