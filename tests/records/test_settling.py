from dataclasses import replace
from datetime import timedelta

from sqlalchemy import delete, select

from records.blobs import ORIGINAL, place_of, wraps_of
from records.commit import Change
from records.inquiries import find, move
from records.ledger import total
from records.sealing import Place, wrap
from records.settling import PAGE, SETTLED, Sweep, drop_settled_wraps, find_lost_work, sweep_wraps
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


def test_the_sweep_goes_on_where_it_ended(stores, committer, clock) -> None:
    """Each orphan is dropped once, whether it was made before the first round or between two; what is new stays."""
    accept, sweep, hour = acceptor(committer, private_keys()["intake"], clock), Sweep(), timedelta(hours=1)
    for _ in range(2):
        accept_mail(accept, b"the same bytes")
    assert sweep.drop_wraps(stores, clock()) == 0
    clock.now += 2 * hour
    assert sweep.drop_wraps(stores, clock()) == 1
    accept_mail(accept, b"the same bytes")
    clock.now += 2 * hour
    assert sweep.drop_wraps(stores, clock()) == 1
    clock.now += 72 * hour
    assert sweep.drop_wraps(stores, clock()) == 0
    assert total(stores).is_even


def test_pages_of_wraps_made_in_one_moment_are_all_looked_at(stores, committer, clock) -> None:
    """More wraps of one instant than a page holds: none is passed over, and none is looked at for ever."""
    key, place = private_keys()["intake"].public(), Place(inquiry_id="i" * 32, blob_id="", part="original")
    wraps = tuple(replace(wrap(b"k" * 32, key, place), blob_id=f"{number:032x}") for number in range(2 * PAGE + 1))
    committer.commit(Change(apply=lambda _: None, wraps=wraps))
    assert sweep_wraps(stores, clock.now - timedelta(hours=1), clock()) == len(wraps)
