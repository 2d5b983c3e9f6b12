"""The role `desk`: pages for staff. It holds no private key; what it shows, the unsealer opened."""

from __future__ import annotations

from records.audit import Chain
from records.digests import DigestKeys
from router.accounts import Books
from router.desk import DeskServices, DeskSettings, make_desk
from router.passwords import Passwords
from router.typed import TypedTexts
from router.unsealer.client import UnsealerClient
from sallyport.errors import CannotStart
from sallyport.roles.running import Running, listening
from sallyport.web import WebServer
from sallyport.wiring.staff import routes

LARGEST_BODY = 1024 * 1024  # The largest thing typed at the desk is a redaction made by hand.
GRACE_SECONDS = 5.0


def run(running: Running) -> None:
    """Serve the desk until told to stop."""
    settings, keys = running.settings, running.keys
    if running.listen is None:
        raise CannotStart("DESK_LISTEN is not set")
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
        routes=routes(settings),
        clock=running.clock,
    )
    server = WebServer(
        make_desk(services, DeskSettings(agency=settings.agency, zone=settings.time_zone.key)),
        running.listen.host,
        running.listen.port,
        max_body=LARGEST_BODY,
        trusted_proxies=settings.trusted_proxies,
    )
    with listening(running):
        port = server.start()
    running.ready(port)
    running.wait()
    server.stop(GRACE_SECONDS)
