"""A redacted message made ready for the voters."""

from __future__ import annotations

import re

from router.classification.cues import fold
from router.classification.language import languages_in
from router.classification.names import without_signature
from router.classification.tables import HARMLESS
from router.classification.values import IDENTIFIERS, Message

# What is judged of one message. The figure is far above any letter; what is longer is a case anyway (see `Message`).
LOOKED_AT = 20_000
# A token of the redaction stands for what was found there: "[SSN 1]".
TOKEN = re.compile(r"\[[A-Z][A-Z _-]{1,30} \d{1,4}\]")


def message_of(subject: str, body: str, findings: tuple[tuple[str, int], ...], stated_kind: str) -> Message:
    """Fold a message once for all voters."""
    looked_at = body[:LOOKED_AT]
    unsigned = without_signature(looked_at)
    both = f"{subject}\n{looked_at}"
    tokens = len(TOKEN.findall(both))
    identifiers = tuple((kind, count) for kind, count in findings if kind in IDENTIFIERS and count)
    if tokens and not identifiers:
        identifiers = (("token", tokens),)
    languages = languages_in(both)
    folded_subject, folded_body = fold(subject), fold(unsigned)
    text = f"{folded_subject} ; {folded_body}"
    return Message(
        text=text,
        subject=folded_subject,
        body=folded_body,
        matter=HARMLESS.without(languages, text),
        raw_subject=subject,
        raw_body=unsigned,
        languages=languages,
        identifiers=identifiers,
        stated_kind=stated_kind,
        is_cut=len(body) > LOOKED_AT,
    )
