from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.mailboxes import Mailboxes

MAILBOXES = Mailboxes.parse("Inquiries@Example.test, jobs@example.test\nclaims@other.test")


@pytest.mark.parametrize(
    ("written", "mailbox"),
    [
        ("inquiries@example.test", "inquiries@example.test"),
        ("INQUIRIES@EXAMPLE.TEST", "inquiries@example.test"),
        ("inquiries+spring2026@example.test", "inquiries@example.test"),
        ("inquiries+a+b=c@example.test", "inquiries@example.test"),
        ("inquiries+@example.test", "inquiries@example.test"),
        ("claims@other.test", "claims@other.test"),
        ("postmaster", "postmaster@example.test"),
        ("PostMaster", "postmaster@example.test"),
        ("postmaster@other.test", "postmaster@other.test"),
        ("Abuse@Example.test", "abuse@example.test"),
    ],
)
def test_ours_are_found_in_their_canonical_spelling(written: str, mailbox: str) -> None:
    """Whatever the case and the tag, a mailbox of ours is found as the settings spell it, in lower case."""
    assert MAILBOXES.find(written) == mailbox


@pytest.mark.parametrize(
    "written",
    [
        "",
        "nobody@example.test",
        "claims@example.test",
        "abuse",
        "inquiries",
        "inquiries@evil.example.test",
        "inquiries@example.test.",
        "inquiries@example.test@elsewhere.test",
        "inquiries@elsewhere.test@example.test",
        "victim%elsewhere.test@example.test",
        "inquiries+victim%elsewhere.test@example.test",
        "elsewhere.test!inquiries@example.test",
        '"inquiries"@example.test',
        '"victim@elsewhere.test"@example.test',
        "@example.test:inquiries@elsewhere.test",
        "@elsewhere.test:inquiries@example.test",
        "inquiries\0@example.test",
        "inquiries@example.test\0",
        "inquiries@example.test\n",
        "inquiries\x1b[31m@example.test",
        " inquiries@example.test",
        "inquiries@[127.0.0.1]",
        "\u017fnquiries@example.test",
        "in\u212auiries@example.test",
        "postma\u017fter",
    ],
)
def test_nothing_else_is_found(written: str) -> None:
    """No relay trick, no control character and no letter that only folds into one of ours finds a mailbox."""
    assert MAILBOXES.find(written) is None


@given(st.text())
def test_any_text_is_answered(text: str) -> None:
    """Whatever a sender writes, the answer is a mailbox of the list or None, and never an error."""
    assert MAILBOXES.find(text) in {None, *MAILBOXES.known}


def test_all_faults_are_told_at_once_without_the_value() -> None:
    """A wrong list names each fault by its place, and repeats nothing of what was written."""
    with pytest.raises(ValueError) as caught:
        Mailboxes.parse("secret, a@b.test, A@B.test, x y@@z")
    assert caught.value.args == (
        "mailbox 1 is not of the form name@domain",
        "mailbox 4 is not of the form name@domain",
        "mailbox 5 is not of the form name@domain",
        "mailbox 3 is there twice",
    )


def test_an_empty_list_is_a_fault() -> None:
    """A server without a mailbox is a mistake in the settings."""
    with pytest.raises(ValueError):
        Mailboxes.parse(" , ")
