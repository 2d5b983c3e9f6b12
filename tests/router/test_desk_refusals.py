"""The desk over HTTP: what it refuses, what is held, and what no page says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from records.values import State
from tests.router.builders import grant
from tests.router.scene import CASE, ELSEWHERE, GENERAL, HELD, Scene, a_scene, client, post
from tests.servers.postgres import Databases


@pytest.fixture
def scene(tmp_path: Path, databases: Databases) -> Iterator[Scene]:
    with a_scene(tmp_path, databases) as made:
        yield made


@pytest.fixture
def agent(scene: Scene) -> FlaskClient:
    return client(scene, "j.okafor")


def test_denied_and_missing_are_the_same_bytes(agent: FlaskClient) -> None:
    """An inquiry one may not see and one that is not there give the same page, headers and status (policy: A8)."""
    answers = [
        agent.get(f"/inquiries/{reference}") for reference in (ELSEWHERE, HELD, "INQ-ZZZZ-ZZZZ", "x", "123-45-6789")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers)) for answer in answers}) == 1


def test_a_miss_is_written_down_once_alike(scene: Scene, agent: FlaskClient) -> None:
    """Asking for what is not there, or not for one, leaves the same line in the audit log."""
    agent.get(f"/inquiries/{ELSEWHERE}")
    agent.get("/inquiries/INQ-ZZZZ-ZZZZ")
    misses = [line for line in scene.desk.audit() if line[0] == "not-found"]
    me = scene.people["agent"]
    assert misses == [("not-found", me, ELSEWHERE, {}), ("not-found", me, "INQ-ZZZZ-ZZZZ", {})]


def test_a_held_one_shows_facts_and_no_content(scene: Scene) -> None:
    """A held inquiry is a page of facts and ways on; it is not opened."""
    page = client(scene, "a.silva").get(f"/inquiries/{HELD}?tab=held").text
    assert "This message is held" in page
    assert "the key for it is not ours" in page
    assert scene.opening.opened == []


def test_a_held_one_is_released_by_hand(scene: Scene) -> None:
    """The text typed by hand goes through the form to the sealing."""
    page = post(client(scene, "a.silva"), HELD, "release", text="She asks when the claim is paid.")
    assert "Released." in page.text
    assert scene.desk.find(HELD).state is State.ADMITTED


def test_an_original_over_two_sessions(scene: Scene) -> None:
    """One asks, another approves, the first opens: as inert text, with markup shown and not run."""
    silva, chen = client(scene, "a.silva"), client(scene, "r.chen")
    post(silva, HELD, "original/request", choice="not-scanned")
    page = chen.get(f"/inquiries/{HELD}").text
    found = re.search(r'name="choice" value="([0-9a-f]{32})"', page)
    assert found
    assert "Approve as the second person" in page
    assert "Approved." in post(chen, HELD, "original/approve", choice=found[1]).text
    scene.opening.originals[HELD] = "From: x\n\n<script>alert(1)</script>"
    opened = post(silva, HELD, "original", choice=found[1])
    assert "&lt;script&gt;alert(1)" in opened.text


def test_an_original_of_an_open_inquiry(scene: Scene, agent: FlaskClient) -> None:
    """The original of a routed inquiry is asked for on its page; without an approval it does not open."""
    page = post(agent, CASE, "original/request", choice="verify-identity")
    assert "A second person has to approve it." in page.text
    refused = post(agent, CASE, "original", choice="0" * 32)
    assert "A second person has not approved it." in refused.text
    chen = client(scene, "r.chen").get(f"/inquiries/{CASE}").text
    assert "J. Okafor asked at 2:10 pm." in chen
    assert "Approve as the second person" in chen


def test_when_the_unsealer_is_away_the_page_says_so(scene: Scene, agent: FlaskClient) -> None:
    """Without the unsealer nothing opens, the queue still stands, and the page is calm."""
    scene.opening.is_away = True
    answer = agent.get(f"/inquiries/{CASE}")
    assert answer.status_code == 503
    assert "Opening is stopped" in answer.text
    assert "Nothing is lost" in answer.text
    assert agent.get("/").status_code == 200


def test_a_listed_inquiry_that_does_not_open_says_why(scene: Scene) -> None:
    """A reader who is not cleared for what a listed inquiry holds is told so; the text stays shut (policy: B1)."""
    scene.desk.add_reader("n.new", name="N. New", data_classes=frozenset(), grants=(grant("benefit-claims"),))
    answer = client(scene, "n.new").get(f"/inquiries/{CASE}")
    assert answer.status_code == 403
    assert "not cleared" in answer.text
    assert "Maria" not in answer.text


def test_a_forbidden_purpose_is_refused(agent: FlaskClient) -> None:
    """Nobody opens an inquiry for a marketing list (policy: B2)."""
    answer = agent.get(f"/inquiries/{GENERAL}?purpose=marketing_list")
    assert answer.status_code == 403
    assert "Lena" not in answer.text


def test_who_lacks_the_form_is_told(scene: Scene) -> None:
    """A reader whose form is not signed sees no inquiry, and a sentence that says why (policy: B4)."""
    scene.desk.add_reader("l.late", name="L. Late", form_signed_on=None)
    late = client(scene, "l.late")
    assert "The confidentiality form is not signed" in late.get("/").text
    assert late.get(f"/inquiries/{CASE}").status_code == 404


def test_an_idle_session_leads_to_the_sign_in(scene: Scene, agent: FlaskClient) -> None:
    """After fifteen minutes without use the desk asks for the password again (policy: D)."""
    scene.desk.clock.move(minutes=16)
    answer = agent.get("/")
    assert answer.headers["Location"] == "/sign-in?locked=1"
    assert "It locks after 15 minutes" in agent.get("/sign-in?locked=1").text


def test_finding_by_reference(agent: FlaskClient) -> None:
    """A typed reference leads to its inquiry; anything else back to the queue, with nothing of it in the address."""
    found = agent.get("/find", query_string={"reference": f" {CASE.lower()} "})
    assert found.headers["Location"] == f"/inquiries/{CASE}"
    lost = agent.get("/find", query_string={"reference": "078-05-1120"})
    assert lost.headers["Location"] == "/?refused=no-reference"


@pytest.mark.parametrize(
    "query", ["done=<b>", "refused=nothing", "undo=x&done=taken", "tab=zzz", "after=zzz&tab=closed"]
)
def test_addresses_say_nothing_of_their_own(agent: FlaskClient, query: str) -> None:
    """What stands in an address is looked up in tables, and never shown."""
    page = agent.get(f"/?{query}")
    assert page.status_code == 200
    assert "zzz" not in page.text


def test_every_answer_carries_the_headers(scene: Scene, agent: FlaskClient) -> None:
    """No page may be stored, framed, sniffed, or run what is not ours."""
    paths = [
        "/",
        f"/inquiries/{CASE}",
        "/sign-in",
        "/nowhere",
        "/static/desk.css",
        "/healthz",
        f"/inquiries/{ELSEWHERE}",
    ]
    for path in paths:
        headers = agent.get(path).headers
        assert "no-store" in headers["Cache-Control"], path
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
    assert client(scene).open("/", method="OPTIONS").status_code == 405


@pytest.mark.parametrize("path", ["/", f"/inquiries/{CASE}", f"/inquiries/{GENERAL}", "/keys", "/sign-in", "/nowhere"])
def test_no_page_has_script_or_style_of_its_own(agent: FlaskClient, path: str) -> None:
    """Pages hold no inline script, style or handler, and load nothing from elsewhere."""
    page = agent.get(path).text
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|<script(?! src=\"/static/)", page)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)


def test_an_unforeseen_fault_says_nothing(scene: Scene, agent: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    """A bug's page and log line hold neither a traceback nor a word of what was being shown."""
    del scene.opening.texts[CASE]
    answer = agent.get(f"/inquiries/{CASE}")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "Traceback" not in caplog.text
    assert "class=KeyError" in caplog.text
    assert CASE not in caplog.text


def test_static_files_are_these_and_no_others(agent: FlaskClient) -> None:
    """Only named files are served."""
    assert agent.get("/static/desk.js").status_code == 200
    for path in ("/static/../desk/frame.html", "/static/site.css", "/static/", "/static/%2e%2e/__init__.py"):
        assert agent.get(path).status_code == 404
