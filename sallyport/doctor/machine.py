"""This machine: its disks, its roles, its certificate, and the Redis it uses."""

from __future__ import annotations

import fcntl
import os
import platform
import socket
from collections.abc import Iterator
from pathlib import Path

from cryptography import x509

from sallyport.doctor.finding import Finding, look, ok, wrong
from sallyport.doctor.house import DAY, House
from sallyport.errors import CannotStart
from sallyport.gauge import space_of
from sallyport.pausing import SMALL_DISK
from sallyport.program import program_version
from sallyport.settings_reading import Listen

NEAR = 3  # Less than so many times what must stay free, somebody should look.
MEGABYTE = 1024 * 1024
CERTIFICATE_DAYS = 14
PATIENCE = 2.0


def program(house: House) -> Iterator[Finding]:
    """Say what runs here."""
    del house
    yield ok("program", f"version {program_version()}, Python {platform.python_version()}")


def space(house: House) -> Iterator[Finding]:
    """Look at the file systems of what is kept and of temporary files."""
    folders = {"data folder": house.settings.data, "temporary files": Path(os.environ.get("TMPDIR") or "/tmp")}  # noqa: S108 - only looked at
    for title, folder in folders.items():
        found = space_of(folder)
        bound = min(house.settings.free_space, found.size // SMALL_DISK)
        said = f"{title}: {found.free // MEGABYTE} MB free of {found.size // MEGABYTE} MB"
        if found.free < bound:
            yield wrong("space", said, f"no mail is taken below {bound // MEGABYTE} MB: make room")
        elif found.free < NEAR * bound:
            yield look("space", said, f"below {bound // MEGABYTE} MB no mail is taken: make room")
        else:
            yield ok("space", said)


def roles(house: House) -> Iterator[Finding]:
    """See whether the roles answer on this machine."""
    settings = house.settings
    listens = {"site": settings.site_listen, "desk": settings.desk_listen, "smtp": settings.smtp_listen}
    listens |= {"lmtp": settings.lmtp_listen} if settings.lmtp_listen else {}
    reached = {name: _answers(listen) for name, listen in listens.items() if listen.port}
    reached["unsealer"] = _answers_on(settings.unsealer_socket)
    silent = sorted(name for name, is_there in reached.items() if not is_there)
    if not silent:
        yield ok("roles", f"{', '.join(sorted(reached))} answer")
    elif len(silent) == len(reached) and not _is_served(settings.data):
        yield look("roles", "no role answers on this machine", "start `sallyport serve`, if it should run here")
    else:
        yield wrong("roles", f"not answering: {', '.join(silent)}", "the log says why; `sallyport serve` starts them")


def certificate(house: House) -> Iterator[Finding]:
    """See how long the certificate for STARTTLS is valid."""
    file = house.settings.tls_certificate
    if file is None:
        return
    try:
        ends = x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc
    except (OSError, ValueError):
        yield wrong("certificate", "it cannot be read", "look at SALLYPORT_TLS_CERTIFICATE")
        return
    left = ends - house.clock()
    said = f"valid until {ends:%Y-%m-%d}"
    remedy = "renew it, and send SIGHUP to `sallyport serve`"
    if left < 0 * DAY:
        yield wrong("certificate", f"it ended on {ends:%Y-%m-%d}", remedy)
    elif left < CERTIFICATE_DAYS * DAY:
        yield look("certificate", said, remedy)
    else:
        yield ok("certificate", said)


def redis(house: House) -> Iterator[Finding]:
    """Ask Redis, where one is used, for what would make it forget or refuse."""
    url = house.settings.redis_url
    if url is None:
        return
    # A house without Redis does not load its client.
    import redis as library  # noqa: PLC0415 - as said

    from sallyport.carrying.link import open_redis  # noqa: PLC0415 - as above

    try:
        told = open_redis(url, house.settings.redis_password_file).info()
    except (library.RedisError, CannotStart) as fault:
        kind = type(fault).__name__
        yield wrong("redis", f"it does not answer ({kind})", "jobs are swept slowly meanwhile, and none is lost")
        return
    policy = told.get("maxmemory_policy", "")
    saves = "on disk" if told.get("aof_enabled") or told.get("rdb_last_save_time") else "in memory only"
    said = f"version {told.get('redis_version')}, {saves} (it holds numbers of jobs and nothing else)"
    if told.get("maxmemory") and policy != "noeviction":
        yield look("redis", f"{said}; maxmemory-policy is {policy}", "set maxmemory-policy to noeviction")
    else:
        yield ok("redis", said)


def _answers(listen: Listen) -> bool:
    try:
        with socket.create_connection((listen.host, listen.port), timeout=PATIENCE):
            return True
    except OSError:
        return False


def _answers_on(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as asking:
        asking.settimeout(PATIENCE)
        try:
            asking.connect(str(path))
        except OSError:
            return False
        return True


def _is_served(data: Path) -> bool:
    """Tell whether a supervisor holds the data folder's lock."""
    try:
        descriptor = os.open(data / "run" / "lock", os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
