"""The roles `smtp` and `lmtp`: the mail gateway. They hold one public key and cannot read back what they accept."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

from intake.smtp import LMTP, SMTP, Limits, SmtpServer
from sallyport.descriptors import places_for
from sallyport.errors import CannotStart
from sallyport.reloading import Reloading
from sallyport.roles.running import Running, listening
from sallyport.settings import Settings
from sallyport.wiring.public import acceptor, gate, gauge_of

GRACE_SECONDS = 15.0


def run(running: Running) -> None:
    """Serve until told to stop; mail under way is finished first."""
    asyncio.run(_serve(running))


async def _serve(running: Running) -> None:
    settings = running.settings
    if running.listen is None:
        raise CannotStart("LMTP_LISTEN is not set")
    gauge, tls = gauge_of(running), reloading_tls(settings)
    reason = gate(running, gauge)
    server = SmtpServer(
        acceptor(running, reason),
        settings.mailboxes,
        Limits(
            octets=settings.message_size,
            connections=places_for(settings.connections),
            recipients=settings.recipients,
            idle_seconds=settings.idle_seconds,
        ),
        running.listen.host,
        running.listen.port,
        tls=None if tls is None else tls.current,
        protocol=LMTP if running.role == "lmtp" else SMTP,
        is_paused=reason,
    )
    running.counts.watch("connections", lambda: float(server.connections))
    if tls is not None:
        running.hangup.add(tls, server.renew_tls)
    with listening(running):
        port = await server.start()
    with gauge:
        running.hangup.start()
        running.ready(port)
        await asyncio.to_thread(running.wait)
        await server.stop(GRACE_SECONDS)


def reloading_tls(settings: Settings) -> Reloading[ssl.SSLContext] | None:
    """Give what STARTTLS needs, so that it can be read again; None where it is not offered."""
    if settings.tls_certificate is None or settings.tls_key is None:
        return None
    certificate, key = settings.tls_certificate, settings.tls_key
    return Reloading(lambda: read_tls(certificate, key), "certificate-not-loaded")


def read_tls(certificate: Path, key: Path) -> ssl.SSLContext:
    """Read a certificate and its key: a context of its own each time, so that a broken file spoils none in use."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError):
        raise CannotStart("the certificate or its key for STARTTLS cannot be read") from None
    return context
