"""What both web servers are given."""

from __future__ import annotations

from dataclasses import replace

from sallyport.descriptors import places_for
from sallyport.web import Limits


def web_limits() -> Limits:
    """Give the limits of a web server, as far as this process may open files."""
    limits = Limits()
    return replace(limits, connections=places_for(limits.connections))
