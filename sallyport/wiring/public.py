"""What the public's roles are built from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake.accept import Accept, AcceptSettings
from records.digests import DigestKeys

if TYPE_CHECKING:
    from sallyport.roles.running import Running

MOST_WAITING = 512  # Changes that wait for a commit: beyond this a sender is asked to come again.


def acceptor(running: Running) -> Accept:
    """Build the door into the record for a role that faces the public."""
    settings, committer = running.settings, running.committer
    return Accept(
        committer,
        next(key for key in running.keys.public if key.compartment == "intake"),
        DigestKeys(running.keys.digests),
        AcceptSettings(
            reference_prefix=settings.reference_prefix,
            policy_version=settings.policy_version,
            record_series=settings.record_series,
        ),
        running.clock,
        gate=lambda: "busy" if committer.waiting > MOST_WAITING else None,
    )
