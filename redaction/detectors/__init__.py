"""The detectors, in the order they are asked. None knows another; `redaction.settling` decides between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from redaction.detectors import (
    address,
    bank,
    birth,
    card,
    claimant,
    ein,
    email,
    employer_account,
    inside_address,
    itin,
    partial,
    person,
    phone,
    routing,
    ssn,
)
from redaction.page import Evidence, Page

DETECTORS: Final[tuple[Callable[[Page], Iterator[Evidence]], ...]] = (
    # Numbers that identify a person or a firm to every agency: a miss is a breach.
    ssn.find,
    partial.find,
    itin.find,
    ein.find,
    # Numbers that pay.
    card.find,
    bank.find,
    routing.find,
    # Numbers of this agency.
    employer_account.find,
    claimant.find,
    inside_address.find,
    # What staff need to answer, and the public does not see.
    birth.find,
    phone.find,
    email.find,
    address.find,
    person.find,
)
# The two that find something where there is no digit, nor anything that could be read as one.
OF_WORDS: Final = (email.find, person.find)
