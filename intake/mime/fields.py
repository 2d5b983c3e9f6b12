"""The words in a header: which field's text belongs to which place."""

from __future__ import annotations

import re

from intake.mime.charsets import decode
from intake.mime.headers import Content, Headers
from intake.mime.regions import Gathering
from intake.mime.words import text_of
from intake.submission import Place

PLACES = {
    "from": Place.FROM,
    "sender": Place.FROM,
    "resent-from": Place.FROM,
    "reply-to": Place.REPLY_TO,
    "to": Place.TO,
    "cc": Place.TO,
    "bcc": Place.TO,
    "resent-to": Place.TO,
    "resent-cc": Place.TO,
}
# Written by mail servers and signers, not by people; gathered apart.
TRACE = frozenset(
    {"received", "dkim-signature", "authentication-results", "arc-seal", "arc-message-signature", "received-spf"}
    | {"arc-authentication-results", "x-google-dkim-signature", "x-received", "message-id", "references", "in-reply-to"}
    | {"return-path", "domainkey-signature", "content-type"},
)
# Fields of a part that hold nothing a person wrote, or that are gathered elsewhere (names of files).
STRUCTURE = frozenset(
    {"content-transfer-encoding", "content-id", "content-type", "content-disposition", "mime-version"}
)
STRUCTURE_PARAMETERS = frozenset({"boundary", "charset", "format", "delsp", "name", "type", "micalg", "protocol"})
FORWARDED = ("from", "to", "cc", "date", "subject")
# Values in which nobody can have written anything: a day and a time by RFC 5322 section 3.3, and the two lines that
# nearly every mail has. They need no scan; whatever differs by one character gets one.
DAYS, MONTHS = "Mon|Tue|Wed|Thu|Fri|Sat|Sun", "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
MOMENT = rf"(?:{DAYS}), [0-3]?\d (?:{MONTHS}) (?:19|20)\d\d [0-2]\d:[0-5]\d(?::[0-6]\d)? (?:[+-][01]\d[0-5]\d|GMT|UT)"
CHARSET = r'charset="?(?:us-ascii|utf-8|iso-8859-1|windows-1252)"?'
FORMAL = {
    "date": re.compile(rf"{MOMENT}(?: \((?:[A-Z]{{3,4}})\))?"),
    "mime-version": re.compile(r"1\.0"),
    "content-type": re.compile(rf"text/(?:plain|html)(?:; ?{CHARSET})?", re.IGNORECASE),
    "content-transfer-encoding": re.compile(r"7bit|8bit|quoted-printable|base64", re.IGNORECASE),
}
# Of one field in a heading that is shown; the whole is scanned.
LONGEST_SHOWN = 1000


def gather_header(gathering: Gathering, headers: Headers) -> None:
    """Gather the fields of the message itself."""
    places: dict[Place, list[str]] = {}
    lines: list[str] = []
    traces: list[str] = []
    has_subject = False
    for name, value in headers.fields:
        text = text_of(value)
        if name == "subject" and not has_subject:
            has_subject = True
            gathering.add(Place.SUBJECT, "subject", " ".join(text.split()), is_shown=True)
        elif name in PLACES:
            places.setdefault(PLACES[name], []).append(text)
        elif not (name in FORMAL and FORMAL[name].fullmatch(text)):
            (traces if name in TRACE else lines).append(f"{name}: {text}")
    for place, texts in places.items():
        gathering.add(place, place.value, "\n".join(texts))
    lines.extend(decode(stray) for stray in headers.strays)
    gathering.add(Place.HEADER, "header", "\n".join(lines))
    gathering.add(Place.HEADER, "trace", "\n".join(traces))


def gather_inner_header(gathering: Gathering, headers: Headers, label: str, *, is_hidden: bool) -> None:
    """Gather the fields of a message inside the message: a heading to read, and the whole to scan."""
    heading = [f"{name.capitalize()}: {headers.text(name)[:LONGEST_SHOWN]}" for name in FORWARDED if headers.has(name)]
    place = Place.HIDDEN if is_hidden else Place.ATTACHMENT
    gathering.add(place, label, "\n".join(heading), is_shown=not is_hidden)
    lines = [f"{name}: {text_of(value)}" for name, value in headers.fields]
    lines.extend(decode(stray) for stray in headers.strays)
    gathering.add(Place.HEADER, label, "\n".join(lines))


def gather_part_header(gathering: Gathering, headers: Headers, content: Content, label: str) -> None:
    """Gather what people can write into the header of a part."""
    lines = [f"{name}: {text_of(value)}" for name, value in headers.fields if name not in STRUCTURE]
    lines.extend(decode(stray) for stray in headers.strays)
    lines.extend(value for name, value in content.parameters if name not in STRUCTURE_PARAMETERS)
    gathering.add(Place.HEADER, label, "\n".join(lines))
    for name in content.names:
        gathering.add(Place.FILE_NAME, label, name)
