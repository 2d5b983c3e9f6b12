"""The frame of every use case: who asks, whether they may, whether they saw the newest version, one commit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from records import inquiries
from records.audit import Detail, append
from records.commit import Change
from records.errors import NotFound, WrongState
from records.values import InquiryFacts, Purpose, Reader
from router.accounts import Books
from router.clearance import Refused, list_scope, need_to_know
from router.errors import RouterError
from router.opening import Opening
from router.routing import Routes
from router.standing import grant_fault


class Sealing(Protocol):
    """Seals what the desk's readers typed. It holds public keys only: nothing sealed here can be opened here.

    Both give a `Change` that is not committed yet; its `apply` writes the blob and gives the blob's id. The use case
    joins it with its own rows, so that text and record become durable together.
    """

    def replace_redacted(self, inquiry_id: str, text: str) -> Change:
        """Seal a redaction made by hand, and its preview, to `triage`, in place of what was there."""

    def seal_response(self, inquiry_id: str, text: str) -> Change:
        """Seal an answer's text to `dispatch`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What the use cases work with."""

    books: Books
    opening: Opening
    sealing: Sealing
    routes: Routes


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who asks, about which inquiry, having seen which version, and when."""

    reader: Reader
    session: str = field(repr=False)
    reference: str
    version: int
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """It is done. `undo` is the id of what takes it back, or ""; `version` is the inquiry's version after it."""

    act: str
    version: int = 0
    undo: str = ""
    made: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotDone:
    """It is not done, and nothing has changed. `reason` is an id with words in `router.desk.words`."""

    reason: str


Permit = Callable[[Asked, InquiryFacts], str | None]
Act = Callable[[Connection, InquiryFacts], Done | NotDone]


def may_triage(asked: Asked, facts: InquiryFacts) -> str | None:
    """Permit what belongs to sorting: take, decide, send on, hold."""
    return _refusal(asked, facts, Purpose.TRIAGE)


def may_answer(asked: Asked, facts: InquiryFacts) -> str | None:
    """Permit what belongs to answering, to the one it is assigned to."""
    return _refusal(asked, facts, Purpose.ANSWER) or (None if facts.assigned_to == asked.reader.id else "not-yours")


def may_see_listed(asked: Asked, facts: InquiryFacts) -> str | None:
    """Permit what is done to a held inquiry by its metadata alone; one's own or a relative's is for others."""
    if not list_scope(asked.reader, asked.now).admits(facts):
        return "not-there"
    if asked.reader.id in facts.conflicted_readers:
        return "conflict"
    granted = {grant.unit for grant in asked.reader.grants if grant_fault(asked.reader, grant, asked.now) is None}
    return "no-grant" if facts.unit is not None and facts.unit not in granted else None


def perform(work: Work, asked: Asked, permit: Permit, act: Act, *, sealed: Change | None = None) -> Done | NotDone:
    """Check and act in one commit. Refusals are answers; nothing is written before all checks have passed."""

    def apply(connection: Connection) -> Done | NotDone:
        done = _checked(connection, asked, permit, act)
        # A change that drops wraps must not be committed for nothing: its drops would follow all the same.
        if isinstance(done, NotDone) and sealed is not None:
            raise _TurnedBack(done.reason)
        return done

    wraps, drops = (sealed.wraps, sealed.drops) if sealed else ((), ())
    try:
        done: Done | NotDone = work.books.committer.commit(Change(apply=apply, wraps=wraps, drops=drops))
    except WrongState:
        return NotDone(reason="wrong-state")
    except _TurnedBack as fault:
        return NotDone(reason=fault.args[0])
    return done


class _TurnedBack(RouterError):
    """A refusal that also rolls back."""


def _checked(connection: Connection, asked: Asked, permit: Permit, act: Act) -> Done | NotDone:
    facts = listed(connection, asked, to_change=True)
    if facts is None:
        return NotDone(reason="not-there")
    if reason := permit(asked, facts):
        return NotDone(reason=reason)
    if facts.version != asked.version:
        return NotDone(reason="changed")
    return act(connection, facts)


def listed(connection: Connection, asked: Asked, *, to_change: bool = False) -> InquiryFacts | None:
    """Give the inquiry when the reader may know that it is there; `to_change` as for `inquiries.find`."""
    try:
        facts = inquiries.find(connection, reference=asked.reference, to_change=to_change)
    except NotFound:
        return None
    return facts if list_scope(asked.reader, asked.now).admits(facts) else None


def note(connection: Connection, work: Work, asked: Asked, kind: str, detail: Detail | None = None) -> None:
    """Write the act's audit line in its own commit."""
    append(
        connection,
        work.books.chain,
        kind=kind,
        actor=asked.reader.id,
        at=asked.now,
        reference=asked.reference,
        detail=detail,
    )


def _refusal(asked: Asked, facts: InquiryFacts, purpose: Purpose) -> str | None:
    verdict = need_to_know(asked.reader, facts, purpose, asked.now)
    return verdict.reason if isinstance(verdict, Refused) else None
