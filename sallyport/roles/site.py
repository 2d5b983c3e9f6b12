"""The role `site`: the public's pages. It holds one public key and cannot read back what it accepts."""

from __future__ import annotations

from intake.site import SiteSettings, make_site
from records.digests import DigestKeys
from sallyport.errors import CannotStart
from sallyport.roles.running import Running, listening
from sallyport.settings import Settings
from sallyport.web import WebServer
from sallyport.wiring.public import acceptor, gate, gauge_of
from sallyport.wiring.web import web_limits

LARGEST_BODY = 60 * 1024 * 1024  # Five files of 10 MB, and what the browser writes around them.
GRACE_SECONDS = 10.0


def site_settings(settings: Settings) -> SiteSettings:
    """Give what the site needs of the settings."""
    return SiteSettings(
        agency=settings.agency,
        telephone=settings.agency_telephone,
        mailbox=settings.mailboxes.listed[0],
        policy_version=settings.policy_version,
        policy_date=settings.policy_date,
        postal_lines=settings.agency_address,
        security_contact=settings.security_contact,
        timezone=settings.time_zone,
    )


def run(running: Running) -> None:
    """Serve the site until told to stop."""
    settings = running.settings
    if running.listen is None:
        raise CannotStart("SITE_LISTEN is not set")
    gauge = gauge_of(running)
    site = make_site(
        acceptor(running, gate(running, gauge)),
        DigestKeys(running.keys.digests),
        site_settings(settings),
        running.clock,
    )
    server = WebServer(
        site,
        running.listen.host,
        running.listen.port,
        max_body=LARGEST_BODY,
        trusted_proxies=settings.trusted_proxies,
        limits=web_limits(),
    )
    with listening(running):
        port = server.start()
    with gauge:
        running.ready(port)
        running.wait()
        server.stop(GRACE_SECONDS)
