"""A server on another machine proves itself, or is not spoken to."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from records.clock import system_clock
from tests.sallyport.served import ServedHouse
from tests.servers.place import HousePlace
from tests.servers.postgres import HOST, PostgresServer, a_server


def certificate(folder: Path, address: str) -> tuple[Path, Path]:
    """Write a certificate that signs itself, and its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), system_clock()
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a test")])
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "server.crt", folder / "server.key"
    public.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    private.touch(0o600)
    private.write_bytes(key.private_bytes(*form))
    return public, private


@pytest.fixture(scope="module")
def proving(postgres_server: PostgresServer) -> Iterator[PostgresServer]:
    """Give a server with a certificate for its address, that wants TLS of everybody."""
    del postgres_server  # It says whether PostgreSQL is here; this one has settings of its own.
    with a_server() as server:
        owner = server.data.stat()
        for file in certificate(server.data, HOST):
            if os.geteuid() == 0:
                os.chown(file, owner.st_uid, owner.st_gid)
        with psycopg.connect(server.conninfo("postgres"), autocommit=True) as admin:
            admin.execute("ALTER SYSTEM SET ssl = on")
        (server.data / "pg_hba.conf").write_text("hostssl all all 127.0.0.1/32 scram-sha-256\n", "utf-8")
        server.restart("fast")
        yield server


def house_at(server: PostgresServer, folder: Path, options: str, name: str = "house") -> ServedHouse:
    """Give a house whose URLs have these options."""
    folder.mkdir()
    house = ServedHouse(folder, HousePlace(server=server, record=name, keys=f"{name}_keys"))
    house.environment |= {setting: url + options for setting, url in house.place.settings.items()}
    return house


def test_a_server_that_proves_itself_is_used(proving: PostgresServer, tmp_path: Path) -> None:
    """With `verify-full` and the certificate that signed the server's, a house is made and works over TLS."""
    options = f"?sslmode=verify-full&sslrootcert={proving.data / 'server.crt'}"
    house = house_at(proving, tmp_path / "house", options)
    done = house.init()
    assert done.exit_code == 0, done.output
    assert house.run("check-settings").exit_code == 0
    assert house.run("ledger").exit_code == 0


def test_a_server_that_somebody_else_vouches_for_is_not(proving: PostgresServer, tmp_path: Path) -> None:
    """A certificate of another authority ends it before a password is sent, in one line; nothing is made."""
    (tmp_path / "other").mkdir()
    other, _ = certificate(tmp_path / "other", HOST)
    house = house_at(proving, tmp_path / "house", f"?sslmode=verify-full&sslrootcert={other}", "strange")
    done = house.init()
    assert done.exit_code == 2
    assert "TLS did not come about" in done.output
    assert not (house.folder / "data").exists()


def test_a_server_that_wants_tls_says_so(proving: PostgresServer, tmp_path: Path) -> None:
    """Where pg_hba.conf has no line without TLS, that is what the administrator is pointed to."""
    done = house_at(proving, tmp_path / "house", "?sslmode=disable", "plain").init()
    assert done.exit_code == 2
    assert "pg_hba.conf" in done.output
