"""Several things at the same moment, in threads of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import Connection

from records.commit import Change, Committer
from records.errors import RecordsError


def together(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Begin all acts at once; give what each gave, or the error it raised, in their order."""
    ready = threading.Barrier(len(acts), timeout=30)

    def run(act: Callable[[], Any]) -> Any:
        ready.wait()
        try:
            return act()
        except Exception as fault:  # noqa: BLE001 - an error is an answer as well
            return fault

    with ThreadPoolExecutor(len(acts)) as pool:
        return [each.result(60) for each in [pool.submit(run, act) for act in acts]]


def meanwhile(committer: Committer, change: Callable[[Connection], Any], act: Callable[[], Any]) -> Any:
    """Begin an act when a change is written and not yet committed; give what it gave, or its error.

    The act must wait for the change: it is over only when that is committed.
    """
    begun, over = threading.Event(), threading.Event()
    came: list[Any] = []

    def apply(connection: Connection) -> None:
        change(connection)
        begun.set()
        assert not over.wait(0.5), "the act did not wait"

    def run() -> None:
        begun.wait(30)
        try:
            came.append(act())
        except RecordsError as fault:
            came.append(fault)
        over.set()

    acting = threading.Thread(target=run)
    acting.start()
    try:
        committer.commit(Change(apply=apply))
    finally:
        acting.join(30)
    return came[0]
