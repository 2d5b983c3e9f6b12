"""The record's tables, typed. Everything readable here is ours: a sender's words lie in `chunk`, sealed."""

from records.tables.base import EPOCH, Base, KeyBase, Moment
from records.tables.inquiries import (
    AcknowledgedRow,
    AlarmRow,
    BlobRow,
    CallAttemptRow,
    ChunkRow,
    ContactRow,
    DeliveryRow,
    InquiryRow,
    JobRow,
    LegalHoldRow,
    ResponseRow,
    SubmissionRow,
    TallyRow,
)
from records.tables.keys import TombstoneRow, WrapRow
from records.tables.people import (
    ApprovalRow,
    AuditRow,
    ConflictRow,
    DisclosureRow,
    GrantRow,
    OrganizationRow,
    ReaderRow,
    SessionRow,
)

__all__ = [
    "EPOCH",
    "AcknowledgedRow",
    "AlarmRow",
    "ApprovalRow",
    "AuditRow",
    "Base",
    "BlobRow",
    "CallAttemptRow",
    "ChunkRow",
    "ConflictRow",
    "ContactRow",
    "DeliveryRow",
    "DisclosureRow",
    "GrantRow",
    "InquiryRow",
    "JobRow",
    "KeyBase",
    "LegalHoldRow",
    "Moment",
    "OrganizationRow",
    "ReaderRow",
    "ResponseRow",
    "SessionRow",
    "SubmissionRow",
    "TallyRow",
    "TombstoneRow",
    "WrapRow",
]
