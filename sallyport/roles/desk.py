"""The role `desk`: pages for staff. It holds no private key; what it shows, the unsealer opened."""

from __future__ import annotations

from records.audit import Chain
from records.digests import DigestKeys
from router.accounts import Books
from router.desk import DeskServices, DeskSettings, make_desk, renew_routes
from router.passwords import Passwords
from router.typed import TypedTexts
from router.unsealer.client import UnsealerClient
from sallyport.errors import CannotStart
from sallyport.roles.running import Running, listening
from sallyport.web import WebServer
from sallyport.wiring.staff import reloading_routes
from sallyport.wiring.web import web_limits

LARGEST_BODY = 1024 * 1024  # The largest thing typed at the desk is a redaction made by hand.
GRACE_SECONDS = 5.0


def run(running: Running) -> None:
    """Serve the desk until told to stop."""
    settings, keys = running.settings, running.keys
    if running.listen is None:
        raise CannotStart("DESK_LISTEN is not set")
    in_force = reloading_routes(settings)
    books = Books(
        store=running.stores.record,
        committer=running.committer,
        digests=DigestKeys(keys.digests),
        chain=Chain("desk", keys.chain_keys["desk"]),
    )
    services = DeskServices(
        books=books,
        passwords=Passwords(),
        opening=UnsealerClient(settings.unsealer_socket),
        sealing=TypedTexts(
            stores=running.stores, public={key.compartment: key for key in keys.public}, clock=running.clock
        ),
        routes=in_force.current,
        clock=running.clock,
    )
    app = make_desk(services, DeskSettings(agency=settings.agency, zone=settings.time_zone.key))
    running.hangup.add(in_force, lambda new: renew_routes(app, new))
    server = WebServer(
        app,
        running.listen.host,
        running.listen.port,
        max_body=LARGEST_BODY,
        trusted_proxies=settings.trusted_proxies,
        limits=web_limits(),
    )
    with listening(running):
        port = server.start()
    running.hangup.start()
    running.ready(port)
    running.wait()
    server.stop(GRACE_SECONDS)
