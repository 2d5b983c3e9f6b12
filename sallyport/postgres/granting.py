"""The rights, granted by the owner of the databases: no administrator is needed, so an update brings its own rights.

Everything is taken away and granted anew in one transaction: what the tables of `rights` do not name any more is gone,
and no process sees a moment in between.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import psycopg
from psycopg import sql

from records.store import Login
from sallyport.postgres.reach import PostgresFault, conninfo_of, open_connection, sentence
from sallyport.postgres.rights import DATABASES, OWNER, PROCESS_ROLES, ROW_RULES, Rights, RowRule

Logins = Mapping[str, Mapping[str, Login]]
EVERYBODY = "sallyport_everybody"  # Without one permissive policy nobody would see a row at all.
WAITS = "20s"


def grant_rights(urls: Mapping[str, str], logins: Logins) -> None:
    """Bring the rights in both databases to this program's tables; asks for the owner's login only."""
    for database, url in urls.items():
        if missing := [role for role in (OWNER, *PROCESS_ROLES) if database not in logins.get(role, {})]:
            raise PostgresFault(
                f"there is no login of {', '.join(missing)} yet: run `sallyport init --postgres ADMIN` again"
            )
        names = {role: logins[role][database].name for role in PROCESS_ROLES}
        try:
            with open_connection(conninfo_of(url, logins[OWNER][database])) as connection:
                connection.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(WAITS))
                for statement in statements(connection.info.dbname, names, DATABASES[database]):
                    connection.execute(statement)
                _set_row_rules(connection, names, ROW_RULES[database])
        except psycopg.Error as fault:
            raise PostgresFault(f"the {database} database: rights not granted: {sentence(fault)}") from None


def statements(name: str, names: Mapping[str, str], rights: Rights) -> Iterator[sql.Composed]:
    """Give what closes a database to everybody and opens to each login what it may have."""
    database, everyone = sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, names.values()))
    yield sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database)
    yield sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, everyone)
    yield sql.SQL("REVOKE ALL ON SCHEMA public FROM PUBLIC, {}").format(everyone)
    yield sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(everyone)
    # Taking a table's rights away takes those on its columns too.
    yield sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {}").format(everyone)
    yield sql.SQL("REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, {}").format(everyone)
    for table, lines in rights.items():
        for who, may in lines:
            to = sql.SQL(", ").join(sql.Identifier(names[role]) for role in who)
            # The words come from our own table, never from a setting or a person.
            words = sql.SQL(may)
            yield sql.SQL("GRANT {} ON {} TO {}").format(words, sql.Identifier(table), to)
    if "job" in rights:
        inserting = [role for who, may in rights["job"] if "INSERT" in may for role in who]
        to = sql.SQL(", ").join(sql.Identifier(names[role]) for role in inserting)
        yield sql.SQL("GRANT USAGE ON SEQUENCE job_id_seq TO {}").format(to)


def _set_row_rules(connection: psycopg.Connection[Any], names: Mapping[str, str], rules: tuple[RowRule, ...]) -> None:
    """Make the policies that are not there and drop those that are not wanted; what is right is not touched.

    A policy's name holds a digest of all it says, so that a changed rule is another policy. Making one waits for
    everybody who is at work on the table, and is done once.
    """
    wanted = {(table, EVERYBODY): _open(table) for table in dict.fromkeys(rule.table for rule in rules)}
    wanted |= {(rule.table, _name(rule, names)): _policy(rule, names) for rule in rules}
    asked = "SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'public'"
    there = {(table, name) for table, name in connection.execute(asked).fetchall()}
    for key, statement in wanted.items():
        if key not in there:
            connection.execute(statement)
    for table, name in sorted(there - wanted.keys()):
        connection.execute(sql.SQL("DROP POLICY {} ON {}").format(sql.Identifier(name), sql.Identifier(table)))
    asked = "SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace"
    ruled, ruling = {name for (name,) in connection.execute(asked).fetchall()}, {rule.table for rule in rules}
    for table in sorted(ruling ^ ruled):
        how = sql.SQL("ENABLE" if table in ruling else "DISABLE")
        connection.execute(sql.SQL("ALTER TABLE {} {} ROW LEVEL SECURITY").format(sql.Identifier(table), how))


def _open(table: str) -> sql.Composed:
    everybody, on = sql.Identifier(EVERYBODY), sql.Identifier(table)
    return sql.SQL("CREATE POLICY {} ON {} USING (true) WITH CHECK (true)").format(everybody, on)


def _policy(rule: RowRule, names: Mapping[str, str]) -> sql.Composed:
    return sql.SQL("CREATE POLICY {} ON {} AS RESTRICTIVE FOR {} TO {} USING ({}){}").format(
        sql.Identifier(_name(rule, names)),
        sql.Identifier(rule.table),
        sql.SQL(rule.command),
        sql.SQL(", ").join(sql.Identifier(names[role]) for role in rule.who),
        sql.SQL(rule.rows),
        # The rule is about the row as it is; what it becomes is free.
        sql.SQL(" WITH CHECK (true)" if rule.command == "UPDATE" else ""),
    )


def _name(rule: RowRule, names: Mapping[str, str]) -> str:
    said = "\0".join([rule.command, rule.rows, *(names[role] for role in rule.who)])
    return f"sallyport_{rule.who[0]}_{rule.command.lower()}_{hashlib.sha256(said.encode()).hexdigest()[:12]}"
