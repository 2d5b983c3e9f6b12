"""The desk over HTTP: who gets in, what a page says, and what it never says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from records import inquiries
from records.values import Category, Preview, Purpose, State
from router.desk import make_desk, reading
from router.desk.needs import Rule
from tests.router.builders import PASSWORD
from tests.router.fakes import FakeOpening
from tests.router.scene import (
    CASE,
    COOKIE,
    ELSEWHERE,
    GENERAL,
    HELD,
    LATER,
    OVERDUE,
    Scene,
    a_scene,
    client,
    form_of,
    post,
    services,
)
from tests.servers.postgres import Databases


@pytest.fixture
def scene(tmp_path: Path, databases: Databases) -> Iterator[Scene]:
    with a_scene(tmp_path, databases) as made:
        yield made


@pytest.fixture
def agent(scene: Scene) -> FlaskClient:
    return client(scene, "j.okafor")


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
    assert all(reference in page for reference in (CASE, GENERAL, OVERDUE, LATER))
    assert not any(reference in page for reference in (HELD, ELSEWHERE))
    assert '<span class="chip"><span class="vh">removed: </span>SSN 1</span>' in page


def test_one_page_asks_the_unsealer_for_previews_once(scene: Scene) -> None:
    """All previews of a page are one question, so that they are one audit line."""
    asked: list[int] = []

    class Counting(FakeOpening):
        def previews(self, session: str, references: Sequence[str]) -> Mapping[str, Preview]:
            asked.append(len(references))
            return super().previews(session, references)

    opening = Counting(scene.desk, scene.opening.texts)
    app = make_desk(services(scene.desk, opening, scene.sealing))
    browser = app.test_client()
    browser.set_cookie(COOKIE, scene.desk.sign_in())
    browser.get("/")
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


def test_what_is_over_is_not_said_again(scene: Scene, agent: FlaskClient) -> None:
    """A page that is loaded again, or gone back to, offers no undo of what cannot be undone any more."""
    taken = f"/inquiries/{CASE}?done=taken&undo=give-back"
    post(agent, CASE, "act/take")
    assert "It is yours." in agent.get(taken).text
    post(agent, CASE, "act/letter")
    assert scene.desk.find(CASE).state is State.ANSWERED
    page = agent.get(taken).text
    assert "It is yours." not in page
    assert "What was done" in page
    assert "No match twice" not in page


def test_ids_are_told_in_words(scene: Scene, agent: FlaskClient) -> None:
    """What the form's choices and the class's reasons are called inside is not what a page says."""
    scene.opening.texts[CASE] = replace(
        scene.opening.texts[CASE], spoken_language="ht", best_time="noon", stated_kind="own"
    )
    found, reasons = scene.desk.find(CASE), ["holds an identifier: US_SSN"]
    scene.desk.commit(lambda c: inquiries.amend(c, found.id, now=scene.desk.clock(), reasons=reasons))
    page = agent.get(f"/inquiries/{CASE}").text
    assert "Speaks Haitian Creole: start with an interpreter." in page
    assert "Best time: noon to 2 pm" in page
    assert "Says it is about: their own claim, account or letter" in page
    assert "holds an identifier: SSN" in page


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


@pytest.mark.parametrize(
    ("typed", "dialled"),
    [
        ("508-555-0100", "5085550100"),
        ("508-555-0100 [SSN 1]", ""),
        ("508-555-0100 or 617-555-0199", ""),
    ],
)
def test_a_click_calls_the_number_that_was_written_or_none(typed: str, dialled: str) -> None:
    """A token's count, or a second number, never becomes part of what is dialled: it would be a stranger's."""
    assert reading._dialled(typed) == dialled
