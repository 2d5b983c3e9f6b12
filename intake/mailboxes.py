"""The mailboxes this house answers to: an exact list, so that nothing is ever relayed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

# What a mailbox of ours may look like. The classes are spelled out because re.IGNORECASE would also match the Kelvin
# sign and the long s, which fold into ASCII letters.
_DOMAIN = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+"
_MAILBOX = re.compile(rf"(?P<local>[A-Za-z0-9._-]+)@(?P<domain>{_DOMAIN})")
# A recipient may add "+tag". Percent, bang, quotes, colons and a second @ have been ways to make a server relay (RFC
# 5321, appendix F.2 and section 3.6.1); none of them fits here.
_RECIPIENT = re.compile(rf"(?P<local>[A-Za-z0-9._-]+)(?:\+[A-Za-z0-9._=+-]*)?@(?P<domain>{_DOMAIN})")
_SEPARATORS = re.compile(r"[,;\s]+")

POSTMASTER = "postmaster"
# RFC 5321 section 4.5.1 demands the first, RFC 2142 the second.
ALWAYS_ACCEPTED = (POSTMASTER, "abuse")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailboxes:
    """Our mailboxes in their canonical spelling: lower case, without a tag."""

    # In the order of the settings; the first one's domain is where a bare `postmaster` goes.
    listed: tuple[str, ...]
    known: frozenset[str]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a list separated by commas or white space; raises ValueError whose `args` are all faults at once."""
        words = [word for word in _SEPARATORS.split(text) if word]
        faults = [f"mailbox {place} is not of the form name@domain" for place in _malformed(words)]
        listed = tuple(word.lower() for word in words)
        faults += [f"mailbox {place} is there twice" for place in _repeated(listed)]
        if not words:
            faults = ["at least one mailbox is needed"]
        if faults:
            raise ValueError(*faults)
        always = (f"{name}@{_domain(mailbox)}" for mailbox in listed for name in ALWAYS_ACCEPTED)
        return cls(listed=listed, known=frozenset((*listed, *always)))

    @property
    def domain(self) -> str:
        """The domain of the first mailbox."""
        return _domain(self.listed[0])

    def find(self, address: str) -> str | None:
        """Give the mailbox that `address`, as a sender wrote it, stands for; None when it is not ours."""
        if address.isascii() and address.lower() == POSTMASTER:
            return f"{POSTMASTER}@{self.domain}"
        parts = _RECIPIENT.fullmatch(address)
        if parts is None:
            return None
        mailbox = f"{parts['local']}@{parts['domain']}".lower()
        return mailbox if mailbox in self.known else None


def _domain(mailbox: str) -> str:
    return mailbox.rpartition("@")[2]


def _malformed(words: list[str]) -> list[int]:
    return [place for place, word in enumerate(words, start=1) if not _MAILBOX.fullmatch(word)]


def _repeated(listed: tuple[str, ...]) -> list[int]:
    return [place for place, mailbox in enumerate(listed, start=1) if mailbox in listed[: place - 1]]
