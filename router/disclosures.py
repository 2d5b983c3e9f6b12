"""Disclosures: an opening, or a refused attempt at one, written down before anything is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert

from records.audit import Chain, append
from records.commit import Change
from records.sealing import new_id
from records.tables import DisclosureRow
from records.values import InquiryFacts, Purpose, Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """Who opened which part of what, for which purpose, and with whom; `refused` is a reason id when nobody did."""

    reader: Reader
    inquiry: InquiryFacts
    purpose: Purpose
    part: str
    at: datetime
    refused: str | None = None
    second: str | None = None


def written_down(disclosure: Disclosure, chain: Chain) -> Change:
    """Give the change that makes it durable: a row, and a line of the audit log."""
    row = {
        "id": new_id(),
        "inquiry_id": disclosure.inquiry.id,
        "reader_id": disclosure.reader.id,
        "second_reader_id": disclosure.second,
        "purpose": disclosure.purpose.value,
        "part": disclosure.part,
        "is_granted": disclosure.refused is None,
        "reason": disclosure.refused,
        "at": disclosure.at,
    }
    detail: dict[str, str | int | list[str]] = {"purpose": disclosure.purpose.value, "part": disclosure.part}
    said = (("refused", disclosure.refused), ("second", disclosure.second))
    detail |= {name: value for name, value in said if value}

    def apply(connection: Connection) -> None:
        connection.execute(insert(DisclosureRow), [row])
        append(
            connection,
            chain,
            kind="opened" if disclosure.refused is None else "refused",
            actor=disclosure.reader.id,
            at=disclosure.at,
            reference=disclosure.inquiry.reference,
            detail=detail,
        )

    return Change(apply=apply)
