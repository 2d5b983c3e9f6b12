"""The audit log: chains of lines nobody can take back.

Each process writes a chain of its own. A line's HMAC covers the line and the HMAC before it, under a key that is
derived for the chain and never in the database. So a changed, removed or reordered line shows. A cut-off end shows
only against a checkpoint: the heads of all chains, tied together, and best kept elsewhere.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from records.store import lock
from records.tables import EPOCH, AuditRow

CHECKPOINTS = "checkpoints"
START = bytes(32)
Detail = Mapping[str, str | int | list[str]]


@dataclass(frozen=True, slots=True)
class Chain:
    """A process's own chain and its key."""

    name: str
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Fault:
    """What verification found: a chain, where, and which promise is broken."""

    chain: str
    sequence: int
    what: str


def chain_key(root: bytes, name: str) -> bytes:
    """Derive a chain's key; a process that holds one can forge no other's lines."""
    return hmac.digest(root, b"chain " + name.encode(), "sha256")


def append(
    connection: Connection,
    chain: Chain,
    *,
    kind: str,
    actor: str,
    at: datetime,
    reference: str = "",
    detail: Detail | None = None,
) -> None:
    """Write a line in the caller's transaction: it is durable together with what it tells of.

    Processes of the same role, on several hosts, share a chain: one line after the other, each in its transaction.
    """
    lock(connection, f"chain {chain.name}")
    last = connection.execute(
        select(AuditRow.sequence, AuditRow.mac)
        .where(AuditRow.chain == chain.name)
        .order_by(AuditRow.sequence.desc())
        .limit(1),
    ).one_or_none()
    sequence, before = (1, START) if last is None else (last.sequence + 1, last.mac)
    line = {"at": at, "kind": kind, "actor": actor, "reference": reference, "detail": dict(detail or {})}
    mac = _mac(chain, sequence, line, before)
    connection.execute(insert(AuditRow), [{"chain": chain.name, "sequence": sequence, "mac": mac, **line}])


def heads(connection: Connection) -> dict[str, tuple[int, bytes]]:
    """Give the last line of each chain."""
    newest = select(AuditRow.chain, func.max(AuditRow.sequence).label("last")).group_by(AuditRow.chain).subquery()
    rows = connection.execute(
        select(AuditRow.chain, AuditRow.sequence, AuditRow.mac).join(
            newest, (AuditRow.chain == newest.c.chain) & (AuditRow.sequence == newest.c.last)
        ),
    )
    return {chain: (sequence, mac) for chain, sequence, mac in rows}


def checkpoint(connection: Connection, chain: Chain, at: datetime) -> str:
    """Tie all heads together: a line in a chain of its own, and the same as a text to be kept elsewhere.

    `chain` is the chain of checkpoints; who holds its key can tie heads together, and forge no line of another chain.
    """
    found = heads(connection)
    found.pop(CHECKPOINTS, None)
    tied = [f"{name} {sequence} {mac.hex()}" for name, (sequence, mac) in sorted(found.items())]
    append(connection, chain, kind="checkpoint", actor="sallyport", at=at, detail={"heads": tied})
    sequence, mac = heads(connection)[CHECKPOINTS]
    body = {"made_at": at.isoformat(), "heads": [*tied, f"{CHECKPOINTS} {sequence} {mac.hex()}"]}
    return json.dumps({**body, "mac": _checkpoint_mac(chain.key, body)}, indent=1)


def checkpoint_chain(root: bytes) -> Chain:
    """Give the chain of checkpoints."""
    return Chain(CHECKPOINTS, chain_key(root, CHECKPOINTS))


def read_checkpoint(root: bytes, text: str) -> Mapping[str, tuple[int, bytes]] | None:
    """Give a checkpoint's heads; None when it is not one of ours, or was changed."""
    try:
        body = json.loads(text)
        mac = body.pop("mac")
        # Version 0.1 made them under the root itself.
        ours = (_checkpoint_mac(key, body) for key in (chain_key(root, CHECKPOINTS), root))
        if not any(hmac.compare_digest(mac, each) for each in ours):
            return None
        return _read_heads(body["heads"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def verify(
    connection: Connection, root: bytes, outside: Mapping[str, tuple[int, bytes]] | None = None
) -> Iterator[Fault]:
    """Go through every line; give each fault. `outside` is a checkpoint that was kept elsewhere."""
    tied: dict[str, tuple[int, bytes]] = dict(outside or {})
    known: dict[str, dict[int, bytes]] = {}
    wanted: list[tuple[str, int, bytes]] = []
    for name in sorted({*connection.scalars(select(AuditRow.chain).distinct()), *tied}):
        yield from _verify_chain(connection, Chain(name, chain_key(root, name)), known.setdefault(name, {}), wanted)
    wanted += [(name, sequence, mac) for name, (sequence, mac) in tied.items()]
    for name, sequence, mac in wanted:
        if known.get(name, {}).get(sequence) != mac:
            yield Fault(name, sequence, "a checkpoint names this line, and it is missing or another")


def _verify_chain(
    connection: Connection, chain: Chain, known: dict[int, bytes], wanted: list[tuple[str, int, bytes]]
) -> Iterator[Fault]:
    before, expected = START, 1
    rows = connection.execute(
        select(AuditRow.__table__).where(AuditRow.chain == chain.name).order_by(AuditRow.sequence)
    )
    for row in rows:
        if row.sequence != expected:
            yield Fault(chain.name, expected, "lines are missing from here on")
        line = {name: getattr(row, name) for name in ("at", "kind", "actor", "reference", "detail")}
        if not hmac.compare_digest(row.mac, _mac(chain, row.sequence, line, before)):
            yield Fault(chain.name, row.sequence, "this line, or the one before it, was changed")
        if chain.name == CHECKPOINTS:
            wanted += [(name, *head) for name, head in _read_heads(row.detail.get("heads", [])).items()]
        known[row.sequence] = row.mac
        before, expected = row.mac, row.sequence + 1


def _mac(chain: Chain, sequence: int, line: Mapping[str, Any], before: bytes) -> bytes:
    moment = (line["at"] - EPOCH).total_seconds()
    fields = [chain.name, sequence, f"{moment:.6f}", line["kind"], line["actor"], line["reference"], line["detail"]]
    body = json.dumps(fields, separators=(",", ":"), sort_keys=True).encode()
    return hmac.digest(chain.key, before + body, "sha256")


def _checkpoint_mac(key: bytes, body: Mapping[str, Any]) -> str:
    canonical = json.dumps(body, separators=(",", ":"), sort_keys=True).encode()
    return hmac.digest(key, b"checkpoint " + canonical, "sha256").hex()


def _read_heads(tied: list[str]) -> dict[str, tuple[int, bytes]]:
    split = (line.rsplit(" ", 2) for line in tied)
    return {name: (int(sequence), bytes.fromhex(mac)) for name, sequence, mac in split}
