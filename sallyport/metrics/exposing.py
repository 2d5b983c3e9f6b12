"""Gives Prometheus what it asks for. Each time is one short look at the record, and a read of what processes told."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector

from records.clock import Clock
from records.errors import RecordsError
from records.overview import Overview, overview
from records.store import Store
from sallyport.counting import BUCKETS, OTHER, Series, Told, read_told
from sallyport.gauge import space_of
from sallyport.metrics.table import COUNTED, GAUGES, LOOKED_UP, PREFIX, SPANS, Metric
from sallyport.program import program_version

T = TypeVar("T")
GONE = 3600.0  # A process that told nothing for so long is not shown any more.


class House(Collector):
    """Collects for one scrape."""

    def __init__(self, record: Store, told: Path, folders: Mapping[str, Path], clock: Clock) -> None:
        self._record, self._told, self._folders, self._clock = record, told, folders, clock
        self._one_at_a_time = threading.Lock()

    def collect(self) -> Iterator[Family]:
        """Look, and give every series."""
        told = [each for each in read_told(self._told) if each.age < GONE]
        yield _info()
        yield from self._looked_up()
        yield from self._machine(told)
        yield from _counted(told)

    def describe(self) -> list[Family]:
        """Give nothing: being registered must not ask the database."""
        return []

    def _looked_up(self) -> Iterator[Family]:
        try:
            # Who asks many times at once waits in line: the record has other work.
            with self._one_at_a_time, self._record.reading() as connection:
                found = overview(connection, self._clock())
        except RecordsError:
            # Nothing is made up: the series of the record are not there while it is away.
            yield _gauge("database_answers", {(): 0})
            return
        yield _gauge("database_answers", {(): 1})
        yield from self._of_the_record(found)

    def _of_the_record(self, found: Overview) -> Iterator[Family]:
        now = self._clock()
        yield _gauge("inquiries", {(state.value,): number for state, number in found.states})
        by_condition: dict[tuple[str, ...], float] = {
            (each.kind, condition): number
            for each in found.jobs
            for condition, number in (("ready", each.ready), ("taken", each.taken), ("waiting", each.waiting))
        }
        yield _gauge("jobs", by_condition)
        yield _gauge("jobs_failing", {(each.kind,): each.failing for each in found.jobs})
        since = {each.kind: each.ready_since for each in found.jobs}
        yield _gauge(
            "oldest_ready_job_seconds",
            {(kind,): (now - at).total_seconds() if at else 0.0 for kind, at in since.items()},
        )
        held = found.held_since
        yield _gauge("oldest_held_seconds", {(): (now - held).total_seconds() if held else 0.0})
        yield _gauge("alarms_open", {(each.kind,): each.count for each in found.alarms})

    def _machine(self, told: list[Told]) -> Iterator[Family]:
        free: dict[tuple[str, ...], float] = {}
        for title, folder in self._folders.items():
            try:
                free[title,] = space_of(folder).free
            except OSError:
                continue
        yield _gauge("free_bytes", free)
        ages: dict[tuple[str, ...], float] = {(each.process,): each.age for each in told}
        yield _gauge("process_told_seconds", ages, LOOKED_UP, ("process",))


def _info() -> Family:
    family = GaugeMetricFamily(PREFIX + "info", "The program's version.", labels=("version",))
    family.add_metric((program_version(),), 1)
    return family


def _gauge(
    name: str,
    values: Mapping[tuple[str, ...], float],
    table: Mapping[str, Metric] = LOOKED_UP,
    before: tuple[str, ...] = (),
) -> Family:
    family = GaugeMetricFamily(PREFIX + name, table[name].what, labels=(*before, *table[name].labels))
    for labels, value in values.items():
        family.add_metric(labels, value)
    return family


def _counted(told: list[Told]) -> Iterator[Family]:
    """Give what processes counted; a name or a number of labels that the tables do not have is left out."""
    for name, metric in COUNTED.items():
        counter = CounterMetricFamily(PREFIX + name, metric.what, labels=("process", *metric.labels))
        for each in told:
            for labels, value in _of(name, metric, each.sums):
                counter.add_metric((each.process, *labels), value)
        yield counter
    for name, metric in SPANS.items():
        histogram = HistogramMetricFamily(PREFIX + name, metric.what, labels=("process", *metric.labels))
        for each in told:
            for labels, span in _of(name, metric, each.spans):
                _add_span(histogram, (each.process, *labels), span)
        yield histogram
    for name, metric in GAUGES.items():
        values = {(each.process, *labels): value for each in told for labels, value in _of(name, metric, each.gauges)}
        yield _gauge(name, values, GAUGES, ("process",))


def _of(name: str, metric: Metric, found: tuple[tuple[Series, T], ...]) -> Iterator[tuple[tuple[str, ...], T]]:
    for (found_name, labels), value in found:
        if found_name == name and len(labels) == len(metric.labels):
            yield tuple(label or OTHER for label in labels), value


def _add_span(family: HistogramMetricFamily, labels: tuple[str, ...], span: tuple[float, ...]) -> None:
    if len(span) == len(BUCKETS) + 2:
        bounds = (*map(str, BUCKETS), "+Inf")
        buckets = list(zip(bounds, itertools.accumulate(span[:-1]), strict=True))
        family.add_metric(labels, buckets=buckets, sum_value=span[-1])
