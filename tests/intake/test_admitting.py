"""What becomes of a message that the parser could not do: once more, alone, and then held with a way to its bytes."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from intake.admit import Admit, give_up
from intake.submission import Submission, held
from records.commit import Committer
from records.holding import Holding
from records.inquiries import find
from records.jobs import JobKind
from records.running import Runner
from records.store import Stores
from records.tables import WrapRow
from records.unsealing import PrivateKeys
from records.values import State
from tests.records.builders import TickingClock, accept_mail, acceptor, digest_keys, private_keys, stores_in


class FaultyParser:
    """Fails for a reason, so many times."""

    def __init__(self, reason: str, times: int) -> None:
        self._reason, self.left = reason, times

    def parse(self, raw: bytes, *, may_be_form: bool) -> Submission:
        """Fail, or hold it for what it is."""
        del raw, may_be_form
        self.left -= 1
        return held(self._reason if self.left >= 0 else "unreadable")


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    opened = stores_in(tmp_path)
    yield opened
    opened.close()


@pytest.mark.parametrize("reason", ["too-slow", "parser-died"])
@pytest.mark.parametrize(("times", "tries"), [(1, ("received", "unreadable")), (2, ("received", "the reason"))])
def test_a_parsers_fault_has_a_second_try(stores: Stores, reason: str, times: int, tries: tuple[str, str]) -> None:
    """A fault that may be the machine's holds nothing at first; the second time the custodian can open what is held."""
    clock, keys = TickingClock(), private_keys()
    committer = Committer(stores, clock)
    reference = accept_mail(acceptor(committer, keys["intake"], clock), b"Subject: x\r\n\r\nx").reference
    admit = Admit(
        stores=stores,
        private=PrivateKeys(tuple(keys.values())),
        public={name: key.public() for name, key in keys.items()},
        digests=digest_keys(),
        parser=FaultyParser(reason, times),
        clock=clock,
    )
    kinds = {"admit": JobKind(prepare=admit.prepare, give_up=give_up)}
    runner = Runner(stores, committer, kinds, clock, Holding(stores, clock, "w"))
    heard = []
    for _ in tries:
        assert runner.run_once() == 1
        with stores.record.reading() as connection:
            inquiry = find(connection, reference=reference)
        heard.append(inquiry.hold_reason or inquiry.state.value)
        clock.now += timedelta(minutes=1)
    committer.close()
    assert tuple(heard) == tuple(reason if each == "the reason" else each for each in tries)
    assert inquiry.state is State.HELD
    with stores.keys.reading() as connection:
        assert set(connection.scalars(select(WrapRow.compartment))) == {"intake", "custodian"}
