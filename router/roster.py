"""The roster: readers and the organizations that employ or contract them, as they are added (policy: B3, C8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert

from records.audit import append
from records.commit import Change
from records.sealing import new_id
from records.tables import GrantRow, OrganizationRow, ReaderRow
from records.values import Agreement, DataClass, Grant, OrganizationKind, Role
from router.accounts import Books, canonical
from router.errors import RouterError
from router.passwords import Passwords, password_fault


class PasswordRefused(RouterError):
    """A new password that the rules do not take; `args[0]` is a reason id of `router.passwords`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReader:
    """A reader to be added, with the grants that somebody else approved."""

    sign_in_name: str
    name: str
    role: Role
    organization_id: str
    site: str = ""
    started_on: date | None = None
    form_signed_on: date | None = None
    trained_on: date | None = None
    until: date | None = None
    data_classes: frozenset[DataClass] = frozenset()
    grants: tuple[Grant, ...] = ()


def add_organization(
    connection: Connection, organization_id: str, title: str, kind: OrganizationKind, agreement: Agreement | None = None
) -> None:
    """Write an organization that employs or contracts readers (policy: B3, C5)."""
    connection.execute(
        insert(OrganizationRow),
        [
            {
                "id": organization_id,
                "title": title,
                "kind": kind.value,
                "agreement_since": agreement.since if agreement else None,
                "agreement_until": agreement.until if agreement else None,
            }
        ],
    )


def add_reader(
    books: Books, passwords: Passwords, new: NewReader, *, password: str, added_by: str, now: datetime
) -> str:
    """Add a reader and give their id; `PasswordRefused` when the password is not taken."""
    if fault := password_fault(password, (new.sign_in_name, new.name)):
        raise PasswordRefused(fault)
    reader_id, encoded = new_id(), passwords.encode(password)
    values = _new_values(new, reader_id, encoded)
    grants = [{"reader_id": reader_id, **_grant_values(grant)} for grant in new.grants]

    def apply(connection: Connection) -> str:
        connection.execute(insert(ReaderRow), [values])
        if grants:
            connection.execute(insert(GrantRow), grants)
        detail = {"reader": reader_id, "role": new.role.value, "units": sorted(grant.unit for grant in new.grants)}
        append(connection, books.chain, kind="reader-added", actor=added_by, at=now, detail=detail)
        return reader_id

    books.committer.commit(Change(apply=apply))
    return reader_id


def _grant_values(grant: Grant) -> dict[str, Any]:
    return {
        "unit": grant.unit,
        "approved_by": grant.approved_by,
        "approved_on": grant.approved_on,
        "reviewed_on": grant.reviewed_on,
    }


def _new_values(new: NewReader, reader_id: str, encoded: str) -> dict[str, Any]:
    return {
        "id": reader_id,
        "sign_in_name": canonical(new.sign_in_name),
        "name": new.name,
        "role": new.role.value,
        "organization_id": new.organization_id,
        "site": new.site,
        "password_hash": encoded,
        "is_active": True,
        "started_on": new.started_on,
        "form_signed_on": new.form_signed_on,
        "trained_on": new.trained_on,
        "until": new.until,
        "data_classes": sorted(kind.value for kind in new.data_classes),
        "failures": 0,
    }
