"""What the public site needs to know of its agency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, tzinfo


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSettings:
    """Settings of the site's process; nothing of them is secret."""

    agency: str
    telephone: str
    # Our own mailbox to which every form post is delivered, in the canonical spelling.
    mailbox: str
    policy_version: str
    policy_date: date
    # Where people may write, line by line; none: paper is not offered on the form.
    postal_lines: tuple[str, ...] = ()
    # A URI for security.txt (RFC 9116), "mailto:..." or "https://..."; empty: no such page.
    security_contact: str = ""
    # Times on the receipt are told in it.
    timezone: tzinfo = UTC
