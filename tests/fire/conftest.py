"""What a house under fire stands on: SQLite, or PostgreSQL and Redis, which are struck as well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sallyport.commands.preparing import Wishes
from tests.fire.burning import Blow
from tests.servers.place import a_place
from tests.servers.postgres import PostgresServer
from tests.servers.valkey import ValkeyServer


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What `init` and the roles must be told, and the blows to what is beneath the house."""

    settings: Mapping[str, str] = field(default_factory=dict)
    wishes: Wishes | None = None
    blows: tuple[Blow, ...] = ()


@pytest.fixture(params=["sqlite", "postgresql-redis"])
def ground(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ground]:
    if request.param == "sqlite":
        yield Ground()
        return
    postgres: PostgresServer = request.getfixturevalue("postgres_server")
    redis: ValkeyServer = request.getfixturevalue("valkey_server")
    redis.fresh()
    password = tmp_path / "redis-password"
    password.touch(0o600)
    password.write_text(redis.password, "utf-8")
    with a_place(postgres) as place:
        yield Ground(
            settings={
                **place.settings,
                "SALLYPORT_REDIS_URL": redis.url,
                "SALLYPORT_REDIS_PASSWORD_FILE": str(password),
            },
            wishes=Wishes(administrators=place.administrators),
            blows=(lambda *_: redis.fresh(), lambda *_: postgres.restart("immediate")),
        )
