"""Which kinds a reader of the redacted text does not see."""

from __future__ import annotations

from dataclasses import dataclass

from redaction.kinds import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A named set of kinds to mask; what is not masked is still found and flagged."""

    name: str
    masked: frozenset[Kind]


# What staff need to answer by telephone or post: who wrote, and how to reach them.
NEEDED_TO_ANSWER = frozenset({Kind.PHONE, Kind.EMAIL, Kind.POSTAL_ADDRESS, Kind.PERSON})

DESK = Policy(name="desk", masked=frozenset(Kind) - NEEDED_TO_ANSWER)
PUBLIC = Policy(name="public", masked=frozenset(Kind))
