"""Which keys which role is given: the table that DESIGN's "who holds their private keys" is, and how they travel."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from records.audit import CHECKPOINTS, chain_key
from records.digests import DigestPurpose as D
from records.errors import KeyFault
from records.keyring import FIXED, Bundle, KeyRing, read_master
from records.store import Login
from sallyport.errors import CannotStart
from sallyport.settings import Settings

CUSTODIAN, OWNER = "custodian", "owner"
CREDENTIAL = "sallyport-keys"  # The name under which systemd's LoadCredential hands the bundle over.


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What one role is given."""

    public: Callable[[str], bool] = lambda _: False
    private: Callable[[str], bool] = lambda _: False
    digests: tuple[D, ...] = ()
    has_chain: bool = False
    more_chains: tuple[str, ...] = ()


def _is(*names: str) -> Callable[[str], bool]:
    return lambda compartment: compartment in names


def _is_unit(compartment: str) -> bool:
    return compartment.startswith("unit/")


# Nobody who faces the public, and not the desk, holds a private key.
ROLES: dict[str, Needs] = {
    "site": Needs(public=_is("intake"), digests=(D.SUBMISSION, D.FORM_TOKEN, D.ACCESS_CODE)),
    "smtp": Needs(public=_is("intake"), digests=(D.SUBMISSION, D.ACCESS_CODE)),
    "lmtp": Needs(public=_is("intake"), digests=(D.SUBMISSION, D.ACCESS_CODE)),
    "desk": Needs(public=_is("triage", "dispatch"), digests=(D.SESSION,), has_chain=True),
    "unsealer": Needs(
        public=_is_unit,
        private=lambda name: _is_unit(name) or name == "custodian",
        digests=(D.SESSION,),
        has_chain=True,
    ),
    "worker": Needs(
        public=lambda name: _is_unit(name) or name in {"triage", "dispatch", "custodian"},
        private=_is("intake", "triage", "dispatch"),
        digests=(D.CONTACT,),
        has_chain=True,
        # The worker ties the chains together each day.
        more_chains=(CHECKPOINTS,),
    ),
    # It counts, and opens nothing.
    "metrics": Needs(),
}


def ring(settings: Settings) -> KeyRing:
    """Give the key ring under the master key; raises `KeyFault` when that cannot be read."""
    return KeyRing(settings.key_folder, read_master(settings.master_key_file))


def bundle(keys: KeyRing, role: str) -> Bundle:
    """Give the keys of one role, and no others. A private key that was taken away is left out."""
    needs, digests = ROLES[role], keys.digests()
    there = keys.compartments()
    # The custodian's private half may be kept elsewhere; nothing can be sealed to a public half that is not here.
    missing = [
        name
        for name in FIXED
        if (needs.public(name) and name not in there)
        or (needs.private(name) and name != CUSTODIAN and not keys.has_private(name))
    ]
    if missing:
        raise KeyFault(f"the key ring has no key file of {', '.join(missing)}: put it back from your copy")
    return Bundle(
        public=tuple(keys.public(name) for name in there if needs.public(name)),
        private=tuple(keys.private(name) for name in there if needs.private(name) and keys.has_private(name)),
        digests={purpose.value: digests[purpose.value] for purpose in needs.digests},
        chain_keys={
            name: chain_key(digests[D.AUDIT.value], name) for name in (role, *needs.more_chains) if needs.has_chain
        },
        logins=keys.logins().get(role, {}),
    )


def owner_logins(settings: Settings) -> Mapping[str, Login]:
    """Give the logins of the databases' owner, which commands use; empty where none were made."""
    return ring(settings).logins().get(OWNER, {})


def arriving(role: str, descriptor: int | None, settings: Settings) -> Bundle:
    """Read a role's keys: from an inherited descriptor, a systemd credential, or the key ring where it is readable."""
    if descriptor is not None:
        return Bundle.from_json(_read_length_first(descriptor))
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if folder and (Path(folder) / CREDENTIAL).is_file():
        return Bundle.from_json((Path(folder) / CREDENTIAL).read_bytes())
    return bundle(ring(settings), role)


def hand_over(descriptor: int, keys: Bundle) -> None:
    """Write a bundle to a role's descriptor; it stays open after that, so that its end tells of ours."""
    body = keys.to_json()
    _write_all(descriptor, len(body).to_bytes(4, "big") + body)


def _write_all(descriptor: int, data: bytes) -> None:
    view: Sequence[int] | memoryview = memoryview(data)
    while view:
        view = view[os.write(descriptor, bytes(view)) :]


def _read_length_first(descriptor: int) -> bytes:
    def exactly(length: int) -> bytes:
        got = b""
        while len(got) < length:
            piece = os.read(descriptor, length - len(got))
            if not piece:
                raise CannotStart("the keys did not arrive whole")
            got += piece
        return got

    return exactly(int.from_bytes(exactly(4), "big"))
