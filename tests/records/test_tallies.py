import pytest
from sqlalchemy import event

from records.store import Stores
from records.tallies import count, tallies


def test_a_count_is_written_once_for_a_transaction(stores: Stores) -> None:
    """However many inquiries a commit moves, each count is written once, and in one order for everybody."""
    written: list[object] = []

    def note(_connection, _cursor, statement: str, parameters, _context, _many) -> None:
        if "INSERT INTO tally" in statement:
            written.append(parameters)

    event.listen(stores.record.engine, "before_cursor_execute", note)
    with stores.record.writing() as connection:
        for _ in range(3):
            count(connection, "routed", "claims", "case", 1)
            count(connection, "received", None, None, 1)
        count(connection, "held", None, None, 1)
        count(connection, "held", None, None, -1)
    assert len(written) == 1
    with stores.record.reading() as connection:
        assert tallies(connection) == {("received", "", ""): 3, ("routed", "claims", "case"): 3}


def test_counts_add_up_over_transactions(stores: Stores) -> None:
    """What one transaction counted is there for the next one to take away from."""
    for by in (5, -2):
        with stores.record.writing() as connection:
            count(connection, "received", None, None, by)
    with stores.record.reading() as connection:
        assert tallies(connection) == {("received", "", ""): 3}


def test_a_transaction_sees_its_own_counts(stores: Stores) -> None:
    """Whoever asks for the counts within a change hears them with that change, and they are not counted twice."""
    with stores.record.writing() as connection:
        count(connection, "received", None, None, 1)
        assert tallies(connection) == {("received", "", ""): 1}
        count(connection, "received", None, None, 1)
    with stores.record.reading() as connection:
        assert tallies(connection) == {("received", "", ""): 2}


def test_a_change_that_fails_counts_nothing(stores: Stores) -> None:
    """What was rolled back is in no count, of this transaction or of the next on the same connection."""

    def fail() -> None:
        raise ValueError

    with pytest.raises(ValueError), stores.record.writing() as connection:  # noqa: PT012 - one of ours, raised within
        count(connection, "received", None, None, 1)
        fail()
    with stores.record.writing() as connection:
        count(connection, "held", None, None, 1)
    with stores.record.reading() as connection:
        assert tallies(connection) == {("held", "", ""): 1}
