"""Whom a message names: persons and employers, told from places, months and bodies by a table; and who signs it.

In doubt a name is a party's, and the message a case.
"""

from __future__ import annotations

import re

APOSTROPHE = "'\u2019"
CAPITAL = "[A-Z\u00c0-\u00de]"
LETTER = rf"[\w{APOSTROPHE}-]"
NAME = rf"{CAPITAL}{LETTER}+"

# A name after what is said of somebody: "my client Jo Doe", "re: Jo Doe".
RELATION = (
    "for|of|about|re|client|named|name is|claimant|employee|mother|father|brother|sister|son|daughter|wife|husband|"
    "uncle|aunt|friend|constituent|t[i\u00ed]o|t[i\u00ed]a|hermano|hermana|mam[a\u00e1]|pap[a\u00e1]"
)
TITLED = re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Dr|Sr|Sra|Don|Do[n\u00f1]a|Mme|Msye|Madan)\.? {NAME}")
RELATED = re.compile(rf"\b(?:{RELATION})\b[:,]? ({NAME}) ({NAME})")
# Two words with capitals within a sentence; at its beginning one capital says nothing.
WITHIN = re.compile(rf"(?<=[\w,;)] )({NAME}) (?:[A-Z]\. )?({NAME})")
COMPANY = re.compile(
    r"\b[A-Z][\w&']+,? (?:LLC|LLP|Inc|Corp|PC|Co|Ltd|Bros|Packaging|Cafe|Bakery|Builders|Dental|Plating|Paving|"
    r"Landscaping|Plumbing|Roofing|Trucking|Foods|Motors|Auto|Farms|Candles|Toys|Restaurant|Salon|Market)\b",
)
LONGEST_CLOSING = 300
# How people close, with all that follows: a name there says who writes, and not whom it is about.
CLOSING = re.compile(
    r"(?:^|[\n/.!?,])[ \t]*(?:-- ?$|(?:best|thanks|thank you|many thanks|tnx|thx|cheers|regards|sincerely|yours|"
    r"gracias|obrigad[oa]|m[e\u00e8]si|atentamente|saludos|god bless)\b)[^?]{0,160}\Z",
    re.IGNORECASE | re.MULTILINE,
)
LINK = "de|da|del|do|and|y|e|in"
DASHES = "~\u2013\u2014-"
LAST_NAME = re.compile(
    rf"(?:^|(?<=[.!?\n/{DASHES}]))[ \t/{DASHES}]*{CAPITAL}[\w.{APOSTROPHE}-]*"
    rf"(?:[ \t]+(?:{CAPITAL}[\w.{APOSTROPHE}-]*|{LINK})){{0,4}}[ \t.]*\Z",
)
# Words with capitals that name no person: places, months, bodies, subjects.
NO_NAMES = frozenset(
    word
    for line in (
        "January February March April May June July August September October November December Monday Tuesday",
        "Wednesday Thursday Friday Saturday Sunday Thanksgiving Christmas Year Day Labor New Massachusetts Boston",
        "Worcester Springfield Lowell Lynn Brockton Lawrence Quincy Cambridge Fall River Bedford Cod Cape Berkshire",
        "North South East West Western Central County Commonwealth State United States Federal American Town City",
        "Senator Senate House Representative Mayor Governor Public Records Record Law Laws General Act Section Part",
        "Chapter Title Social Security Unemployment Insurance Assistance Department Workforce Career Center Office",
        "Street Avenue Road English Spanish Portuguese Haitian Creole Chinese Vietnamese Rapid Response Trade High",
        "School College University Library Hall Council Internal Revenue Service Medicare Medicaid Excel Dear Hello",
        "Request Media Question Form Best Good Paid Family Medical Leave Job Fair Small Business Human Resources",
    )
    for word in line.split()
)


def names_person(subject: str, body: str) -> bool:
    """Tell whether a person is named in a text from which the signature was taken."""
    if TITLED.search(subject) or TITLED.search(body):
        return True
    pairs = [match.groups() for text in (subject, body) for match in RELATED.finditer(text)]
    pairs += [match.groups() for match in WITHIN.finditer(body)]
    return any(NO_NAMES.isdisjoint(pair) for pair in pairs)


def names_company(subject: str, body: str) -> bool:
    """Tell whether an employer is named."""
    return any(COMPANY.search(text) for text in (subject, body))


def without_signature(body: str) -> str:
    """Give a text without what closes it; only its end is looked at, so that its length costs nothing."""
    short = body.rstrip()
    start = max(0, len(short) - LONGEST_CLOSING)
    closed = CLOSING.sub("\n", short[start:]).rstrip() or short[start:]
    unsigned = LAST_NAME.sub("", closed).rstrip(" \t/~") or closed
    return short[:start] + unsigned
