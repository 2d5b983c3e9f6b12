"""Names of persons: only behind words that say a name follows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import re2

from redaction.kinds import Kind
from redaction.page import Evidence, Page

NAME: Final = r"[A-Z][a-z'-]{1,20}(?:[A-Z][a-z]{1,20})?(?:\s(?:[A-Z]\.|de|da|dos|del|la|van|von|Le|[A-Z][a-z'-]{1,20}(?:[A-Z][a-z]{1,20})?)){0,2}\s(?:[A-Z]')?[A-Z][a-z'-]{1,20}(?:[A-Z][a-z]{1,20})?"
ONE_OR_MORE: Final = rf"(?:{NAME}|[A-Z][a-z'-]{{2,20}})"
INTRODUCTIONS: Final = "my name is|my full name is|my name's|me llamo|mi nombre es|meu nome e|me chamo|chamo-me|mwen rele|non mwen se|non m se|je m'appelle|mon nom est|toi ten la|ten toi la|mi chiamo"
CUE: Final = re2.compile(
    rf"(?:^|[^\w])(?i:{INTRODUCTIONS})\s({ONE_OR_MORE})"
    rf"|(?:^|\W)(?:Soy|I am|I'm|This is|Sou|Eu sou|Mwen se|Je suis|Toi la|Sono)\s({NAME})"
    rf"|(?i:^|\n|[;,.]\s)(?:(?:full|first and last|claimant|employee|worker|applicant|employer contact|contact|your|legal) ?)?(?i:name|nombre|nome|non|nom|ten|ho ten)\s?:[ \t]{{0,3}}({NAME})"
    rf"|(?:^|\n)[ \t>]{{0,4}}(?i:regards|best regards|kind regards|best|sincerely|sincerely yours|yours truly|thanks|thank you|many thanks|thx|cheers|respectfully|gracias|atentamente|saludos|obrigado|obrigada|atenciosamente|mesi|merci|cordialement|cam on|tran trong)[,.!]?\s{{0,2}}\n\s{{0,4}}({NAME})(?:\n|\r|$)"
)


def find(page: Page) -> Iterator[Evidence]:
    """Find them behind an introduction, a field called name, and the last words of a letter."""
    for match in CUE.finditer(page.text):
        start, end = next(match.span(group) for group in range(1, 5) if match.span(group)[0] >= 0)
        yield Evidence(
            kind=Kind.PERSON, start=start, end=end, confidence=0.5, rule="a name behind words that announce one"
        )
