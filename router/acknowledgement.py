"""Whether an automatic acknowledgement may leave, and to whom: the rules of RFC 3834, as a table with their sources.

Silence is the safe answer: whoever gets no acknowledgement still gets an answer, and a loop of two machines ends with
the first one that says nothing. What the message says is in `router.acknowledgement_text`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from router.acknowledgement_text import ACKNOWLEDGED, ENVELOPE_SENDER, AcknowledgementFault, Agency, compose

__all__ = (
    "ENVELOPE_SENDER",
    "RULES",
    "AckFacts",
    "Acknowledge",
    "AcknowledgementFault",
    "Agency",
    "Recent",
    "Silent",
    "answers_ours",
    "compose",
    "facts_from",
    "may_acknowledge",
)

LONGEST_ADDRESS = 254  # RFC 5321 section 4.5.3.1.3: a path of 256 with its brackets.
# More hops than any sound way of a mail has; a loop between two hosts shows here first (RFC 5321 section 6.3).
MOST_HOPS = 25
# RFC 5230 section 4.6 answers one sender once in seven days. Here each new inquiry has a reference of its own, which
# people need, so a few are let through; the caller counts over PERIOD_DAYS.
PERIOD_DAYS = 7
MOST_TO_SENDER = 3
MOST_TO_DOMAIN = 200
MOST_TO_ALL = 20_000

# One plain mailbox. Quoted local parts and address literals are lawful and never used by people who write to us.
ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,63}",
)
# Local parts behind which sits a machine (RFC 3834 section 2, RFC 5230 section 4.6, and the spellings of practice).
ROBOTS = re.compile(
    r"(?:mailer-daemon|postmaster|listserv|majordomo|mailman|uucp|nobody|daemon|autoreply|auto-reply|autoresponder"
    r"|(?:no|not|do-?not|donot)[-_.]?reply.*|bounces?(?:[-_+=.].*)?|owner-.*|.*-(?:owner|request|bounces?|errors?))",
)
SILENT_PRECEDENCE = frozenset({"bulk", "list", "junk", "auto_reply", "auto-reply"})
SILENT_SUPPRESS = frozenset({"all", "oof", "autoreply"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AckFacts:
    """What the header and the transport of a submission say about answering it by machine.

    Nothing known means silence: without `is_addressed_to_us` no acknowledgement leaves.
    """

    # The values of the fields of these names, "" when they are absent.
    auto_submitted: str = field(default="", repr=False)
    precedence: str = field(default="", repr=False)
    # X-Auto-Response-Suppress.
    suppress: str = field(default="", repr=False)
    # Any List-* field.
    has_list_fields: bool = False
    # multipart/report, message/delivery-status, message/disposition-notification, message/feedback-report.
    is_report: bool = False
    # X-Loop, X-Autoreply, X-Autorespond, or a mark of our own in the trace.
    has_loop_fields: bool = False
    # In-Reply-To or References names an acknowledgement of ours; see `answers_ours`.
    is_reply_to_ours: bool = False
    # One of our addresses stands in To, Cc, Resent-To or Resent-Cc.
    is_addressed_to_us: bool = False
    # How many Received fields there are.
    received_count: int = 0
    # The gateway found that the sender is not who it says (SPF, DMARC), or that it is spam.
    is_suspicious: bool = False
    # The person asked not to be sent e-mail (policy: C2).
    has_opted_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """How many acknowledgements left within PERIOD_DAYS; counted in the commit that writes the next one down."""

    to_sender: int = 0
    to_domain: int = 0
    to_all: int = 0
    # The same Message-ID was acknowledged before.
    is_same_message: bool = False


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Yes, to this one address."""

    to: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Silent:
    """No, and the id of the rule that says so."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    sender: str = field(repr=False)
    facts: AckFacts
    ours: frozenset[str]
    recent: Recent


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason for silence: its id, where it comes from, and when it applies."""

    reason: str
    source: str
    applies: Callable[[_Asked], bool]


def _is_automatic(asked: _Asked) -> bool:
    # The value ends at the first parameter; "no" alone means that a person wrote it.
    value = asked.facts.auto_submitted.partition(";")[0].partition("(")[0].strip().casefold()
    return value not in {"", "no"}


def _is_suppressed(asked: _Asked) -> bool:
    wanted = {word.strip().casefold() for word in asked.facts.suppress.split(",")}
    return not wanted.isdisjoint(SILENT_SUPPRESS)


def _is_ours(asked: _Asked) -> bool:
    return _without_tag(asked.sender.casefold()) in asked.ours


def _is_limited(asked: _Asked) -> bool:
    recent = asked.recent
    return recent.to_sender >= MOST_TO_SENDER or recent.to_domain >= MOST_TO_DOMAIN or recent.to_all >= MOST_TO_ALL


# First who would get it, then what the message says of itself, then what we have sent already.
RULES: tuple[Rule, ...] = (
    Rule("empty-return-path", "RFC 3834 section 2: never to a bounce", lambda a: a.sender in {"", "<>"}),
    Rule(
        "unusable-address",
        "RFC 3834 section 4: one address, the return path",
        lambda a: len(a.sender) > LONGEST_ADDRESS or ADDRESS.fullmatch(a.sender) is None,
    ),
    Rule("our-own-address", "RFC 3834 section 2: never to ourselves", _is_ours),
    Rule(
        "machine-address",
        "RFC 3834 section 2, RFC 5230 section 4.6: owner-, -request, MAILER-DAEMON",
        lambda a: ROBOTS.fullmatch(a.sender.rpartition("@")[0].casefold()) is not None,
    ),
    Rule("automatic", "RFC 3834 section 2 and 5: Auto-Submitted other than no", _is_automatic),
    Rule("list", "RFC 3834 section 2: List-* fields", lambda a: a.facts.has_list_fields),
    Rule(
        "bulk",
        "RFC 3834 section 2: Precedence bulk, list, junk",
        lambda a: a.facts.precedence.strip().casefold() in SILENT_PRECEDENCE,
    ),
    Rule("report", "RFC 3834 section 2: reports and receipts", lambda a: a.facts.is_report),
    Rule("suppressed", "X-Auto-Response-Suppress, as Exchange reads it", _is_suppressed),
    Rule("loop", "RFC 3834 section 3.1.8 and practice: X-Loop and its kin", lambda a: a.facts.has_loop_fields),
    Rule(
        "reply-to-ours",
        "RFC 3834 section 2: what answers a machine gets no machine",
        lambda a: a.facts.is_reply_to_ours,
    ),
    Rule("too-many-hops", "RFC 5321 section 6.3: loops", lambda a: a.facts.received_count > MOST_HOPS),
    Rule(
        "not-addressed-to-us",
        "RFC 3834 section 2, RFC 5230 section 4.5: our address in To or Cc",
        lambda a: not a.facts.is_addressed_to_us,
    ),
    Rule("suspicious", "RFC 3834 section 7: no backscatter", lambda a: a.facts.is_suspicious),
    Rule("opted-out", "policy: C2", lambda a: a.facts.has_opted_out),
    Rule("same-message", "RFC 3834 section 2: a message is answered once", lambda a: a.recent.is_same_message),
    Rule("too-many", "RFC 3834 section 2, RFC 5230 section 4.2: a limit per sender", _is_limited),
)


def may_acknowledge(
    sender: str,
    facts: AckFacts,
    our_addresses: Collection[str],
    recent: Recent,
) -> Acknowledge | Silent:
    """Decide whether a machine may answer. `sender` is the envelope's return path and nothing from the header."""
    ours = frozenset(_without_tag(address.casefold()) for address in our_addresses)
    asked = _Asked(sender=sender, facts=facts, ours=ours, recent=recent)
    for rule in RULES:
        if rule.applies(asked):
            return Silent(rule.reason)
    return Acknowledge(sender)


def facts_from(names: Mapping[str, Any]) -> AckFacts:
    """Give the facts from a plain mapping, as they are kept sealed; names that are not known are passed over."""
    return AckFacts(**{entry.name: names[entry.name] for entry in fields(AckFacts) if entry.name in names})


def answers_ours(identifiers: Collection[str]) -> bool:
    """Tell whether one of these Message-IDs (of In-Reply-To and References) is that of an acknowledgement.

    >>> answers_ours(["<a.b@example.org>", "<auto.inq-k4m7-b29x@example.org>"])
    True
    """
    return any(ACKNOWLEDGED.match(identifier.strip()) for identifier in identifiers)


def _without_tag(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
