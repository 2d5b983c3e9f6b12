"""Which of the four confidential classes a message holds (policy: B1)."""

from __future__ import annotations

from collections.abc import Mapping

from records.values import Category, DataClass
from router.classification.values import Message, Program

INSURANCE = DataClass.UNEMPLOYMENT_INSURANCE
PERSONAL = DataClass.PERSONAL_DATA

# What a case of a program holds. In doubt it holds more: a reader needs clearance for all of it.
HOLDS: Mapping[Program, tuple[DataClass, ...]] = {
    Program.JOB_SEEKER: (DataClass.EMPLOYMENT_SERVICE, PERSONAL),
    Program.TRAINING: (DataClass.EMPLOYMENT_SERVICE, INSURANCE, PERSONAL),
    Program.WAGE_RECORDS: (DataClass.WAGE_RECORD, PERSONAL),
    Program.EMPLOYER_TAX: (INSURANCE,),
    Program.PRIVACY_ACCESS: (PERSONAL,),
    Program.COMPLAINT: (PERSONAL,),
    Program.SPAM_OTHER: (PERSONAL,),
}
IN_DOUBT = (INSURANCE, PERSONAL)


def data_classes_of(message: Message, category: Category, program: Program) -> tuple[DataClass, ...]:
    """Give the classes that a message holds; one of general interest holds none."""
    if category is Category.GENERAL:
        return ()
    held = set(HOLDS.get(program, IN_DOUBT))
    kinds = {kind for kind, _ in message.identifiers}
    if kinds & {"US_SSN", "PARTIAL_SSN", "US_ITIN", "DATE_OF_BIRTH", "BANK_ACCOUNT", "CREDIT_CARD"}:
        held.add(PERSONAL)
    if kinds & {"CLAIMANT_ID", "STATE_EMPLOYER_ACCOUNT", "US_EIN"}:
        held.add(INSURANCE)
    return tuple(kind for kind in DataClass if kind in held)
