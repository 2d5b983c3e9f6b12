"""The role `unsealer`: the only one that holds the units' and the custodian's private keys."""

from __future__ import annotations

from records.audit import Chain
from records.digests import DigestKeys
from records.unsealing import PrivateKeys
from router.unsealer import Unsealer, UnsealerServer
from router.unsealer.rules import Holding
from sallyport.roles.running import Running


def run(running: Running) -> None:
    """Answer questions on the local socket until told to stop."""
    keys = running.keys
    holding = Holding(
        stores=running.stores,
        committer=running.committer,
        private=PrivateKeys(keys.private),
        public={key.compartment: key for key in keys.public},
        digests=DigestKeys(keys.digests),
        chain=Chain("unsealer", keys.chain_keys["unsealer"]),
        clock=running.clock,
    )
    server = UnsealerServer(Unsealer(holding), running.settings.unsealer_socket)
    server.start()
    running.ready(None)
    running.wait()
    server.stop()
