"""The unsealer: a role of its own on a local socket. No audit line, no text."""

from router.unsealer.client import UnsealerClient
from router.unsealer.rules import Unsealer
from router.unsealer.server import UnsealerServer

__all__ = ["Unsealer", "UnsealerClient", "UnsealerServer"]
