"""The acknowledgement itself: a mail that holds nothing of the message it answers.

It carries our reference, our channels and the advice not to send numbers; no name, no subject, no quotation, no class
and no access code (policy: A2, A3). Everything in it is from tables, so that nothing can be carried over by mistake.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr

from records.references import is_reference
from router.acknowledgement_words import HELP_LINES, WORDS
from router.errors import RouterError

# The envelope's sender of an acknowledgement: whatever comes back of it goes nowhere (RFC 3834 section 3.3).
ENVELOPE_SENDER = ""

# How the Message-ID of every acknowledgement begins.
ACKNOWLEDGED = re.compile(r"<auto\.[a-z]{2,5}-[2-9a-hj-np-z]{4}-[2-9a-hj-np-z]{4}@")

MOST_IN_LINE = 900  # RFC 5322 section 2.1.1 allows 998 in a line; the field's name takes its share.
MESSAGE_ID = re.compile(r"<[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9!#$%&'*+/=?^_`{|}~.:\[\]-]+>")
# A Message-ID is their text and not ours. One in which a number could be an SSN or an EIN is not sent back.
NUMBER = re.compile(r"(?<!\d)(?:\d{3}[^\w@]?\d{2}[^\w@]?\d{4}|\d{2}-\d{7})(?!\d)")
ADDRESS = re.compile(r"[!-?A-~]{1,64}@[A-Za-z0-9.-]{1,190}")
PRINTABLE = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class AcknowledgementFault(RouterError):
    """An acknowledgement could not be written; the text is a reason id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """What the agency says of itself in a mail."""

    name: str
    telephone: str = "617-555-0100"
    relay: str = "711"
    postal_address: str = ""


def compose(
    reference: str,
    agency: Agency,
    language: str,
    message_id: str,
    from_address: str,
    to: str,
    now: datetime,
    message_id_domain: str,
) -> bytes:
    """Give the acknowledgement as RFC 5322 bytes with CRLF; it is sent with `ENVELOPE_SENDER`.

    `message_id` is that of the message answered, or "". The same arguments give the same Message-ID, so that a mail
    sent twice after a crash can be known as one.
    """
    _check(reference, agency, from_address, to, message_id_domain)
    words = WORDS.get(language, WORDS["en"])
    message = EmailMessage(policy=SMTP)
    # A subject of ours: theirs may hold a number (RFC 3834 section 3.1.5 wants "Auto:" before it).
    message["Subject"] = f"Auto: {words.subject} ({reference})"
    message["From"] = formataddr((agency.name, from_address), charset="utf-8")
    message["To"] = to
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<auto.{reference.casefold()}@{message_id_domain}>"
    for name, value in _answered(message_id).items():
        message[name] = value
    message["Auto-Submitted"] = "auto-replied"
    # Not of any standard, but what old software looks at before it answers a machine.
    message["Precedence"] = "bulk"
    message["X-Auto-Response-Suppress"] = "All"
    message["X-Loop"] = from_address
    message.set_content(body(reference, agency, language), charset="utf-8", cte="quoted-printable")
    message["Content-Language"] = language if language in WORDS else "en"
    return bytes(message)


def body(reference: str, agency: Agency, language: str) -> str:
    """Give the text: in the language asked for, and one line of help in each language served (29 CFR 38.9)."""
    words = WORDS.get(language, WORDS["en"])
    filled = words.text.format(reference=reference, telephone=agency.telephone, relay=agency.relay)
    lines = [line.format(telephone=agency.telephone) for line in HELP_LINES.values()]
    signature = "\n".join(part for part in (agency.name, agency.postal_address) if part)
    return "\n\n".join((filled, "\n".join(lines), signature)) + "\n"


def _answered(message_id: str) -> Mapping[str, str]:
    is_sound = len(message_id) <= MOST_IN_LINE and MESSAGE_ID.fullmatch(message_id) and not NUMBER.search(message_id)
    return {"In-Reply-To": message_id, "References": message_id} if is_sound else {}


def _check(reference: str, agency: Agency, from_address: str, to: str, domain: str) -> None:
    """Refuse what could break a field open. The settings were checked before; this is the last door."""
    if not is_reference(reference):
        raise AcknowledgementFault("not-a-reference")
    if ADDRESS.fullmatch(from_address) is None or ADDRESS.fullmatch(f"x@{domain}") is None:
        raise AcknowledgementFault("bad-own-address")
    if ADDRESS.fullmatch(to) is None:
        raise AcknowledgementFault("bad-address")
    if PRINTABLE.fullmatch(agency.name) is None:
        raise AcknowledgementFault("bad-agency-name")
