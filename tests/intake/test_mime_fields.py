"""Which header values are scanned: all but those in which nobody can have written anything."""

from __future__ import annotations

import pytest

from intake.mime import parse

FORMAL = (
    b"Date: Sat, 21 Nov 2026 15:48:38 +0000",
    b"Date: Sat, 21 Nov 2026 15:48 -0500 (EST)",
    b"MIME-Version: 1.0",
    b"Content-Type: text/plain; charset=utf-8",
    b"Content-Transfer-Encoding: quoted-printable",
)
WRITTEN = (
    (b"Date: Sat, 21 Nov 2026 15:48:38 +0000 (078-05-1120)", "078-05-1120"),
    (b"Date: 078-05-1120", "078-05-1120"),
    (b"MIME-Version: 1.0 (078-05-1120)", "078-05-1120"),
    (b"Content-Type: text/plain; charset=078-05-1120", "078-05-1120"),
    (b"Content-Transfer-Encoding: 8bit 078-05-1120", "078-05-1120"),
    (b"X-Note: 078-05-1120", "078-05-1120"),
)


def passages(field: bytes) -> str:
    raw = b"From: Rosa <rosa@writer.example>\r\n" + field + b"\r\n\r\nHello\r\n"
    return "\n".join(passage.text for passage in parse(raw).passages)


@pytest.mark.parametrize("field", FORMAL)
def test_a_value_without_any_choice_of_words_is_not_scanned(field: bytes):
    """A plain date, version or content type costs no scan."""
    assert field.partition(b": ")[2].decode() not in passages(field)


@pytest.mark.parametrize(("field", "words"), WRITTEN)
def test_a_value_that_differs_is_scanned_as_it_stands(field: bytes, words: str):
    """A number put where machines write is found there all the same."""
    assert words in passages(field)
