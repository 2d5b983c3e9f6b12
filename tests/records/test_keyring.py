import json
import stat

import pytest

from records.errors import KeyFault
from records.keyring import Bundle, KeyRing, new_master, read_master, write_private
from records.store import Login


@pytest.fixture
def ring(tmp_path) -> KeyRing:
    master = tmp_path / "master.key"
    write_private(master, new_master().encode())
    keys = KeyRing(tmp_path / "keys", read_master(master))
    keys.ensure(["appeals"])
    return keys


def test_making_keys_twice_changes_nothing(ring) -> None:
    """`init` is safe to run again: a key that is there is never made anew."""
    before = {path.name: path.read_bytes() for path in ring.folder.iterdir()}
    assert ring.ensure(["appeals"]) == ()
    assert {path.name: path.read_bytes() for path in ring.folder.iterdir()} == before


def test_a_new_unit_gets_its_key(ring) -> None:
    """A unit that was added to the routes gets a key of its own at the next `init`."""
    assert ring.ensure(["appeals", "fraud"]) == ("unit/fraud",)
    assert ring.private("unit/fraud").public() == ring.public("unit/fraud")


def test_key_files_are_their_owners_only(ring) -> None:
    """Neither group nor others can read a key file, whatever the umask."""
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in ring.folder.iterdir())
    assert stat.S_IMODE(ring.folder.stat().st_mode) == 0o700


def test_no_private_half_is_readable_at_rest(ring) -> None:
    """Seeds and digest keys lie under the master key."""
    kept = b"".join(path.read_bytes() for path in ring.folder.iterdir())
    seed = ring.private("custodian").seed
    assert seed not in kept
    assert seed.hex().encode() not in kept
    assert all(key.hex().encode() not in kept for key in ring.digests().values())


def test_another_master_key_opens_nothing(ring) -> None:
    """A key folder that was carried off opens nothing without the master key."""
    with pytest.raises(KeyFault):
        KeyRing(ring.folder, b"x" * 32).private("intake")


def test_a_file_under_another_name_opens_nothing(ring) -> None:
    """A key file renamed to another compartment is refused: nobody gets the custodian's key as a unit's."""
    (ring.folder / "unit.appeals.key").write_bytes((ring.folder / "custodian.key").read_bytes())
    with pytest.raises(KeyFault):
        ring.private("unit/appeals")


def test_a_key_kept_elsewhere_opens_from_there(ring, tmp_path) -> None:
    """The custodian's key file can be taken off the machine and brought back for one opening."""
    seed = ring.private("custodian").seed
    (ring.folder / "custodian.key").rename(tmp_path / "carried.key")
    with pytest.raises(KeyFault):
        ring.private("custodian")
    assert ring.private("custodian", tmp_path / "carried.key").seed == seed


@pytest.mark.parametrize(("text", "mode"), [("", 0o600), ("not base64!", 0o600), ("YWJj", 0o600), (None, 0o644)])
def test_a_master_key_that_is_none_is_refused(tmp_path, text, mode) -> None:
    """An empty, short, foreign or widely readable master key is one clear error."""
    path = tmp_path / "master.key"
    path.write_text(new_master() if text is None else text)
    path.chmod(mode)
    with pytest.raises(KeyFault):
        read_master(path)


def test_a_bundle_arrives_as_it_was_sent(ring) -> None:
    """What a role is handed is exactly the keys of its table."""
    bundle = Bundle(
        public=(ring.public("triage"),),
        private=(ring.private("intake"),),
        digests={"session": b"s" * 32},
        chain_keys={"desk": b"c" * 32},
        logins={"record": Login(name="desk", password="unsaid")},
    )
    assert Bundle.from_json(bundle.to_json()) == bundle
    assert ring.private("intake").seed.hex() not in repr(bundle)
    assert "unsaid" not in repr(bundle)


def test_a_private_half_that_was_taken_away_is_not_made_anew(ring, tmp_path) -> None:
    """With its public half left here, the custodian is sealed to as before, and `init` makes no other key."""
    before = ring.public("custodian")
    (ring.folder / "custodian.key").rename(tmp_path / "carried.key")
    assert ring.ensure(["appeals"]) == ()
    assert ring.public("custodian") == before
    assert "custodian" in ring.compartments()
    assert not ring.has_private("custodian")
    assert ring.private("custodian", tmp_path / "carried.key").public() == before


def test_a_ring_of_an_earlier_version_gets_its_public_halves(ring) -> None:
    """Where both halves lie in one file, the ring works as it is, and the next `init` puts the public ones apart."""
    before = {name: ring.public(name) for name in ring.compartments()}
    for file in ring.folder.glob("*.pub"):
        file.unlink()
    assert {name: ring.public(name) for name in ring.compartments()} == before
    assert ring.ensure(["appeals"]) == ()
    assert len(list(ring.folder.glob("*.pub"))) == len(before)
    assert {name: ring.public(name) for name in ring.compartments()} == before


def test_logins_lie_under_the_master_key(ring) -> None:
    """A database's password is in the ring, and readable in no file of it."""
    logins = {"worker": {"record": Login(name="house_worker", password="a very secret word")}}
    assert ring.logins() == {}
    ring.keep_logins(logins)
    assert ring.logins() == logins
    assert "logins" not in ring.compartments()
    assert b"a very secret word" not in b"".join(path.read_bytes() for path in ring.folder.iterdir())
    with pytest.raises(KeyFault):
        KeyRing(ring.folder, b"x" * 32).logins()


def test_a_bundle_of_an_earlier_version_is_read(ring) -> None:
    """What systemd keeps for a role from before PostgreSQL was known has no logins, and opens."""
    plain = json.loads(Bundle(public=(ring.public("triage"),)).to_json())
    del plain["logins"]
    assert Bundle.from_json(json.dumps(plain).encode()).logins == {}
