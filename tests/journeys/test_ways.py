"""From the door to the desk: what comes in by mail or by the form is routed, or held with a reason, and counted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sallyport.demo.odd import nested_too_deep, sealed_by_sender
from tests.journeys.builders import case_form, case_mail, general_form, general_mail, pen
from tests.journeys.program import Browser, Program, token_of


def test_a_case_by_mail_is_answered_by_telephone_or_letter_only(running: Program) -> None:
    """A mail about an own claim is routed to a unit, its number is counted, and no e-mail may answer it."""
    line = running.send_and_find(case_mail(pen("case")))
    assert (line["channel"], line["state"], line["category"]) == ("email", "routed", "case")
    assert line["channel_allowed"] == "phone_or_mail"
    assert line["unit"] == "benefit-claims"
    assert line["finding_counts"]["US_SSN"] == 1


def test_a_general_question_by_mail_may_be_answered_by_mail(running: Program) -> None:
    """A mail with a question whose answer is the same for anybody may be answered by e-mail."""
    line = running.send_and_find(general_mail(pen("general")))
    assert (line["state"], line["category"], line["channel_allowed"]) == ("routed", "general", "email")


def test_the_form_gives_the_reference_that_is_routed(running: Program) -> None:
    """The receipt of the form shows the reference under which the inquiry is then routed, case or general."""
    references = [running.send(case_form(pen("form"))), running.send(general_form(pen("general form")))]
    running.idle()
    found = {line["reference"]: line for line in running.lines()}
    assert [found[reference]["state"] for reference in references] == ["routed", "routed"]
    assert [found[reference]["channel_allowed"] for reference in references] == ["phone_or_mail", "email"]


def test_the_same_mail_twice_is_one_inquiry(running: Program) -> None:
    """A sender who did not hear our answer sends again: both are told 250, and there is one inquiry."""
    before = len(running.lines())
    sample = case_mail(pen("twice"))
    running.send(sample)
    running.send(sample)
    running.idle()
    assert len(running.lines()) == before + 1


@pytest.mark.parametrize(("writing", "reason"), [(nested_too_deep, "too-deep"), (sealed_by_sender, "encrypted")])
def test_what_cannot_be_read_is_held_with_its_reason(running: Program, writing, reason: str) -> None:
    """A mail that cannot be scanned is neither lost nor shown: it is held, with a reason, and the next one goes on."""
    line = running.send_and_find(writing(pen(reason)))
    assert (line["state"], line["hold_reason"], line["unit"]) == ("held", reason, None)
    assert running.send_and_find(case_mail(pen(f"behind {reason}")))["state"] == "routed"


def test_the_ledger_finds_every_mail_exactly_once(running: Program, tmp_path: Path) -> None:
    """`ledger --find` finds each accepted mail's bytes once, and one that was never sent not at all."""
    sent = [case_mail(pen("find one")), general_mail(pen("find two"), "Is there parking?")]
    for number, sample in enumerate(sent):
        running.send(sample)
        (tmp_path / f"{number}.eml").write_bytes(sample.raw)
    (tmp_path / "never.eml").write_bytes(case_mail(pen("never sent")).raw)
    running.idle()
    found = [json.loads(line) for line in running.command("ledger", "--find", str(tmp_path)).stdout.splitlines()]
    assert {row["file"]: row["count"] for row in found} == {"0.eml": 1, "1.eml": 1, "never.eml": 0}
    assert {state for row in found for state in row["states"]} == {"routed"}


def test_a_reader_sees_tokens_and_never_the_number(running: Program) -> None:
    """The desk's page shows a token where the number stood; queue and page hold the number in no form."""
    sample = case_mail(pen("desk"), "I write for the second time!")
    reference = running.send_and_find(sample)["reference"]
    browser = Browser(running.ports["desk"])
    browser.sign_in(running.agent())
    status, queue = browser.get("/")
    assert status == 200
    assert reference in queue
    status, page = browser.get(f"/inquiries/{reference}")
    assert status == 200
    assert "I write for the second time!" in page
    assert 'class="chip"' in page
    assert "SSN 1" in page
    for shown in (queue, page):
        assert sample.planted[0] not in shown
        assert sample.planted[0].replace("-", "") not in shown
    browser.post("/sign-out", {"form_token": token_of(page)})
    assert browser.get("/")[0] == 303


def test_the_sum_is_even_and_the_log_is_whole(running: Program) -> None:
    """After all of this the ledger's sum comes out even, and no line of the audit log was changed or lost."""
    ledger, audit = running.command("ledger"), running.command("audit", "verify")
    assert ledger.exit_code == 0, ledger.stdout
    assert "The sum is even" in ledger.stdout
    assert audit.exit_code == 0, audit.stdout
    assert ", 0 faults" in audit.stdout
