"""The site in Chromium: every page and error state, with eyes (axe) and with nothing but a keyboard."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from intake.errors import TryAgain
from sallyport.web import Limits
from tests.intake.site_client import NUMBER, House, running_site

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = find_spec("axe_playwright_python") if find_spec("playwright") else None
MISSING = "needs Chromium, playwright and axe-playwright-python"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
LOOKS = [(360, "light"), (1400, "dark")]
LANGUAGES = ["/", "/es/"]
SEND = ".acts button.primary"
RUN_AXE = "axe.run().then(found => JSON.stringify(found.violations.map(one => [one.id, one.nodes[0].html])))"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with running_site(limits=Limits(threads=12, bodies=6)) as running:
        yield running


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
def page(browser: Any, house: House, request: pytest.FixtureRequest) -> Iterator[Any]:
    """Open a window; tests may say how wide and how bright."""
    width, scheme = getattr(request, "param", LOOKS[0])
    base = f"http://127.0.0.1:{house.client.port}"
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, base_url=base)
    opened = context.new_page()
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    house.acceptor.begin_fault = None
    yield opened
    assert context.cookies() == []
    assert [text for text in said if "Failed to load" not in text] == []  # Nothing was blocked by the policy.
    context.close()


def see(page: Any) -> None:
    """Look for faults of accessibility, and for a page that scrolls sideways."""
    assert AXE is not None
    assert AXE.origin is not None
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": (Path(AXE.origin).parent / "axe.min.js").read_text("utf-8")})
    asked = {"expression": RUN_AXE, "awaitPromise": True, "returnByValue": True}
    assert json.loads(session.send("Runtime.evaluate", asked)["result"]["value"]) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("page", LOOKS, indirect=True)
@pytest.mark.parametrize("start", LANGUAGES)
def test_plain_pages_are_accessible(page: Any, start: str):
    """Form, print, privacy and not-found have no violation, in two languages, sizes and schemes."""
    for name in ("", "print", "privacy", "nowhere"):
        page.goto(start + name)
        see(page)


@pytest.mark.parametrize("page", LOOKS, indirect=True)
@pytest.mark.parametrize("start", LANGUAGES)
def test_every_state_of_the_form_is_accessible(page: Any, house: House, start: str):
    """Errors, warning, taken out, our fault and receipt have no violation either."""
    page.goto(start)
    page.fill("#phone", "12")
    page.click(SEND)
    see(page)
    page.fill("#message", f"Hello\nmy number is {NUMBER}")
    page.click(SEND)
    see(page)
    page.click("button[name=take_out]")
    see(page)
    house.acceptor.begin_fault = TryAgain("busy")
    page.click(SEND)
    see(page)
    house.acceptor.begin_fault = None
    page.click(SEND)
    assert page.locator(".slip dd").count() == 2
    see(page)


def test_errors_take_the_focus_and_lead_to_their_fields(page: Any):
    """After a fault the summary has the focus, and its link moves it to the field."""
    page.goto("/")
    page.click(SEND)
    assert page.evaluate("document.activeElement.id") == "sum"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "message"


def test_the_whole_way_by_keyboard(page: Any):
    """From opening the page to the receipt without a mouse."""
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    tab_to(page, "message")
    page.keyboard.type("What are your hours?")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")  # From the first choice to the second.
    assert page.evaluate("document.activeElement.value") == "general"
    tab_to(page, "email")
    page.keyboard.type("ann@example.org")
    page.keyboard.press("Enter")
    page.wait_for_selector(".slip")
    assert page.url.endswith("/")  # Neither reference nor code is in an address.


def test_the_live_warning_says_the_line_and_takes_out(page: Any):
    """While typing, a note names the line and never the number; its first button takes the number out."""
    page.goto("/")
    page.fill("#message", f"Hello\nmy number is {NUMBER}.")
    page.wait_for_selector("#live .note")
    assert "Line 2" in page.inner_text("#live")
    assert NUMBER not in page.inner_text("#live")
    see(page)
    page.click("#live button >> nth=0")
    assert page.input_value("#message") == "Hello\nmy number is [removed]."
    assert page.inner_text("#live") == ""


def test_the_live_warning_can_be_sent_away(page: Any):
    """Something else is left alone, and the note does not come back for it."""
    page.goto("/")
    page.fill("#message", f"Order {NUMBER}")
    page.click("#live button >> nth=1")
    page.press("#message", "End")
    page.keyboard.type(" thanks")
    page.locator("#message").blur()
    assert page.inner_text("#live") == ""


def test_files_that_are_too_many_are_told_at_once(page: Any):
    """Before anything is sent, the field says what can be taken."""
    page.goto("/")
    page.set_input_files("#files", [{"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"a"}] * 6)
    assert page.inner_text("#files-live") == "Choose at most 5 files."
    page.set_input_files("#files", [])
    assert page.inner_text("#files-live") == ""


def test_printing_is_offered_where_it_works(page: Any):
    """With script there is a button; what is printed keeps the sheet and drops the rest."""
    page.goto("/print")
    assert page.is_visible("[data-print]")
    assert page.is_hidden("[data-no-print]")
    page.emulate_media(media="print")
    assert page.is_visible(".sheet")
    assert page.is_hidden("nav.lang")


def test_without_script_everything_still_works(browser: Any, house: House):
    """The warning, its two ways out and the receipt need no script."""
    base = f"http://127.0.0.1:{house.client.port}"
    context = browser.new_context(java_script_enabled=False, base_url=base)
    page = context.new_page()
    page.goto("/vi/")
    page.fill("#message", f"số của tôi là {NUMBER}")
    page.set_input_files("#files", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"})
    page.click(SEND)
    page.click("button[name=confirmed]")
    assert page.locator(".slip dd").count() == 2
    assert page.is_hidden("[data-print]")
    context.close()


def tab_to(page: Any, wanted: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == wanted:
            return
    pytest.fail(f"{wanted} is not reached by keyboard")
