"""The kinds of personal identifier that are looked for (policy: A1), and their short names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Kind(StrEnum):
    """What a finding is."""

    US_SSN = "US_SSN"
    PARTIAL_SSN = "PARTIAL_SSN"
    US_EIN = "US_EIN"
    US_ITIN = "US_ITIN"
    CREDIT_CARD = "CREDIT_CARD"
    BANK_ACCOUNT = "BANK_ACCOUNT"
    ROUTING_NUMBER = "ROUTING_NUMBER"
    STATE_EMPLOYER_ACCOUNT = "STATE_EMPLOYER_ACCOUNT"
    CLAIMANT_ID = "CLAIMANT_ID"
    DATE_OF_BIRTH = "DATE_OF_BIRTH"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    POSTAL_ADDRESS = "POSTAL_ADDRESS"
    PERSON = "PERSON"


# What stands in a token, as in `[EMPLOYER ACCOUNT 2]`: words that staff say.
SHORT_NAMES: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.US_SSN: "SSN",
        Kind.PARTIAL_SSN: "PARTIAL SSN",
        Kind.US_EIN: "EIN",
        Kind.US_ITIN: "ITIN",
        Kind.CREDIT_CARD: "CARD",
        Kind.BANK_ACCOUNT: "BANK",
        Kind.ROUTING_NUMBER: "ROUTING",
        Kind.STATE_EMPLOYER_ACCOUNT: "EMPLOYER ACCOUNT",
        Kind.CLAIMANT_ID: "CLAIMANT ID",
        Kind.DATE_OF_BIRTH: "BIRTH DATE",
        Kind.PHONE: "PHONE",
        Kind.EMAIL: "EMAIL",
        Kind.POSTAL_ADDRESS: "ADDRESS",
        Kind.PERSON: "NAME",
    }
)

# A token as it stands in a text. The count is bounded so that no long number can hide in the shape of a token.
TOKEN: Final = re.compile(
    r"\[(?:" + "|".join(sorted(SHORT_NAMES.values(), key=len, reverse=True)) + r") [1-9][0-9]{0,4}\]"
)
