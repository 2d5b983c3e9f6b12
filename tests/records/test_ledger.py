import pytest
from sqlalchemy import delete, update

from records.blobs import ORIGINAL, PREVIEW, REDACTED, insert_sealed, place_of
from records.commit import Change
from records.inquiries import find
from records.ledger import lines, total
from records.sealing import seal, wrap
from records.tables import InquiryRow, WrapRow
from tests.records.builders import NOON, accept_mail, acceptor, private_keys


def give(committer, keys, inquiry_id, part, now) -> str:
    """Write another part of an inquiry; give its blob's id."""
    sealed = seal(b"words", inquiry_id=inquiry_id, part=part)
    wrapped = wrap(sealed.content_key, keys["triage"].public(), sealed.place)
    committer.commit(Change(apply=lambda c: insert_sealed(c, sealed, now), wraps=(wrapped,)))
    return sealed.place.blob_id


@pytest.mark.parametrize(
    ("part", "said"), [(ORIGINAL, "an original"), (REDACTED, "a redacted text"), (PREVIEW, "a preview")]
)
def test_a_part_that_nobody_can_open_is_not_even(stores, committer, clock, part, said) -> None:
    """The loss of the wraps of an original, of a redacted text or of a preview shows, and which it was."""
    keys = private_keys()
    reference = accept_mail(acceptor(committer, keys["intake"], clock), b"x").reference
    with stores.record.reading() as connection:
        inquiry_id = find(connection, reference=reference).id
    for each in (REDACTED, PREVIEW):
        give(committer, keys, inquiry_id, each, clock())
    assert total(stores).is_even
    with stores.record.reading() as connection:
        lost = place_of(connection, inquiry_id, part).blob_id
    with stores.keys.writing() as connection:
        connection.execute(delete(WrapRow).where(WrapRow.blob_id == lost))
    assert total(stores).faults == (f"1 inquiries have {said} that nobody can open: the wraps are missing",)


def test_a_text_that_was_redacted_anew_is_no_loss(stores, committer, clock) -> None:
    """The wraps of what was replaced are gone on purpose: only the newest text has to open."""
    keys = private_keys()
    reference = accept_mail(acceptor(committer, keys["intake"], clock), b"x").reference
    with stores.record.reading() as connection:
        inquiry_id = find(connection, reference=reference).id
    old = give(committer, keys, inquiry_id, REDACTED, clock())
    give(committer, keys, inquiry_id, REDACTED, clock())
    with stores.keys.writing() as connection:
        connection.execute(delete(WrapRow).where(WrapRow.blob_id == old))
    assert total(stores).is_even


def test_lines_come_once_each_and_oldest_first(stores, committer, clock) -> None:
    """Over the end of a page, and among many of one instant, none is left out and none comes twice."""
    accept = acceptor(committer, private_keys()["intake"], clock)
    number = 8
    for each in range(number):
        accept_mail(accept, b"mail %d" % each)
    with stores.record.writing() as connection:
        connection.execute(update(InquiryRow).where(InquiryRow.received_at > NOON).values(received_at=NOON))
        oldest = accept_id(connection)
        connection.execute(
            update(InquiryRow).where(InquiryRow.id == oldest).values(received_at=NOON.replace(year=2020))
        )
    with stores.record.reading() as connection:
        found = [line.id for line in lines(connection, 3)]
    assert len(found) == len(set(found)) == number
    assert found[0] == oldest
    assert found[1:] == sorted(found[1:])


def accept_id(connection) -> str:
    (row,) = connection.execute(InquiryRow.__table__.select().limit(1)).all()
    return str(row.id)


def test_a_page_begins_in_the_index(stores) -> None:
    """On SQLite no page of the ledger sorts the whole: its order and its beginning are the index's."""
    if stores.record.engine.dialect.name != "sqlite":
        return
    asked = (
        "SELECT * FROM inquiry WHERE (received_at, id) > (5, 'a') ORDER BY received_at, id LIMIT 500"  # as `lines` asks
    )
    with stores.record.reading() as connection:
        plan = " ".join(row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}"))
    assert "ix_inquiry_received" in plan
    assert "TEMP B-TREE" not in plan
