"""Reads the addresses and parameters of MAIL and RCPT (RFC 5321 section 4.1.2), strictly and in linear time.

Lenient where real senders need it: any dots in the local part (docomo), UTF-8 in addresses (RFC 6531), a space after
the colon. Strict elsewhere: no comments, no source routes, nothing unclosed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from intake.smtp import answers
from intake.smtp.answers import Answer, Refusal

# A letter of an unquoted local part: RFC 5321's atext and the dot, and beyond ASCII anything but what controls.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\-\u00a0-\ud7ff\ue000-\U0010ffff]+"
_QUOTED = r'"(?:[^\x00-\x1f\x7f-\x9f"\\\ud800-\udfff]|\\[\x20-\x7e])*"'
_LABEL = r"[A-Za-z0-9_\-\u00a0-\ud7ff\ue000-\U0010ffff]+"
_DOMAIN = rf"{_LABEL}(?:\.{_LABEL})*"
_LITERAL = r"\[[A-Za-z0-9.:\-]+\]"
_ADDRESS = re.compile(rf" *<(?P<address>(?:{_ATOM}|{_QUOTED})@(?:{_DOMAIN}|{_LITERAL})|)>(?: +(?P<rest>.*))?", re.ASCII)
# RFC 5321 section 4.5.1: the one address without a domain.
_POSTMASTER = re.compile(r" *<(?P<address>[Pp][Oo][Ss][Tt][Mm][Aa][Ss][Tt][Ee][Rr])>(?: +(?P<rest>.*))?")
# RFC 5321 section 4.1.2, esmtp-param.
_PARAMETER = re.compile(r"(?P<keyword>[A-Za-z0-9][A-Za-z0-9-]*)(?:=(?P<value>[\x21-\x3c\x3e-\x7e]+))?")
# RFC 1870 section 4: at most twenty digits.
_SIZE = re.compile(r"[0-9]{1,20}")


@dataclass(frozen=True, slots=True)
class Path:
    """An address as written, without its angle brackets; empty is the null sender."""

    address: str = field(repr=False)
    # What stood behind it: parameters, not read yet.
    rest: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SenderParameters:
    """What MAIL said beside the address."""

    size: int = 0
    is_utf8: bool = False


def read_sender(text: str) -> Path:
    """Read what follows `FROM:`; raises `Refusal`."""
    return _path(_ADDRESS.fullmatch(text), answers.BAD_SENDER)


def read_recipient(text: str) -> Path:
    """Read what follows `TO:`; raises `Refusal`."""
    path = _path(_ADDRESS.fullmatch(text) or _POSTMASTER.fullmatch(text), answers.BAD_RECIPIENT)
    if not path.address:
        raise Refusal(answers.BAD_RECIPIENT)
    return path


def read_sender_parameters(text: str) -> SenderParameters:
    """Read MAIL's parameters; raises `Refusal`: 555 for one that was never announced, 501 for one written wrongly."""
    size, seen = 0, set()
    for word in text.split():
        keyword, value = _parameter(word)
        if keyword in seen:
            raise Refusal(answers.SYNTAX)
        seen.add(keyword)
        if keyword == "SIZE":
            size = int(value)
    return SenderParameters(size=size, is_utf8="SMTPUTF8" in seen)


# What each parameter of MAIL may say: RFC 1870, RFC 6152, RFC 6531 (which has no value). Some gateways pass AUTH=<> on
# to whoever takes the mail (RFC 4954 section 5); it says nothing, and so does no harm.
_ALLOWED = {
    "SIZE": _SIZE,
    "BODY": re.compile(r"(?i:7BIT|8BITMIME)"),
    "SMTPUTF8": re.compile(r""),
    "AUTH": re.compile(r"<>"),
}


def _parameter(word: str) -> tuple[str, str]:
    parts = _PARAMETER.fullmatch(word)
    if parts is None:
        raise Refusal(answers.SYNTAX)
    keyword, value = parts["keyword"].upper(), parts["value"] or ""
    allowed = _ALLOWED.get(keyword)
    if allowed is None:
        raise Refusal(answers.UNKNOWN_PARAMETER)
    if not allowed.fullmatch(value):
        raise Refusal(answers.SYNTAX)
    return keyword, value


def _path(parts: re.Match[str] | None, otherwise: Answer) -> Path:
    if parts is None:
        raise Refusal(otherwise)
    return Path(parts["address"], parts["rest"] or "")
