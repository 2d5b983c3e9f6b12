"""What the page of a held inquiry shows: facts and the ways on, no content."""

from __future__ import annotations

from dataclasses import dataclass

from records.values import InquiryFacts
from router.desk import times, words
from router.desk.needs import reader
from router.desk.services import desk
from router.work import PendingOriginal, pending_originals
from router.work.ending import CLOSE_REASONS, retry_way
from router.work.originals import GROUNDS


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestView:
    """A request to open the original, as this reader sees it."""

    id: str
    ground: str
    asked_by: str
    asked: str
    is_mine: bool
    is_approved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldView:
    """A held inquiry's facts."""

    reason: str
    received: str
    can_retry: bool
    requests: tuple[RequestView, ...]
    grounds: tuple[tuple[str, str], ...]
    close_reasons: tuple[tuple[str, str], ...]


def held_view(facts: InquiryFacts) -> HeldView:
    """Give what may be said of a held inquiry."""
    zone = desk().settings.zone_info()
    with desk().services.books.store.reading() as connection:
        can_retry = retry_way(connection, facts.id) is not None
    return HeldView(
        reason=words.held(facts.hold_reason),
        received=f"{times.moment(facts.received_at, zone)} {words.CHANNELS[facts.channel.value]}",
        can_retry=can_retry,
        requests=requests_of(facts),
        grounds=tuple(GROUNDS.items()),
        close_reasons=tuple(CLOSE_REASONS.items()),
    )


def requests_of(facts: InquiryFacts) -> tuple[RequestView, ...]:
    """Give the live requests for an inquiry's original."""
    services = desk().services
    with services.books.store.reading() as connection:
        found = pending_originals(connection, facts.reference, reader(), services.clock())
    return tuple(_request(each) for each in found)


def _request(pending: PendingOriginal) -> RequestView:
    return RequestView(
        id=pending.id,
        ground=GROUNDS.get(pending.ground, pending.ground),
        asked_by=pending.asked_by_name,
        asked=times.clock_time(pending.asked_at, desk().settings.zone_info()),
        is_mine=pending.asked_by == reader().id,
        is_approved=pending.is_approved,
    )
