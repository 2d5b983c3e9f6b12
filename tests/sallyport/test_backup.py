"""Backups and restorations, and what stays shut through them: on both engines, through the command line's own code."""

from __future__ import annotations

import contextlib
import json
import resource
import signal
import stat
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, update

from records.audit import Chain, append, chain_key
from records.blobs import ORIGINAL, place_of
from records.clock import system_clock
from records.commit import Change, Committer
from records.destruction import destroy
from records.digests import DigestPurpose
from records.errors import CannotOpen, NotFound
from records.inquiries import find, hold, move
from records.keyring import KeyRing
from records.ledger import total
from records.schema import migrate, upgrade, version
from records.sealing import wrap
from records.settling import REST_AFTER_RESTORING, RESTORED, Sweep
from records.store import Stores
from records.tables import AlarmRow, AuditRow, JobRow, SessionRow, WrapRow
from records.unsealing import PrivateKeys, open_blob
from records.values import State
from sallyport.backup.folders import making, remove_old_keys
from sallyport.backup.manifest import BackupFault, Kind, read
from sallyport.backup.restoring import Restored, Restoring
from sallyport.backup.taking import Taking
from tests.records.builders import NOON, TickingClock, accept_mail, acceptor
from tests.servers.postgres import Databases, PostgresServer

CHAIN = "officer"


class House:
    """Two databases and a key ring, and a key to its audit log."""

    def __init__(self, folder: Path, databases: Databases) -> None:
        self.folder, self.databases = folder, databases
        self.ring = KeyRing(folder / "keys", bytes(32))
        self.ring.ensure(["appeals"])
        self.root = self.ring.digests()[DigestPurpose.AUDIT.value]
        self.stores = databases.stores()

    def accept(self, raw: bytes) -> str:
        """Accept a mail; give its reference."""
        committer = Committer(self.stores, system_clock)
        reference = accept_mail(acceptor(committer, self.ring.private("intake"), TickingClock()), raw).reference
        committer.close()
        return reference

    def close_inquiry(self, reference: str) -> None:
        """Close an inquiry."""
        with self.stores.record.writing() as connection:
            inquiry = find(connection, reference=reference)
            hold(connection, inquiry.id, "unreadable", now=system_clock())
            move(connection, inquiry.id, State.CLOSED, now=system_clock())

    def destroy(self, reference: str) -> None:
        """Destroy it."""
        chain = Chain(CHAIN, chain_key(self.root, CHAIN))
        destroy(self.stores, reference, approval="RCB-1", actor="officer", chain=chain, now=system_clock())

    def take(self, kind: Kind) -> Path:
        """Take a backup; give its folder."""
        clock = system_clock
        taking = Taking(stores=self.stores, root=self.root, clock=clock, progress=lambda *_: None)
        return taking.take(kind, self.folder / f"backups of {kind.value}")[0]

    def opens(self, reference: str) -> bool:
        """Tell whether the original opens."""
        with self.stores.record.reading() as connection:
            try:
                place = place_of(connection, find(connection, reference=reference).id, ORIGINAL)
            except NotFound:
                return False
        try:
            return bool(open_blob(self.stores, PrivateKeys([self.ring.private("intake")]), place))
        except CannotOpen:
            return False

    def restore(self, **folders: Path) -> Restored:
        """Restore what is named."""
        restoring = Restoring(
            stores=self.stores, ring=self.ring, root=self.root, clock=system_clock, progress=lambda *_: None
        )
        return restoring.restore({Kind(kind): folder for kind, folder in folders.items()})

    def replaced(self, record: Databases, keys: Databases) -> House:
        """Give the house as it is after the loss of a disk: a record and a key store of other places."""
        self.stores.close()
        other = House(self.folder, self.databases)
        other.stores.close()
        other.stores = Stores(record.stores().record, keys.stores().keys)
        return other


@pytest.fixture(params=["sqlite", "postgresql"])
def new_databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[object]:
    """Give a way to have fresh databases, empty and at this program's version."""
    if request.param == "sqlite":
        numbers = iter(range(10))

        def fresh(*, bare: bool = False) -> Databases:
            folder = tmp_path / f"databases {next(numbers)}"
            folder.mkdir()
            made = Databases(f"sqlite:///{folder}/sallyport.db", f"sqlite:///{folder}/keys.db", None)
            if not bare:
                stores = made.stores()
                migrate(stores)
                stores.close()
            return made

        yield fresh
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with contextlib.ExitStack() as stack:
        yield lambda *, bare=False: stack.enter_context(server.databases(bare=bare))


@pytest.fixture
def house(tmp_path, new_databases) -> Iterator[House]:
    made = House(tmp_path, new_databases())
    yield made
    made.stores.close()


def test_what_was_destroyed_stays_shut_in_a_restored_record(house, new_databases) -> None:
    """Backup, destroy one, restore the record beside the current key store: that one stays shut, all others open."""
    stays, goes = house.accept(b"stays"), house.accept(b"goes")
    house.close_inquiry(goes)
    record = house.take(Kind.RECORD)
    house.take(Kind.KEYS)
    house.destroy(goes)
    assert not house.opens(goes)
    after = house.replaced(new_databases(), house.databases)
    found = after.restore(record=record)
    assert found.destroyed_again == 1
    assert found.is_whole, found
    assert not after.opens(goes)
    assert after.opens(stays)
    with after.stores.record.reading() as connection:
        assert find(connection, reference=goes).state is State.DESTROYED
        # Nothing is left to do for it, though the backup had a job.
        assert connection.scalars(select(JobRow.subject_id)).all() == [find(connection, reference=stays).id]
    after.stores.close()


def test_with_the_key_backup_of_before_it_opens(house, new_databases) -> None:
    """The key store's backup of before the destruction opens it again: so long it is kept, so long that is true."""
    stays, goes = house.accept(b"stays"), house.accept(b"goes")
    house.close_inquiry(goes)
    record, keys = house.take(Kind.RECORD), house.take(Kind.KEYS)
    house.destroy(goes)
    fresh = new_databases()
    after = house.replaced(fresh, fresh)
    found = after.restore(record=record, keys=keys)
    assert found.is_whole, found
    assert after.opens(goes)
    assert after.opens(stays)
    after.stores.close()


def test_an_older_key_store_beside_a_record_of_today_keeps_what_was_destroyed_shut(house, new_databases) -> None:
    """Where only the key store was lost, the record says what was destroyed, and the wraps that came back go again."""
    stays, goes = house.accept(b"stays"), house.accept(b"goes")
    house.close_inquiry(goes)
    keys = house.take(Kind.KEYS)
    house.destroy(goes)
    after = house.replaced(house.databases, new_databases())
    found = after.restore(keys=keys)
    assert found.orphans == 1
    assert found.is_whole, found
    assert after.opens(stays)
    with after.stores.keys.reading() as connection:
        assert connection.execute(select(func.count()).select_from(WrapRow)).scalar_one() == 1
    after.stores.close()


def test_what_came_after_the_backup_is_counted_and_its_keys_wait(house, new_databases) -> None:
    """Wraps of what was accepted after the backup are counted, outlive the sweep for a day, and go then."""
    house.accept(b"before")
    record = house.take(Kind.RECORD)
    house.accept(b"after")
    after = house.replaced(new_databases(), house.databases)
    assert after.restore(record=record).only_in_keys == 1
    restored = system_clock()
    soon = restored + REST_AFTER_RESTORING - timedelta(minutes=1)
    assert Sweep().drop_wraps(after.stores, soon) == 0
    assert Sweep().drop_wraps(after.stores, soon + timedelta(minutes=5)) == 1
    assert total(after.stores).is_even
    after.stores.close()


def test_a_record_that_is_behind_its_key_store_is_sealed_again(house, new_databases) -> None:
    """What was just received in the backup, and is sealed to the custodian alone by now, opens for the worker again."""
    reference = house.accept(b"a mail")
    record = house.take(Kind.RECORD)
    with house.stores.record.reading() as connection:
        place = place_of(connection, find(connection, reference=reference).id, ORIGINAL)
    _, content_key = open_blob(house.stores, PrivateKeys([house.ring.private("intake")]), place)
    committer = Committer(house.stores, system_clock)
    custodian = wrap(content_key, house.ring.public("custodian"), place)
    committer.commit(Change(apply=lambda _: None, wraps=(custodian,), drops=((place.blob_id, "intake"),)))
    committer.close()
    assert not house.opens(reference)
    after = house.replaced(new_databases(), house.databases)
    found = after.restore(record=record)
    assert found.mended.sealed_again == 1
    assert found.is_whole, found
    assert after.opens(reference)
    after.stores.close()


def test_a_restored_house_begins_anew(house, new_databases) -> None:
    """Nobody is signed in, jobs are nobody's, new jobs get new numbers, and the restoration is on record."""
    house.accept(b"a mail")
    with house.stores.record.writing() as connection:
        connection.execute(update(JobRow).values(worker="worker-1"))
    record = house.take(Kind.RECORD)
    after = house.replaced(new_databases(), house.databases)
    after.restore(record=record)
    after.accept(b"another mail")
    with after.stores.record.reading() as connection:
        jobs = connection.execute(select(JobRow.id, JobRow.worker)).all()
        assert len({row.id for row in jobs}) == 2
        assert {row.worker for row in jobs} == {None}
        assert connection.execute(select(SessionRow).where(SessionRow.revoked_at.is_(None))).first() is None
        assert connection.scalars(select(AlarmRow.kind)).all() == [RESTORED]
    with pytest.raises(BackupFault):
        after.restore(record=record)
    after.stores.close()


def test_a_cut_off_audit_log_shows(house, new_databases) -> None:
    """The backup says itself where each chain of the log ended: a copy with fewer lines is told, a whole one is not."""
    desk = Chain("desk", chain_key(house.root, "desk"))
    with house.stores.record.writing() as connection:
        for number in range(3):
            append(connection, desk, kind="signed-in", actor=f"reader {number}", at=NOON)
    whole = house.take(Kind.RECORD)
    manifest = read(whole, house.root)
    with house.stores.record.writing() as connection:
        connection.execute(delete(AuditRow).where(AuditRow.chain == "desk", AuditRow.sequence == 3))
    cut = house.take(Kind.RECORD)
    later = read(cut, house.root)
    replace(later, checkpoint=manifest.checkpoint).under(house.root).write(cut)
    house.accept(b"so that the key store is not empty")
    for folder, faults in ((whole, 0), (cut, 1)):
        after = house.replaced(new_databases(), house.databases)
        found = after.restore(record=folder)
        assert len(found.audit_faults) >= faults
        assert found.is_whole is (faults == 0)
        after.stores.close()


@pytest.mark.parametrize("damage", ["changed", "missing", "manifest", "unfinished", "other house", "kind"])
def test_a_backup_that_is_not_whole_is_refused(house, new_databases, damage) -> None:
    """A changed or missing file, a changed manifest, another house's backup: one clear line, and nothing is touched."""
    house.accept(b"a mail")
    record = house.take(Kind.KEYS if damage == "kind" else Kind.RECORD)
    data = max(record.iterdir(), key=lambda path: (path.suffix != ".json", path.stat().st_size))
    if damage == "changed":
        data.write_bytes(data.read_bytes()[:-1] + b"!")
    elif damage == "missing":
        data.unlink()
    elif damage == "manifest":
        body = json.loads((record / "manifest.json").read_text())
        (record / "manifest.json").write_text(json.dumps({**body, "program": "other"}))
    elif damage == "unfinished":
        (record / "manifest.json").unlink()
    after = house.replaced(new_databases(), house.databases)
    if damage == "other house":
        after.root = bytes(32)
    with pytest.raises(BackupFault):
        after.restore(record=record)
    with after.stores.record.reading() as connection:
        assert connection.execute(select(AlarmRow)).first() is None
    after.stores.close()


def test_a_backup_of_an_earlier_version_is_brought_up_to_this_one(tmp_path, new_databases) -> None:
    """A record of the first released tables goes back into tables of its own version, which are then migrated."""
    early = House(tmp_path, new_databases(bare=True))
    upgrade("record", early.stores.record, "0001")
    upgrade("keys", early.stores.keys, "0001")
    reference = early.accept(b"long ago")
    record, keys = early.take(Kind.RECORD), early.take(Kind.KEYS)
    assert read(record, early.root).schema == "0001"
    fresh = new_databases()
    after = early.replaced(fresh, fresh)
    head = version(after.stores.record)
    found = after.restore(record=record, keys=keys)
    assert found.is_whole, found
    assert version(after.stores.record) == head != "0001"
    assert after.opens(reference)
    assert after.accept(b"today")
    after.stores.close()


def test_a_backup_of_a_later_version_is_refused(house, new_databases) -> None:
    """Tables that this program does not know are not guessed at."""
    house.accept(b"a mail")
    record = house.take(Kind.RECORD)
    replace(read(record, house.root), schema="9999").under(house.root).write(record)
    after = house.replaced(new_databases(), house.databases)
    with pytest.raises(BackupFault, match="later version"):
        after.restore(record=record)
    after.stores.close()


def test_what_a_killed_backup_left_is_no_backup_and_goes(house) -> None:
    """A folder that was being filled is not named like a backup, and the next run removes it; others' folders stay."""
    parent = house.folder / "backups of record"
    for name in (".record-20261120T030000Z.new", ".something.new", "letters"):
        (parent / name).mkdir(parents=True)
        (parent / name / "file").write_bytes(b"x")
    made = house.take(Kind.RECORD)
    assert sorted(path.name for path in parent.iterdir()) == sorted([".something.new", "letters", made.name])


def test_two_backups_at_once_are_one(house) -> None:
    """While one is being made in a folder, a second one there is told to wait."""
    parent = house.folder / "backups of record"
    with making(parent, Kind.RECORD, NOON), pytest.raises(BackupFault, match="wait for its end"):
        house.take(Kind.RECORD)


def test_a_backup_that_fails_leaves_nothing(house) -> None:
    """A disk that is full in the middle is one clear line, and no half of a backup stays."""
    house.accept(b"x" * 500_000)
    # What the copying itself writes into the record fits; the copy does not.
    house.stores.record.wipe_deleted()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
        with pytest.raises(BackupFault, match=r"not (made|be written)"):
            house.take(Kind.RECORD)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert not list((house.folder / "backups of record").iterdir())


def test_nothing_is_overwritten(house) -> None:
    """A record that holds anything is not restored over."""
    house.accept(b"a mail")
    record = house.take(Kind.RECORD)
    with pytest.raises(BackupFault, match="not empty"):
        house.restore(record=record)


def test_a_backup_is_private_and_whole(house) -> None:
    """Folders are 0700 and files 0600, the digests fit, counts are of the copy, and no word of a mail is in it."""
    reference = house.accept(b"harbor fog over nine boats")
    for kind in (Kind.RECORD, Kind.KEYS):
        made = house.take(kind)
        assert stat.S_IMODE(made.stat().st_mode) == 0o700
        assert {stat.S_IMODE(path.stat().st_mode) for path in made.iterdir()} == {0o600}
        assert not any(b"harbor fog" in path.read_bytes() for path in made.iterdir())
        manifest = json.loads((made / "manifest.json").read_text())
        assert manifest["counts"]["inquiry" if kind is Kind.RECORD else "wrap"] == 1
        assert reference not in json.dumps(manifest)
    assert [path.name for path in made.parent.iterdir()] == [made.name]


def test_a_backup_is_of_one_moment_while_others_write(house, new_databases) -> None:
    """Inquiries that arrive during the copying are in it whole or not at all, and every one in it opens."""
    stop = threading.Event()
    sent: list[str] = []

    def send() -> None:
        while not stop.is_set():
            sent.append(house.accept(b"mail %d" % len(sent) + b"x" * 200_000))

    sender = threading.Thread(target=send)
    sender.start()
    try:
        while len(sent) < 3:
            stop.wait(0.01)
        record = house.take(Kind.RECORD)
        keys = house.take(Kind.KEYS)
    finally:
        stop.set()
        sender.join()
    fresh = new_databases()
    after = house.replaced(fresh, fresh)
    found = after.restore(record=record, keys=keys)
    assert found.is_whole, found
    with after.stores.record.reading() as connection:
        references = [line for line in sent if _is_there(connection, line)]
    assert references
    assert all(after.opens(reference) for reference in references)
    after.stores.close()


def _is_there(connection, reference: str) -> bool:
    with contextlib.suppress(NotFound):
        return bool(find(connection, reference=reference))
    return False


def test_key_backups_live_no_longer_than_their_days(tmp_path) -> None:
    """With daily runs and N days, no key backup is ever N days old; others, and what is not ours, stay."""
    now = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
    for back in range(10):
        (tmp_path / f"keys-{now - timedelta(days=back):%Y%m%dT%H%M%SZ}").mkdir()
    (tmp_path / "record-20250101T000000Z").mkdir()
    (tmp_path / "letters").mkdir()
    removed = remove_old_keys(tmp_path, now, 7)
    assert len(removed) == 3
    assert sorted(path.name for path in tmp_path.iterdir())[:2] == ["keys-20261115T030000Z", "keys-20261116T030000Z"]
    assert (tmp_path / "record-20250101T000000Z").is_dir()
