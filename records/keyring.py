"""The key ring on disk: a file per compartment, its private half sealed under the master key.

The folder is 0700 and its files 0600. The public half stands in a file of its own beside it (`custodian.pub`), so that
the private one (`custodian.key`) may be taken away from this machine: the process that needs it then opens nothing of
that compartment, and all others go on sealing to it. With PostgreSQL the roles' logins lie here too (`logins.key`).
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from records.digests import DigestPurpose
from records.errors import KeyFault
from records.sealing import PublicKey
from records.store import Login
from records.unsealing import PrivateKey

MASTER_LENGTH = 32
DIGESTS, LOGINS = "digests", "logins"
FIXED = ("intake", "triage", "dispatch", "custodian")


def new_master() -> str:
    """Give a new master key as a line of text."""
    return base64.b64encode(secrets.token_bytes(MASTER_LENGTH)).decode() + "\n"


def read_master(path: Path) -> bytes:
    """Read the master key file; it must be 32 bytes in base64, and readable to its owner only."""
    try:
        if path.stat().st_mode & 0o077:
            raise KeyFault("the master key file may be read by others: make it 0600")
        key = base64.b64decode(path.read_text("ascii").strip(), validate=True)
    except FileNotFoundError:
        raise KeyFault(
            "the master key file is not there: put it back from your copy (a new house is made by `sallyport init`)"
        ) from None
    except PermissionError:
        raise KeyFault("the master key file belongs to another account: run this as its owner") from None
    except (OSError, ValueError):
        raise KeyFault("the master key file cannot be read") from None
    if len(key) != MASTER_LENGTH:
        raise KeyFault("the master key file does not hold a key")
    return key


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The keys that one role is given, and no others."""

    public: tuple[PublicKey, ...] = ()
    private: tuple[PrivateKey, ...] = ()
    digests: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    audit_root: bytes = field(default=b"", repr=False)
    chain_keys: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    # The role's own logins at PostgreSQL, by database: "record" and "keys". With SQLite there are none.
    logins: Mapping[str, Login] = field(default_factory=dict)

    def to_json(self) -> bytes:
        """Give the form that goes through an inherited file descriptor."""
        plain = {
            "public": [[key.compartment, key.key_id, key.raw.hex()] for key in self.public],
            "private": [[key.compartment, key.key_id, key.seed.hex()] for key in self.private],
            "digests": {name: key.hex() for name, key in self.digests.items()},
            "audit_root": self.audit_root.hex(),
            "chain_keys": {name: key.hex() for name, key in self.chain_keys.items()},
            "logins": _plain_logins(self.logins),
        }
        return json.dumps(plain).encode()

    @classmethod
    def from_json(cls, data: bytes) -> Bundle:
        """Read that form."""
        plain = json.loads(data)
        return cls(
            public=tuple(
                PublicKey(compartment=name, key_id=key_id, raw=bytes.fromhex(raw))
                for name, key_id, raw in plain["public"]
            ),
            private=tuple(
                PrivateKey(compartment=name, key_id=key_id, seed=bytes.fromhex(seed))
                for name, key_id, seed in plain["private"]
            ),
            digests={name: bytes.fromhex(key) for name, key in plain["digests"].items()},
            audit_root=bytes.fromhex(plain["audit_root"]),
            chain_keys={name: bytes.fromhex(key) for name, key in plain["chain_keys"].items()},
            # A bundle that was kept for systemd by an earlier version has none.
            logins=_logins_from(plain.get("logins", {})),
        )


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The folder of key files, and the master key they lie under."""

    folder: Path
    master: bytes = field(repr=False)

    def ensure(self, units: Sequence[str]) -> tuple[str, ...]:
        """Make what is missing, and give the names of what was made. What is there stays as it is."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = []
        for compartment in (*FIXED, *(f"unit/{unit}" for unit in units)):
            # A public half alone says that the private one was taken away: another would open nothing of what is there.
            if not self._path(compartment).exists() and not self._public_path(compartment).exists():
                key = PrivateKey.generate(compartment)
                public = base64.b64encode(key.public().raw).decode()
                self._write(compartment, {"key_id": key.key_id, "public": public}, key.seed)
                made.append(compartment)
        self._publish()
        if not self._path(DIGESTS).exists():
            keys = {purpose.value: secrets.token_bytes(32).hex() for purpose in DigestPurpose}
            self._write(DIGESTS, {}, json.dumps(keys).encode())
            made.append(DIGESTS)
        return tuple(made)

    def compartments(self) -> tuple[str, ...]:
        """Name the compartments that can be sealed to."""
        return tuple(sorted({*self._named("*.key"), *self._named("*.pub")}))

    def has_private(self, compartment: str) -> bool:
        """Tell whether a compartment's private half is here, and was not taken away."""
        return self._path(compartment).exists()

    def public(self, compartment: str) -> PublicKey:
        """Give a public key."""
        file = self._public_path(compartment)
        # A ring of an earlier version has both halves in one file, until `init` is run.
        plain = self._read(compartment, file if file.exists() else None)
        return PublicKey(
            compartment=compartment, key_id=plain["key_id"], raw=base64.b64decode(plain["public"], validate=True)
        )

    def private(self, compartment: str, file: Path | None = None) -> PrivateKey:
        """Open a private key, from a file kept elsewhere if need be; `KeyFault` when it isn't under this master key."""
        plain = self._read(compartment, file)
        return PrivateKey(compartment=compartment, key_id=plain["key_id"], seed=self._open(compartment, plain))

    def digests(self) -> Mapping[str, bytes]:
        """Open the digest keys."""
        plain = json.loads(self._open(DIGESTS, self._read(DIGESTS)))
        return {name: bytes.fromhex(key) for name, key in plain.items()}

    def logins(self) -> Mapping[str, Mapping[str, Login]]:
        """Open the logins at PostgreSQL: role -> database -> login. Empty where none were made."""
        if not self._path(LOGINS).exists():
            return {}
        plain = json.loads(self._open(LOGINS, self._read(LOGINS)))
        return {role: _logins_from(logins) for role, logins in plain.items()}

    def keep_logins(self, logins: Mapping[str, Mapping[str, Login]]) -> None:
        """Keep the logins, in place of those that were here."""
        plain = {role: _plain_logins(each) for role, each in logins.items()}
        self._write(LOGINS, {}, json.dumps(plain).encode())

    def _publish(self) -> None:
        """Put the public half of each key into a file of its own, where it is not yet."""
        for name in self._named("*.key"):
            if not self._public_path(name).exists():
                plain = self._read(name)
                body = {part: plain[part] for part in ("compartment", "key_id", "public")}
                write_private(self._public_path(name), json.dumps(body, indent=1).encode())

    def _named(self, pattern: str) -> tuple[str, ...]:
        names = (path.stem.replace("unit.", "unit/", 1) for path in sorted(self.folder.glob(pattern)))
        return tuple(name for name in names if name not in {DIGESTS, LOGINS})

    def _path(self, compartment: str) -> Path:
        return self.folder / f"{compartment.replace('/', '.')}.key"

    def _public_path(self, compartment: str) -> Path:
        return self._path(compartment).with_suffix(".pub")

    def _write(self, compartment: str, plain: Mapping[str, str], secret: bytes) -> None:
        nonce = secrets.token_bytes(12)
        sealed = AESGCM(self.master).encrypt(nonce, secret, f"sallyport key {compartment}".encode())
        body = {"compartment": compartment, **plain, "sealed": base64.b64encode(nonce + sealed).decode()}
        write_private(self._path(compartment), json.dumps(body, indent=1).encode())

    def _read(self, compartment: str, file: Path | None = None) -> Any:
        try:
            return json.loads((file or self._path(compartment)).read_bytes())
        except FileNotFoundError:
            raise KeyFault(f"the key file of {compartment} is not there") from None
        except (OSError, ValueError):
            raise KeyFault(f"the key file of {compartment} cannot be read") from None

    def _open(self, compartment: str, plain: Mapping[str, str]) -> bytes:
        try:
            sealed = base64.b64decode(plain["sealed"], validate=True)
            extra = f"sallyport key {compartment}".encode()
            return AESGCM(self.master).decrypt(sealed[:12], sealed[12:], extra)
        except (InvalidTag, ValueError, KeyError):
            raise KeyFault(f"the key file of {compartment} is not under this master key") from None


def _plain_logins(logins: Mapping[str, Login]) -> dict[str, list[str]]:
    return {database: [login.name, login.password] for database, login in logins.items()}


def _logins_from(plain: Mapping[str, Sequence[str]]) -> dict[str, Login]:
    return {database: Login(name=name, password=password) for database, (name, password) in plain.items()}


def write_private(path: Path, data: bytes) -> None:
    """Write a file that only its owner reads, whole or not at all, and durable."""
    waiting = path.with_name(path.name + ".new")
    descriptor = os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    waiting.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
