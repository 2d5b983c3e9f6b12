"""What reading promises beyond the odd mails: any bytes, budgets, forms, facts for the acknowledgement, plain form."""

from __future__ import annotations

import base64
import gzip
import io
import json
import struct
import sys
import zipfile
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.mime import Budget, parse
from intake.mime.charsets import decode
from intake.mime.lzfu import rich_texts
from intake.parser_child import encode
from intake.submission import HOLD_REASONS, Place, Submission, from_plain, held, to_plain

MAILS = sorted((Path(__file__).parents[1] / "mails").glob("*.eml"))
PLAIN = [path.read_bytes() for path in MAILS]
SMALL = [raw for raw in PLAIN if len(raw) < 4000]
PIECES = [
    b"\r\n", b"\r\n\r\n", b"--cut-here", b"--", b"Content-Type: multipart/mixed; boundary=x\r\n", b"=?utf-8?B?", b"?=",
    b"Content-Type: text/html\r\n\r\n", b"<!--", b"<a title='", b"&#x", b"begin 644 f\r\n", b"PK\x03\x04",
    b"\x1f\x8b\x08",
    b"\x78\x9f\x3e\x22", b"Content-Transfer-Encoding: base64\r\n", b"0\x80\x06\x09*\x86H\x86\xf7\x0d\x01\x07\x02",
    b"filename*0*=x''%", b"charset=utf-7", b"\xff\xfe", b"\x1b$B", b'"', b"(", b"<", b"%PDF-",
    b"{\\rtf\\u99999999 \\'zz",
]  # fmt: skip


def mail(body: bytes, extra: bytes = b"") -> bytes:
    return b"From: Rosa <rosa@writer.example>\r\nTo: desk@agency.example\r\nSubject: Hi\r\n" + extra + b"\r\n" + body


def attached(data: bytes, name: str = "f.bin") -> bytes:
    part = (
        b'Content-Type: application/octet-stream; name="%s"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        % name.encode()
    )
    extra = b"Content-Type: multipart/mixed; boundary=q\r\n"
    return mail(b"--q\r\n\r\nSee file.\r\n--q\r\n" + part + base64.encodebytes(data) + b"\r\n--q--\r\n", extra)


def zipped(*files: tuple[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return target.getvalue()


def texts(submission: Submission) -> str:
    return "\n".join(passage.text for passage in submission.passages)


def survives(raw: bytes) -> Submission:
    """Parse, and send the result through the plain form as the child does."""
    submission = parse(raw)
    assert from_plain(json.loads(encode(to_plain(submission)))) == submission
    return submission


@settings(max_examples=150, deadline=None)
@given(raw=st.binary(max_size=2000))
def test_any_bytes_are_read(raw: bytes) -> None:
    """No bytes make the reading raise, and what it gives survives the pipe."""
    survives(raw)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_mutated_mails_are_read(data: st.DataObject) -> None:
    """Odd mails cut, doubled and spliced with one another never make the reading raise, nor leave it unexplained."""
    raw = data.draw(st.sampled_from(SMALL))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(raw)))
        end = data.draw(st.integers(start, min(len(raw), start + 80)))
        piece = data.draw(st.sampled_from(PIECES) | st.binary(max_size=8) | st.just(raw[start:end] * 2))
        raw = raw[:start] + piece + raw[end:]
    assert survives(raw).hold in {None, "encrypted", "too-deep"}


@settings(max_examples=100, deadline=None)
@given(body=st.text(st.characters(codec="utf-8", exclude_characters="\0\r\x1b"), max_size=300))
def test_a_plain_text_is_shown_whole(body: str) -> None:
    """Whatever a plain UTF-8 body says is shown as it is: no quotation, signature or odd line is cut off."""
    extra = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
    raw = mail(body.encode(), extra)
    shown = [each.text for each in parse(raw).passages if each.is_shown and each.place is Place.BODY]
    assert "".join(shown) == (body.replace("\ufeff", "", 1) if body.startswith("\ufeff") else body) or not body.strip()


def calls_while_reading(*mails: bytes) -> int:
    """Count the calls, of Python and of C, that reading takes."""
    count = 0

    def note(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event.endswith("call")

    sys.setprofile(note)
    try:
        for raw in mails:
            parse(raw)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "piece",
    [
        b'<a b=">"', b"<!--", b"<script>", b"=?a?Q?x", b"(" * 7, b'"', b'\\"', b"&#", b"--x\nContent-", b"begin 644 \n",
        b"data:a;b", b"<p ", b"1-", b"display :", b"begin:", b"<div hidden>", b"Content-Type: a/b;\r\n", b"a@b<",
        b'"\\', b";name*0=", b"\n>", b"=\n", b"\x1b$B",
    ],
)  # fmt: skip
def test_reading_is_linear_in_hostile_text(piece: bytes) -> None:
    """Four times a text that is bad for looking back takes about four times the calls, wherever it stands."""
    counts = []
    for size in (2_000, 8_000):
        block = piece * (size // len(piece))
        line = block.replace(b"\n", b" ").replace(b"\r", b" ")
        headed = b"X-Odd: " + line + b"\r\nCc: " + line + b"\r\nContent-Type: a/b;" + line + b"\r\n"
        counts.append(
            calls_while_reading(mail(block, headed), mail(block, b"Content-Type: text/html\r\n"), mail(block))
        )
    # Quadratic reading would take sixteen times as many.
    assert counts[1] < 6 * counts[0]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (mail(b"--q\r\n\r\nx\r\n" * 1200, b"Content-Type: multipart/mixed; boundary=q\r\n"), "too-many-parts"),
        (attached(zipped(*((f"{number}.txt", b"x") for number in range(600)))), "archive-bomb"),
        (attached(gzip.compress(b"\0" * (20 << 20))), "archive-bomb"),
    ],
)
def test_a_message_over_budget_is_held_and_keeps_what_was_read(raw: bytes, reason: str) -> None:
    """What takes too much is held with its reason, and the raw bytes are in the last net."""
    found = parse(raw)
    assert found.hold == reason
    assert found.subject == "Hi"
    assert any(passage.place is Place.RAW for passage in found.passages)
    assert all(not file.is_scanned for file in found.attachments)


def test_decoded_bytes_are_limited() -> None:
    """What unpacks to more than the budget is held, even where no single file is a bomb."""
    found = parse(attached(zipped(("a.txt", b"abcdefgh\n" * 4000))), Budget(decoded_bytes=10_000))
    assert found.hold == "too-large-decoded"


def test_every_member_of_an_archive_counts_for_its_attachment() -> None:
    """An archive with one picture in it is not scanned whole, and says so; its text is scanned all the same."""
    raw = attached(zipped(("a.txt", b"number 219-09-9999"), ("b.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))))
    found = parse(raw)
    assert [(file.is_scanned, file.reason) for file in found.attachments] == [(False, "type-not-read")]
    assert "number 219-09-9999" in texts(found)
    assert "unscanned-attachment" in found.flags


def test_labels_are_ours() -> None:
    """No label holds a sender's word: it is stored and shown without being redacted."""
    found = parse(attached(b"words", name="219-09-9999.txt"))
    assert {passage.label for passage in found.passages} <= {"subject", "from", "to", "header", "trace", "message"} | {
        "attachment 1",
    }


def test_nothing_has_a_sender_in_its_repr() -> None:
    """A log line with the value in it shows no word of the sender."""
    found = parse(attached(b"secret words", name="secret.txt").replace(b"Rosa", b"secret").replace(b"Hi", b"secret"))
    assert "secret" in texts(found)
    assert "secret" not in repr(found)


def form(body: bytes, content_type: bytes) -> bytes:
    return b"Sallyport-Form: 1\r\nContent-Type: " + content_type + b"\r\n\r\n" + body


def test_a_multipart_form_gives_fields_and_files_byte_for_byte() -> None:
    """Fields come out as typed, and a binary file as it was sent, its line ends included."""
    binary = b"\x89PNG\r\n\x1a\n\r\r\n\n" + bytes(range(256))
    body = (
        b'--Xb\r\nContent-Disposition: form-data; name="subject"\r\n\r\nMy claim\r\n'
        b'--Xb\r\nContent-Disposition: form-data; name="message"\r\n\r\nLine one\r\nGr\xc3\xbc\xc3\x9fe\r\n'
        b'--Xb\r\nContent-Disposition: form-data; name="email"\r\n\r\nrosa@writer.example\r\n'
        b'--Xb\r\nContent-Disposition: form-data; name="219-09-9999"\r\n\r\nodd\r\n'
        b'--Xb\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
        + binary
        + b'\r\n--Xb\r\nContent-Disposition: form-data; name="files"; filename=""\r\n\r\n\r\n--Xb--\r\n'
    )
    found = parse(form(body, b'multipart/form-data; boundary="Xb"'))
    assert found.form[:2] == (("subject", "My claim"), ("message", "Line one\nGrüße"))
    assert [(file.size, file.reason) for file in found.attachments] == [(len(binary), "type-not-read")]
    assert found.senders[0].address == "rosa@writer.example"
    shown = [(each.place, each.text) for each in found.passages if each.is_shown]
    assert shown == [(Place.SUBJECT, "My claim"), (Place.FORM, "Line one\nGrüße")]
    assert "219-09-9999" in texts(found)
    assert "219-09-9999" not in {each.label for each in found.passages}


@given(
    fields=st.lists(
        st.tuples(st.sampled_from(["message", "name", "q"]), st.text("ab é&=+%\n", max_size=20)), max_size=6
    )
)
def test_an_urlencoded_form_gives_its_fields(fields: list[tuple[str, str]]) -> None:
    """Every field of a plain post comes out as it went in."""
    found = parse(form(urlencode(fields).encode(), b"application/x-www-form-urlencoded"))
    assert found.form == tuple(fields)
    assert found.hold is None


def test_a_mail_is_no_form() -> None:
    """A mail that begins with our form's block gives no form to who knows that it is a mail."""
    raw = b"Sallyport-Form: 1\r\n" + mail(b"Hello")
    assert parse(raw, may_be_form=False).form == ()
    assert "Hello" in texts(parse(raw, may_be_form=False))


def test_facts_for_the_acknowledgement() -> None:
    """The fields that bar an automatic answer come out in a form that rules can compare."""
    extra = (
        b"Auto-Submitted: Auto-Replied; type=x\r\nPrecedence: BULK\r\nList-Unsubscribe: <mailto:a@b.example>\r\n"
        b"X-Auto-Response-Suppress: OOF, AutoReply\r\nX-Autorespond: y\r\nX-Loop: z\r\nReceived: a\r\nReceived: b\r\n"
        b"Message-ID: <1@writer.example>\r\nReferences: <a@b> bad <c@d>\r\nCc: Other <OTHER@agency.example>\r\n"
        b"Delivered-To: desk@agency.example\r\nContent-Language: es-MX, en\r\n"
        b"Content-Type: multipart/report; boundary=b\r\n"
    )
    found = parse(mail(b"--b\r\n\r\nx\r\n--b--", extra))
    auto = found.auto
    assert (auto.auto_submitted, auto.precedence, auto.is_from_list) == ("auto-replied", "bulk", True)
    assert auto.response_suppress == ("oof", "autoreply")
    assert (auto.has_robot_field, auto.has_loop_field, auto.is_report, auto.received_count) == (True, True, True, 2)
    assert (auto.message_id, auto.references) == ("<1@writer.example>", ("<a@b>", "<c@d>"))
    assert auto.addressed_to == ("desk@agency.example", "other@agency.example")
    assert auto.delivered_to == ("desk@agency.example",)
    assert found.language == "es"


@pytest.mark.parametrize("value", [b"", b"<>", b"<a b@c>", b"<a@b> <c@d>", b"<\xff@x>", b"<" + b"m" * 1000 + b"@x>"])
def test_an_odd_message_id_is_none(value: bytes) -> None:
    """Only one clean identifier may go into the header of an answer."""
    assert parse(mail(b"x", b"Message-ID: " + value + b"\r\n")).auto.message_id == ""


@pytest.mark.parametrize("reason", sorted(HOLD_REASONS))
def test_held_survives_the_pipe(reason: str) -> None:
    """A hold reason comes out of the plain form as it went in."""
    assert from_plain(json.loads(encode(to_plain(held(reason))))).hold == reason


@given(
    plain=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*to_plain(Submission()), "x"]), inner)
        ),
        max_leaves=20,
    )
)
def test_nonsense_from_a_child_is_refused(plain: object) -> None:
    """An answer of any other shape is a ValueError, whatever it is."""
    with pytest.raises(ValueError):
        from_plain(plain)


def test_compressed_rich_text_is_unpacked() -> None:
    """The example of MS-OXRTFCP section 4.1.1 gives what it says."""
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a0072637067313235423" + "20af32068656c090020627705b06c647d0a800fa0"
    )
    assert rich_texts(b"property" + packed) == (b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n",)


@given(packed=st.binary(max_size=200))
def test_damaged_rich_text_never_raises(packed: bytes) -> None:
    """Any bytes behind the signature are unpacked or refused."""
    rich_texts(b"12345678LZFu" + packed)
    rich_texts(struct.pack("<II", len(packed) + 12, 20) + b"LZFu" + packed)


@pytest.mark.parametrize(
    ("data", "declared", "text"),
    [
        ("Größe 1".encode() + b"\xc3", "utf-8", "Größe 1\ufffd"),
        ("Zahl 1".encode("utf-16-be"), "utf-16", "Zahl 1"),
        ("Zahl 1".encode("utf-16-le"), "utf-16", "Zahl 1"),
        ("Größe".encode("cp1252"), "", "Größe"),
        ("Größe".encode("cp1252"), "utf-8", "Größe"),
        ("日本".encode("cp932"), "Shift_JIS", "日本"),
        ("привет".encode("koi8-r"), "koi8-r", "привет"),
        ("Grüße".encode(), "windows-1252", "Grüße"),
        (b"plain", "../../etc/passwd", "plain"),
        (b"plain", "\0", "plain"),
    ],
)
def test_charsets(data: bytes, declared: str, text: str) -> None:
    """The declared charset is believed where it can be, and no name of one raises."""
    assert decode(data, declared) == text


def test_a_dash_of_another_charset_parts_no_number() -> None:
    """A UTF-8 mail with a dash pasted from Windows between its digits still holds a number that can be found."""
    raw = (
        b"Content-Type: text/plain; charset=utf-8\r\n\r\nd\xc3\xa9j\xc3\xa0 \xc3\xa9t\xc3\xa9 SSN 512\x9637\x964096\r\n"
    )
    shown = next(passage for passage in parse(raw).passages if passage.is_shown)
    assert "512\u201337\u20134096" in shown.text
