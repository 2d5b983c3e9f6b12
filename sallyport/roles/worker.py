"""The role `worker`: admits, routes, acknowledges, sends; and sweeps up what crashes left behind."""

from __future__ import annotations

from intake.admit import Admit
from intake.admit import give_up as give_up_admit
from intake.parser_pool import ParserPool
from records.digests import DigestKeys
from records.jobs import JobKind
from records.unsealing import PrivateKeys
from router.sending import Sending, give_up_acknowledgement, give_up_reply
from router.triage import Triage
from router.triage import give_up as give_up_triage
from sallyport.roles.lanes import run_lanes
from sallyport.roles.running import Running
from sallyport.roles.sweeping import Sweeper
from sallyport.settings import Settings
from sallyport.wiring.counted import counted_kinds
from sallyport.wiring.staff import reloading_routes, transport


def run(running: Running) -> None:
    """Work until told to stop."""
    keys = running.keys
    private, digests = PrivateKeys(keys.private), DigestKeys(keys.digests)
    public = {key.compartment: key for key in keys.public}
    parser = ParserPool()
    in_force = reloading_routes(running.settings, public)
    running.hangup.add(in_force)

    def triage() -> Triage:
        return Triage(
            stores=running.stores, private=private, public=public, routes=in_force.current, clock=running.clock
        )

    admit = Admit(
        stores=running.stores,
        private=private,
        public=public,
        digests=digests,
        parser=parser,
        clock=running.clock,
        decide=lambda inquiry, document: triage().decide(inquiry, document),
    )
    sending = _sending(running, private, digests)
    sweeper = Sweeper(running)
    # Those that come first in a lane are taken first: what is nearest to its end.
    lanes = {
        "work": {
            "triage": JobKind(prepare=lambda subject: triage().prepare(subject), give_up=give_up_triage),
            "admit": JobKind(prepare=admit.prepare, give_up=give_up_admit, for_batch=admit.for_batch),
        },
        "post": {
            "dispatch": JobKind(prepare=sending.reply, give_up=give_up_reply),
            "acknowledge": JobKind(prepare=sending.acknowledge, give_up=give_up_acknowledgement),
        },
    }
    running.hangup.start()
    try:
        counted = {lane: counted_kinds(kinds, running.counts) for lane, kinds in lanes.items()}
        run_lanes(running, counted, lambda _stop: sweeper.run())
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
