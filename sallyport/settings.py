"""Settings: a pure function of a mapping. Every fault is reported at once, never a value; no secret has a default."""

from __future__ import annotations

import ipaddress
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from intake.mailboxes import Mailboxes
from sallyport.errors import SettingsFault
from sallyport.settings_table import TABLE

PREFIX = "SALLYPORT_"
PREFIX_FORM = re.compile(r"[A-Z]{2,5}")
Value = str | int | bool | list[str]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings. A role uses what it needs; keys are never here."""

    data: Path
    database_url: str
    keys_url: str
    key_folder: Path
    master_key_file: Path
    site_listen: Listen
    desk_listen: Listen
    smtp_listen: Listen
    lmtp_listen: Listen | None
    relay: Listen | None
    outbox: Path | None
    mailboxes: Mailboxes
    trusted_proxies: tuple[str, ...]
    routes_file: Path | None
    checkpoints: Path
    agency: str
    agency_telephone: str
    agency_address: tuple[str, ...]
    security_contact: str
    time_zone: ZoneInfo
    from_address: str
    reference_prefix: str
    policy_version: str
    policy_date: date
    record_series: str
    message_size: int
    connections: int
    idle_seconds: float
    recipients: int
    tls_certificate: Path | None
    tls_key: Path | None

    @property
    def unsealer_socket(self) -> Path:
        """Where the unsealer listens."""
        return self.data / "run" / "unsealer.sock"


NAMES = frozenset(name for name, _, _ in TABLE)
NOT_SETTINGS = frozenset({"SETTINGS"})  # Read by the command line itself: the name of the TOML file.


def load(environment: Mapping[str, str], file: Path | None = None) -> Settings:
    """Read the settings from a TOML file and the environment, which wins. Raises `SettingsFault` with every fault."""
    raw: dict[str, str] = {}
    faults: list[str] = []
    if file is not None:
        raw |= _from_file(file, faults)
    raw |= {
        name.removeprefix(PREFIX): value
        for name, value in environment.items()
        if name.startswith(PREFIX) and name.removeprefix(PREFIX) not in NOT_SETTINGS
    }
    faults += [f"{PREFIX}{name}: there is no such setting" for name in sorted(raw.keys() - NAMES)]
    return parse(raw, faults)


def parse(raw: Mapping[str, str], faults: list[str] | None = None) -> Settings:
    """Give the settings of a mapping from names without prefix to texts."""
    take = _Taking(raw, faults if faults is not None else [])
    data = Path(take.text("DATA")).absolute()
    mailboxes = take.as_is("MAILBOXES", Mailboxes.parse)
    site, desk, smtp = take.listen("SITE_LISTEN"), take.listen("DESK_LISTEN"), take.listen("SMTP_LISTEN")
    relay, lmtp = take.listen("RELAY"), take.listen("LMTP_LISTEN")
    outbox, certificate, key = take.path("OUTBOX"), take.path("TLS_CERTIFICATE"), take.path("TLS_KEY")
    numbers = {name: take.number(name) for name in ("MESSAGE_SIZE", "CONNECTIONS", "IDLE_SECONDS", "RECIPIENTS")}
    record = take.url("DATABASE_URL", data / "sallyport.db")
    keys = take.url("KEYS_URL", data / "keys.db")
    proxies, zone, policy_date = take.networks("TRUSTED_PROXIES"), take.zone("TIME_ZONE"), take.day("POLICY_DATE")
    take.require(not (relay and outbox), "RELAY and OUTBOX: name one of them")
    take.require((certificate is None) == (key is None), "TLS_CERTIFICATE and TLS_KEY: name both or none")
    take.require(record != keys, "KEYS_URL: the key store is a database of its own")
    take.require_apart(site, desk, smtp, lmtp)
    take.as_is("FROM", lambda text: Mailboxes.parse(text) if text else None)
    take.require_safe_http({"SITE_LISTEN": site, "DESK_LISTEN": desk}, proxies)
    take.require_forms()
    if take.faults or mailboxes is None or site is None or desk is None or smtp is None:
        raise SettingsFault(take.faults)
    return Settings(
        data=data,
        database_url=record,
        keys_url=keys,
        key_folder=data / "keys",
        master_key_file=take.path("MASTER_KEY_FILE") or data / "master.key",
        site_listen=site,
        desk_listen=desk,
        smtp_listen=smtp,
        lmtp_listen=lmtp,
        relay=relay,
        outbox=None if relay else (outbox or data / "outbox"),
        mailboxes=mailboxes,
        trusted_proxies=proxies,
        routes_file=take.path("ROUTES"),
        checkpoints=take.path("CHECKPOINTS") or data / "checkpoints",
        agency=take.text("AGENCY"),
        agency_telephone=take.text("AGENCY_TELEPHONE"),
        agency_address=tuple(line.strip() for line in take.text("AGENCY_ADDRESS").split(";") if line.strip()),
        security_contact=take.text("SECURITY_CONTACT"),
        time_zone=zone,
        from_address=take.text("FROM") or mailboxes.listed[0],
        reference_prefix=take.text("REFERENCE_PREFIX"),
        policy_version=take.text("POLICY_VERSION"),
        policy_date=policy_date,
        record_series=take.text("RECORD_SERIES"),
        message_size=numbers["MESSAGE_SIZE"],
        connections=numbers["CONNECTIONS"],
        idle_seconds=float(numbers["IDLE_SECONDS"]),
        recipients=numbers["RECIPIENTS"],
        tls_certificate=certificate,
        tls_key=key,
    )


class _Taking:
    """Takes settings out of a mapping and gathers what is wrong with them."""

    def __init__(self, raw: Mapping[str, str], faults: list[str]) -> None:
        self._raw, self.faults = raw, faults
        self._defaults = {name: default for name, default, _ in TABLE}

    def text(self, name: str) -> str:
        value = self._raw.get(name)
        return (value if value is not None else self._defaults[name] or "").strip()

    def require(self, holds: bool, fault: str) -> None:  # noqa: FBT001 - a condition, read with its sentence
        if not holds:
            self.faults.append(PREFIX + fault)

    def require_safe_http(self, listens: Mapping[str, Listen | None], proxies: tuple[str, ...]) -> None:
        for name, listen in listens.items():
            is_safe = listen is None or listen.is_loopback or bool(proxies)
            self.require(is_safe, f"{name}: plain HTTP beyond this machine needs a proxy with TLS in TRUSTED_PROXIES")

    def require_forms(self) -> None:
        prefix = self.text("REFERENCE_PREFIX")
        self.require(PREFIX_FORM.fullmatch(prefix) is not None, "REFERENCE_PREFIX: two to five capital letters")
        unset = not self._raw.get("REDIS_URL")
        self.require(unset, "REDIS_URL: this version runs its jobs from the database; leave it out")

    def names(self, name: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in self.text(name).split(",") if part.strip())

    def networks(self, name: str) -> tuple[str, ...]:
        found = self.names(name)
        self.require(all(map(_is_network, found)), f"{name}: IP addresses or networks, like 10.1.2.0/24")
        return found

    def require_apart(self, *listens: Listen | None) -> None:
        said = [str(listen) for listen in listens if listen is not None and listen.port]
        self.require(len(set(said)) == len(said), "..._LISTEN: each role needs an address and port of its own")

    def path(self, name: str) -> Path | None:
        value = self.text(name)
        return Path(value).absolute() if value else None

    def number(self, name: str) -> int:
        try:
            value = int(self.text(name))
        except ValueError:
            value = 0
        self.require(value > 0, f"{name}: a whole number above 0")
        return value

    def zone(self, name: str) -> ZoneInfo:
        try:
            return ZoneInfo(self.text(name))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.require(False, f"{name}: the name of a time zone, like America/New_York")
            return ZoneInfo("UTC")

    def day(self, name: str) -> date:
        try:
            return date.fromisoformat(self.text(name))
        except ValueError:
            self.require(False, f"{name}: a day, like 2026-11-21")
            return date.min

    def as_is(self, name: str, read: Callable[[str], Mailboxes | None]) -> Mailboxes | None:
        try:
            return read(self.text(name))
        except ValueError as fault:
            self.faults += [f"{PREFIX}{name}: {reason}" for reason in fault.args]
            return None

    def listen(self, name: str) -> Listen | None:
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
        value = self.text(name) or f"sqlite:///{file}"
        try:
            backend = make_url(value).get_backend_name()
        except ArgumentError:
            backend = ""
        self.require(backend == "sqlite", f"{name}: this version keeps its record in SQLite (sqlite:///path)")
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


def _from_file(file: Path, faults: list[str]) -> dict[str, str]:
    try:
        with file.open("rb") as opened:
            body = tomllib.load(opened)
    except OSError:
        faults.append("the settings file cannot be read")
        return {}
    except tomllib.TOMLDecodeError:
        faults.append("the settings file is not TOML")
        return {}
    return {name.upper().removeprefix(PREFIX): _as_text(value) for name, value in body.items()}


def _as_text(value: Value) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def as_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Give what a role's process needs of the environment: settings, and nothing that may hold a secret."""
    kept = {"PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV", "LD_PRELOAD"}
    return {
        name: value for name, value in environment.items() if name in kept or name.startswith((PREFIX, "FAKETIME"))
    } | {"PATH": environment.get("PATH", os.defpath)}
