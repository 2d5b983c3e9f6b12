"""The wire between desk and unsealer: a length in four bytes, then JSON. Local sockets only; never HTTP."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

LENGTH = 4
LARGEST = 256 * 1024 * 1024  # A redacted inquiry is at most what the parser's output limit lets through.
LONGEST_PATH = 100  # sun_path holds 108 bytes on Linux (unix(7)).


def send(connection: socket.socket, message: Mapping[str, Any]) -> None:
    """Send one message."""
    body = json.dumps(message).encode("ascii")
    connection.sendall(len(body).to_bytes(LENGTH, "big") + body)


def receive(connection: socket.socket, largest: int = LARGEST, seconds: float = 30.0) -> dict[str, Any] | None:
    """Give the next message, or None when the other side has gone or sends too much. It has `seconds` for all of it."""
    until = time.monotonic() + seconds
    head = _exactly(connection, LENGTH, until)
    if head is None or (length := int.from_bytes(head, "big")) > largest:
        return None
    body = _exactly(connection, length, until)
    if body is None:
        return None
    try:
        message = json.loads(body)
    except ValueError:
        return None
    return message if isinstance(message, dict) else None


@contextlib.contextmanager
def address(path: Path) -> Iterator[str]:
    """Give a name for a socket's path that fits into a socket address, however long the path is."""
    if len(os.fsencode(path)) <= LONGEST_PATH:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def _exactly(connection: socket.socket, length: int, until: float) -> bytes | None:
    got = bytearray()
    while len(got) < length:
        connection.settimeout(max(until - time.monotonic(), 0.001))
        piece = connection.recv(min(length - len(got), 1 << 20))
        if not piece:
            return None
        got += piece
    return bytes(got)
