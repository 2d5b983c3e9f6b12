"""What is accepted and scanned: the demonstration's mails in many variants, and texts."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.house import Mail, envelope
from records.clock import system_clock
from sallyport.demo.claims import CLAIMS
from sallyport.demo.languages import LANGUAGES
from sallyport.demo.others import OTHERS
from sallyport.demo.sample import Pen
from sallyport.demo.threads import THREADS

WRITINGS = (*CLAIMS, *THREADS, *OTHERS, *LANGUAGES)

PLAIN = (
    "I would like to know how the program works for people with several jobs. We read the page twice, and the letter "
    "as well, but it was not clear to us which papers we should bring along. Is there somebody who can explain it? "
    "The building looked closed when we came by, and there was a line of people waiting outside.\n\n"
)
FIGURES = (
    "We came on March 3, 2026 at 9:30 and waited until 11. It is 25 miles each way and costs us $14.50 in fares. In "
    "2025 the rate was 3.2 percent for firms with 10 or more employees; in 2026 it is said to be 4 percent. My name is "
    "on the list of room 214. See section 12 of chapter 151 and page 7 of the guide.\n\n"
)


def varied_mails(count: int) -> Iterator[Mail]:
    """Give the demonstration's mails over and over, each time with other numbers in them."""
    moment, given, variant = system_clock(), 0, 0
    while True:
        for writing in WRITINGS:
            sample = writing(Pen(f"{writing.__name__} {variant}", moment))
            if not sample.raw:
                continue
            if given == count:
                return
            # A mail without numbers would be the same in each variant, and accepted once.
            yield b"X-Number: %d\r\n" % given + sample.raw, envelope(sample.recipient, sample.sender)
            given += 1
        variant += 1


def plain_text(size: int) -> str:
    """Give ordinary words, without a digit."""
    return _filled(PLAIN, size)


def text_with_figures(size: int) -> str:
    """Give ordinary words with dates, amounts and other figures that identify nobody."""
    return _filled(FIGURES, size)


def text_with_identifiers(size: int) -> str:
    """Give text in which every third paragraph holds identifiers."""
    pen = Pen("benchmarks", system_clock())
    pieces: list[str] = []
    length = 0
    while length < size:
        piece = (
            f"{PLAIN}My social security number is {pen.ssn()} and I can be reached at {pen.phone()}. The company's "
            f"EIN is {pen.ein()}, and their employer account number is {pen.employer_account()}.\n\n{FIGURES}"
        )
        pieces.append(piece)
        length += len(piece)
    return "".join(pieces)[:size]


def digits_only(size: int) -> str:
    """Give what a scanner may choke on: nothing but digits and what stands between them."""
    return _filled("12-34 5678.9 ", size)


def _filled(text: str, size: int) -> str:
    return (text * (size // len(text) + 1))[:size]
