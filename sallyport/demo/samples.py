"""All samples of the demonstration, in the order in which they are sent."""

from __future__ import annotations

from datetime import datetime

from sallyport.demo.claims import CLAIMS
from sallyport.demo.forms import FORMS
from sallyport.demo.languages import LANGUAGES
from sallyport.demo.money import MONEY
from sallyport.demo.odd import ODD
from sallyport.demo.others import OTHERS
from sallyport.demo.sample import Pen, Sample, Writing
from sallyport.demo.threads import THREADS

WRITINGS: tuple[Writing, ...] = (*CLAIMS, *MONEY, *THREADS, *OTHERS, *LANGUAGES, *ODD, *FORMS)


def samples(moment: datetime) -> tuple[Sample, ...]:
    """Write all samples, dated `moment`. Their numbers are the same each time."""
    return tuple(writing(Pen(writing.__name__, moment)) for writing in WRITINGS)


def all_planted(written: tuple[Sample, ...]) -> tuple[str, ...]:
    """Give every number that is in any of them, each once."""
    return tuple(dict.fromkeys(number for sample in written for number in sample.planted))
