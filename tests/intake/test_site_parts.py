"""The site's pure parts: tokens, bodies, warnings."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as some

from intake.errors import OurFault
from intake.site.body import FIELD_SIZE, MESSAGE_SIZE, FormFault, Posted, read_form, read_type
from intake.site.taking import OutcomeUnknown, Taking
from intake.site.tokens import FormTokens, TokenState
from intake.site.warning import Warned, look, take_out
from records.values import Channel, Envelope
from redaction import scan
from tests.intake.fakes import FakeAcceptor
from tests.intake.site_client import NUMBER, HandClock, digest_keys, find_numbers, multipart


def read(body: bytes, content_type: str) -> Posted:
    form_type = read_type(content_type, "", len(body))
    return read_form(io.BytesIO(body), form_type, lambda _: None)


def tokens(clock: HandClock) -> FormTokens:
    return FormTokens(digest_keys(), clock)


def test_a_token_is_good_for_a_day():
    """From the second of issue to a day after; not before, not later."""
    clock = HandClock()
    text = tokens(clock).issue()
    assert tokens(clock).read(text).state is TokenState.VALID
    clock.turn(hours=24)
    assert tokens(clock).read(text).state is TokenState.VALID
    clock.turn(seconds=1)
    assert tokens(clock).read(text).state is TokenState.EXPIRED
    clock.turn(hours=-25)
    assert tokens(clock).read(text).state is TokenState.WRONG


@given(some.text(max_size=100))
def test_no_text_passes_for_a_token(text: str):
    """Whatever is posted, reading it raises nothing and trusts nothing."""
    assert tokens(HandClock()).read(text).state is TokenState.WRONG


@given(some.integers(0, 74), some.sampled_from("ABCxyz0189-_"))
def test_a_changed_token_is_wrong(place: int, letter: str):
    """One changed symbol is enough."""
    issued = tokens(HandClock()).issue()
    changed = issued[:place] + letter + issued[place + 1 :]
    # The last symbol carries spare bits that decode to the same bytes.
    if changed != issued and place < len(issued) - 1:
        assert tokens(HandClock()).read(changed).state is TokenState.WRONG


def test_codes_tell_nothing_of_each_other():
    """The access code depends on the form's id and on what was filled in, and is not either of them."""
    made = tokens(HandClock())
    identities = {made.identity(bytes([number]) * 16, content) for number in range(4) for content in (b"a", b"b")}
    assert len({made.access_code(identity) for identity in identities}) == 8


@given(some.dictionaries(some.sampled_from(["message", "name", "phone"]), some.text(max_size=200)))
def test_fields_come_through_as_typed(fields: dict[str, str]):
    """Both encodings give the same words back, whatever they are."""
    typed = {name: value.encode("utf-8", "replace").decode() for name, value in fields.items()}
    posted = read(*multipart(list(typed.items())))
    assert {name: posted.fields[name] for name in posted.fields} == typed


@given(some.binary(max_size=2000))
def test_no_body_breaks_the_reader(body: bytes):
    """Any bytes are read or refused with one of our reasons."""
    for content_type in ("multipart/form-data; boundary=b", "application/x-www-form-urlencoded"):
        for content in (body, b"--b\r\nContent-Disposition: form-data; name=x\r\n\r\n" + body):
            try:
                read(content, content_type)
            except FormFault as fault:
                assert fault.status in {400, 413}  # noqa: PT017 - only a fault has a status


def test_the_digest_is_of_what_was_filled_in():
    """Neither the boundary nor the form's own fields make another submission; any word or file does."""
    base = [("csrf_token", "a"), ("message", "m")]
    same = [("csrf_token", "b"), ("message", "m"), ("confirmed", "1")]
    assert read(*multipart(base)).digest == read(*multipart(same)).digest
    others = [
        read(*multipart([("message", "n")])).digest,
        read(*multipart([("message", "m"), ("odd", "x")])).digest,
        read(*multipart(base, [("files", "a", b"1")])).digest,
        read(*multipart(base, [("files", "a", b"2")])).digest,
        read(*multipart(base, [("files", "b", b"2")])).digest,
    ]
    assert len({read(*multipart(base)).digest, *others}) == 6


def test_a_name_and_its_content_are_told_apart():
    """Where a file's name ends and its content begins counts: two posts that differ in it are two submissions."""
    one, two = [("files", "ab", b"c")], [("files", "a", b"bc")]
    text, file = [("x", "c")], [("x", "", b"c")]
    digests = [read(*multipart([("message", "m")], files)).digest for files in (one, two, file)]
    assert len({*digests, read(*multipart([("message", "m"), *text])).digest}) == 4


def test_fields_are_bounded():
    """What is too long is cut in memory and named; a field nobody knows is not kept at all."""
    posted = read(*multipart([("name", "a" * 20_000), ("message", "m" * 40_000), ("other", "o" * 20_000)]))
    assert (len(posted.fields["name"]), len(posted.fields["message"])) == (FIELD_SIZE, MESSAGE_SIZE)
    assert posted.too_long == {"name", "message"}
    assert "other" not in posted.fields


def test_too_many_parts_are_refused():
    """Parts are counted."""
    with pytest.raises(FormFault):
        read(*multipart([(f"a{number}", "") for number in range(100)]))


@pytest.mark.parametrize(
    ("content_type", "encoding", "length", "reason"),
    [
        ("multipart/form-data; boundary=b", "gzip", 1, "form-type"),
        ("multipart/form-data; boundary=b", "", None, "form-length"),
        ("multipart/form-data; boundary=b", "", 60_000_001, "form-large"),
        ("multipart/form-data; boundary=" + "b" * 71, "", 1, "form-broken"),
        ('multipart/form-data; boundary="b\r\nX: y"', "", 1, "form-broken"),
        ("multipart/mixed; boundary=b", "", 1, "form-type"),
    ],
)
def test_what_a_post_says_of_itself_is_checked(content_type: str, encoding: str, length: int | None, reason: str):
    """Nothing is read of a post that cannot be a form of ours."""
    with pytest.raises(FormFault) as caught:
        read_type(content_type, encoding, length)
    assert caught.value.reason == reason


def test_a_body_that_ends_early_is_refused():
    """Fewer bytes than announced are no form."""
    form_type = read_type("application/x-www-form-urlencoded", "", 100)
    with pytest.raises(FormFault):
        read_form(io.BytesIO(b"message=x"), form_type, lambda _: None)


def test_the_warning_names_a_place_and_never_the_number():
    """Each kind is named once a line, with the line counted from one."""
    warned = look({"message": f"a\n{NUMBER} {NUMBER}\n{NUMBER}", "name": ""}, find_numbers)
    assert warned == (Warned(field="message", line=2, kind="ssn"), Warned(field="message", line=3, kind="ssn"))
    assert NUMBER not in repr(warned)


def test_every_number_is_taken_out():
    """All places of a text are replaced, and the rest stays as it is."""
    assert take_out(f"a {NUMBER}, {NUMBER} b", find_numbers, "[removed]") == "a [removed], [removed] b"


ENVELOPE = Envelope(channel=Channel.FORM, mailboxes=("a@agency.example",))


def test_a_commit_that_does_not_answer_is_unknown():
    """It is told apart from a failure: it may have happened, and the same form sent again counts once."""
    acceptor = FakeAcceptor(is_waiting=True)
    taking = Taking(acceptor, wait_seconds=0.01)
    taking.write(b"x")
    with pytest.raises(OutcomeUnknown):
        taking.finish(ENVELOPE)
    acceptor.release()
    assert len(acceptor.stored) == 1


def test_a_store_that_does_not_take_a_piece_ends_the_upload():
    """A write that hangs is given up; the rest of the post is read without it, and it cannot be finished."""
    acceptor = FakeAcceptor(piece_limit=1)
    taking = Taking(acceptor, wait_seconds=0.01)
    taking.write(b"xx")
    taking.write(b"yy")
    assert acceptor.abandoned == 1
    assert acceptor.written == 2
    with pytest.raises(OurFault):
        taking.finish(ENVELOPE)


def test_the_real_library_is_what_warns_by_default():
    """Each kind that has words for a warning is found as people write it."""
    text = "My SSN is 987-65-4321\nEIN 12-3456789\ncard 4111 1111 1111 1111\naccount number 12345678"
    assert [place.line for place in look({"message": text}, scan)] == [1, 2, 3, 4]
    assert not any(character.isdigit() for character in take_out(text, scan, "[removed]"))
