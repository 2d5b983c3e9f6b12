import pytest
from sqlalchemy import insert, select

from records.bulk import insert_rows
from records.store import Stores
from records.tables import Base, DeliveryRow, InquiryRow, JobRow, KeyBase, SubmissionRow
from tests.records.builders import NOON

SUBMISSION = {"channel": "email", "size": 10, "received_at": NOON}
INQUIRY = {
    "channel": "email",
    "state": "received",
    "received_at": NOON,
    "changed_at": NOON,
    "policy_version": "2026-11-21",
    "record_series": "INQ-1",
    "access_code": None,
}


def test_a_row_is_as_one_that_sqlalchemy_wrote(stores: Stores) -> None:
    """Moments, empty lists, truth values and defaults come out of the database the same, however they went in."""
    names = [("a" * 32, "INQ-AAAA-AAAA"), ("b" * 32, "INQ-BBBB-BBBB")]
    submissions = [{**SUBMISSION, "id": each, "digest": each.encode()} for each, _ in names]
    inquiries = [{**INQUIRY, "id": each, "submission_id": each, "reference": name} for each, name in names]
    with stores.record.writing() as connection:
        connection.execute(insert(SubmissionRow), submissions[:1])
        connection.execute(insert(InquiryRow), inquiries[:1])
        insert_rows(connection, SubmissionRow, submissions[1:])
        insert_rows(connection, InquiryRow, inquiries[1:])
    own = {"id", "submission_id", "reference", "digest"}
    with stores.record.reading() as connection:
        for table in (SubmissionRow, InquiryRow):
            first, second = connection.execute(select(table.__table__).order_by(table.id)).mappings()
            assert {key: first[key] for key in first if key not in own} == {
                key: second[key] for key in second if key not in own
            }
        assert connection.execute(select(InquiryRow.finding_counts, InquiryRow.received_at)).all() == [({}, NOON)] * 2


def test_no_rows_are_no_statement(stores: Stores) -> None:
    """A mail to nobody new writes no delivery, and no error."""
    with stores.record.writing() as connection:
        insert_rows(connection, DeliveryRow, [])


def test_what_is_there_is_left_alone_if_asked_for(stores: Stores) -> None:
    """The same job again is no fault and no second job; without being asked for it is one."""
    row = {"kind": "admit", "subject_id": "a" * 32, "not_before": NOON}
    with stores.record.writing() as connection:
        insert_rows(connection, JobRow, [row, row], ignoring=True)
        insert_rows(connection, JobRow, [row], ignoring=True)
    with stores.record.reading() as connection:
        assert connection.execute(select(JobRow.kind, JobRow.taken, JobRow.failures)).all() == [("admit", 0, 0)]


@pytest.mark.parametrize("base", [Base, KeyBase])
def test_every_default_is_a_constant(base: type[Base] | type[KeyBase]) -> None:
    """A default is worked out once for many rows, so none may be a number that rises or a moment."""
    for table in base.metadata.tables.values():
        for column in table.columns:
            if column.default is not None:
                argument = column.default.arg  # type: ignore[attr-defined]  # SQLAlchemy types the base class only
                value = argument(None) if callable(argument) else argument
                assert value in ([], {}, 0, "", "no", False, True), (table.name, column.name)
