"""What one server allows; every number says where it comes from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The bounds of one SMTP or LMTP server."""

    # Announced by SIZE. 25 MB of attachment grow by a third in base64; a gateway adds its trace fields.
    octets: int = 35 * 1024 * 1024
    # Postfix opens 20 at once to one destination by default, and up to 100 where it was asked to.
    connections: int = 100
    # 0 means as many as in total: behind a gateway every connection comes from one peer.
    connections_per_peer: int = 0
    # RFC 5321 section 4.5.3.1.8 asks for at least 100; beyond it 452 lets the sender split the list.
    recipients: int = 1000
    # RFC 5321 section 4.5.3.2.7: a server waits at least five minutes for the next command.
    idle_seconds: float = 300
    # Octets a second, averaged over the idle time: a slow line does more, a sender who holds a place does less.
    pace: float = 256
    # One message in all. 35 MiB at 10 kB a second take an hour.
    data_seconds: float = 3600
    # A sender waits ten minutes for the answer to the last dot (RFC 5321 section 4.5.3.2.6), but holds a place while it
    # does. A commit takes milliseconds; after this the answer is 451, and where it was done after all, the same bytes
    # sent again are known.
    commit_seconds: float = 45
    # RFC 5321 section 4.5.3.1.4 sets 512, extensions add to it; long VERP senders pass 1,000.
    command_octets: int = 2048
    # Commands in a session that are wrong, or that do nothing, before it is closed; an accepted message pays for all.
    faults: int = 20
    idle_commands: int = 100
