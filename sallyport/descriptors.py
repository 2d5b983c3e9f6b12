"""How many connections a process may hold, so that files, databases and pipes always find a descriptor.

Where accepting fails for want of descriptors, everything else does as well: the store cannot open its files, and a
server that is woken for a connection which it cannot take has nothing to wait for. So fewer are let in than fit.
"""

from __future__ import annotations

import logging
import resource

log = logging.getLogger(__name__)
# Databases (three files for each connection that SQLite has open), pipes, the listener, selectors, a certificate.
SPARE = 64


def places_for(wanted: int) -> int:
    """Give how many of `wanted` connections there is room for; raises the soft limit on open files as far as needed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted + SPARE:
        soft = wanted + SPARE if hard == resource.RLIM_INFINITY else min(wanted + SPARE, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    found = places(wanted, None if soft == resource.RLIM_INFINITY else soft)
    if found < wanted:
        log.warning("open files are limited: connections wanted=%d possible=%d files=%d", wanted, found, soft)
    return found


def places(wanted: int, files: int | None) -> int:
    """Give the number of connections for a limit of `files`; half of a small one.

    >>> places(200, None), places(200, 1024), places(200, 200), places(200, 64)
    (200, 200, 136, 32)
    """
    return wanted if files is None else max(1, min(wanted, max(files - SPARE, files // 2)))
