"""The table of rights at PostgreSQL, read as a table: what no line of it may say."""

from __future__ import annotations

import re

import pytest

from records.tables import Base, KeyBase
from sallyport.keys import ROLES
from sallyport.postgres.rights import DATABASES, OWNER, PROCESS_ROLES, PUBLIC, ROW_RULES

WORD = re.compile(r"(SELECT|INSERT|UPDATE|DELETE)(?: \(([a-z_, ]+)\))?")
LINES = [
    (database, table, role, may)
    for database, rights in DATABASES.items()
    for table, lines in rights.items()
    for who, may in lines
    for role in who
]


def said(database: str, table: str, role: str) -> str:
    """Give what a role may do with a table."""
    return ", ".join(may for *place, may in LINES if place == [database, table, role])


@pytest.mark.parametrize(("database", "base"), [("record", Base), ("keys", KeyBase)])
def test_every_table_has_its_line(database, base) -> None:
    """A new table cannot be forgotten: it has a line, if only to say that no role needs it. No line is left over."""
    assert set(DATABASES[database]) == {*base.metadata.tables, "alembic_version"}


def test_every_role_with_keys_has_a_login() -> None:
    """The roles that are given keys are those that are given logins."""
    assert set(PROCESS_ROLES) == set(ROLES)
    assert OWNER not in ROLES


@pytest.mark.parametrize(("table", "role", "may"), [line[1:] for line in LINES])
def test_a_line_says_only_what_there_is(table, role, may) -> None:
    """Every line is made of four words and columns that the table has: no ALL, no TRUNCATE, no misspelt column."""
    assert role in PROCESS_ROLES
    assert WORD.sub("", may).replace(",", "").strip() == ""
    tables = {**Base.metadata.tables, **KeyBase.metadata.tables}
    columns = set(tables[table].columns.keys()) if table in tables else {"version_num"}
    for _, named in WORD.findall(may):
        assert {name.strip() for name in named.split(",") if name} <= columns


@pytest.mark.parametrize("role", PUBLIC)
def test_the_public_side_reads_no_account_and_nothing_sealed(role) -> None:
    """Site and gateways have no right at all on accounts, grants, sessions, disclosures and the audit log."""
    for table in (
        "reader",
        "unit_grant",
        "desk_session",
        "conflict",
        "contact",
        "disclosure",
        "approval",
        "audit_entry",
    ):
        assert said("record", table, role) == ""
    assert "sealed" not in said("record", "chunk", role)
    assert said("keys", "wrap", role) == "INSERT"


@pytest.mark.parametrize("role", PROCESS_ROLES)
def test_nobody_takes_back_what_is_written(role) -> None:
    """No role changes or deletes an audit line, a disclosure or a tombstone, nor deletes an inquiry or a submission."""
    for table in ("audit_entry", "disclosure"):
        assert not re.search("UPDATE|DELETE", said("record", table, role))
    for table in ("inquiry", "submission", "delivery"):
        assert "DELETE" not in said("record", table, role)
    assert said("keys", "tombstone", role) == ""
    assert "UPDATE" not in said("keys", "wrap", role)


def test_whoever_people_talk_to_deletes_some_rows_only() -> None:
    """Public roles and the desk delete blobs, bytes and wraps under a condition each; the unsealer wraps of units."""
    ruled = {(rule.table, rule.command, role) for rules in ROW_RULES.values() for rule in rules for role in rule.who}
    for _, table, role, may in LINES:
        if table in {"blob", "chunk", "wrap"} and "DELETE" in may and role != "worker":
            assert (table, "DELETE", role) in ruled
