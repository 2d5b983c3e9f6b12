"""Dates of birth: a date with a label; every other date stays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from redaction.kinds import Kind
from redaction.labels import Meaning
from redaction.page import Evidence, Page

MONTHS: Final = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
    r"|ene|abr|ago|dic|set|out|dez|fev|mai|janv|fevr|avr|juin|juil|aou|fev|avri|me|jen|jiy|des|okt|gen|mag|giu|lug|ott"
    r"|янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)[^\W\d_]{0,10}\.?"
)
DATE: Final = re.compile(
    r"(?<![0-9])(?:[0-9]{1,2}\s?[-/. ]\s?[0-9]{1,2}\s?[-/. ]\s?(?:[0-9]{4}|[0-9]{2})"
    r"|[0-9]{4}\s?[-/.]\s?[0-9]{1,2}\s?[-/.]\s?[0-9]{1,2}"
    rf"|{MONTHS}\s{{0,2}}[0-9]{{1,2}}(?:st|nd|rd|th)?,?\s{{1,2}}(?:[0-9]{{4}}|'?[0-9]{{2}})"
    rf"|[0-9]{{1,2}}(?:st|nd|rd|th|er|o)?[\s.-]{{1,2}}(?:of\s|de\s|d')?{MONTHS}"
    r"[\s,-]{1,2}(?:of\s|de\s|del\s)?(?:[0-9]{4}|'?[0-9]{2})"
    r"|(?:ngay\s)?[0-9]{1,2}\s?thang\s?[0-9]{1,2}\s?nam\s?[0-9]{4}"
    r"|[0-9]{4}\s?[年년]\s?[0-9]{1,2}\s?[月월]\s?[0-9]{1,2}\s?[日일号]?"
    r"|(?:0[1-9]|1[0-2])[0-3][0-9](?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}[01][0-9][0-3][0-9])(?![0-9])",
    re.IGNORECASE,
)
AFTER_A_LABEL: Final = 60  # Characters in which the date begins and ends.
BEFORE_A_LABEL: Final = 45
IS_MY: Final = re.compile(
    r"[\s,)]{0,3}(?:\(|(?:is|was|es|e|ye|est)\s(?:my|his|her|our|the|mi|meu|minha|mon|ma)?\s?(?:own\s)?)$",
    re.IGNORECASE,
)


def find(page: Page) -> Iterator[Evidence]:
    """Find the date next to each label, and those in a column of birth dates."""
    for sighting in page.sightings:
        if sighting.meaning is not Meaning.BIRTH:
            continue
        date = DATE.search(page.text, sighting.end, sighting.end + AFTER_A_LABEL) or _before(page.text, sighting.start)
        if date is not None:
            yield _evidence(date)
    for claim in page.context.claims if page.context else ():
        if claim.meaning is Meaning.BIRTH and (date := DATE.search(page.text, claim.start, claim.end)):
            yield _evidence(date)


def _before(text: str, label: int) -> re.Match[str] | None:
    dates = list(DATE.finditer(text, max(0, label - BEFORE_A_LABEL), label))
    return dates[-1] if dates and IS_MY.match(text, dates[-1].end(), label) else None


def _evidence(date: re.Match[str]) -> Evidence:
    return Evidence(
        kind=Kind.DATE_OF_BIRTH,
        start=date.start(),
        end=date.end(),
        confidence=0.93,
        rule="a date labelled as a birth date",
    )
