"""Classification of JSON lines, for measuring: one message in, one answer out, whatever the line holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from records.values import Category, Channel, ChannelAllowed
from router.classification.decide import classify

Redact = Callable[[str], tuple[str, tuple[tuple[str, int], ...]]]


def classify_line(line: str, redact: Redact) -> str:
    """Classify one line {"id", "subject", "body", "channel"}; `redact` gives a text and what was found in it.

    A line that is none gives {"error": reason id} and the careful answer: a case, by telephone or mail.
    """
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return _refused("not-json")
    if not isinstance(record, dict):
        return _refused("not-an-object")
    identity = record.get("id")
    if not isinstance(identity, str | int):
        identity = None
    subject, body = record.get("subject", ""), record.get("body")
    if not isinstance(subject, str) or not isinstance(body, str):
        return _refused("no-text", identity)
    try:
        channel = Channel(record.get("channel", "email"))
    except ValueError:
        return _refused("no-such-channel", identity)
    return json.dumps(_answer(identity, subject, body, channel, redact), ensure_ascii=True)


def _answer(identity: str | int | None, subject: str, body: str, channel: Channel, redact: Redact) -> dict[str, Any]:
    redacted_subject, in_subject = redact(subject)
    redacted_body, in_body = redact(body)
    found = classify(redacted_subject, redacted_body, channel, (*in_subject, *in_body))
    return {
        "id": identity,
        "category": found.category.value,
        "program": found.program.value,
        "confidence": found.confidence,
        "channel_allowed": found.channel_allowed.value,
        "urgent": found.is_urgent,
        "data_class": [kind.value for kind in found.data_classes],
        "reasons": list(found.reasons),
    }


def _refused(reason: str, identity: str | int | None = None) -> str:
    answer = {"category": Category.CASE.value, "channel_allowed": ChannelAllowed.PHONE_OR_MAIL.value}
    return json.dumps({"id": identity, "error": reason, **answer})
