"""What is sealed, as plain values and back: the redacted inquiry, its preview, and how its sender is reached."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from records.values import Preview, RedactedAttachment, RedactedInquiry, RedactedPart


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """The sender's addresses and what an automatic answer goes by; sealed to `dispatch` until not needed."""

    # The return path: where an automatic answer goes (RFC 3834 section 4).
    address: str = field(default="", repr=False)
    # Where an answer goes that a person wrote: the address that the desk shows as the sender's.
    answer_to: str = field(default="", repr=False)
    message_id: str = field(default="", repr=False)
    language: str = ""
    # The facts of RFC 3834's rules, by name; see `router.acknowledgement`.
    facts: Mapping[str, Any] = field(default_factory=dict, repr=False)
    # Why no e-mail may go there whatever the rules say; "" when it may.
    barred: str = ""


def plain(value: object) -> Any:
    """Give a frozen value as what JSON can hold."""
    if is_dataclass(value) and not isinstance(value, type):
        return {entry.name: plain(getattr(value, entry.name)) for entry in fields(value)}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    return value


def to_bytes(value: RedactedInquiry | Preview | Contact) -> bytes:
    """Give a document as bytes to be sealed. Lone surrogates of a broken mail go through as escapes."""
    return json.dumps(plain(value)).encode("ascii")


def inquiry_from(data: bytes | Mapping[str, Any]) -> RedactedInquiry:
    """Read a redacted inquiry."""
    body = dict(json.loads(data) if isinstance(data, bytes) else data)
    body["parts"] = tuple(RedactedPart(**part) for part in body["parts"])
    body["attachments"] = tuple(RedactedAttachment(**attachment) for attachment in body["attachments"])
    body["needs"] = tuple(body["needs"])
    return RedactedInquiry(**body)


def preview_from(data: bytes | Mapping[str, Any]) -> Preview:
    """Read a preview."""
    return Preview(**(json.loads(data) if isinstance(data, bytes) else data))


def contact_from(data: bytes) -> Contact:
    """Read a contact."""
    return Contact(**json.loads(data))
