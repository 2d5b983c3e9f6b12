"""The role `metrics`: answers Prometheus on a port of this machine. It holds no key, and writes nothing."""

from __future__ import annotations

import os
from pathlib import Path

from prometheus_client import CollectorRegistry, start_http_server

from sallyport.errors import CannotStart
from sallyport.metrics.exposing import House
from sallyport.roles.running import Running, counts_folder, listening


def run(running: Running) -> None:
    """Answer until told to stop."""
    listen, settings = running.listen, running.settings
    if listen is None:
        raise CannotStart("METRICS_LISTEN is not set")
    folders = {"data": settings.data, "temporary": Path(os.environ.get("TMPDIR") or "/tmp")}  # noqa: S108 - only looked at
    # A registry of our own: the library's default one tells of its process, and its place in the file system.
    registry = CollectorRegistry()
    registry.register(House(running.stores.record, counts_folder(settings), folders, running.clock))
    with listening(running):
        server, thread = start_http_server(listen.port, listen.host, registry)
    running.ready(server.server_port)
    running.wait()
    server.shutdown()
    server.server_close()
    thread.join()
