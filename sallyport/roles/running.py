"""What every role does alike: take its keys, open the stores, say that it is ready, and stop when told."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from records.clock import Clock, system_clock
from records.commit import Committer
from records.keyring import Bundle
from records.store import Stores
from sallyport.counting import Counts, telling
from sallyport.databases import open_stores, require_ready
from sallyport.errors import AddressTaken
from sallyport.log import configure
from sallyport.reloading import Hangup
from sallyport.settings import Settings
from sallyport.settings_reading import Listen

__all__ = ["Running", "counts_folder", "listening", "open_stores", "run_role"]

log = logging.getLogger(__name__)
STACK = 2 * 1024 * 1024  # For each thread; the usual 8 MiB would be most of a web role's address space.


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """What a role is given to run with."""

    role: str
    name: str
    settings: Settings
    keys: Bundle
    stores: Stores
    committer: Committer
    clock: Clock
    stop: threading.Event
    # What the role counts of its own doing; told to the role `metrics` where that runs.
    counts: Counts = field(default_factory=Counts)
    # Where a role adds what it reads again when SIGHUP comes; one that adds nothing goes on as it is.
    hangup: Hangup
    # Where to listen when the role was started before and must have the same port again.
    listen: Listen | None
    ready: Callable[[int | None], None] = field(repr=False)

    def wait(self) -> None:
        """Wait until told to stop."""
        self.stop.wait()


@contextlib.contextmanager
def listening(running: Running) -> Iterator[None]:
    """Say which setting to look at when a role cannot listen where it should."""
    try:
        yield
    except OSError:
        raise AddressTaken(
            f"SALLYPORT_{running.role.upper()}_LISTEN: cannot listen there. Another program may have the port already, "
            "the address may not be this machine's, or a port below 1024 may take more rights"
        ) from None


def run_role(
    role: str,
    body: Callable[[Running], None],
    *,
    settings: Settings,
    keys: Callable[[], Bundle],
    name: str = "",
    port: int | None = None,
    parent: int | None = None,
    ready: int | None = None,
) -> None:
    """Run a role until a signal, or until the supervisor's end of `parent` closes."""
    configure(name or role, form=settings.log)
    threading.stack_size(STACK)
    stop = threading.Event()
    _stop_on_signals(stop)
    # Till there is something to reload: a process that is starting reads its files anyway.
    _on_hangup(lambda: None)
    bundle = keys()
    if parent is not None:
        threading.Thread(target=_watch, args=(parent, stop), name="parent", daemon=True).start()
    stores = open_stores(settings, bundle.logins)
    require_ready(settings, stores, bundle.logins)
    committer = Committer(stores, system_clock)
    hangup = Hangup(name or role, committer, system_clock)
    _on_hangup(hangup.told)
    listens = {
        "site": settings.site_listen,
        "desk": settings.desk_listen,
        "smtp": settings.smtp_listen,
        "lmtp": settings.lmtp_listen,
        "metrics": settings.metrics_listen,
    }
    listen = listens.get(role)
    if listen is not None and port is not None:
        listen = Listen(listen.host, port)
    counts = Counts()
    try:
        with telling_where_asked(counts, settings, name or role):
            body(
                Running(
                    role=role,
                    name=name or role,
                    settings=settings,
                    keys=bundle,
                    stores=stores,
                    committer=committer,
                    clock=system_clock,
                    stop=stop,
                    counts=counts,
                    hangup=hangup,
                    listen=listen,
                    ready=lambda bound: _say_ready(ready, role, bound),
                )
            )
    finally:
        committer.close()
        stores.close()
        log.info("stopped")


def counts_folder(settings: Settings) -> Path:
    """Give the folder where the processes of this host tell their counts."""
    return settings.data / "run" / "counts"


def telling_where_asked(counts: Counts, settings: Settings, name: str) -> contextlib.AbstractContextManager[None]:
    """Tell the counts where somebody asks for them."""
    if settings.metrics_listen is None:
        return contextlib.nullcontext()
    return telling(counts, counts_folder(settings), name)


def _say_ready(descriptor: int | None, role: str, port: int | None) -> None:
    log.info("ready port=%s", port)
    if descriptor is not None:
        os.write(descriptor, json.dumps({"role": role, "port": port}).encode() + b"\n")


def _watch(descriptor: int, stop: threading.Event) -> None:
    """Stop when the supervisor is gone: nobody would start this process again or stop it."""
    while os.read(descriptor, 1):
        pass
    stop.set()


def _stop_on_signals(stop: threading.Event) -> None:
    def told(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, told)
    signal.signal(signal.SIGINT, told)


def _on_hangup(told: Callable[[], None]) -> None:
    """Call on SIGHUP; but from a terminal that closes it means the end, as for any program."""
    if not os.isatty(0):
        signal.signal(signal.SIGHUP, lambda _number, _frame: told())
