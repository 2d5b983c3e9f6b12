"""Settings: a pure function of a mapping. Every fault is reported at once, never a value; no secret has a default."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from intake.mailboxes import Mailboxes
from sallyport.errors import SettingsFault
from sallyport.settings_reading import PREFIX, Listen, Taking
from sallyport.settings_table import TABLE

Value = str | int | bool | list[str]


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
    redis_url: str | None
    redis_password_file: Path | None
    metrics_listen: Listen | None
    free_space: int
    most_waiting: int
    key_backup_days: int
    log: str

    @property
    def unsealer_socket(self) -> Path:
        """Where the unsealer listens."""
        return self.data / "run" / "unsealer.sock"


NAMES = frozenset(name for name, _, _ in TABLE)
NUMBERS = ("MESSAGE_SIZE", "CONNECTIONS", "IDLE_SECONDS", "RECIPIENTS", "FREE_SPACE", "MOST_WAITING", "KEY_BACKUP_DAYS")
TEXTS = (
    "AGENCY",
    "AGENCY_TELEPHONE",
    "SECURITY_CONTACT",
    "REFERENCE_PREFIX",
    "POLICY_VERSION",
    "RECORD_SERIES",
)
NOT_SETTINGS = frozenset({"SETTINGS"})  # Read by the command line itself: the name of the TOML file.


def load(environment: Mapping[str, str], file: Path | None = None) -> Settings:
    """Read the settings from a TOML file and the environment, which wins. Raises `SettingsFault` with every fault."""
    faults: list[str] = []
    raw = _gathered(environment, file, faults)
    faults += [f"{PREFIX}{name}: there is no such setting" for name in sorted(raw.keys() - NAMES)]
    return parse(raw, faults)


def named(environment: Mapping[str, str], file: Path | None = None) -> frozenset[str]:
    """Name the settings that are set, and do not stand at their default."""
    return frozenset(_gathered(environment, file, []))


def parse(raw: Mapping[str, str], faults: list[str] | None = None) -> Settings:
    """Give the settings of a mapping from names without prefix to texts."""
    take = Taking(raw, faults if faults is not None else [])
    data = Path(take.text("DATA")).absolute()
    mailboxes = take.as_is("MAILBOXES", Mailboxes.parse)
    site, desk, smtp = take.listen("SITE_LISTEN"), take.listen("DESK_LISTEN"), take.listen("SMTP_LISTEN")
    relay, lmtp, metrics = take.listen("RELAY"), take.listen("LMTP_LISTEN"), take.listen("METRICS_LISTEN")
    outbox, certificate, key = take.path("OUTBOX"), take.path("TLS_CERTIFICATE"), take.path("TLS_KEY")
    numbers = {name: take.number(name) for name in NUMBERS}
    redis = take.redis("REDIS_URL")
    record = take.url("DATABASE_URL", data / "sallyport.db")
    keys = take.url("KEYS_URL", data / "keys.db")
    proxies, zone, policy_date = take.networks("TRUSTED_PROXIES"), take.zone("TIME_ZONE"), take.day("POLICY_DATE")
    take.require(not (relay and outbox), "RELAY and OUTBOX: name one of them")
    take.require((certificate is None) == (key is None), "TLS_CERTIFICATE and TLS_KEY: name both or none")
    take.require(record.partition("?")[0] != keys.partition("?")[0], "KEYS_URL: the key store is a database of its own")
    take.require(metrics is None or metrics.is_loopback, "METRICS_LISTEN: an address of this machine only")
    take.require_apart(site, desk, smtp, lmtp, metrics)
    take.require_one_engine(record, keys)
    take.as_is("FROM", lambda text: Mailboxes.parse(text) if text else None)
    take.require_safe_http({"SITE_LISTEN": site, "DESK_LISTEN": desk}, proxies)
    take.require(take.text("LOG") in {"text", "json"}, "LOG: text or json")
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
        agency_address=tuple(line.strip() for line in take.text("AGENCY_ADDRESS").split(";") if line.strip()),
        time_zone=zone,
        from_address=take.text("FROM") or mailboxes.listed[0],
        policy_date=policy_date,
        **{name.lower(): take.text(name) for name in TEXTS},
        message_size=numbers["MESSAGE_SIZE"],
        connections=numbers["CONNECTIONS"],
        idle_seconds=float(numbers["IDLE_SECONDS"]),
        recipients=numbers["RECIPIENTS"],
        tls_certificate=certificate,
        tls_key=key,
        redis_url=redis,
        redis_password_file=take.path("REDIS_PASSWORD_FILE"),
        metrics_listen=metrics,
        free_space=numbers["FREE_SPACE"],
        most_waiting=numbers["MOST_WAITING"],
        key_backup_days=numbers["KEY_BACKUP_DAYS"],
        log=take.text("LOG"),
    )


def _gathered(environment: Mapping[str, str], file: Path | None, faults: list[str]) -> dict[str, str]:
    from_environment = {
        name.removeprefix(PREFIX): value
        for name, value in environment.items()
        if name.startswith(PREFIX) and name.removeprefix(PREFIX) not in NOT_SETTINGS
    }
    return (_from_file(file, faults) if file is not None else {}) | from_environment


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
    } | {
        "PATH": environment.get("PATH", os.defpath),
        # glibc gives threads arenas of 64 MiB of address space each, up to eight for each processor (mallopt(3)).
        "MALLOC_ARENA_MAX": environment.get("MALLOC_ARENA_MAX", "2"),
    }
