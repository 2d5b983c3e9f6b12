"""From form to receipt, over a real socket."""

from __future__ import annotations

import logging
import socket
import tempfile
from collections.abc import Iterator

import pytest

from intake.errors import OurFault, TryAgain
from intake.site.body import FILE_SIZE
from records.values import Channel
from tests.intake.site_client import NUMBER, House, multipart, running_site

QUESTION = "When do you open, and what do I bring?"
HALF = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n--b"
HELD = "I was laid off <b>& waited</b>."


@pytest.fixture(scope="module")
def served() -> Iterator[House]:
    with running_site() as house:
        yield house


@pytest.fixture
def house(served: House) -> House:
    served.acceptor.stored.clear()
    served.acceptor.begin_fault = served.acceptor.write_fault = None
    served.acceptor.finish_fault = served.acceptor.late_fault = None
    return served


def test_a_question_gets_a_receipt(house: House):
    """A posted form is accepted once it is stored, and the answer holds reference and access code."""
    page = house.client.post(csrf_token=house.client.token(), message=QUESTION, kind="general")
    assert page.status == 200
    reference, code = page.codes
    stored = house.acceptor.stored[0]
    assert stored.channel is Channel.FORM
    assert reference.startswith("Q-")
    assert stored.envelope.access_code == code
    assert len(code.replace(" ", "")) == 16
    assert stored.envelope.mailboxes == ("inquiries@agency.example",)
    assert (stored.envelope.protocol, stored.envelope.language, stored.envelope.peer) == ("HTTP", "en", "127.0.0.1")


def test_the_raw_body_follows_our_block(house: House):
    """What is sealed is our own block and then the body exactly as it was sent."""
    body, content_type = multipart([("csrf_token", house.client.token()), ("message", QUESTION)])
    house.client.ask("POST", "/", body, {"Content-Type": content_type})
    boundary = content_type.partition("=")[2]
    block = f'Sallyport-Form: 1\r\nContent-Type: multipart/form-data; boundary="{boundary}"\r\n\r\n'
    assert house.acceptor.stored[0].content == block.encode() + body


@pytest.mark.parametrize("is_plain", [False, True])
def test_the_canonical_fields_are_taken(house: House, *, is_plain: bool):
    """Programs that post subject, name, email, phone, postal_address and message are served, in both encodings."""
    fields = {
        "csrf_token": house.client.token(),
        "subject": "Hours",
        "name": "Ann Example",
        "email": "ann@example.org",
        "phone": "617-555-0123",
        "postal_address": "1 Example Street\nBoston",
        "message": QUESTION,
    }
    page = house.client.post_plain(**fields) if is_plain else house.client.post("/", fields)
    assert page.status == 200
    assert len(house.acceptor.stored) == 1


def test_files_stream_through(house: House):
    """A large file reaches the upload in pieces and is never written as a whole."""
    content = bytes(range(256)) * 16 * 1024
    page = house.client.post(
        csrf_token=house.client.token(), message=QUESTION, files=[("files", "letter.pdf", content)]
    )
    assert page.status == 200
    assert content in house.acceptor.stored[0].content
    assert house.acceptor.largest_write <= 64 * 1024


def test_no_file_holds_a_body(house: House, monkeypatch: pytest.MonkeyPatch):
    """An upload of megabytes succeeds where no temporary file can be made at all."""
    monkeypatch.setattr(tempfile, "tempdir", "/nonexistent")
    page = house.client.post(
        csrf_token=house.client.token(), message=QUESTION, files=[("files", "a.pdf", b"a" * 3_000_000)]
    )
    assert page.status == 200


def test_a_body_that_drips_is_cut(house: House):
    """A post that stops half-way hears so in time, and nothing of it is kept."""
    abandoned = house.acceptor.abandoned
    with socket.create_connection(("127.0.0.1", house.client.port), timeout=20) as slow:
        slow.sendall(HALF)
        assert slow.recv(65536).startswith(b"HTTP/1.1 408")
    assert house.acceptor.abandoned == abandoned + 1
    assert house.acceptor.stored == []


def test_a_client_that_leaves_keeps_nothing(house: House):
    """A connection that ends within the body abandons the upload."""
    house.acceptor.was_abandoned.clear()
    with socket.create_connection(("127.0.0.1", house.client.port), timeout=20) as gone:
        gone.sendall(HALF)
    assert house.acceptor.was_abandoned.wait(10)
    assert house.acceptor.stored == []


def test_the_same_form_twice_is_one_question(house: House):
    """A second click shows the same receipt and stores nothing."""
    token = house.client.token()
    first = house.client.post(csrf_token=token, message=QUESTION, files=[("files", "a.pdf", b"abc")])
    second = house.client.post(csrf_token=token, message=QUESTION, files=[("files", "a.pdf", b"abc")])
    assert first.codes == second.codes
    assert len(house.acceptor.stored) == 1


def test_another_question_on_the_same_form_is_not_lost(house: House):
    """Who goes back and writes something else gets a receipt of its own; the second text is stored."""
    token = house.client.token()
    first = house.client.post(csrf_token=token, message=QUESTION)
    second = house.client.post(csrf_token=token, message="And where do you park?")
    assert first.codes[0] != second.codes[0]
    assert first.codes[1] != second.codes[1]
    assert len(house.acceptor.stored) == 2


@pytest.mark.parametrize("token", ["", "x" * 75, "\u00e9", "AAAA"])
def test_a_wrong_token_is_refused(house: House, token: str):
    """Without a token of ours nothing is taken."""
    assert house.client.post(csrf_token=token, message=QUESTION).status == 400
    assert house.acceptor.stored == []


def test_an_old_form_keeps_its_words(house: House):
    """After a day the form comes back with its words and a new token, and can then be sent."""
    token = house.client.token()
    house.clock.turn(hours=25)
    page = house.client.post(csrf_token=token, message=HELD)
    assert page.status == 422
    assert "open for more than a day" in page.body
    assert page.value("message") == HELD
    assert page.token != token
    assert house.acceptor.stored == []
    assert house.client.post(csrf_token=page.token, message=page.value("message")).status == 200


def test_only_a_question_is_required(house: House):
    """An empty question is asked for; the rest is kept, and the summary leads to the field."""
    page = house.client.post(csrf_token=house.client.token(), message=" ", name='A "B" <C>')
    assert page.status == 422
    assert page.error_of("message") == "Write your question."
    assert '<a href="#message">' in page.body
    assert page.value("name") == 'A "B" <C>'


@pytest.mark.parametrize(
    ("fields", "name"),
    [({"kind": "own"}, "phone"), ({"phone": "12"}, "phone"), ({"email": "nobody"}, "email")],
)
def test_contact_is_asked_for_once(house: House, fields: dict[str, str], name: str):
    """A missing or odd way to answer is pointed out once; sent again, it is taken as it is."""
    page = house.client.post(csrf_token=house.client.token(), message=QUESTION, filled=fields)
    assert page.status == 422
    assert "You can also send it" in page.error_of(name)
    assert '<input type="hidden" name="asked" value="1"' in page.body
    assert house.client.post(csrf_token=page.token, message=QUESTION, asked="1", filled=fields).status == 200


def test_a_number_is_warned_of_once(house: House):
    """The form comes back with the line and the kind, never with the number in the warning, and then goes through."""
    page = house.client.post(csrf_token=house.client.token(), message=f"Hello,\nmy number is {NUMBER}.")
    assert page.status == 422
    assert "Line 2 seems to hold a Social Security number." in page.body
    assert page.body.count(NUMBER) == 1  # In the field, where the writer put it.
    assert house.acceptor.stored == []
    page = house.client.post(csrf_token=page.token, message=page.value("message"), confirmed="1")
    assert page.status == 200
    assert NUMBER.encode() in house.acceptor.stored[0].content


def test_a_number_can_be_taken_out(house: House):
    """One button takes the numbers out of every field, and nothing is stored before the writer sends again."""
    page = house.client.post(
        csrf_token=house.client.token(), message=f"It is {NUMBER}", name=f"Ann {NUMBER}", take_out="1"
    )
    assert page.status == 200
    assert page.value("message") == "It is [removed]"
    assert page.value("name") == "Ann [removed]"
    assert NUMBER not in page.body
    assert house.acceptor.stored == []


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ([("files", "a.pdf", b"a")] * 6, "at most 5 files"),
        ([("files", "a.pdf", b"a" * (FILE_SIZE + 1))], "at most 10 MB"),
    ],
)
def test_files_are_bounded(house: House, files: list[tuple[str, str, bytes]], says: str):
    """Too many or too large files are named, and the words are kept."""
    page = house.client.post(csrf_token=house.client.token(), message=HELD, files=files)
    assert page.status == 422
    assert says in page.error_of("files")
    assert "Choose your files again" in page.body
    assert page.value("message") == HELD
    assert house.acceptor.stored == []


def test_no_file_chosen_is_no_file(house: House):
    """A browser sends one empty part where nothing was chosen."""
    page = house.client.post(csrf_token=house.client.token(), message=QUESTION, files=[("files", "", b"")])
    assert page.status == 200


@pytest.mark.parametrize("where", ["begin_fault", "write_fault", "finish_fault", "late_fault"])
@pytest.mark.parametrize("fault", [TryAgain("busy"), OurFault("store")])
def test_our_fault_keeps_the_words(house: House, where: str, fault: Exception):
    """Whatever fails on our side, no receipt is shown and the words are still in the form."""
    setattr(house.acceptor, where, fault)
    page = house.client.post(csrf_token=house.client.token(), message=HELD, name="Ann")
    assert page.status == 503
    assert page.headers["Retry-After"] == "120"
    assert "Your question was not taken" in page.body
    assert page.value("message") == HELD
    assert page.value("name") == "Ann"
    assert house.acceptor.stored == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://elsewhere.example"},
        {"Origin": "null"},
    ],
)
def test_other_sites_cannot_post(house: House, headers: dict[str, str]):
    """A form on another site is refused even with a good token."""
    assert house.client.post(csrf_token=house.client.token(), message=QUESTION, headers=headers).status == 403
    assert house.acceptor.stored == []


def test_our_own_page_can_post(house: House):
    """What browsers send along with our own form is accepted."""
    origin = f"http://127.0.0.1:{house.client.port}"
    for headers in ({"Sec-Fetch-Site": "same-origin", "Origin": origin}, {"Origin": origin}):
        page = house.client.post(csrf_token=house.client.token(), message=QUESTION, headers=headers)
        assert page.status == 200


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("text/plain", b"message=x", 415),
        ("application/json", b"{}", 415),
        ("", b"x", 415),
        ("multipart/form-data", b"--x\r\n", 400),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a', 400),
        ("multipart/form-data; boundary=x", b"--x\r\nA: b\r\n\r\nc\r\n--x--\r\n", 400),
        ("multipart/form-data; boundary=x", b"--x\r\n\xff: \xff\r\n\r\nc\r\n--x--\r\n", 400),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(100)), 413),
        ("application/x-www-form-urlencoded", b"a" * 300_000, 413),
    ],
)
def test_what_is_no_form_is_refused(house: House, content_type: str, body: bytes, status: int):
    """Odd posts get a calm page and leave nothing behind."""
    page = house.client.ask("POST", "/", body, {"Content-Type": content_type})
    assert page.status == status
    assert "Nothing was taken" in page.body
    assert house.acceptor.stored == []


@pytest.mark.parametrize("language", ["en", "es", "pt", "ht", "zh", "vi"])
def test_each_language_leads_to_a_receipt(house: House, language: str):
    """The envelope names the page's language; errors and receipt are in it."""
    path = "/" if language == "en" else f"/{language}/"
    page = house.client.post(path, csrf_token=house.client.token(), message="")
    assert page.status == 422
    assert page.error_of("message")
    page = house.client.post(path, csrf_token=page.token, message="¿Cuándo? 什么时候? Bao giờ?")
    assert page.status == 200
    assert house.acceptor.stored[0].envelope.language == language


def test_no_word_of_a_visitor_is_logged(house: House, caplog: pytest.LogCaptureFixture):
    """Neither words, nor a query string, nor an unknown path come into the log."""
    caplog.set_level(logging.DEBUG)
    words = "zq-planted-word"
    house.acceptor.write_fault = ValueError(words)  # An error that nobody foresaw, with a text in it.
    house.client.post(f"/?{words}", csrf_token=house.client.token(), message=words, headers={"User-Agent": words})
    house.client.get(f"/{words}?{words}")
    assert words not in caplog.text
    assert "method=POST path=/ status=500" in caplog.text
    assert "error=ValueError" in caplog.text
