"""What the public's roles are built from."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from intake.accept import Accept
from intake.arrivals import AcceptSettings
from intake.ports import Acceptor
from records.digests import DigestKeys
from records.sealing import PublicKey
from sallyport.gauge import Gauge, look
from sallyport.pausing import Bounds
from sallyport.wiring.counted import CountedAcceptor

if TYPE_CHECKING:
    from sallyport.roles.running import Running

# Beyond either of these a sender is asked to come again: changes that wait for a commit, and the memory they hold.
MOST_CHANGES = 512
MOST_OCTETS = 32 * 1024 * 1024
BUSY = "busy"


def gauge_of(running: Running) -> Gauge:
    """Build what looks whether mail may be taken: at the disks of data and temporary files, and at the store."""
    settings, stores = running.settings, running.stores
    # The variable as it is: `tempfile` writes a file to try a folder, and goes elsewhere when its disk is full.
    folders = (settings.data, Path(os.environ.get("TMPDIR") or "/tmp"))  # noqa: S108 - only looked at
    return Gauge(
        running.name,
        lambda: look(stores, folders),
        Bounds(free_space=settings.free_space, most_waiting=settings.most_waiting),
        running.committer,
        running.clock,
        _intake_key(running),
    )


def gate(running: Running, gauge: Gauge) -> Callable[[], str | None]:
    """Give the question that is asked before anything is taken: a reason not to, or None. It never waits."""
    committer = running.committer

    def reason() -> str | None:
        if committer.waiting > MOST_CHANGES or committer.waiting_octets > MOST_OCTETS:
            return BUSY
        return gauge.reason

    return reason


def acceptor(running: Running, reason: Callable[[], str | None]) -> Acceptor:
    """Build the door into the record for a role that faces the public."""
    settings, committer = running.settings, running.committer
    running.counts.watch("paused", lambda: float(reason() is not None))
    running.counts.watch("changes_waiting", lambda: float(committer.waiting))
    door = Accept(
        committer,
        _intake_key(running),
        DigestKeys(running.keys.digests),
        AcceptSettings(
            reference_prefix=settings.reference_prefix,
            policy_version=settings.policy_version,
            record_series=settings.record_series,
        ),
        running.clock,
        gate=reason,
    )
    return CountedAcceptor(door, running.counts)


def _intake_key(running: Running) -> PublicKey:
    return next(key for key in running.keys.public if key.compartment == "intake")
