"""The roles `smtp` and `lmtp`: the mail gateway. They hold one public key and cannot read back what they accept."""

from __future__ import annotations

import asyncio
import ssl

from intake.smtp import LMTP, SMTP, Limits, SmtpServer
from sallyport.errors import CannotStart
from sallyport.roles.running import Running, listening
from sallyport.settings import Settings
from sallyport.wiring.public import acceptor

GRACE_SECONDS = 15.0


def run(running: Running) -> None:
    """Serve until told to stop; mail under way is finished first."""
    asyncio.run(_serve(running))


async def _serve(running: Running) -> None:
    settings = running.settings
    if running.listen is None:
        raise CannotStart("LMTP_LISTEN is not set")
    server = SmtpServer(
        acceptor(running),
        settings.mailboxes,
        Limits(
            octets=settings.message_size,
            connections=settings.connections,
            recipients=settings.recipients,
            idle_seconds=settings.idle_seconds,
        ),
        running.listen.host,
        running.listen.port,
        tls=starttls(settings),
        protocol=LMTP if running.role == "lmtp" else SMTP,
    )
    with listening(running):
        port = await server.start()
    running.ready(port)
    await asyncio.to_thread(running.wait)
    await server.stop(GRACE_SECONDS)


def starttls(settings: Settings) -> ssl.SSLContext | None:
    """Give what STARTTLS needs, or None where it is not offered."""
    if settings.tls_certificate is None or settings.tls_key is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(settings.tls_certificate, settings.tls_key)
    except (OSError, ssl.SSLError):
        raise CannotStart("the certificate or its key for STARTTLS cannot be read") from None
    return context
