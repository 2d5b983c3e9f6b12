"""Text in; findings and redacted text out.

A pure library: it opens nothing, logs nothing and imports nothing of ours. A `Finding` is a kind and a place, never the
text; a `Redaction` is the text with the findings of a policy replaced by tokens.

>>> text = "My SSN is 078-05-1120."
>>> redact(text, scan(text), DESK).text
'My SSN is [SSN 1].'
"""

from __future__ import annotations

from redaction.finding import Finding
from redaction.kinds import SHORT_NAMES, Kind
from redaction.masking import Redaction, redact
from redaction.policy import DESK, PUBLIC, Policy
from redaction.scanning import scan
from redaction.tokens import Tokens

__all__ = ["DESK", "PUBLIC", "SHORT_NAMES", "Finding", "Kind", "Policy", "Redaction", "Tokens", "redact", "scan"]
