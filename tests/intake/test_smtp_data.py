from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from intake.smtp.data import EndOfData

ODD = st.lists(st.sampled_from([b"\r", b"\n", b".", b"\0", b"a", b"\r\n", b"\r\n."]), max_size=24).map(b"".join)


def stuffed(content: bytes) -> bytes:
    return (b"\r\n" + content).replace(b"\r\n.", b"\r\n..")[2:]


def read(pieces: list[bytes]) -> tuple[bytes, bool, bytes]:
    end, found = EndOfData(), []
    for piece in pieces:
        if end.is_over:
            end.rest += piece
        else:
            found.append(end.feed(piece))
    return b"".join(found), end.is_over, end.rest


def cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted({place % (len(data) + 1) for place in places}), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


@given(ODD, st.lists(st.integers(0, 200), max_size=8), ODD)
@example(b"", [1, 2], b"")
@example(b".\r\n", [1, 2, 3, 4, 5], b"QUIT\r\n")
def test_a_message_is_read_as_it_was_written_however_it_is_cut(
    content: bytes, places: list[int], behind: bytes
) -> None:
    """What a sender stuffed comes out byte for byte, and what follows the end is kept, wherever the pieces part."""
    content = content if not content or content.endswith(b"\r\n") else content + b"\r\n"
    wire = stuffed(content) + b".\r\n" + behind
    assert read(cut(wire, places)) == (content, True, behind)


@given(ODD, st.lists(st.integers(0, 200), max_size=8))
def test_pieces_never_change_what_is_found(wire: bytes, places: list[int]) -> None:
    """The same bytes give the same message, end and rest in one piece or in many, well-formed or not."""
    assert read(cut(wire, places)) == read([wire])


@pytest.mark.parametrize(
    "ending",
    [
        b"\n.\n", b"\n.\r\n", b"\r.\r\n", b"\r\n.\n", b"\r\n.\r", b"\r.\r", b"\n.\r", b"\r.\n", b"\r\n.\r\r\n",
        b"\r\n\0.\r\n", b"\r\n.\0\r\n", b"\n\r.\r\n", b"\r\n. \r\n", b"\r\n .\r\n", b"\n\n.\r\n", b"\x0b.\r\n",
    ],
)  # fmt: skip
def test_nothing_but_crlf_dot_crlf_ends_a_message(ending: bytes) -> None:
    """No look-alike of the end lets a second message be smuggled in behind it."""
    _, is_over, _ = read([b"first" + ending + b"MAIL FROM:<smuggled@remote.test>\r\n"])
    assert not is_over
