"""What lies in an original's blob: the bytes exactly as they came, and behind them what the transport said."""

from __future__ import annotations

import json
from typing import Any

from records.values import Envelope

TRAILER_LENGTH = 4


def seal_envelope(envelope: Envelope) -> bytes:
    """Give what is sealed behind a submission's bytes: the envelope, and its length."""
    plain = {
        "sender": envelope.sender,
        "recipients": list(envelope.recipients),
        "greeting": envelope.greeting,
        "peer": envelope.peer,
        "protocol": envelope.protocol,
        "language": envelope.language,
    }
    # Senders' addresses may hold lone surrogates; ASCII escapes carry them through.
    body = json.dumps(plain).encode("ascii")
    return body + len(body).to_bytes(TRAILER_LENGTH, "big")


def split_original(plaintext: bytes) -> tuple[bytes, dict[str, Any]]:
    """Give a submission's exact bytes, and what the transport said of them."""
    end = len(plaintext) - TRAILER_LENGTH
    start = end - int.from_bytes(plaintext[end:], "big")
    return plaintext[:start], json.loads(plaintext[start:end])
