"""The role `worker`: admits, routes, acknowledges, sends; and sweeps up what crashes left behind."""

from __future__ import annotations

import logging
import threading
from datetime import datetime

from intake.admit import Admit
from intake.admit import give_up as give_up_admit
from intake.parser_pool import ParserPool
from records.alarms import raise_alarm
from records.blobs import sweep_uploads, sweep_wraps
from records.digests import DigestKeys
from records.errors import RecordsError
from records.jobs import JobKind, Runner
from records.overdue import held_too_long
from records.settling import LOOK_BACK, SETTLED, drop_settled_wraps, find_lost_work
from records.unsealing import PrivateKeys
from router.sending import Sending, give_up_acknowledgement, give_up_reply
from router.triage import Triage
from router.triage import give_up as give_up_triage
from sallyport.roles.running import Running
from sallyport.settings import Settings
from sallyport.wiring.staff import routes, transport

log = logging.getLogger(__name__)
SWEEP_SECONDS = 60.0


def run(running: Running) -> None:
    """Work until told to stop."""
    keys = running.keys
    private, digests = PrivateKeys(keys.private), DigestKeys(keys.digests)
    public = {key.compartment: key for key in keys.public}
    parser = ParserPool()
    admit = Admit(
        stores=running.stores, private=private, public=public, digests=digests, parser=parser, clock=running.clock
    )
    triage = Triage(
        stores=running.stores, private=private, public=public, routes=routes(running.settings), clock=running.clock
    )
    sending = _sending(running, private, digests)
    kinds = {
        "admit": JobKind(prepare=admit.prepare, give_up=give_up_admit),
        "triage": JobKind(prepare=triage.prepare, give_up=give_up_triage),
        "acknowledge": JobKind(prepare=sending.acknowledge, give_up=give_up_acknowledgement),
        "dispatch": JobKind(prepare=sending.reply, give_up=give_up_reply),
    }
    sweeper = threading.Thread(target=_sweep, args=(running,), name="sweeper", daemon=True)
    sweeper.start()
    running.ready(None)
    try:
        Runner(running.stores, running.committer, kinds, running.clock, running.name).run(running.stop)
    finally:
        parser.close()


def _sending(running: Running, private: PrivateKeys, digests: DigestKeys) -> Sending:
    settings: Settings = running.settings
    return Sending(
        stores=running.stores,
        committer=running.committer,
        private=private,
        digests=digests,
        transport=transport(settings),
        clock=running.clock,
        agency=settings.agency,
        telephone=settings.agency_telephone,
        from_address=settings.from_address,
        own_addresses=settings.mailboxes.known,
    )


def _sweep(running: Running) -> None:
    """Sweep now and then; what fails is tried again the next time."""
    while not running.stop.wait(SWEEP_SECONDS):
        try:
            sweep(running, running.clock())
        except RecordsError as fault:
            log.warning("sweep not done: class=%s", type(fault).__name__)


def sweep(running: Running, now: datetime) -> None:
    """Remove what no inquiry owns, and raise the alarm for what has been held too long."""
    with running.stores.record.writing() as connection:
        uploads = sweep_uploads(connection, now)
        found = find_lost_work(connection, now)
        for inquiry_id in held_too_long(connection, now):
            raise_alarm(connection, "held-too-long", inquiry_id, now)
    wraps = sweep_wraps(running.stores, now - LOOK_BACK, now - SETTLED) + drop_settled_wraps(running.stores, now)
    if uploads or wraps or found:
        log.info("swept uploads=%d wraps=%d; jobs written again count=%d", uploads, wraps, found)
