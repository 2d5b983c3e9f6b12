import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import JSON, Boolean, Connection, Date, LargeBinary, MetaData, Table, select

from records import schema
from records.errors import WrongSchema
from records.inquiries import find
from records.jobs import enqueue
from records.ledger import total
from records.store import Store, Stores
from records.tables import Base, JobRow, KeyBase
from records.values import State
from tests.records.builders import NOON
from tests.servers.postgres import Databases

# A file for each released version of each database: rows as that version wrote them, every column with a value.
RELEASED = sorted((Path(__file__).parent / "released").glob("*.json"))
BASES = {"record": Base, "keys": KeyBase}


@pytest.fixture
def databases(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """Give databases without any table, of either engine."""
    if engine == "sqlite":
        yield Databases(f"sqlite:///{tmp_path}/sallyport.db", f"sqlite:///{tmp_path}/keys.db")
        return
    with request.getfixturevalue("postgres_server").databases(bare=True) as pair:
        yield pair


@pytest.fixture
def empty(databases: Databases) -> Any:
    opened = databases.stores()
    yield opened
    opened.close()


def store_of(stores: Stores, name: str) -> Store:
    return {"record": stores.record, "keys": stores.keys}[name]


def tables_of(connection: Connection) -> MetaData:
    """Read the tables as they are, whatever this program thinks they are."""
    found = MetaData()
    found.reflect(connection)
    return found


def values(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """Give a file's row as the database takes it."""
    made: dict[str, Any] = {}
    for name, value in row.items():
        kind = table.columns[name].type
        if isinstance(kind, LargeBinary) and value is not None:
            made[name] = bytes.fromhex(value["hex"])
        elif isinstance(kind, Date) and value is not None:
            made[name] = date.fromisoformat(value)
        else:
            made[name] = value
    return made


def fill(store: Store, rows: dict[str, list[dict[str, Any]]]) -> None:
    with store.writing() as connection:
        tables = tables_of(connection).tables
        for name, each in rows.items():
            connection.execute(tables[name].insert(), [values(tables[name], row) for row in each])


def read(store: Store, rows: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Read the columns that the file has back, in the file's order."""
    found = {}
    with store.reading() as connection:
        tables = tables_of(connection).tables
        for name, each in rows.items():
            key = [column.name for column in tables[name].primary_key]
            kept = {
                tuple(row[part] for part in key): dict(row)
                for row in connection.execute(select(tables[name])).mappings()
            }
            wanted = [values(tables[name], row) for row in each]
            found[name] = [{column: kept[tuple(row[part] for part in key)][column] for column in row} for row in wanted]
            assert len(kept) == len(each)
    return found


@pytest.mark.parametrize("file", RELEASED, ids=lambda file: file.stem)
def test_every_row_of_a_released_version_is_there_after_the_step(empty: Stores, file: Path) -> None:
    """A database of any released version, with rows in every table, comes to this version with every value in place."""
    name, revision = file.stem.split("-")
    rows, store = json.loads(file.read_text()), store_of(empty, name)
    schema.upgrade(name, store, revision)
    fill(store, rows)
    schema.migrate(empty)
    schema.require_current(empty)
    with store.reading() as connection:
        tables = tables_of(connection).tables
    assert read(store, rows) == {each: [values(tables[each], row) for row in rows[each]] for each in rows}


@pytest.mark.parametrize("name", BASES)
def test_every_version_but_the_newest_has_its_rows_kept_here(name: str) -> None:
    """Whoever adds a version adds the rows of the one before: then the test above goes over it by itself."""
    kept = {file.stem for file in RELEASED}
    assert {f"{name}-{revision}" for revision in schema.revisions(name)[:-1]} <= kept


@pytest.mark.parametrize("file", RELEASED, ids=lambda file: file.stem)
def test_kept_rows_leave_no_column_out(empty: Stores, file: Path) -> None:
    """The kept rows have a row for each table of their version, and a value for each column in one of them."""
    name, revision = file.stem.split("-")
    rows, store = json.loads(file.read_text()), store_of(empty, name)
    schema.upgrade(name, store, revision)
    with store.reading() as connection:
        tables = {each.name: each for each in tables_of(connection).sorted_tables if each.name != "alembic_version"}
    assert rows.keys() == tables.keys()
    bare = [
        f"{table.name}.{column.name}"
        for table in tables.values()
        for column in table.columns
        if all(row[column.name] is None for row in rows[table.name])
    ]
    # Nobody was refused and answered in the same breath.
    assert set(bare) <= {"disclosure.reason", "response.sent_at", "desk_session.revoked_at"}


@pytest.mark.parametrize("name", BASES)
def test_the_steps_make_what_the_program_expects(empty: Stores, name: str) -> None:
    """After all steps, tables, columns, keys and indexes are those the program is written for, on each engine."""
    schema.migrate(empty)
    with store_of(empty, name).reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, BASES[name].metadata) == []


def test_an_old_record_is_worked_with(empty: Stores) -> None:
    """Rows that an earlier version wrote are read, counted and added to by this one."""
    for file in RELEASED:
        name, revision = file.stem.split("-")
        if revision == RELEASED[0].stem.split("-")[1]:
            schema.upgrade(name, store_of(empty, name), revision)
            fill(store_of(empty, name), json.loads(file.read_text()))
    schema.migrate(empty)
    with empty.record.writing() as connection:
        found = find(connection, reference="INQ-KAAB-B29X")
        enqueue(connection, "admit", found.id, NOON)
        carried = connection.execute(select(JobRow.carried_at)).scalars().all()
    assert (found.state, found.mailboxes) == (State.ASSIGNED, ("claims@example.test", "inquiries@example.test"))
    assert carried == [None, None, None]
    assert total(empty).is_even


def test_a_later_version_is_refused_and_left_alone(empty: Stores) -> None:
    """A database that a newer program has changed is never guessed at."""
    schema.migrate(empty)
    with empty.record.writing() as connection:
        versions = tables_of(connection).tables["alembic_version"]
        connection.execute(versions.update().values(version_num="9999"))
    for act in (schema.migrate, schema.require_current):
        with pytest.raises(WrongSchema):
            act(empty)


def test_kinds_of_columns_are_told_apart(empty: Stores) -> None:
    """The kept rows go in by the kinds that the database itself names, so the check does not lean on our tables."""
    schema.migrate(empty)
    with empty.record.reading() as connection:
        inquiry = tables_of(connection).tables["inquiry"]
    kinds = {name: inquiry.columns[name].type for name in ("access_code", "is_urgent", "flags")}
    wanted: tuple[type[Any], ...] = (LargeBinary, Boolean, JSON)
    assert all(isinstance(kind, each) for kind, each in zip(kinds.values(), wanted, strict=True))
