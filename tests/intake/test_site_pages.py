"""The pages around the form, and what every answer carries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import session

from intake.site import make_site
from intake.site.headers import SECURITY
from intake.site.languages import LANGUAGES
from tests.intake.fakes import FakeAcceptor
from tests.intake.site_client import SETTINGS, HandClock, House, digest_keys, find_numbers, running_site

PATHS = [
    f"{'' if code == 'en' else '/' + code}/{page}" for code in LANGUAGES for page in ("", "print", "privacy", "nowhere")
]


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with running_site() as running:
        yield running


@pytest.mark.parametrize("path", [*PATHS, "/healthz", "/robots.txt", "/static/site.css", "/.well-known/security.txt"])
def test_every_answer_carries_the_headers(house: House, path: str):
    """Each answer is bound to this site, tells no product and sets no cookie."""
    page = house.client.get(path)
    assert SECURITY.items() <= page.headers.items()
    assert not {"Set-Cookie", "Server", "X-Powered-By", "Access-Control-Allow-Origin"} & page.headers.keys()
    if "html" in page.headers["Content-Type"]:
        assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", PATHS)
def test_pages_are_whole_in_each_language(house: House, path: str):
    """Each page names its language, has one heading, and loads nothing from elsewhere."""
    page = house.client.get(path)
    assert page.status == (404 if path.endswith("nowhere") else 200)
    code = path.split("/")[1] if path.count("/") > 1 else "en"
    assert f'<html lang="{LANGUAGES[code][0]}">' in page.body
    assert page.body.count("<h1>") == 1
    assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', page.body)
    assert not re.findall(r"<script>|<style|\son\w+=|\sstyle=", page.body)


def test_the_print_page_sends_nothing(house: House):
    """Fill in and print has no form, no names of fields, and no script but the one that prints (policy: A6)."""
    body = house.client.get("/print").body
    assert "<form" not in body
    assert " name=" not in body.partition("<main")[2]
    assert re.findall(r'<script src="([^"?]+)', body) == ["/static/site-print.js"]


def test_the_policy_has_a_version_and_a_date(house: House):
    """The privacy page names both (policy: C6)."""
    assert "Version 1.0, in effect since Sunday, November 1, 2026." in house.client.get("/privacy").body


def test_small_files(house: House):
    """Health, robots and security.txt answer plainly; what is there is told as RFC 9116 asks."""
    assert house.client.get("/healthz").body == "ok\n"
    assert "Disallow" not in house.client.get("/robots.txt").body
    told = house.client.get("/.well-known/security.txt").body
    assert "Contact: mailto:security@agency.example\nExpires: 2027-05-19T00:00:00Z\n" in told


def test_without_a_contact_there_is_no_security_file():
    """An empty setting gives no half file."""
    with running_site(replace(SETTINGS, security_contact="")) as house:
        assert house.client.get("/.well-known/security.txt").status == 404


@pytest.mark.parametrize("name", ["../site/form.html", "..%2f..%2f__init__.py", "desk.css", "nothing", "%00"])
def test_only_the_sites_own_files_are_served(house: House, name: str):
    """A path leads to nothing but the table of assets."""
    assert house.client.get(f"/static/{name}").status == 404


def test_assets_are_kept_by_their_content(house: House):
    """An address that names the content may be kept for good; any other only for a moment."""
    address = re.findall(r'href="(/static/site\.css\?v=\w+)"', house.client.get().body)[0]
    assert "immutable" in house.client.get(address).headers["Cache-Control"]
    assert "immutable" not in house.client.get("/static/site.css?v=other").headers["Cache-Control"]


def test_nothing_is_echoed(house: House):
    """An unknown path and a query string are not repeated."""
    words = "zqwords"
    for path in (f"/{words}", f"/?next={words}", f"/es/{words}?{words}"):
        assert words not in house.client.get(path).body


def test_posts_elsewhere_are_refused(house: House):
    """Only the form takes posts."""
    page = house.client.post("/privacy", message="x")
    assert (page.status, page.headers["Allow"]) == (405, "GET, HEAD")


def test_a_session_cannot_be_used():
    """What would need a cookie fails at once (policy: A5)."""
    app = make_site(FakeAcceptor(), digest_keys(), SETTINGS, HandClock(), find_numbers)
    with app.test_request_context("/"), pytest.raises(RuntimeError):
        session["x"] = 1
