"""Labels: what people write near a number to say what it is, one literal table for each meaning."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from redaction.labels import agency, money, others, people, ssn, taxes
from redaction.labels.meaning import Meaning

# Where two tables hold the same words, the earlier one counts.
TABLES: Final[Mapping[Meaning, tuple[str, ...]]] = MappingProxyType(
    {
        Meaning.SSN: ssn.LABELS,
        Meaning.ITIN: taxes.INDIVIDUAL,
        Meaning.EIN: taxes.EMPLOYER,
        Meaning.TAX_ID: taxes.EITHER,
        Meaning.ROUTING: money.ROUTING,
        Meaning.EMPLOYER_ACCOUNT: agency.EMPLOYER_ACCOUNT,
        Meaning.CLAIMANT: agency.CLAIMANT,
        Meaning.CARD: money.CARD,
        Meaning.BANK: money.BANK,
        Meaning.BIRTH: people.BIRTH,
        Meaning.PHONE: people.PHONE,
        Meaning.LAST_FOUR: people.LAST_FOUR,
        Meaning.ANY_ID: others.ANY_ID,
        Meaning.OTHER: others.OTHER,
    }
)

__all__ = ["TABLES", "Meaning"]
