"""An inquiry that is admitted takes its next step in the same commit, or goes the long way by a job."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from intake.admit import Admit, give_up
from intake.submission import Passage, Place, Submission
from records.commit import Committer
from records.holding import Holding
from records.inquiries import find
from records.jobs import JobKind
from records.onward import Decide, Onward
from records.running import Runner
from records.store import Stores
from records.tables import BlobRow, JobRow, WrapRow
from records.unsealing import PrivateKey, PrivateKeys
from records.values import InquiryFacts, RedactedInquiry, State
from tests.records.builders import TickingClock, accept_mail, acceptor, digest_keys, private_keys, stores_in

UNIT = "unit/claims"
KEYS = {**private_keys(), UNIT: PrivateKey.generate(UNIT)}
NUMBER = "078-05-1120"


class PlainParser:
    """Reads one text with a number in it."""

    def parse(self, raw: bytes, *, may_be_form: bool) -> Submission:
        """Give it."""
        del raw, may_be_form
        return Submission(
            passages=(Passage(place=Place.BODY, label="message", text=f"My SSN is {NUMBER}.", is_shown=True),)
        )


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    opened = stores_in(tmp_path)
    yield opened
    opened.close()


def to(compartment: str) -> Decide:
    """Give a decision that sends everything to one compartment, and looks at what it is given."""

    def decide(inquiry: InquiryFacts, document: RedactedInquiry) -> Onward:
        assert dict(inquiry.finding_counts) == {"US_SSN": 1}
        assert NUMBER not in document.parts[0].text
        columns = {"unit": compartment.partition("/")[2], "category": "case"}
        return Onward(compartment=compartment, state=State.ROUTED, columns=columns, job="acknowledge")

    return decide


def fails(_inquiry: InquiryFacts, _document: RedactedInquiry) -> Onward:
    raise ZeroDivisionError


def admitted(stores: Stores, decide: Decide | None) -> tuple[InquiryFacts, list[str], dict[str, set[str]]]:
    """Admit one mail; give the inquiry, its jobs, and per part the compartments that may open it."""
    clock = TickingClock()
    committer = Committer(stores, clock)
    reference = accept_mail(acceptor(committer, KEYS["intake"], clock), b"x").reference
    public = {name: key.public() for name, key in KEYS.items()}
    admit = Admit(
        stores=stores,
        private=PrivateKeys(tuple(KEYS.values())),
        public=public,
        digests=digest_keys(),
        parser=PlainParser(),
        clock=clock,
        decide=decide,
    )
    kinds = {"admit": JobKind(prepare=admit.prepare, give_up=give_up, for_batch=admit.for_batch)}
    assert Runner(stores, committer, kinds, clock, Holding(stores, clock, "w")).run_once() == 1
    committer.close()
    with stores.record.reading() as connection:
        inquiry = find(connection, reference=reference)
        jobs = list(connection.scalars(select(JobRow.kind)))
        parts = dict(connection.execute(select(BlobRow.id, BlobRow.part)).tuples().all())
    openers: dict[str, set[str]] = {}
    with stores.keys.reading() as connection:
        for blob_id, compartment in connection.execute(select(WrapRow.blob_id, WrapRow.compartment)):
            openers.setdefault(parts[blob_id], set()).add(compartment)
    return inquiry, jobs, openers


def test_what_is_decided_at_once_is_routed_and_triage_holds_no_copy(stores: Stores) -> None:
    """One commit admits and routes: the unit alone may open the text, and no job of triage is written."""
    inquiry, jobs, openers = admitted(stores, to(UNIT))
    assert (inquiry.state, inquiry.unit) == (State.ROUTED, "claims")
    assert jobs == ["acknowledge"]
    assert openers["redacted"] == openers["preview"] == {UNIT}
    assert openers["original"] == {"custodian"}


@pytest.mark.parametrize("decide", [None, fails, to("unit/without-a-key")])
def test_what_cannot_be_decided_at_once_goes_by_the_job(stores: Stores, decide: Decide | None) -> None:
    """A decision that fails keeps no inquiry from being admitted; the job has its own tries."""
    inquiry, jobs, openers = admitted(stores, decide)
    assert inquiry.state is State.ADMITTED
    assert jobs == ["triage"]
    assert openers["redacted"] == openers["preview"] == {"triage"}
    assert openers["original"] == {"custodian"}
