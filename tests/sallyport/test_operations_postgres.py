"""Backup, destruction and restoration on PostgreSQL, as an operator types them, with the logins that `init` made."""

from __future__ import annotations

import re

import psycopg
from psycopg import sql

from records.clock import system_clock
from records.inquiries import find, hold, move
from records.overview import overview
from records.values import State
from sallyport.databases import open_stores, require_ready
from sallyport.keys import bundle
from sallyport.settings import load
from tests.sallyport.served import ServedHouse, served

__all__ = ["served"]


def test_a_lost_database_comes_back_with_its_rights(served: ServedHouse) -> None:
    """The record's database is dropped and made anew: the destroyed inquiry stays shut, and roles have their rights."""
    assert served.init().exit_code == 0
    stays, goes = served.accept(b"Subject: stays\r\n\r\nx\r\n"), served.accept(b"Subject: goes\r\n\r\nx\r\n")
    stores = served.stores()
    with stores.record.writing() as connection:
        inquiry = find(connection, reference=goes)
        hold(connection, inquiry.id, "unreadable", now=system_clock())
        move(connection, inquiry.id, State.CLOSED, now=system_clock())
    stores.close()
    done = served.run("backup", "--record", str(served.folder / "b"), "--keys", str(served.folder / "k"))
    assert done.exit_code == 0, done.output
    record, keys = re.findall(r"^(?:record|keys): (.*) \(", done.output, re.MULTILINE)
    assert served.run("destroy", goes, "--approval", "RCB-1", "--yes").exit_code == 0
    with psycopg.connect(served.place.server.conninfo("postgres"), autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(served.place.record)))
    assert served.run("restore", "--record", record).exit_code == 2
    assert served.init("--new-database").exit_code == 0
    done = served.run("restore", "--record", record)
    assert done.exit_code == 0, done.output
    assert "1 were destroyed since the backup" in done.output
    assert "2 accepted = 1 received + 1 destroyed" in done.output
    assert served.run("ledger").exit_code == 0
    assert stays in served.run("ledger", "--json").output
    with served.enter("worker", "record") as worker:
        assert worker.execute("SELECT count(*) FROM job").fetchone() == (1,)
    assert served.run("doctor", "--full").exit_code == 1
    assert served.accept(b"Subject: after\r\n\r\nx\r\n")
    # Both from the backup: then it opens, for as long as such a backup of the key store is kept.
    with psycopg.connect(served.place.server.conninfo("postgres"), autocommit=True) as admin:
        for name in (served.place.record, served.place.keys):
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
    assert served.init("--new-database").exit_code == 0
    done = served.run("restore", "--record", record, "--keys", keys)
    assert done.exit_code == 0, done.output
    assert "2 accepted = 1 received + 1 closed" in done.output


def test_what_monitors_may_only_look(served: ServedHouse) -> None:
    """The login of `metrics` reads states, kinds and times; no sealed byte, no line of the log; it writes nothing."""
    assert served.init().exit_code == 0
    served.accept()
    settings = load(served.environment)
    stores = open_stores(settings, bundle(served.keys, "metrics").logins)
    require_ready(settings, stores, bundle(served.keys, "metrics").logins)
    with stores.record.reading() as connection:
        found = overview(connection, system_clock())
    stores.close()
    assert dict(found.states)[State.RECEIVED] == 1
    assert [(each.kind, each.ready) for each in found.jobs] == [("admit", 1)]
    for question in ("SELECT * FROM inquiry", "SELECT * FROM chunk", "SELECT * FROM audit_entry", "DELETE FROM job"):
        with served.enter("metrics", "record") as looking:
            try:
                looking.execute(question)
            except psycopg.errors.InsufficientPrivilege:
                continue
        raise AssertionError(question)
