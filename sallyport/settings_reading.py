"""How settings are taken out of a mapping: each kind of value has its check, and every fault is gathered."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from intake.mailboxes import Mailboxes
from sallyport.settings_table import TABLE

PREFIX = "SALLYPORT_"
ENGINES = frozenset({"sqlite", "postgresql"})
A_DATABASE = "sqlite:///path or postgresql://host:port/name"
# What makes sure that a server on another machine is the one meant; everything else is ours to say.
TLS_OPTIONS = frozenset({"sslmode", "sslrootcert"})
PREFIX_FORM = re.compile(r"[A-Z]{2,5}")


@dataclass(frozen=True, slots=True)
class Listen:
    """Where a role listens; port 0 lets the system choose."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Tell whether only this machine reaches it."""
        return self.host == "localhost" or ipaddress.ip_address(self.host).is_loopback


class Taking:
    """Takes settings out of a mapping and gathers what is wrong with them."""

    def __init__(self, raw: Mapping[str, str], faults: list[str]) -> None:
        self._raw, self.faults = raw, faults
        self._defaults = {name: default for name, default, _ in TABLE}

    def text(self, name: str) -> str:
        """Give a setting as it stands, or its default."""
        value = self._raw.get(name)
        return (value if value is not None else self._defaults[name] or "").strip()

    def require(self, holds: bool, fault: str) -> None:  # noqa: FBT001 - a condition, read with its sentence
        """Gather a fault unless something holds."""
        if not holds:
            self.faults.append(PREFIX + fault)

    def require_safe_http(self, listens: Mapping[str, Listen | None], proxies: tuple[str, ...]) -> None:
        """Refuse plain HTTP that others could read."""
        for name, listen in listens.items():
            is_safe = listen is None or listen.is_loopback or bool(proxies)
            self.require(is_safe, f"{name}: plain HTTP beyond this machine needs a proxy with TLS in TRUSTED_PROXIES")

    def require_forms(self) -> None:
        """Check what is only checked and not read."""
        prefix = self.text("REFERENCE_PREFIX")
        self.require(PREFIX_FORM.fullmatch(prefix) is not None, "REFERENCE_PREFIX: two to five capital letters")

    def names(self, name: str) -> tuple[str, ...]:
        """Give a list of names."""
        return tuple(part.strip() for part in self.text(name).split(",") if part.strip())

    def networks(self, name: str) -> tuple[str, ...]:
        """Give a list of addresses or networks."""
        found = self.names(name)
        self.require(all(map(_is_network, found)), f"{name}: IP addresses or networks, like 10.1.2.0/24")
        return found

    def require_apart(self, *listens: Listen | None) -> None:
        """Refuse two roles at one address."""
        said = [str(listen) for listen in listens if listen is not None and listen.port]
        self.require(len(set(said)) == len(said), "..._LISTEN: each role needs an address and port of its own")

    def path(self, name: str) -> Path | None:
        """Give a path, made absolute."""
        value = self.text(name)
        return Path(value).absolute() if value else None

    def number(self, name: str) -> int:
        """Give a whole number above 0."""
        try:
            value = int(self.text(name))
        except ValueError:
            value = 0
        self.require(value > 0, f"{name}: a whole number above 0")
        return value

    def zone(self, name: str) -> ZoneInfo:
        """Give a time zone."""
        try:
            return ZoneInfo(self.text(name))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.require(False, f"{name}: the name of a time zone, like America/New_York")
            return ZoneInfo("UTC")

    def day(self, name: str) -> date:
        """Give a day."""
        try:
            return date.fromisoformat(self.text(name))
        except ValueError:
            self.require(False, f"{name}: a day, like 2026-11-21")
            return date.min

    def as_is(self, name: str, read: Callable[[str], Mailboxes | None]) -> Mailboxes | None:
        """Give what a function of the house reads, or its faults as ours."""
        try:
            return read(self.text(name))
        except ValueError as fault:
            self.faults += [f"{PREFIX}{name}: {reason}" for reason in fault.args]
            return None

    def listen(self, name: str) -> Listen | None:
        """Give an address and port."""
        value = self.text(name)
        if not value:
            return None
        host, colon, port = value.rpartition(":")
        host = host.strip("[]")
        is_number = port.isascii() and port.isdecimal() and int(port) <= 65535  # noqa: PLR2004 - TCP's ports
        if not (colon and host and is_number):
            self.require(False, f"{name}: write it as address:port")
            return None
        if name != "RELAY" and not _is_address(host):
            self.require(False, f"{name}: an IP address (or localhost) and a port")
            return None
        return Listen(host, int(port))

    def url(self, name: str, file: Path) -> str:
        """Give a database's URL, without any secret in it."""
        value = self.text(name) or f"sqlite:///{file}"
        try:
            url = make_url(value)
        except ArgumentError:
            self.require(False, f"{name}: {A_DATABASE}")
            return value
        backend = url.get_backend_name()
        self.require(backend in ENGINES, f"{name}: {A_DATABASE}")
        named = url.username is not None or url.password is not None
        self.require(
            not named or backend == "sqlite",
            f"{name}: no name and no password; `sallyport init --postgres` makes each role's own",
        )
        foreign = url.query.keys() - TLS_OPTIONS
        self.require(not foreign or backend == "sqlite", f"{name}: no options but {' and '.join(sorted(TLS_OPTIONS))}")
        if backend != "postgresql":
            return value
        self.require(bool(url.host and url.database), f"{name}: {A_DATABASE}")
        # psycopg 3, whatever driver was named or not.
        return url.set(drivername="postgresql+psycopg").render_as_string()

    def require_one_engine(self, record: str, keys: str) -> None:
        """Refuse a record and a key store of two engines."""
        same = record.partition(":")[0] == keys.partition(":")[0]
        self.require(same, "DATABASE_URL and KEYS_URL: both in SQLite, or both in PostgreSQL")

    def redis(self, name: str) -> str | None:
        """Give Redis's URL, without any secret in it."""
        value = self.text(name)
        if not value:
            return None
        parts = urlsplit(value)
        is_ours = parts.scheme in {"redis", "rediss", "unix"} and bool(parts.hostname or parts.scheme == "unix")
        self.require(is_ours, f"{name}: redis://host:port/number, rediss:// with TLS, or unix:///path")
        self.require(not parts.query, f"{name}: no options; rediss:// has TLS, and its certificate is checked")
        self.require("@" not in value, f"{name}: the password belongs into the file of REDIS_PASSWORD_FILE")
        return value


def _is_address(host: str) -> bool:
    try:
        return host == "localhost" or bool(ipaddress.ip_address(host))
    except ValueError:
        return False


def _is_network(value: str) -> bool:
    try:
        return bool(ipaddress.ip_network(value))
    except ValueError:
        return False
