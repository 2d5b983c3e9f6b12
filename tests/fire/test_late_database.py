"""A database that starts later than we do, or again while we start, is waited for: nobody has to start us again."""

from __future__ import annotations

import threading
from pathlib import Path

from sallyport.commands.preparing import Wishes
from tests.fire.burning import Burning
from tests.servers.place import a_place
from tests.servers.postgres import PostgresServer


def test_a_database_that_starts_later_is_waited_for(postgres_server: PostgresServer, tmp_path: Path) -> None:
    """Serve is started while PostgreSQL is away, and gets ready by itself when it is there."""
    with a_place(postgres_server) as place:
        burning = Burning(tmp_path / "a house", place.settings, Wishes(administrators=place.administrators))
        postgres_server.stop("fast")
        later = threading.Timer(6, postgres_server.start)
        later.start()
        try:
            burning.start()
            assert burning.stop() == 0
        finally:
            later.join()
            burning.kill()
