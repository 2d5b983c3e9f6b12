"""SMTP and LMTP: one conversation, two ways to greet and to answer (RFC 5321, RFC 2033)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What differs between the two protocols."""

    name: str
    banner: str
    # The greeting without extensions and the one with them. RFC 2033 section 4.1: LMTP has no HELO and no EHLO.
    plain_greeting: str | None
    extended_greeting: str
    # RFC 2033 section 4.2: after the last dot one reply for each accepted RCPT, in their order, repeated ones too.
    has_reply_per_recipient: bool

    def protocol(self, *, is_extended: bool, is_secure: bool, is_utf8: bool) -> str:
        """Give the name of what was spoken (RFC 3848 section 1, RFC 6531 section 4.3)."""
        prefix = "UTF8" if is_utf8 else "E" if is_extended and self.plain_greeting else ""
        return f"{prefix}{self.name}{'S' if is_secure else ''}"

    def replies(self, reply: str, accepted_recipients: int) -> tuple[str, ...]:
        """Give all that is answered to one message."""
        return (reply,) * (accepted_recipients if self.has_reply_per_recipient else 1)


SMTP = Dialect(
    name="SMTP", banner="ESMTP", plain_greeting="HELO", extended_greeting="EHLO", has_reply_per_recipient=False
)
LMTP = Dialect(name="LMTP", banner="LMTP", plain_greeting=None, extended_greeting="LHLO", has_reply_per_recipient=True)
