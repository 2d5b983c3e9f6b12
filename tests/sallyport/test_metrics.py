"""What Prometheus is told: right numbers, by kinds and states only, and no way in for anybody's words."""

from __future__ import annotations

import threading
import urllib.request
from concurrent.futures import Future
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update

from intake.errors import OurFault, TryAgain
from intake.ports import Upload
from records.alarms import raise_alarm
from records.commit import Committer
from records.inquiries import find, hold
from records.schema import migrate
from records.store import Store, Stores
from records.tables import JobRow
from records.values import Accepted, Channel, Envelope
from sallyport.counting import BUCKETS, Counts, read_told, telling
from sallyport.errors import SettingsFault
from sallyport.metrics.exposing import House
from sallyport.metrics.table import COUNTED, GAUGES, LOOKED_UP, SPANS
from sallyport.settings import load
from sallyport.wiring.counted import CountedAcceptor
from tests.journeys.program import Program
from tests.records.builders import NOON, TickingClock, accept_mail, acceptor, private_keys

Series = dict[tuple[str, frozenset[tuple[str, str]]], float]


def read(text: str) -> Series:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def scraped(stores: Stores, folder: Path, clock: TickingClock) -> Series:
    registry = CollectorRegistry()
    registry.register(House(stores.record, folder, {"data": folder}, clock))
    return read(generate_latest(registry).decode())


def value(found: Series, name: str, **labels: str) -> float:
    return found[f"sallyport_{name}", frozenset(labels.items())]


@pytest.fixture
def stores(tmp_path):
    opened = Stores(Store.at(f"sqlite:///{tmp_path}/sallyport.db"), Store.at(f"sqlite:///{tmp_path}/keys.db"))
    migrate(opened)
    yield opened
    opened.close()


def test_the_record_is_told_in_numbers(stores, tmp_path) -> None:
    """States, jobs by kind and age, what is held and since when, and open alarms, as the record has them."""
    clock = TickingClock()
    committer = Committer(stores, clock)
    accept = acceptor(committer, private_keys()["intake"], clock)
    references = [accept_mail(accept, b"mail %d" % number).reference for number in range(3)]
    committer.close()
    with stores.record.writing() as connection:
        hold(connection, find(connection, reference=references[0]).id, "unreadable", now=clock())
        raise_alarm(connection, "admit-failed", "a" * 32, clock())
        connection.execute(update(JobRow).where(JobRow.id == 1).values(failures=2, not_before=NOON.replace(hour=23)))
        connection.execute(update(JobRow).where(JobRow.id == 2).values(worker="w", not_before=NOON.replace(hour=23)))
    clock.now = NOON.replace(hour=18)
    found = scraped(stores, tmp_path, clock)
    assert value(found, "database_answers") == 1
    assert value(found, "inquiries", state="received") == 2
    assert value(found, "inquiries", state="held") == 1
    assert value(found, "inquiries", state="closed") == 0
    assert [value(found, "jobs", kind="admit", condition=each) for each in ("ready", "taken", "waiting")] == [1, 1, 1]
    assert value(found, "jobs_failing", kind="admit") == 1
    assert 3500 < value(found, "oldest_ready_job_seconds", kind="admit") < 3700
    assert 3500 < value(found, "oldest_held_seconds") < 3700
    assert value(found, "alarms_open", kind="admit-failed") == 1
    assert value(found, "free_bytes", folder="data") > 0


def test_while_the_record_is_away_nothing_is_made_up(tmp_path) -> None:
    """Without an answer of the record its series are not there, and one says so; the others go on."""
    store = Store.at(f"sqlite:///{tmp_path}/nowhere/sallyport.db")
    found = scraped(Stores(store, store), tmp_path, TickingClock())
    assert value(found, "database_answers") == 0
    assert not any(name == "sallyport_inquiries" for name, _ in found)
    assert value(found, "free_bytes", folder="data") > 0


class Door:
    """An acceptor that does as it is told."""

    def __init__(self) -> None:
        self.answer: Accepted | Exception = Accepted(reference="INQ-AAAA-AAAA", is_duplicate=False)
        self.is_shut = False

    def begin(self, channel: Channel) -> Upload:
        """Open an upload."""
        del channel
        if self.is_shut:
            raise TryAgain("no-space")
        return self

    def write(self, data: bytes) -> None:
        """Take bytes."""

    def finish(self, envelope: Envelope) -> Future[Accepted]:
        """Give the answer."""
        del envelope
        done: Future[Accepted] = Future()
        if isinstance(self.answer, Exception):
            done.set_exception(self.answer)
        else:
            done.set_result(self.answer)
        return done

    def abandon(self) -> None:
        """Forget it."""


def test_what_a_process_counts_comes_out_as_it_was_counted(stores, tmp_path) -> None:
    """Accepted, known already, refused and why, and how long it took: by channel and process."""
    counts, door = Counts(), Door()
    counted = CountedAcceptor(door, counts)
    envelope = Envelope(channel=Channel.EMAIL, mailboxes=("inquiries@example.test",))
    with telling(counts, tmp_path / "counts", "smtp"):
        counted.begin(Channel.EMAIL).finish(envelope)
        door.answer = Accepted(reference="INQ-AAAA-AAAA", is_duplicate=True)
        counted.begin(Channel.EMAIL).finish(envelope)
        door.answer = OurFault("store-away")
        counted.begin(Channel.FORM).finish(envelope)
        door.is_shut = True
        with pytest.raises(TryAgain):
            counted.begin(Channel.EMAIL)
        counts.watch("paused", lambda: 1.0)
    found = scraped(stores, tmp_path / "counts", TickingClock())
    assert value(found, "accepted_total", channel="email", process="smtp") == 1
    assert value(found, "duplicates_total", channel="email", process="smtp") == 1
    assert value(found, "refused_total", channel="form", reason="store-away", process="smtp") == 1
    assert value(found, "refused_total", channel="email", reason="no-space", process="smtp") == 1
    assert value(found, "accept_seconds_count", channel="email", process="smtp") == 2
    assert value(found, "accept_seconds_bucket", channel="email", process="smtp", le="+Inf") == 2
    assert value(found, "paused", process="smtp") == 1
    assert value(found, "process_told_seconds", process="smtp") >= 0


def test_durations_fall_into_their_buckets(tmp_path) -> None:
    """A bucket holds what took as long as its bound, and all that is longer than the last is counted too."""
    counts = Counts()
    for seconds in (BUCKETS[0], 0.3, 100.0):
        counts.observe("accept_seconds", seconds, "email")
    with telling(counts, tmp_path, "smtp"):
        pass
    (told,) = read_told(tmp_path)
    ((_, span),) = told.spans
    assert span[0] == 1
    assert span[BUCKETS.index(0.5)] == 1
    assert span[len(BUCKETS)] == 1
    assert span[-1] == pytest.approx(100.305)


@pytest.mark.parametrize("label", ["ana@example.org", "512-37-4096", "Ana", "", "a" * 40, "x\ny"])
def test_no_senders_word_becomes_a_label(tmp_path, stores, label) -> None:
    """What is no id of ours is counted as `other`."""
    counts = Counts()
    with telling(counts, tmp_path, "smtp"):
        counts.add("refused", "email", label)
    found = scraped(stores, tmp_path, TickingClock())
    assert value(found, "refused_total", channel="email", reason="other", process="smtp") == 1


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"sums": [["refused"]], "spans": [], "gauges": []}'])
def test_a_broken_file_of_counts_is_left_out(tmp_path, stores, body) -> None:
    """What a full disk left of a file, or a name that is in no table, does not stop the others."""
    (tmp_path / "smtp.json").write_bytes(body)
    counts = Counts()
    with telling(counts, tmp_path, "site"):
        counts.add("accepted", "form")
        counts.add("no-such-series", "form")
    found = scraped(stores, tmp_path, TickingClock())
    assert value(found, "accepted_total", channel="form", process="site") == 1
    assert not any("no_such" in name or "no-such" in name for name, _ in found)


def test_counting_from_many_threads_loses_nothing() -> None:
    """The sum is what was counted."""
    counts = Counts()

    def count() -> None:
        for _ in range(1000):
            counts.add("accepted", "email")

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts.told()["sums"] == [["accepted", ["email"], 8000]]


def test_labels_are_kinds_and_states_only() -> None:
    """No series has a label that could name an inquiry, a person or an address."""
    labels = {
        label for table in (COUNTED, SPANS, GAUGES, LOOKED_UP) for each in table.values() for label in each.labels
    }
    assert labels == {"channel", "reason", "kind", "outcome", "state", "condition", "folder"}


def test_metrics_are_for_this_machine_only() -> None:
    """An address that others reach is refused as a setting; without the setting nobody listens."""
    with pytest.raises(SettingsFault, match="METRICS_LISTEN"):
        load({"SALLYPORT_METRICS_LISTEN": "192.0.2.1:9000"})
    assert load({}).metrics_listen is None


def test_a_running_house_tells(tmp_path) -> None:
    """`serve` with the setting answers Prometheus on the port that its ready line names, and ends with the others."""
    program = Program(tmp_path / "house")
    program.environment = {**program.environment, "SALLYPORT_METRICS_LISTEN": "127.0.0.1:0"}
    program.start()
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{program.ports['metrics']}/metrics", timeout=30) as answer:
            found = read(answer.read().decode())
    finally:
        assert program.stop() == 0
    assert value(found, "database_answers") == 1
    assert value(found, "inquiries", state="received") == 0
