"""After a restoration: wraps for those who need them now, where the two copies are not of one moment.

An inquiry goes from hand to hand, and each step drops the wrap of the one before. A record of yesterday beside a key
store of today therefore knows an inquiry as just received whose copy for the worker is gone. Its content key is still
there, sealed to somebody further on; with the key ring at hand it is sealed once more, to whom the record names.
What has no wrap at all was destroyed, or came after the copy of the key store: it stays closed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from records.blobs import ORIGINAL, PREVIEW, REDACTED, place_of, wraps_of
from records.commit import wrap_rows
from records.errors import CannotOpen, KeyFault
from records.keyring import KeyRing
from records.sealing import Place, Wrap, wrap
from records.store import Stores, insert_ignoring
from records.tables import BlobRow, InquiryRow, WrapRow
from records.unsealing import PrivateKeys
from records.values import State

PAGE = 200
PARTS = (ORIGINAL, REDACTED, PREVIEW)
WITH_A_UNIT = frozenset({State.ROUTED, State.ASSIGNED, State.ANSWERED, State.CLOSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """How many parts were sealed again, are not to be opened by those who need them, or by anybody."""

    sealed_again: int = 0
    not_sealed_again: int = 0
    shut: int = 0
    # References of inquiries with a part that nobody opens; they were not destroyed.
    references: tuple[str, ...] = ()


def wanted(state: State, part: str, unit: str | None) -> frozenset[str]:
    """Name the compartments that must open a part of an inquiry in a state.

    >>> sorted(wanted(State.HELD, "original", None))
    ['custodian', 'intake']
    """
    if part == ORIGINAL:
        if state is State.RECEIVED:
            return frozenset({"intake"})
        return frozenset({"intake", "custodian"} if state is State.HELD else {"custodian"})
    if state is State.ADMITTED:
        return frozenset({"triage"})
    return frozenset({f"unit/{unit}"} if unit and state in WITH_A_UNIT else ())


def mend(stores: Stores, ring: KeyRing, now: datetime) -> Mended:
    """Go through every inquiry that was not destroyed; seal content keys again where that is needed."""
    sealed = not_sealed = shut = 0
    lost: set[str] = set()
    keys: dict[str, PrivateKeys | None] = {}
    last = ""
    while page := _page(stores, last):
        held = wraps_of(stores, [row.id for row in page])
        new: list[Wrap] = []
        for row in page:
            wraps = held.get(row.id, ())
            missing = wanted(State(row.state), row.part, row.unit) - {each.compartment for each in wraps}
            # A text that was redacted anew is still there, and nobody is to open it any more.
            if (wraps and not missing) or not _is_newest(stores, row):
                continue
            if not wraps:
                shut += 1
                lost.add(row.reference)
                continue
            made = _sealed_again(ring, keys, row, wraps, sorted(missing))
            new += made
            not_sealed += len(missing) - len(made)
        sealed += _write(stores, new, now)
        last = page[-1].id
    return Mended(sealed_again=sealed, not_sealed_again=not_sealed, shut=shut, references=tuple(sorted(lost)))


@dataclass(frozen=True, slots=True)
class _Part:
    id: str
    inquiry_id: str
    part: str
    state: str
    unit: str | None
    reference: str


def _page(stores: Stores, last: str) -> list[_Part]:
    """Give the next parts, by the number of the blob."""
    with stores.record.reading() as connection:
        return [_Part(*row) for row in connection.execute(_asked(last))]


def _asked(last: str) -> Select[*tuple[Any, ...]]:
    parts = select(
        BlobRow.id, BlobRow.inquiry_id, BlobRow.part, InquiryRow.state, InquiryRow.unit, InquiryRow.reference
    )
    of_inquiries = parts.join(InquiryRow, InquiryRow.id == BlobRow.inquiry_id)
    asked = of_inquiries.where(BlobRow.id > last, BlobRow.part.in_(PARTS), InquiryRow.state != State.DESTROYED.value)
    return asked.order_by(BlobRow.id).limit(PAGE)


def _is_newest(stores: Stores, part: _Part) -> bool:
    with stores.record.reading() as connection:
        return place_of(connection, part.inquiry_id, part.part).blob_id == part.id


def _sealed_again(
    ring: KeyRing, keys: dict[str, PrivateKeys | None], part: _Part, wraps: Sequence[Wrap], missing: Sequence[str]
) -> list[Wrap]:
    """Open the content key with whichever key is here, and seal it to those who are missing."""
    place = Place(inquiry_id=part.inquiry_id, blob_id=part.id, part=part.part)
    for each in wraps:
        if each.compartment not in keys:
            keys[each.compartment] = _private(ring, each.compartment)
        key = keys[each.compartment]
        if key is None:
            continue
        try:
            content_key = key.unwrap(each, place)
            return [wrap(content_key, ring.public(name), place) for name in missing]
        except (CannotOpen, KeyFault):
            continue
    return []


def _private(ring: KeyRing, compartment: str) -> PrivateKeys | None:
    try:
        return PrivateKeys([ring.private(compartment)])
    except KeyFault:
        return None


def _write(stores: Stores, wraps: Sequence[Wrap], now: datetime) -> int:
    if wraps:
        with stores.keys.writing() as connection:
            connection.execute(insert_ignoring(connection, WrapRow), wrap_rows(wraps, now))
    return len(wraps)
