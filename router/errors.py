"""The router's errors: one base, and whose fault it is in the name."""

from __future__ import annotations


class RouterError(Exception):
    """Base of the router's errors. Its text is ours: reason ids and names of settings, never a sender's word."""
