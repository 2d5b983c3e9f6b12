"""The desk over HTTP: who gets in, what a page says, and what it never says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from records.values import Category, Purpose, State
from router.desk.needs import Rule
from tests.router.builders import PASSWORD
from tests.router.scene import CASE, ELSEWHERE, GENERAL, HELD, LATER, OVERDUE, Scene, a_scene

COOKIE = "sallyport-desk"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with a_scene(tmp_path) as made:
        yield made


@pytest.fixture
def agent(scene: Scene) -> FlaskClient:
    return client(scene, "j.okafor")


def client(scene: Scene, name: str = "") -> FlaskClient:
    made = scene.app.test_client()
    if name:
        made.set_cookie(COOKIE, scene.desk.sign_in(name))
    return made


def form_of(page: TestResponse) -> dict[str, str]:
    """Give the hidden fields that every form of a page carries."""
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))
    return {name: found[name] for name in ("form_token", "version") if name in found}


def post(who: FlaskClient, reference: str, act: str, **fields: str) -> TestResponse:
    hidden = form_of(who.get(f"/inquiries/{reference}"))
    return who.post(f"/inquiries/{reference}/{act}", data=hidden | fields, follow_redirects=True)


def test_every_view_declares_what_it_needs(scene: Scene) -> None:
    """No view is without a declared rule; and those that are public are these and no others."""
    public = set()
    for endpoint, view in scene.app.view_functions.items():
        rule = getattr(view, "needs", None)
        assert isinstance(rule, Rule), endpoint
        if rule is Rule.PUBLIC:
            public.add(endpoint)
    assert public == {
        f"door.{name}" for name in ("sign_in_page", "sign_in_act", "sign_out_act", "static_file", "health", "robots")
    }


def test_without_a_session_every_page_leads_to_the_sign_in(scene: Scene) -> None:
    """Nothing but public pages is shown without a session (policy: A8)."""
    stranger = client(scene)
    for path in ("/", "/keys", "/find", f"/inquiries/{CASE}", "/?tab=held"):
        answer = stranger.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")


def test_signing_in_and_out(scene: Scene) -> None:
    """A reader signs in by the form, works, and signs out; then the cookie opens nothing (policy: C1)."""
    browser = client(scene)
    form = form_of(browser.get("/sign-in"))
    answer = browser.post("/sign-in", data=form | {"name": "j.okafor", "password": PASSWORD})
    assert answer.status_code == 303
    (cookie,) = [value for value in answer.headers.getlist("Set-Cookie") if value.startswith(f"{COOKIE}=")]
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert "Expires" not in cookie
    page = browser.get("/")
    assert "J. Okafor" in page.text
    token = browser.get_cookie(COOKIE)
    assert token is not None
    assert browser.post("/sign-out", data=form_of(page)).status_code == 303
    browser.set_cookie(COOKIE, token.value)
    assert browser.get("/").status_code == 303


def test_the_cookie_is_secure_behind_tls(scene: Scene) -> None:
    """Behind TLS the cookie is Secure and carries the prefix that keeps other hosts from setting it."""
    browser = client(scene)
    answer = browser.get("/sign-in", headers={"X-Forwarded-Proto": "https"})
    cookies = answer.headers.getlist("Set-Cookie")
    assert cookies
    assert all(value.startswith("__Host-") and "; Secure" in value for value in cookies)


@pytest.mark.parametrize("name", ["j.okafor", "nobody", ""])
def test_a_refused_sign_in_says_the_same_of_everybody(scene: Scene, name: str) -> None:
    """A wrong password and an unknown name give the same page."""
    browser = client(scene)
    form = form_of(browser.get("/sign-in"))
    answer = browser.post("/sign-in", data=form | {"name": name, "password": "not the password"})
    assert answer.status_code == 422
    assert "The name and password do not go together" in answer.text
    assert answer.text.replace(f'value="{name}"', 'value=""').count("not the password") == 0


@pytest.mark.parametrize("token", [None, "", "x" * 64])
def test_a_form_without_its_token_changes_nothing(scene: Scene, agent: FlaskClient, token: str | None) -> None:
    """A post without this session's form token is refused."""
    fields = {"version": "0"} | ({} if token is None else {"form_token": token})
    assert agent.post(f"/inquiries/{CASE}/act/take", data=fields).status_code == 400
    assert scene.desk.find(CASE).state is State.ROUTED


def test_a_form_token_of_another_session_is_refused(scene: Scene, agent: FlaskClient) -> None:
    """Form tokens are bound to the session they were made for."""
    other = form_of(client(scene, "t.nguyen").get(f"/inquiries/{CASE}"))
    assert agent.post(f"/inquiries/{CASE}/act/take", data=other).status_code == 400


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "multipart/form-data; boundary=x"}, 415),
    ],
)
def test_a_post_from_elsewhere_is_refused(agent: FlaskClient, headers: dict[str, str], status: int) -> None:
    """Posts from other sites, or in a shape that no form of ours has, are refused even with the right token."""
    hidden = form_of(agent.get(f"/inquiries/{CASE}"))
    assert agent.post(f"/inquiries/{CASE}/act/take", data=hidden, headers=headers).status_code == status


def test_the_queue_shows_what_the_reader_may_list(agent: FlaskClient) -> None:
    """The queue has the reader's units under their headings, with previews, and nothing of other units (policy: A8)."""
    page = agent.get("/").text
    assert (
        page.index("Overdue") < page.index("Tuan Placeholder") < page.index("Due today") < page.index("Maria Example")
    )
    assert [reference in page for reference in (CASE, GENERAL, OVERDUE, LATER, HELD, ELSEWHERE)] == [True] * 4 + [
        False
    ] * 2
    assert '<span class="chip"><span class="vh">removed: </span>SSN 1</span>' in page


def test_one_page_asks_the_unsealer_for_previews_once(scene: Scene) -> None:
    """All previews of a page are one question, so that they are one audit line."""
    asked: list[int] = []
    real = scene.opening.previews
    scene.opening.previews = lambda session, references: (asked.append(len(references)), real(session, references))[1]  # type: ignore[method-assign]  # a fake of ours
    client(scene, "j.okafor").get("/")
    assert asked == [4]


def test_an_empty_list_says_so(scene: Scene) -> None:
    """Where nothing waits, the page says that it looked."""
    assert "Nothing is waiting" in client(scene, "a.silva").get("/?tab=mine").text


def test_reading_opens_for_a_purpose(scene: Scene, agent: FlaskClient) -> None:
    """An inquiry is opened to sort it, and once it is one's own, to answer it (policy: B2)."""
    agent.get(f"/inquiries/{CASE}")
    post(agent, CASE, "act/take")
    agent.get(f"/inquiries/{CASE}?purpose=verify")
    assert scene.opening.opened[0] == (CASE, Purpose.TRIAGE)
    assert scene.opening.opened[-2:] == [(CASE, Purpose.ANSWER), (CASE, Purpose.VERIFY)]


def test_the_reading_page_says_what_was_removed(agent: FlaskClient) -> None:
    """What was removed and from where, who sent it, the class with its reasons, and files that are not served."""
    page = agent.get(f"/inquiries/{CASE}").text
    assert "<b>2 SSNs and 1 EIN removed</b> from subject, message, quoted and attachment 1" in page
    assert "Maria Example &lt;maria@example.org&gt;" in page
    assert "Differs: refund-desk@mail.example.org. Nothing will be sent there." in page
    assert "asks about an own claim" in page
    assert "not scanned: this kind of file is not looked into. It is not served." in page
    assert "&lt;b&gt;not bold&lt;/b&gt;" in page
    assert "<title>INQ-" in page
    assert 'href="tel:6175550142"' in page


def test_a_case_offers_no_email(agent: FlaskClient) -> None:
    """On a case there is a sentence where an e-mail button could be (policy: A3)."""
    post(agent, CASE, "act/take")
    page = agent.get(f"/inquiries/{CASE}").text
    assert "No email." in page
    assert "Send answer" not in page
    assert "/answer" not in page


def test_a_crafted_email_to_a_case_is_refused(scene: Scene, agent: FlaskClient) -> None:
    """A posted answer to a case is refused, whatever the page offered (policy: A3)."""
    post(agent, CASE, "act/take")
    answer = post(agent, CASE, "answer", text="We have looked at your claim.")
    assert answer.status_code == 422
    assert "may not be answered by email" in answer.text
    assert scene.sealing.written == []


def test_an_answer_with_a_number_comes_back_with_its_text(scene: Scene, agent: FlaskClient) -> None:
    """An answer that holds a number is shown again, with a calm sentence, and is not sealed."""
    post(agent, GENERAL, "act/take")
    answer = post(agent, GENERAL, "answer", text="About 078-05-1120: we open at nine.")
    assert answer.status_code == 422
    assert "Take it out." in answer.text
    assert "we open at nine" in answer.text
    assert scene.sealing.written == []


def test_an_answer_is_sent_and_can_be_taken_back(scene: Scene, agent: FlaskClient) -> None:
    """A sent answer is sealed; the next page offers to take it back, and does."""
    post(agent, GENERAL, "act/take")
    page = post(agent, GENERAL, "answer", text="We open at nine.")
    assert "The answer leaves in 10 seconds." in page.text
    assert [part for part, *_ in scene.sealing.written] == ["response"]
    assert "The answer was taken back." in post(agent, GENERAL, "act/undo", choice="take-back").text


def test_a_decision_and_its_undo(scene: Scene, agent: FlaskClient) -> None:
    """A class is decided by one button, and the page after it offers the way back."""
    page = post(agent, CASE, "act/decide", choice="general")
    assert scene.desk.find(CASE).category is Category.GENERAL
    assert 'value="decide-case"' in page.text
    post(agent, CASE, "act/undo", choice="decide-case")
    assert scene.desk.find(CASE).category is Category.CASE


def test_two_pages_of_one_inquiry(scene: Scene, agent: FlaskClient) -> None:
    """Who decides on an old page is told that somebody was quicker, and shown what is now."""
    old = form_of(agent.get(f"/inquiries/{CASE}"))
    post(client(scene, "t.nguyen"), CASE, "act/take")
    page = agent.post(f"/inquiries/{CASE}/act/take", data=old, follow_redirects=True)
    assert "Somebody changed it in between" in page.text
    assert "T. Nguyen has it" in page.text


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
    from tests.router.builders import grant

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
    assert "<b>zzz" not in page.text
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
