"""Every series that Prometheus may ask for: its name, what it says, and its labels. Nothing is about one inquiry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PREFIX = "sallyport_"


@dataclass(frozen=True, slots=True)
class Metric:
    """One series, without the prefix. A process's own has the label `process` in front of its others."""

    what: str
    labels: tuple[str, ...] = ()


# What processes count themselves, by the name that they count it under.
COUNTED: Mapping[str, Metric] = {
    "accepted": Metric("Submissions accepted: each was durable before its sender heard so.", ("channel",)),
    "duplicates": Metric("Submissions that were there already, and were answered as the first time.", ("channel",)),
    "refused": Metric("Submissions not taken, by reason; their senders come again.", ("channel", "reason")),
    "jobs_done": Metric("Jobs prepared by a worker, by how that ended.", ("kind", "outcome")),
}
SPANS: Mapping[str, Metric] = {
    "accept_seconds": Metric("Seconds from a submission's last byte to its durable commit.", ("channel",)),
}
GAUGES: Mapping[str, Metric] = {
    "paused": Metric("Whether this process takes no mail at present (1), for whatever reason."),
    "connections": Metric("Connections of senders that are open."),
    "changes_waiting": Metric("Changes that wait for a commit."),
}
# What is looked up in the record, and on this machine.
LOOKED_UP: Mapping[str, Metric] = {
    "database_answers": Metric(
        "Whether the record answered (1); what is looked up in it is not there while it does not."
    ),
    "inquiries": Metric("Inquiries by state.", ("state",)),
    "jobs": Metric("Jobs by kind and condition: ready, taken, waiting for another try.", ("kind", "condition")),
    "jobs_failing": Metric("Jobs that have failed before.", ("kind",)),
    "oldest_ready_job_seconds": Metric("How long the oldest ready job has been so.", ("kind",)),
    "oldest_held_seconds": Metric("How long the oldest held inquiry has been so."),
    "alarms_open": Metric("Open alarms by kind.", ("kind",)),
    "free_bytes": Metric("Bytes free on the file system of a folder.", ("folder",)),
    "process_told_seconds": Metric("How long ago a process of this host told its counts: above 30 it hangs, or ended."),
}
