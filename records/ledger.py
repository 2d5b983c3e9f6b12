"""The ledger: what was accepted must equal what is accounted for, and here is how that is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, exists, func, select, tuple_

from records.blobs import ORIGINAL, PREVIEW, REDACTED, place_of, wraps_of
from records.inquiries import INQUIRIES, facts
from records.lifecycle import UNFINISHED
from records.store import Stores
from records.tables import BlobRow, InquiryRow, JobRow, SubmissionRow
from records.tallies import tallies
from records.values import InquiryFacts, State

PAGE = 500
# What a reader opens of an inquiry. A contact and a response end before the inquiry does, and their wraps with them.
PARTS: Mapping[str, str] = {ORIGINAL: "an original", REDACTED: "a redacted text", PREVIEW: "a preview"}

_PLACE = tuple_(InquiryRow.received_at, InquiryRow.id)
# Said, because a moment that is compared as part of a pair would go as the driver's own type.
_PLACE_TYPES = (InquiryRow.received_at.type, InquiryRow.id.type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """The sum that must come out even. `faults` says where it doesn't."""

    accepted: int
    by_state: tuple[tuple[State, int], ...]
    faults: tuple[str, ...]

    @property
    def is_even(self) -> bool:
        """Tell whether everything is accounted for."""
        return not self.faults


def total(stores: Stores) -> Sum:
    """Add everything up: submissions, inquiries by state, counts, jobs, and sealed originals with their wraps."""
    with stores.record.reading(takes_time=True) as connection:
        accepted = connection.execute(select(func.count()).select_from(SubmissionRow)).scalar_one()
        rows = connection.execute(select(InquiryRow.state, func.count()).group_by(InquiryRow.state))
        found = {State(state): number for state, number in rows}
        faults = [*_counting_faults(connection, accepted, found), *_finding_faults(connection)]
        faults += [
            f"{number} inquiries have {PARTS[part]} that nobody can open: the wraps are missing"
            for part, number in without_wrap(stores, connection).items()
        ]
    by_state = tuple((state, found.get(state, 0)) for state in State)
    return Sum(accepted=accepted, by_state=by_state, faults=tuple(faults))


def lines(connection: Connection, size: int = PAGE) -> Iterator[InquiryFacts]:
    """Give every inquiry, oldest first, a page at a time; each page begins in the index where the last one ended."""
    last: Row[Any] | None = None
    while True:
        page = INQUIRIES.order_by(InquiryRow.received_at, InquiryRow.id).limit(size)
        if last is not None:
            page = page.where(tuple_(last.received_at, last.id, types=_PLACE_TYPES) < _PLACE)
        rows = connection.execute(page).all()
        if not rows:
            return
        yield from facts(connection, rows)
        last = rows[-1]


def find_digests(connection: Connection, digests: Sequence[bytes]) -> Mapping[bytes, tuple[tuple[str, str], ...]]:
    """Give, for each digest of a submission's bytes, the (reference, state) of the inquiries that hold them."""
    found: dict[bytes, tuple[tuple[str, str], ...]] = {}
    asked = select(SubmissionRow.digest, InquiryRow.reference, InquiryRow.state).join(
        InquiryRow, InquiryRow.submission_id == SubmissionRow.id
    )
    for start in range(0, len(digests), PAGE):
        for digest, reference, state in connection.execute(
            asked.where(SubmissionRow.digest.in_(digests[start : start + PAGE]))
        ):
            if digest is not None:
                found[digest] = (*found.get(digest, ()), (reference, state))
    return found


def _counting_faults(connection: Connection, accepted: int, found: Mapping[State, int]) -> Iterator[str]:
    if accepted != sum(found.values()):
        yield f"{accepted} submissions were accepted and {sum(found.values())} inquiries exist"
    kept: dict[State, int] = {}
    for (state, _, _), number in tallies(connection).items():
        kept[State(state)] = kept.get(State(state), 0) + number
    for state in State:
        if kept.get(state, 0) != found.get(state, 0):
            yield f"{found.get(state, 0)} inquiries are {state.value}, and the kept count says {kept.get(state, 0)}"


def _finding_faults(connection: Connection) -> Iterator[str]:
    idle = select(func.count()).where(
        InquiryRow.state.in_([state.value for state in UNFINISHED]),
        ~exists().where(JobRow.kind.in_(("admit", "triage")), JobRow.subject_id == InquiryRow.id),
    )
    if number := connection.execute(idle).scalar_one():
        yield f"{number} inquiries wait for a job that does not exist"
    silent = select(func.count()).where(InquiryRow.state == State.HELD.value, InquiryRow.hold_reason.is_(None))
    if number := connection.execute(silent).scalar_one():
        yield f"{number} inquiries are held without a reason"
    bare = select(func.count()).where(
        InquiryRow.state != State.DESTROYED.value,
        ~exists().where(BlobRow.inquiry_id == InquiryRow.id, BlobRow.part == ORIGINAL),
    )
    if number := connection.execute(bare).scalar_one():
        yield f"{number} inquiries have no original"


def without_wrap(stores: Stores, connection: Connection) -> Mapping[str, int]:
    """Count, by part, the inquiries that were not destroyed and whose part no key opens any more."""
    missing: dict[str, int] = {}
    last = ""
    while True:
        asked = (
            select(BlobRow.id, BlobRow.part, BlobRow.inquiry_id)
            .where(BlobRow.part.in_(tuple(PARTS)), BlobRow.inquiry_id.is_not(None), BlobRow.id > last)
            .order_by(BlobRow.id)
            .limit(PAGE)
        )
        page = connection.execute(asked).all()
        if not page:
            return missing
        opened = wraps_of(stores, [row.id for row in page]).keys()
        for row in page:
            # A text that was redacted anew is still there, and nobody opens it any more.
            if row.id not in opened and place_of(connection, row.inquiry_id, row.part).blob_id == row.id:
                missing[row.part] = missing.get(row.part, 0) + 1
        last = page[-1].id
