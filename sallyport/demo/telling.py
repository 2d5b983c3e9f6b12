"""What the demonstration says while it works: a line that moves on a terminal, lines one after the other elsewhere."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from rich.console import Console

Tell = Callable[[str], None]


def say(out: Console, text: str) -> None:
    """Print one line, whatever brackets are in it."""
    out.print(text, markup=False, soft_wrap=True)


@contextlib.contextmanager
def working(out: Console, text: str) -> Iterator[Tell]:
    """Say what is being done; the block may go on to say what comes next."""
    say(out, text)
    if not out.is_terminal:
        yield lambda more: say(out, more)
        return
    with out.status("working", spinner="line", refresh_per_second=4):
        yield lambda more: say(out, more)
