"""The doctor: goes through an installation and says, line by line, what is well, what to look at, and what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from records.errors import RecordsError
from sallyport.doctor import databases, keys, machine, work
from sallyport.doctor.finding import Finding, Level, worst
from sallyport.doctor.house import House
from sallyport.errors import SallyportError

__all__ = ["Finding", "House", "Level", "examine", "worst"]

Check = Callable[[House], Iterator[Finding]]
# In the order in which one thing explains the next.
CHECKS: tuple[tuple[str, Check], ...] = (
    ("program", machine.program),
    ("space", machine.space),
    ("keys", keys.keys),
    ("database", databases.conditions),
    ("clock", databases.clocks),
    ("redis", machine.redis),
    ("roles", machine.roles),
    ("certificate", machine.certificate),
    ("jobs", work.jobs),
    ("destruction", databases.destruction),
    ("audit", work.audit),
    ("ledger", work.ledger),
)


def examine(house: House) -> Iterator[Finding]:
    """Go through everything. A check that cannot be made is itself a finding, and the others go on."""
    for about, check in CHECKS:
        try:
            yield from check(house)
        except (RecordsError, SallyportError, OSError) as fault:
            # The errors of the house are sentences without content; the system's can name a path.
            said = str(fault) if not isinstance(fault, OSError) else type(fault).__name__
            yield Finding(about=about, level=Level.WRONG, seen=f"cannot be looked at: {said}")
