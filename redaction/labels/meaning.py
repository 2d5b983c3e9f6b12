"""What the words near a number say that it is."""

from __future__ import annotations

from enum import StrEnum


class Meaning(StrEnum):
    """One per table of labels; the value stands in a finding's rule."""

    SSN = "social security number"
    ITIN = "individual taxpayer number"
    TAX_ID = "tax number of a person or firm"
    EIN = "employer identification number"
    CARD = "payment card"
    BANK = "bank account"
    ROUTING = "bank routing number"
    EMPLOYER_ACCOUNT = "state employer account"
    CLAIMANT = "claimant number"
    BIRTH = "birth date"
    PHONE = "telephone"
    LAST_FOUR = "last digits"
    ANY_ID = "a number called id"
    OTHER = "a number of another kind"
