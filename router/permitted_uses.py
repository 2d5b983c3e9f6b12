"""Who may use which data for what: the table of permitted uses (policy: B1, B2, C5).

The directive on confidentiality names the uses per class of data, and those that are forbidden to everybody. What is
not in the table is not permitted: a kind of organization, a class or a purpose that is missing gets no.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from records.values import FORBIDDEN_PURPOSES, DataClass, OrganizationKind, Purpose

EMPLOYMENT = DataClass.EMPLOYMENT_SERVICE
INSURANCE = DataClass.UNEMPLOYMENT_INSURANCE
WAGES = DataClass.WAGE_RECORD
PERSONAL = DataClass.PERSONAL_DATA

SERVICE = frozenset({Purpose.TRIAGE, Purpose.ANSWER, Purpose.SUPERVISE, Purpose.VERIFY})
OFFICIAL = SERVICE | {Purpose.PRIVACY_REQUEST, Purpose.LEGAL_PROCESS}
NONE: frozenset[Purpose] = frozenset()

Uses = Mapping[DataClass, frozenset[Purpose]]

PERMITTED: Mapping[OrganizationKind, Uses] = MappingProxyType(
    {
        # The agency itself answers for all four classes, in its official duties.
        OrganizationKind.AGENCY: {EMPLOYMENT: OFFICIAL, INSURANCE: OFFICIAL, WAGES: OFFICIAL, PERSONAL: OFFICIAL},
        # A career center serves claimants too (rapid response), but supervises and verifies no claim, and individual
        # wages with identifiers are not given to those who run a workforce program.
        OrganizationKind.CAREER_CENTER: {
            EMPLOYMENT: SERVICE,
            INSURANCE: frozenset({Purpose.TRIAGE, Purpose.ANSWER}),
            WAGES: NONE,
            PERSONAL: SERVICE,
        },
        # Claims information is never given to a workforce board; the directive says so by name.
        OrganizationKind.WORKFORCE_BOARD: {EMPLOYMENT: SERVICE, INSURANCE: NONE, WAGES: NONE, PERSONAL: SERVICE},
        # A contractor works on the agency's behalf, for a time, on what its agreement is about.
        OrganizationKind.CONTRACTOR: {EMPLOYMENT: SERVICE, INSURANCE: SERVICE, WAGES: NONE, PERSONAL: SERVICE},
        # Outside auditors read the log of openings, and no inquiry.
        OrganizationKind.AUDIT: {EMPLOYMENT: NONE, INSURANCE: NONE, WAGES: NONE, PERSONAL: NONE},
    },
)

# Everybody but the agency itself needs a written agreement in force (policy: C5).
OUTSIDE_BODIES = frozenset(OrganizationKind) - {OrganizationKind.AGENCY}

# These work for a limited time, and the limit is on record (policy: C5).
TIME_BOXED_BODIES = frozenset({OrganizationKind.CONTRACTOR, OrganizationKind.AUDIT})


def is_permitted(organization: OrganizationKind, data_class: DataClass, purpose: Purpose) -> bool:
    """Tell whether this kind of organization may use this class of data for this purpose.

    >>> is_permitted(OrganizationKind.WORKFORCE_BOARD, DataClass.UNEMPLOYMENT_INSURANCE, Purpose.ANSWER)
    False
    """
    if purpose in FORBIDDEN_PURPOSES:
        return False
    return purpose in PERMITTED.get(organization, {}).get(data_class, NONE)
