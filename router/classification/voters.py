"""The voters: each looks at a message for one thing, and says case, general, or nothing, with its reason.

No voter knows another. A trained model joins as one more line of the table in `decide`: it takes a `Message` and gives
a `Vote`, like the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from records.values import Category
from router.classification.names import names_company, names_person
from router.classification.tables import GENERAL, IMPLIED, OWN
from router.classification.values import Message
from router.classification.words import english


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """What one voter says. `weight` is its belief, 0 to 1; the reason is in our words."""

    category: Category
    weight: float
    reason: str


def _case(weight: float, reason: str) -> Vote:
    return Vote(category=Category.CASE, weight=weight, reason=reason)


# Numbers that belong to one party: six digits and more in a row, or in groups. Telephones and postal codes are not.
TELEPHONE = re.compile(r"\(?\b\d{3}\)?[ .-]\d{3}[ .-]\d{4}\b|\b\d{3}-\d{4}\b|\b1-\d{3}-\d{3}-\d{4}\b")
PARTY_NUMBER = re.compile(r"\b\d{2,4}-\d{2,7}(?:-\d{2,7})?\b|\b\d{6,}\b|\b\d{4} \d{4} \d{2,4}\b")
YEARS = re.compile(r"\b(?:19|20)\d\d[-\u2013](?:19|20)?\d\d\b|\b\d{5}-\d{4}\b|\b99-9999999\b|\b9-1-1\b")
ACCOUNT = re.compile(
    r"(?:\b(?:acct|account|docket|case|claim|id|tag|file|reclamo|cuenta)\b\.? ?(?:no\.?|number|#)? ?#?)\d{3,}"
)
AMOUNT = re.compile(r"[$\u00a3\u20ac] ?\d|\b\d[\d,.]* ?(?:dollars|bucks|usd|d[oó]lares)\b")
MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*"
DAY = re.compile(
    rf"\b{MONTH}\.? \d{{1,2}}\b|\b\d{{1,2}} de [a-z]{{4,10}}\b|\b\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?\b"
    r"|\b(?:on|by|for|since|del|el|ngay) (?:the )?\d{1,2}(?:st|nd|rd|th)?\b|\bmine is \w+day\b",
)
# A definite article with the three words after it; one of them has to be something that everybody shares.
DEFINITE = re.compile(r"(?<!\w)the ((?:[\w'-]+ ){0,2}[\w'-]+)")
WORD = re.compile(r"[^\W\d_]+")
QUOTED_MATTER = re.compile(
    r"^[ \t]{0,8}>.*\b(?:claim|benefit|payment|hearing|overpaid|denied|discharged|determination|affidavit|balance)\b"
    r"|(?:not delivered|delivery failure|undeliverable)",
    re.IGNORECASE | re.MULTILINE,
)


def identifiers(message: Message) -> Vote | None:
    """Look for identifiers: with one it is a case, whatever is asked."""
    if message.identifiers:
        kinds = ", ".join(kind for kind, _ in message.identifiers)
        return _case(0.99, f"holds an identifier: {kinds}")
    return None


def stated(message: Message) -> Vote | None:
    """Hear what the sender chose on the form: "own" makes it a case; "general" proves nothing."""
    return _case(0.98, "the sender said it is their own matter") if message.stated_kind == "own" else None


def own_matter(message: Message) -> Vote | None:
    """Look for the first person, where it is more than a way of asking."""
    cue = OWN.first(message.languages, message.matter)
    return _case(0.9, f"speaks of an own matter: {cue}") if cue else None


def implied_matter(message: Message) -> Vote | None:
    """Look for words that make sense about somebody's matter only."""
    cue = IMPLIED.first(message.languages, message.matter)
    return _case(0.85, f"speaks of somebody's matter: {cue}") if cue else None


def particular(message: Message) -> Vote | None:
    """Look for "the ..." where it is none of the things that everybody shares: "the judge", and not "the office"."""
    if message.languages[0] == "vi":
        return None  # Without its marks, one of the commonest Vietnamese words reads like the article.
    found = any(english.SHARED.isdisjoint(match[1].split()) for match in DEFINITE.finditer(message.matter))
    return _case(0.7, "speaks of something particular") if found else None


def party_number(message: Message) -> Vote | None:
    """Look for a number that belongs to one party, though the scanner did not name its kind."""
    plain = YEARS.sub(" ", TELEPHONE.sub(" ", message.text))
    found = PARTY_NUMBER.search(plain) or ACCOUNT.search(plain)
    return _case(0.9, "holds a long number") if found else None


def telephone_left(message: Message) -> Vote | None:
    """Look for a number to be called at: who wants a call has something to talk about."""
    return _case(0.75, "leaves a telephone number") if TELEPHONE.search(message.text) else None


def amount(message: Message) -> Vote | None:
    """Look for a sum of money, which is somebody's."""
    return _case(0.75, "names a sum of money") if AMOUNT.search(message.text) else None


def day(message: Message) -> Vote | None:
    """Look for a day on which something happened to somebody."""
    return _case(0.7, "names a day") if DAY.search(message.text) else None


def named_person(message: Message) -> Vote | None:
    """Look for a person who is named, other than the one who signs."""
    return _case(0.85, "names a person") if names_person(message.raw_subject, message.raw_body) else None


def named_company(message: Message) -> Vote | None:
    """Look for an employer who is named."""
    return _case(0.85, "names an employer") if names_company(message.raw_subject, message.raw_body) else None


def quoted_matter(message: Message) -> Vote | None:
    """Look for a thread or a bounce that quotes somebody's matter."""
    return _case(0.9, "quotes somebody's matter") if QUOTED_MATTER.search(message.raw_body) else None


def too_long(message: Message) -> Vote | None:
    """Refuse to call a message general that is longer than what is looked at."""
    return _case(0.9, "too long to be judged") if message.is_cut else None


def asks_generally(message: Message) -> Vote | None:
    """Look for a question whose right answer is the same for anybody."""
    cue = GENERAL.first(message.languages, message.text)
    if message.languages == ("en",) and (english.SHARED | english.ANYBODY).isdisjoint(WORD.findall(message.text)):
        # A question alone is not enough: it has to be about something, or somebody, that is nobody in particular.
        return None
    return Vote(category=Category.GENERAL, weight=0.85, reason=f"asks generally: {cue}") if cue else None
