"""What a worker makes good beside its jobs: what crashes left behind, what waits too long, the day's checkpoint."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from records.alarms import clear_alarms, raise_alarm
from records.audit import CHECKPOINTS, Chain, checkpoint
from records.blobs import sweep_uploads
from records.errors import RecordsError
from records.keyring import write_private
from records.overdue import HELD_TOO_LONG, held_too_long, not_held_any_more
from records.settling import Sweep, find_lost_work
from sallyport.roles.running import Running

log = logging.getLogger(__name__)
SWEEP_SECONDS = 60.0


@dataclass(slots=True)
class Sweeper:
    """Sweeps now and then; what fails is tried again the next time."""

    running: Running
    memory: Sweep = field(default_factory=Sweep)

    def run(self) -> None:
        """Sweep until told to stop."""
        while not self.running.stop.wait(SWEEP_SECONDS):
            self.sweep_once()

    def sweep_once(self) -> None:
        """Go one round."""
        try:
            sweep(self.running, self.memory, self.running.clock())
        except (RecordsError, OSError) as fault:
            log.warning("sweep not done: class=%s", type(fault).__name__)


def sweep(running: Running, memory: Sweep, now: datetime) -> None:
    """Remove what no inquiry owns, raise and clear the alarm for what is held too long, keep the day's checkpoint."""
    with running.stores.record.writing() as connection:
        uploads = sweep_uploads(connection, now)
        found = find_lost_work(connection, now)
        for inquiry_id in held_too_long(connection, now):
            raise_alarm(connection, HELD_TOO_LONG, inquiry_id, now)
        clear_alarms(connection, HELD_TOO_LONG, not_held_any_more(connection), now)
    wraps = memory.drop_wraps(running.stores, now)
    if uploads or wraps or found:
        log.info("swept uploads=%d wraps=%d; jobs written again count=%d", uploads, wraps, found)
    keep_checkpoint(running, now)


def keep_checkpoint(running: Running, now: datetime) -> None:
    """Write the day's checkpoint of the audit log, once, for somebody to keep where this machine cannot change it."""
    key = running.keys.chain_keys.get(CHECKPOINTS)
    file = checkpoint_file(running.settings.checkpoints, now)
    if key is None or file.exists():
        return
    with running.stores.record.writing() as connection:
        text = checkpoint(connection, Chain(CHECKPOINTS, key), now)
    write_private(file, text.encode() + b"\n")
    log.info("checkpoint of the audit log written")


def checkpoint_file(folder: Path, now: datetime) -> Path:
    """Name the file of a day's checkpoint."""
    return folder / f"audit-{now:%Y-%m-%d}.json"
