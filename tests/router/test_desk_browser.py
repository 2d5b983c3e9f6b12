"""The desk in Chromium: every page with eyes (axe), in three looks, and a day's work with nothing but a keyboard."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from records.values import Category, State
from tests.router.builders import PASSWORD
from tests.router.scene import CASE, ELSEWHERE, GENERAL, HELD, OVERDUE, Scene, a_scene, serving

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = find_spec("axe_playwright_python") if find_spec("playwright") else None
MISSING = "needs Chromium, playwright and axe-playwright-python"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
LOOKS = [(360, "light"), (1000, "dark"), (1400, "light")]
RUN_AXE = "axe.run().then(found => JSON.stringify(found.violations.map(one => [one.id, one.nodes[0].html])))"
AGENT, SUPERVISOR = "j.okafor", "a.silva"
PAGES = [
    ("/", AGENT),
    ("/?tab=mine", SUPERVISOR),
    (f"/inquiries/{CASE}", AGENT),
    (f"/inquiries/{GENERAL}?done=decided-general&undo=decide-case", AGENT),
    (f"/inquiries/{OVERDUE}?refused=changed", AGENT),
    (f"/inquiries/{HELD}?tab=held", SUPERVISOR),
    (f"/inquiries/{ELSEWHERE}", AGENT),
    (f"/inquiries/{CASE}?purpose=marketing_list", AGENT),
    ("/keys", AGENT),
    ("/sign-in?locked=1", ""),
]

pytestmark = pytest.mark.browser
Opener = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None or AXE is None:
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with a_scene(tmp_path) as made:
        yield made


@pytest.fixture
def window(browser: Any, scene: Scene) -> Iterator[Opener]:
    """Give a way to open a window: who looks, how wide, how bright, with script or without."""
    opened: list[Any] = []
    said: list[str] = []
    with serving(scene.app) as address:

        def open_window(name: str = AGENT, width: int = 1400, scheme: str = "light", *, script: bool = True) -> Any:
            context = browser.new_context(
                viewport={"width": width, "height": 900},
                color_scheme=scheme,
                base_url=address,
                java_script_enabled=script,
            )
            opened.append(context)
            if name:
                token = scene.desk.sign_in(name)
                context.add_cookies([{"name": "sallyport-desk", "value": token, "url": address}])
            page = context.new_page()
            page.on("console", lambda message: said.append(message.text))
            return page

        yield open_window
        for context in opened:
            context.close()
    assert [text for text in said if "Failed to load" not in text] == []  # Nothing was blocked by the policy.


def see(page: Any) -> None:
    """Look for faults of accessibility, and for a page that scrolls sideways."""
    assert AXE is not None
    assert AXE.origin is not None
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": (Path(AXE.origin).parent / "axe.min.js").read_text("utf-8")})
    asked = {"expression": RUN_AXE, "awaitPromise": True, "returnByValue": True}
    found = json.loads(session.send("Runtime.evaluate", asked)["result"]["value"])
    assert found == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, page.url


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_every_page_is_accessible(window: Opener, width: int, scheme: str) -> None:
    """No page has a violation, or scrolls sideways, in any of three looks (policy: D)."""
    for path, name in PAGES:
        page = window(name, width, scheme)
        page.goto(path)
        see(page)


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1400, "light")])
def test_states_after_acts_are_accessible(scene: Scene, window: Opener, width: int, scheme: str) -> None:
    """Taken, refused answer, asked original, opened original, unsealer away, wrong password: no violation either."""
    page = window(AGENT, width, scheme)
    for reference in (CASE, GENERAL):
        page.goto(f"/inquiries/{reference}")
        push(page, "Take it")
        see(page)
    page.fill("#answer", "About 078-05-1120: we open at nine.")
    push(page, "Send answer")
    assert "Take it out" in page.get_by_role("alert").inner_text()
    see(page)
    silva, chen = window(SUPERVISOR, width, scheme), window("r.chen", width, scheme)
    silva.goto(f"/inquiries/{HELD}")
    silva.get_by_label("Ground").select_option("not-scanned")
    push(silva, "Ask a second person")
    see(silva)
    chen.goto(f"/inquiries/{HELD}")
    see(chen)
    push(chen, "Approve as the second person")
    scene.opening.originals[HELD] = "From: x\n\nDear agency"
    silva.reload()
    push(silva, "Open the original")
    assert "Dear agency" in silva.inner_text("main")
    see(silva)
    scene.opening.is_away = True
    page.goto(f"/inquiries/{CASE}")
    see(page)
    stranger = window("", width, scheme)
    sign_in(stranger, "not the password")
    stranger.get_by_role("alert").wait_for()
    see(stranger)


def push(page: Any, name: str) -> None:
    """Push a button, and wait for the page that comes of it."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def sign_in(page: Any, password: str) -> None:
    page.goto("/sign-in")
    page.fill("#name", AGENT)
    page.fill("#password", password)
    push(page, "Sign in")


def test_signing_in_on_plain_loopback(window: Opener) -> None:
    """A browser keeps the cookie on http://127.0.0.1, and gives it back after sign-in and not after sign-out."""
    page = window("")
    sign_in(page, PASSWORD)
    page.get_by_text("Maria Example").wait_for()
    (cookie,) = [each for each in page.context.cookies() if each["name"] == "sallyport-desk"]
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["expires"]) == (True, "Strict", -1)
    push(page, "Sign out")
    page.goto("/")
    assert page.url.endswith("/sign-in")


def test_a_morning_with_keys_only(scene: Scene, window: Opener) -> None:
    """From the queue to an answered call without a mouse: j, Enter, take, decide, undo, call."""
    page = window()
    page.goto("/")
    press(page, "j", "j")
    assert CASE in page.evaluate("document.activeElement.href")
    strike(page, "Enter")
    page.wait_for_url(f"**/inquiries/{CASE}")
    strike(page, "Enter")
    page.get_by_text("It is yours.").wait_for()
    assert scene.desk.find(CASE).state is State.ASSIGNED
    strike(page, "g")
    page.get_by_text("Class is general now.").wait_for()
    strike(page, "z")
    page.get_by_text("Class is case-specific now.").wait_for()
    assert scene.desk.find(CASE).category is Category.CASE
    press(page, "t")
    assert page.evaluate("document.activeElement.id") == "telephone"
    strike(page, "b")
    page.get_by_text("busy or no answer").first.wait_for()
    press(page, "4")
    assert page.locator("input[value=overpayments]").is_checked()
    press(page, "r")  # No way back from here: the key points at the button, and Enter does it.
    assert page.evaluate("document.activeElement.value") == "reached"
    assert scene.desk.find(CASE).state is State.ASSIGNED
    strike(page, "Enter")
    page.get_by_text("Call recorded. The inquiry is answered.").wait_for()
    assert scene.desk.find(CASE).state is State.ANSWERED


def strike(page: Any, key: str) -> None:
    """Press a key that leads to another page, and wait until that page and its script are there."""
    with page.expect_navigation():
        page.keyboard.press(key)


def press(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_single_keys_are_off_in_fields_and_can_be_switched_off(scene: Scene, window: Opener) -> None:
    """Typing in a field decides nothing; a reader can switch single keys off altogether (WCAG 2.1.4)."""
    page = window()
    page.goto(f"/inquiries/{CASE}")
    press(page, "/")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.type("gcx")
    press(page, "Escape")
    strike(page, "?")
    assert page.url.endswith("/keys")
    page.get_by_role("button", name="Single keys are on").click()
    page.goto(f"/inquiries/{CASE}")
    press(page, "g", "x", "j")
    page.reload()
    found = scene.desk.find(CASE)
    assert (found.category, found.state) == (Category.CASE, State.ROUTED)


def test_every_control_is_reached_by_tab(window: Opener) -> None:
    """Tab goes through skip link, bar, queue, message and decision, and each stop shows where it is."""
    page = window()
    page.goto(f"/inquiries/{GENERAL}")
    seen = set()
    for _ in range(60):
        press(page, "Tab")
        if page.evaluate("document.activeElement === document.body"):
            break  # The end: the focus is with the browser's own bars now.
        seen.add(page.evaluate("(e => (e.textContent || e.name || e.id).trim().slice(0, 12))(document.activeElement)"))
        assert page.evaluate("document.activeElement.matches(':focus-visible')")
    assert {"Skip to the", "Sign out", "Something m", "General g", "Take it ↵"} <= {text[:11].strip() for text in seen}


def test_everything_works_without_script(scene: Scene, window: Opener) -> None:
    """With script switched off a message is opened, taken, decided and answered."""
    page = window(script=False)
    page.goto("/")
    page.get_by_text("lena.p@example.org").click()
    push(page, "Take it")
    page.fill("#answer", "We open at nine.")
    push(page, "Send answer")
    page.get_by_text("The answer leaves in 10 seconds.").wait_for()
    assert [text for *_, text in scene.sealing.written] == ["We open at nine."]
