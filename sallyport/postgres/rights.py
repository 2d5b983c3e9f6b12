"""What each role's login may do with each table, in the words of SQL's GRANT. Who is not named may do nothing.

Rules that hold on every line: nobody but the owner changes or deletes a line of the audit log, or reads more of it than
the end of a chain; the public's roles read no account, no disclosure, no sealed byte; only worker and unsealer read
wraps; an original's row, bytes and wraps are deleted by no role that people talk to. What a login may do in some rows
only is a row rule (PostgreSQL's row-level security, restrictive policies).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

OWNER = "owner"
PUBLIC = ("site", "smtp", "lmtp")
PROCESS_ROLES = (*PUBLIC, "desk", "unsealer", "worker", "metrics")
STAFF = ("desk", "unsealer")
WRITERS = (*PUBLIC, "desk", "unsealer", "worker")  # All that change anything; `metrics` only looks.

Who = tuple[str, ...]
Rights = Mapping[str, tuple[tuple[Who, str], ...]]

_END_OF_A_CHAIN = "SELECT (chain, sequence, mac), INSERT"
# A step in the life cycle, and a class decided by hand.
_STEP = "state, changed_at, version, held_from, hold_reason, held_at, assigned_to"
_DECISION = "category, confidence, reasons, channel_allowed"
_ADMISSION = (
    "language, program, data_classes, is_urgent, unit, route_rule, due_at, flags, finding_counts, attachment_count, "
    "acknowledged"
)
# Without the name and the hash with which a reader signs in.
_READER = (
    "id, name, role, organization_id, site, is_active, started_on, separated_at, form_signed_on, trained_on, "
    "data_classes, until"
)

RECORD: Rights = {
    "submission": ((PUBLIC, "SELECT (id, digest), INSERT"),),
    "delivery": ((PUBLIC, "SELECT (submission_id, mailbox), INSERT"), ((*STAFF, "worker"), "SELECT")),
    "inquiry": (
        (PUBLIC, "SELECT (id, reference, submission_id), INSERT"),
        (("desk",), f"SELECT, UPDATE ({_STEP}, {_DECISION})"),
        (("unsealer",), "SELECT, UPDATE (state, changed_at, version, assigned_to, unit, route_rule)"),
        (("worker",), f"SELECT, UPDATE ({_STEP}, {_DECISION}, {_ADMISSION})"),
        (("metrics",), "SELECT (state, held_at)"),
    ),
    "contact": ((STAFF, "SELECT"), (("worker",), "SELECT, INSERT, DELETE")),
    "conflict": (((*STAFF, "worker"), "SELECT"),),
    "blob": (
        (PUBLIC, "SELECT (id, inquiry_id), INSERT, UPDATE (inquiry_id), DELETE"),
        (("desk",), "SELECT, INSERT, DELETE"),
        (("unsealer",), "SELECT"),
        (("worker",), "SELECT, INSERT, DELETE"),
    ),
    # Public roles and the desk name the rows that they delete; the bytes in them they cannot read.
    "chunk": (
        ((*PUBLIC, "desk"), "SELECT (blob_id), INSERT, DELETE"),
        (("unsealer",), "SELECT"),
        (("worker",), "SELECT, INSERT, DELETE"),
    ),
    "job": (
        (PUBLIC, "INSERT"),
        (("desk",), "SELECT (id, kind, subject_id, taken), INSERT, UPDATE (not_before), DELETE"),
        (("worker",), "SELECT, INSERT, UPDATE, DELETE"),
        (("metrics",), "SELECT (kind, not_before, worker, failures)"),
    ),
    "tally": ((WRITERS, "SELECT, INSERT, UPDATE (count)"), (("metrics",), "SELECT")),
    "response": (
        (("desk",), "SELECT, INSERT, UPDATE (state), DELETE"),
        (("worker",), "SELECT, UPDATE (state, sent_at)"),
    ),
    "call_attempt": ((("desk",), "SELECT, INSERT"),),
    "acknowledged": ((("worker",), "SELECT, INSERT, UPDATE (count)"),),
    "legal_hold": (),
    # Whoever takes mail in raises an alarm when it has to stop taking; worker and desk, when routes cannot be loaded.
    "alarm": (
        ((*PUBLIC, "desk", "worker"), "SELECT, INSERT, UPDATE (at, cleared_at)"),
        (("metrics",), "SELECT (kind, at, cleared_at)"),
    ),
    "organization": ((STAFF, "SELECT"),),
    "reader": (
        (("desk",), "SELECT, UPDATE (failures, locked_until)"),
        (("unsealer",), f"SELECT ({_READER})"),
    ),
    "unit_grant": ((STAFF, "SELECT"),),
    "desk_session": ((("desk",), "SELECT, INSERT, UPDATE (seen_at, revoked_at)"), (("unsealer",), "SELECT")),
    "disclosure": ((("unsealer",), "INSERT"),),
    "approval": (
        (("desk",), "SELECT, INSERT, UPDATE (approved_by, approved_at, expires_at)"),
        (("unsealer",), "SELECT, UPDATE (used_at)"),
    ),
    "audit_entry": (((*STAFF, "worker"), _END_OF_A_CHAIN),),
    "alembic_version": ((PROCESS_ROLES, "SELECT"),),
}
KEYS: Rights = {
    "wrap": (
        (PUBLIC, "INSERT"),
        (("desk",), "SELECT (blob_id, compartment), INSERT, DELETE"),
        (("unsealer", "worker"), "SELECT, INSERT, DELETE"),
    ),
    "tombstone": (),
    "alembic_version": ((PROCESS_ROLES, "SELECT"),),
}
DATABASES: Mapping[str, Rights] = {"record": RECORD, "keys": KEYS}


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRule:
    """A condition on the rows that some roles may delete, or may change."""

    table: str
    who: Who
    command: str
    rows: str


_OF_AN_UPLOAD = "EXISTS (SELECT FROM blob WHERE blob.id = chunk.blob_id AND blob.inquiry_id IS NULL)"
_OF_A_RESPONSE = "EXISTS (SELECT FROM blob WHERE blob.id = chunk.blob_id AND blob.part = 'response')"
ROW_RULES: Mapping[str, tuple[RowRule, ...]] = {
    "record": (
        # Whoever takes a public role over can spoil uploads under way, and nothing that was accepted.
        RowRule(table="blob", who=PUBLIC, command="UPDATE", rows="inquiry_id IS NULL"),
        RowRule(table="blob", who=PUBLIC, command="DELETE", rows="inquiry_id IS NULL"),
        RowRule(table="chunk", who=PUBLIC, command="DELETE", rows=_OF_AN_UPLOAD),
        # An answer is taken back at the desk; the inquiry's own texts stay.
        RowRule(table="blob", who=("desk",), command="DELETE", rows="part = 'response'"),
        RowRule(table="chunk", who=("desk",), command="DELETE", rows=_OF_A_RESPONSE),
    ),
    "keys": (
        # A redaction that missed something is replaced by hand, and its wraps go; the original's stay.
        RowRule(
            table="wrap", who=("desk",), command="DELETE", rows="compartment = 'triage' OR compartment LIKE 'unit/%'"
        ),
        RowRule(table="wrap", who=("unsealer",), command="DELETE", rows="compartment LIKE 'unit/%'"),
    ),
}
