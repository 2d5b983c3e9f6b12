"""The job `triage`: classify on redacted content, find the route, seal to the unit, drop the copy of `triage`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from records.blobs import ORIGINAL, PREVIEW, REDACTED, place_of
from records.clock import Clock
from records.commit import Change
from records.documents import inquiry_from
from records.errors import CannotOpen, NotFound
from records.inquiries import find, hold, move
from records.jobs import JobFault, enqueue
from records.onward import Onward
from records.sealing import PublicKey, wrap
from records.store import Stores
from records.unsealing import PrivateKeys, open_blob
from records.values import InquiryFacts, RedactedInquiry, State
from router.classification import Classification, classify
from router.routes import Route, RouteFacts, Routes, due_at

TRIAGE = "triage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Triage:
    """What the job works with."""

    stores: Stores
    private: PrivateKeys
    public: Mapping[str, PublicKey]
    routes: Routes
    clock: Clock

    def prepare(self, inquiry_id: str) -> Change:
        """Prepare the change that routes an inquiry; one that is routed already needs none."""
        with self.stores.record.reading() as connection:
            inquiry = find(connection, inquiry_id=inquiry_id)
            if inquiry.state is not State.ADMITTED:
                return Change(apply=lambda _: None)
            places = [place_of(connection, inquiry_id, part) for part in (REDACTED, PREVIEW)]
            original = place_of(connection, inquiry_id, ORIGINAL)
        try:
            opened = [open_blob(self.stores, self.private, place) for place in places]
        except (CannotOpen, NotFound):
            raise JobFault("cannot-open") from None
        onward = self.decide(inquiry, inquiry_from(opened[0][0]))
        key = self.public.get(onward.compartment)
        if key is None:
            raise JobFault("unit-without-key")
        now = self.clock()
        return Change(
            apply=lambda connection: _routed(connection, inquiry, onward, now),
            wraps=tuple(wrap(content, key, place) for place, (_, content) in zip(places, opened, strict=True)),
            # The original's copy for `intake` is there still when it was held and released by hand.
            drops=(*((place.blob_id, TRIAGE) for place in places), (original.blob_id, "intake")),
        )

    def decide(self, inquiry: InquiryFacts, document: RedactedInquiry) -> Onward:
        """Classify an inquiry and find its route: pure but for the clock."""
        found = _classified(inquiry, document)
        return _onward(inquiry, found, self.routes.find(_facts(inquiry, found)), self.clock())


def give_up(connection: Connection, inquiry_id: str, reason: str, now: datetime) -> None:
    """Hold an inquiry that could not be routed."""
    del reason
    hold(connection, inquiry_id, "failed-triage", now=now)


def _classified(inquiry: InquiryFacts, document: RedactedInquiry) -> Classification:
    body = "\n\n".join(part.text for part in document.parts)
    return classify(document.subject, body, inquiry.channel, inquiry.finding_counts, document.stated_kind)


def _facts(inquiry: InquiryFacts, found: Classification) -> RouteFacts:
    return RouteFacts(
        mailboxes=inquiry.mailboxes,
        program=found.program,
        data_classes=found.data_classes,
        language=found.language,
        category=found.category,
        is_urgent=found.is_urgent,
        requester=found.requester,
        flags=inquiry.flags,
    )


def _onward(inquiry: InquiryFacts, found: Classification, route: Route, now: datetime) -> Onward:
    return Onward(
        compartment=f"unit/{route.unit}",
        state=State.ROUTED,
        columns={
            "category": found.category.value,
            "confidence": found.confidence,
            "reasons": list(found.reasons),
            "program": found.program,
            "data_classes": [kind.value for kind in found.data_classes],
            "is_urgent": found.is_urgent,
            "language": found.language or inquiry.language,
            "channel_allowed": found.channel_allowed.value,
            "unit": route.unit,
            "route_rule": route.rule,
            "due_at": due_at(now, route.due_days),
        },
        job="acknowledge",
    )


def _routed(connection: Connection, inquiry: InquiryFacts, onward: Onward, now: datetime) -> None:
    expected = frozenset({State.ADMITTED})
    move(connection, inquiry.id, onward.state, now=now, expected=expected, **onward.columns)
    enqueue(connection, onward.job, inquiry.id, now)
