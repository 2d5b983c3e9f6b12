"""Growth: what accepting and claiming cost when many inquiries are there already."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, insert

from benchmarks.accepting import RATE_SIZE, accept_in_groups
from benchmarks.house import House, envelope
from benchmarks.mail import MAILBOX, sized_mail
from benchmarks.measuring import Case, Figures, Row, interleaved, seconds_of
from benchmarks.scale import Scale
from intake.accept import Accept
from records import jobs
from records.clock import system_clock
from records.sealing import new_id
from records.store import Stores
from records.tables import BlobRow, ChunkRow, DeliveryRow, InquiryRow, JobRow, SubmissionRow, TallyRow, WrapRow

PAGE = 5000
GROUP = 16
KINDS = ("admit", "triage", "acknowledge", "dispatch")
SEALED_LENGTH, WRAP_LENGTH = 1152, 1168  # A short mail, padded; a wrap of the suite in use.


def waiting(folder: Path, scale: Scale) -> Iterator[Row]:
    """Accept and claim with few and with many inquiries that all still wait for their first job."""
    yield from _growth(folder / "waiting", scale, "growth, inquiries with a job waiting", is_waiting=True)


def _growth(folder: Path, scale: Scale, bench: str, *, is_waiting: bool) -> Iterator[Row]:
    first = f"{scale.inquiries[0]} inquiries"
    with contextlib.ExitStack() as stack:
        accepts: dict[str, Case] = {}
        claims: dict[str, Case] = {}
        for count in scale.inquiries:
            house = House(folder / str(count))
            stores = stack.enter_context(house.stores())
            fill(stores, count, is_waiting=is_waiting)
            door = stack.enter_context(house.door())
            accepts[f"{count} inquiries"] = _accepting(door, scale.accepts)
            claims[f"{count} inquiries"] = _claiming(stores, door, scale.claims)
        yield from interleaved(f"{bench}: accept", accepts, scale.repetitions, against=first)
        yield from interleaved(f"{bench}: claim", claims, scale.repetitions, against=first)


def _accepting(door: Accept, count: int) -> Case:
    def accept() -> Figures:
        mails = [(sized_mail(RATE_SIZE, number), envelope()) for number in range(count)]
        return {"accepts/s": count / seconds_of(lambda: accept_in_groups(door, mails, GROUP))}

    return accept


def _claiming(stores: Stores, door: Accept, count: int) -> Case:
    def claim() -> Figures:
        accept_in_groups(door, [(sized_mail(RATE_SIZE, number), envelope()) for number in range(count)], count)

        def take() -> None:
            for _ in range(count):
                jobs.claim(stores, "worker-1", KINDS, system_clock(), limit=1)

        return {"claims/s": count / seconds_of(take)}

    return claim


def fill(stores: Stores, count: int, *, is_waiting: bool) -> None:
    """Write inquiries as they are after the way in, in bulk: rows of the right number, size and disorder."""
    state = "received" if is_waiting else "routed"
    for start in range(0, count, PAGE):
        ids = [(new_id(), new_id(), new_id()) for _ in range(min(PAGE, count - start))]
        with stores.record.writing() as connection:
            _fill_page(connection, ids, state, is_waiting=is_waiting)
        with stores.keys.writing() as connection:
            row = {"compartment": "intake", "key_id": "0" * 16, "suite": 1, "made_at": system_clock()}
            sealed = secrets.token_bytes(WRAP_LENGTH)
            connection.execute(insert(WrapRow), [{**row, "blob_id": blob, "sealed": sealed} for _, _, blob in ids])
    with stores.record.writing() as connection:
        tally = {"state": state, "unit": "" if is_waiting else "benefit-claims", "category": "", "count": count}
        connection.execute(insert(TallyRow), [tally])


def _fill_page(connection: Connection, ids: list[tuple[str, str, str]], state: str, *, is_waiting: bool) -> None:
    now, sealed = system_clock(), secrets.token_bytes(SEALED_LENGTH)
    common = {"channel": "email", "received_at": now}
    inquiry = {
        **common, "changed_at": now, "state": state, "unit": None if is_waiting else "benefit-claims",
        "policy_version": "2026-11-21", "record_series": "INQ-1",
    }  # fmt: skip
    rows = {
        SubmissionRow: [{**common, "id": s, "digest": secrets.token_bytes(32), "size": 900} for s, _, _ in ids],
        DeliveryRow: [{"submission_id": s, "mailbox": MAILBOX, "received_at": now} for s, _, _ in ids],
        InquiryRow: [{**inquiry, "id": i, "reference": f"INQ-{i[:16]}", "submission_id": s} for s, i, _ in ids],
        BlobRow: [{"id": b, "inquiry_id": i, "part": "original", "created_at": now} for _, i, b in ids],
        ChunkRow: [{"blob_id": b, "number": 0, "sealed": sealed} for _, _, b in ids],
        JobRow: [{"kind": "admit", "subject_id": i, "not_before": now} for _, i, _ in ids] if is_waiting else [],
    }
    for table, values in rows.items():
        if values:
            connection.execute(insert(table), values)
