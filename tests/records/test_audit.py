import json
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from records.audit import Chain, Fault, append, chain_key, checkpoint, checkpoint_chain, read_checkpoint, verify
from records.store import Stores
from records.tables import AuditRow
from tests.records.builders import NOON

ROOT = b"r" * 32


def written(stores: Stores, chains: tuple[str, ...] = ("desk", "unsealer"), lines: int = 5) -> None:
    for name in chains:
        chain = Chain(name, chain_key(ROOT, name))
        for number in range(lines):
            with stores.record.writing() as connection:
                append(
                    connection,
                    chain,
                    kind="opened",
                    actor="reader-1",
                    at=NOON + timedelta(seconds=number),
                    reference="INQ-ABCD-EFGH",
                    detail={"purpose": "triage", "references": ["INQ-ABCD-EFGH"]},
                )


def faults(stores: Stores, outside=None) -> list[Fault]:
    with stores.record.reading() as connection:
        return list(verify(connection, ROOT, outside))


def test_an_untouched_log_has_no_fault(stores) -> None:
    """Every line that was written verifies, chain by chain."""
    written(stores)
    assert faults(stores) == []


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "reader-2"},
        {"reference": "INQ-XXXX-XXXX"},
        {"kind": "refused"},
        {"detail": {}},
        {"at": NOON + timedelta(days=1)},
        {"mac": b"0" * 32},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_line_shows(stores, change) -> None:
    """Whichever field of a line is changed, verification names the line."""
    written(stores)
    with stores.record.writing() as connection:
        third = (AuditRow.chain == "desk") & (AuditRow.sequence == 3)
        connection.execute(update(AuditRow).where(third).values(change))
    assert ("desk", 3) in {(fault.chain, fault.sequence) for fault in faults(stores)}


def test_a_removed_line_shows(stores) -> None:
    """A line taken out of the middle leaves a gap that is named."""
    written(stores)
    with stores.record.writing() as connection:
        connection.execute(delete(AuditRow).where(AuditRow.chain == "desk", AuditRow.sequence == 2))
    assert ("desk", 2) in {(fault.chain, fault.sequence) for fault in faults(stores)}


def test_reordered_lines_show(stores) -> None:
    """Two lines that changed places are noticed, though each is a true line."""
    written(stores)
    with stores.record.writing() as connection:
        for old, new in ((2, 99), (3, 2), (99, 3)):
            here = (AuditRow.chain == "desk") & (AuditRow.sequence == old)
            connection.execute(update(AuditRow).where(here).values(sequence=new))
    assert faults(stores)


def test_a_line_of_one_chain_cannot_stand_in_another(stores) -> None:
    """The desk's key writes no line of the unsealer's: a process can forge its own past at most."""
    written(stores)
    forged = Chain("unsealer", chain_key(ROOT, "desk"))
    with stores.record.writing() as connection:
        append(connection, forged, kind="opened", actor="x", at=NOON)
    assert ("unsealer", 6) in {(fault.chain, fault.sequence) for fault in faults(stores)}


def test_a_cut_off_end_shows_from_a_checkpoint_kept_elsewhere(stores) -> None:
    """Without an outside checkpoint a cut-off end is invisible; with one it is not, not even of a whole chain."""
    written(stores)
    with stores.record.writing() as connection:
        kept = checkpoint(connection, checkpoint_chain(ROOT), NOON)
    with stores.record.writing() as connection:
        connection.execute(delete(AuditRow).where(AuditRow.chain == "desk"))
        connection.execute(delete(AuditRow).where(AuditRow.chain == "checkpoints"))
    assert faults(stores) == []
    outside = read_checkpoint(ROOT, kept)
    assert ("desk", 5) in {(fault.chain, fault.sequence) for fault in faults(stores, outside)}


def test_a_checkpoint_inside_ties_the_chains_together(stores) -> None:
    """Who cuts one chain must also cut the checkpoints that name its head, and all that came after."""
    written(stores)
    with stores.record.writing() as connection:
        checkpoint(connection, checkpoint_chain(ROOT), NOON)
    with stores.record.writing() as connection:
        connection.execute(delete(AuditRow).where(AuditRow.chain == "desk", AuditRow.sequence > 3))
    assert ("desk", 5) in {(fault.chain, fault.sequence) for fault in faults(stores)}


def test_lines_written_after_a_checkpoint_are_no_fault(stores) -> None:
    """A checkpoint of last month still fits a log that has grown since."""
    written(stores)
    with stores.record.writing() as connection:
        kept = checkpoint(connection, checkpoint_chain(ROOT), NOON)
    written(stores)
    assert faults(stores, read_checkpoint(ROOT, kept)) == []


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"mac": 1}', '{"mac": "00", "heads": [], "made_at": "x"}'])
def test_a_checkpoint_that_is_not_ours_is_none(text: str) -> None:
    """Whatever is given as a checkpoint, only our own, unchanged, counts."""
    assert read_checkpoint(ROOT, text) is None


def test_a_changed_checkpoint_is_none(stores) -> None:
    """Nobody shortens a checkpoint to hide a chain."""
    written(stores)
    with stores.record.writing() as connection:
        body = json.loads(checkpoint(connection, checkpoint_chain(ROOT), NOON))
    body["heads"] = body["heads"][:-1]
    assert read_checkpoint(ROOT, json.dumps(body)) is None
