"""SIGHUP: what is read again is either the new one whole or the old one as it was, and what is open goes on."""

from __future__ import annotations

import os
import signal
import smtplib
import ssl
import sys
import threading
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from records.keyring import Bundle
from sallyport.errors import CannotStart
from sallyport.reloading import Reloading
from sallyport.settings import load
from sallyport.supervisor import Child, Supervisor
from sallyport.wiring.staff import reloading_routes
from tests.sallyport.alone import MAIL, AloneRole, eventually

PEM = serialization.Encoding.PEM


def write_certificate(folder: Path, number: int) -> None:
    """Write a certificate with this serial number, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(number).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    (folder / "certificate.pem").write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def secure(client: smtplib.SMTP) -> int:
    """Start TLS on a session, and give the serial number of the certificate that was shown."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    client.ehlo()
    client.starttls(context=context)
    assert isinstance(client.sock, ssl.SSLSocket)
    shown = client.sock.getpeercert(binary_form=True)
    assert shown is not None
    return x509.load_der_x509_certificate(shown).serial_number


def shown_by(role: AloneRole) -> int:
    """Give the serial number that a new session is shown."""
    with role.client() as client:
        return secure(client)


def test_a_certificate_is_renewed_under_open_sessions(tmp_path: Path) -> None:
    """New handshakes use the new one; sessions under TLS go on; a broken file changes nothing, and raises an alarm."""
    write_certificate(tmp_path, 1)
    named = {"TLS_CERTIFICATE": "certificate.pem", "TLS_KEY": "key.pem"}
    more = {f"SALLYPORT_{name}": str(tmp_path / file) for name, file in named.items()}
    with AloneRole("smtp", tmp_path / "house", more) as role, role.client() as early, role.client() as late:
        assert secure(early) == 1
        write_certificate(tmp_path, 2)
        role.reload()
        assert eventually(lambda: shown_by(role) == 2)
        assert secure(late) == 2
        assert role.send(MAIL % 1, early) == 250

        (tmp_path / "key.pem").write_text("-----BEGIN PRIVATE KEY-----\nnothing\n", "ascii")
        role.reload()
        assert eventually(lambda: role.alarms() == {"certificate-not-loaded": True})
        assert shown_by(role) == 2

        write_certificate(tmp_path, 3)
        role.reload()
        assert eventually(lambda: shown_by(role) == 3)
        assert eventually(lambda: role.alarms() == {"certificate-not-loaded": False})
        assert role.log().count("not loaded, the old one stays: kind=certificate-not-loaded") == 1


@pytest.mark.parametrize("role_name", ["site", "unsealer", "desk"])
def test_a_role_outlives_hangups(role_name: str, tmp_path: Path) -> None:
    """SIGHUP ends no role, whether it has anything to read again or not."""
    with AloneRole(role_name, tmp_path / "house") as role:
        for _ in range(3):
            role.reload()
        assert role.process is not None
        assert not eventually(lambda: role.process is not None and role.process.poll() is not None, 0.5)


def test_a_broken_file_leaves_what_was_read() -> None:
    """Reloading keeps the last that was right, however often it is told."""
    texts = ["one", "", "two"]

    def read() -> str:
        if not texts[0]:
            texts.pop(0)
            raise CannotStart("empty")
        return texts.pop(0)

    held = Reloading(read, "test")
    assert held.current == "one"
    assert not held.reload()
    assert held.current == "one"
    assert held.reload()
    assert held.current == "two"


def test_routes_are_checked_before_they_are_taken(tmp_path: Path) -> None:
    """A routes file that is broken, or names a unit that has no key, is not taken by a worker that runs."""
    file = tmp_path / "routes.toml"
    shipped = files("router").joinpath("routes.toml").read_text("utf-8")
    file.write_text(shipped, "utf-8")
    settings = load({"SALLYPORT_DATA": str(tmp_path), "SALLYPORT_ROUTES": str(file)})
    names = [unit.name for unit in reloading_routes(settings).current.units]
    held = reloading_routes(settings, {f"unit/{name}" for name in names})
    before = held.current
    file.write_text("not TOML [", "utf-8")
    assert not held.reload()
    file.write_text(shipped.replace(f'"{names[0]}"', '"no-key-yet"'), "utf-8")
    assert reloading_routes(settings).current.units[0].name == "no-key-yet"
    assert not held.reload()
    assert held.current is before
    file.write_text(shipped, "utf-8")
    assert held.reload()
    assert held.current is not before


def test_the_supervisor_tells_its_roles(tmp_path: Path) -> None:
    """SIGHUP to the supervisor reaches every role that is ready, once; it goes on itself."""
    heard = tmp_path / "heard"
    script = (
        "import os, signal, sys, time\n"
        f"signal.signal(signal.SIGHUP, lambda *_: open({str(heard)!r}, 'a').write('h'))\n"
        "ready = int(sys.argv[sys.argv.index('--ready-fd') + 1])\n"
        'os.write(ready, b\'{"role": "x", "port": null}\\n\')\n'
        "while True: time.sleep(0.05)\n"
    )
    nothing = Bundle(public=(), private=(), digests={}, chain_keys={})
    child = Child(role="worker", name="worker-1", command=[sys.executable, "-c", script], keys=lambda: nothing)
    supervisor = Supervisor(load({"SALLYPORT_DATA": str(tmp_path)}), [child])

    def told() -> None:
        os.kill(os.getpid(), signal.SIGHUP)
        eventually(heard.exists)
        os.kill(os.getpid(), signal.SIGTERM)

    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    try:
        supervisor.run(lambda _line: threading.Thread(target=told).start())
    finally:
        for number, answer in before.items():
            signal.signal(number, answer)
    assert heard.read_text("ascii") == "h"
