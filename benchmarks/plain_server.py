"""The one that is compared with: aiosmtpd as it comes, with a handler that stores nothing, or that syncs a file."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import secrets
import signal
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

LARGEST = 64 << 20


class Taking:
    """Says 250 to every mail; with a folder, when its bytes are in a file that was synced."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd calls it
        """Take a mail."""
        del server, session
        if self._folder is not None:
            self._store(self._folder, envelope.original_content or b"")
        return "250 OK"

    @staticmethod
    def _store(folder: Path, content: bytes) -> None:
        descriptor = os.open(folder / secrets.token_hex(16), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)


async def serve(folder: Path | None, ready: int) -> None:
    """Serve until told to stop."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    server = await loop.create_server(
        lambda: SMTP(Taking(folder), data_size_limit=LARGEST, enable_SMTPUTF8=True, loop=loop), "127.0.0.1", 0
    )
    os.write(ready, json.dumps({"port": server.sockets[0].getsockname()[1]}).encode() + b"\n")
    await stop.wait()
    server.close()


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--ready-fd", type=int, required=True)
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    asyncio.run(serve(arguments.folder, arguments.ready_fd))


if __name__ == "__main__":
    main()
