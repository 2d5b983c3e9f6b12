"""The desk's words for ids: calm sentences, one table each. All ids are ours."""

from __future__ import annotations

from collections.abc import Mapping

from router.clearance import SENTENCES

KINDS: Mapping[str, tuple[str, str, str]] = {
    # id: badge in the queue, one, several
    "US_SSN": ("SSN", "SSN", "SSNs"),
    "PARTIAL_SSN": ("SSN part", "part of an SSN", "parts of SSNs"),
    "US_EIN": ("EIN", "EIN", "EINs"),
    "US_ITIN": ("ITIN", "ITIN", "ITINs"),
    "CREDIT_CARD": ("card", "card number", "card numbers"),
    "BANK_ACCOUNT": ("bank", "bank account", "bank accounts"),
    "ROUTING_NUMBER": ("routing", "routing number", "routing numbers"),
    "STATE_EMPLOYER_ACCOUNT": ("employer acct", "employer account", "employer accounts"),
    "CLAIMANT_ID": ("claimant ID", "claimant ID", "claimant IDs"),
    "DATE_OF_BIRTH": ("birth date", "birth date", "birth dates"),
}

FLAGS: Mapping[str, str] = {
    "unscanned-attachment": "An attachment was not scanned. It is not served.",
    "encrypted": "A part was encrypted by the sender.",
    "broken-structure": "The message is built in a broken way. All that could be found in it was scanned.",
    "identifier-in-hidden-text": "A number stood only where a reader does not look. It was removed.",
    "hidden-text": "The message holds text that its reader would not have seen.",
    "reply-to-differs": "The Reply-To address is another one than the sender's. Nothing will be sent there.",
    "automatic": "A machine wrote this.",
    "bulk": "This was sent to many.",
}

HELD: Mapping[str, str] = {
    "encrypted": "The message is encrypted, and the key for it is not ours.",
    "unreadable": "The message could not be read as a mail.",
    "too-many-parts": "The message has more parts than are looked through.",
    "too-deep": "Messages lie within messages deeper than is looked through.",
    "too-large-decoded": "Unpacked, the message is larger than is looked through.",
    "archive-bomb": "An attached archive unpacks to far more than its size.",
    "missed-identifier": "A colleague saw that something was missed.",
    "needs-second-look": "A colleague asked for a second look.",
    "not-readable": "A colleague could not read it as it is.",
    "parser-died": "Reading it stopped unexpectedly.",
    "parser-not-started": "Nothing could be started to read it.",
    "too-slow": "Reading it took longer than is allowed.",
    "too-much-memory": "Reading it took more memory than is allowed.",
    "failed-triage": "It was read, and sorting it failed several times.",
}

ATTACHMENTS: Mapping[str, str] = {
    "type-not-read": "this kind of file is not looked into",
    "password": "it is locked with a password",
    "too-large": "it is too large",
    "broken": "it is damaged",
}

PURPOSES: Mapping[str, str] = {
    "triage": "to sort it",
    "answer": "to answer it",
    "supervise": "to supervise",
    "verify": "to verify a caller",
    "privacy_request": "for a privacy request",
    "legal_process": "for a legal process",
}

# What the form's choices say, in our words; what is no choice of ours stays as it was typed.
SPOKEN: Mapping[str, str] = {
    "en": "Speaks English.",
    "es": "Speaks Spanish: start with an interpreter.",
    "pt": "Speaks Portuguese: start with an interpreter.",
    "ht": "Speaks Haitian Creole: start with an interpreter.",
    "cmn": "Speaks Mandarin Chinese: start with an interpreter.",
    "yue": "Speaks Cantonese: start with an interpreter.",
    "vi": "Speaks Vietnamese: start with an interpreter.",
    "other": "Speaks another language: look in the message, and start with an interpreter.",
}
BEST_TIMES: Mapping[str, str] = {
    "any": "any",
    "morning": "morning, before noon",
    "noon": "noon to 2 pm",
    "afternoon": "after 2 pm",
}
STATED: Mapping[str, str] = {
    "own": "their own claim, account or letter",
    "general": "a general question",
    "unsure": "not sure",
}

CHANNELS: Mapping[str, str] = {"email": "by email", "form": "by web form", "import": "by import"}

# What an act did, said on the next page.
DONE: Mapping[str, str] = {
    "taken": "It is yours.",
    "given-back": "It is back in the queue.",
    "decided-general": "Class is general now. It may be answered by email.",
    "decided-case": "Class is case-specific now. It is answered by telephone or letter.",
    "sent-to-unit": "Sent to the unit.",
    "held": "Held. Nobody reads it until a supervisor or privacy officer lets it go.",
    "retried": "It is being read again.",
    "released": "Released. It is sorted on your text and goes to a unit.",
    "closed": "Closed.",
    "called-reached": "Call recorded. The inquiry is answered.",
    "called-voicemail": "Call recorded: voicemail.",
    "called-busy": "Call recorded: busy or no answer.",
    "called-wrong_number": "Call recorded: wrong number.",
    "letter-sent": "Letter recorded. The inquiry is answered.",
    "email-reply": "The answer leaves in 10 seconds.",
    "taken-back": "The answer was taken back. Its text is gone: write it again.",
    "asked-again": "Recorded, and closed.",
    "original-asked": "Asked. Nothing tells the second person: give them the reference, and reload this page later.",
    "original-approved": "Approved. Your colleague can open it for 15 minutes.",
}

# Why an act was not done, and what to do.
NOT_DONE: Mapping[str, str] = {
    "changed": "Somebody changed it in between. This is how it is now; look, then decide again.",
    "cannot-retry": "It cannot be tried again: release it with a redaction made by hand, or close it.",
    "wrong-state": "It is not at that point any more. This is how it is now.",
    "taken": "A colleague has taken it.",
    "not-yours": "Take it first: only the one it is assigned to answers it.",
    "same-class": "It has this class already.",
    "same-unit": "It is with this unit already.",
    "no-such-unit": "Choose a unit from the list.",
    "no-reason": "Choose a reason from the list.",
    "no-ground": "Choose a ground from the list.",
    "no-outcome": "Choose how it ended.",
    "no-text": "Write the text first.",
    "text-too-long": "The text is too long for one answer.",
    "number-in-text": "The text holds a number that must not be sent or shown, such as an SSN or EIN. Take it out.",
    "no-email": "This inquiry may not be answered by email.",
    "answer-waiting": "An answer is on its way already.",
    "answer-left": "The answer has left. It cannot be taken back.",
    "no-undo": "This cannot be undone.",
    "no-request": "This request is not there any more.",
    "no-reference": "A reference looks like INQ-K4M7-B29X.",
    "away": "The unsealer does not answer. Nothing is lost; try again in a minute.",
    "no-second-person": "A second person has not approved it.",
    "approval-expired": "The approval is over. Ask anew.",
    "approval-used": "The approval was used: it opens once. Ask anew.",
    "not-allowed": "You may not do this with this inquiry.",
    # A refusal by the rules themselves says what they say.
    **SENTENCES,
}

# What takes an act back, by the id that the use case gave.
UNDO: Mapping[str, str] = {
    "take": "Take it again",
    "give-back": "Undo",
    "decide-general": "Undo",
    "decide-case": "Undo",
    "take-back": "Undo, do not send",
}

NO_GRANT = "No grant of a unit holds for you: it waits for approval, or for its yearly review."

TITLES: Mapping[str, str] = {"units": "My units", "held": "Held", "mine": "Mine", "closed": "Done"}


def held(reason: str | None) -> str:
    """Say why an inquiry is held.

    >>> held("failed-cannot-open")
    'Reading it failed several times.'
    """
    if reason is None:
        return "It was not fully scanned."
    failed = "Reading it failed several times." if reason.startswith("failed-") else f"{plain(reason)}."
    return HELD.get(reason, failed)


def acknowledged(outcome: str) -> str:
    """Say whether the sender was told that it arrived.

    >>> acknowledged("sent"), acknowledged("silent:empty-return-path"), acknowledged("silent:auto-submitted")
    ('acknowledged', 'not acknowledged: no address', 'not acknowledged: auto submitted')
    """
    known = {
        "no": "not acknowledged yet",
        "sending": "being acknowledged",
        "sent": "acknowledged",
        "silent:empty-return-path": "not acknowledged: no address",
    }
    return known.get(outcome, f"not acknowledged: {plain(outcome.removeprefix('silent:')).lower()}")


def removed(counts: tuple[tuple[str, int], ...]) -> str:
    """Say what was removed: "2 SSNs and 1 EIN"; "" when nothing was.

    >>> removed((("US_EIN", 1), ("US_SSN", 2), ("PHONE", 1)))
    '2 SSNs and 1 EIN'
    """
    known = dict(counts)
    said = [
        f"{known[kind]} {many if known[kind] > 1 else one}" for kind, (_, one, many) in KINDS.items() if known.get(kind)
    ]
    return joined(said)


def reason(said: str) -> str:
    """Say a reason of the class, with our words for the kinds that it names.

    >>> reason("holds an identifier: US_EIN, US_SSN"), reason("names a day")
    ('holds an identifier: EIN, SSN', 'names a day')
    """
    what, colon, which = said.partition(": ")
    return what + colon + ", ".join(KINDS[kind][1] if kind in KINDS else kind for kind in which.split(", "))


def badges(counts: tuple[tuple[str, int], ...]) -> tuple[str, ...]:
    """Give the badges of a queue row, with how many where it is more than one.

    >>> badges((("US_EIN", 1), ("PHONE", 1)))
    ('EIN',)
    """
    known = dict(counts)
    return tuple(
        f"{badge} ×{known[kind]}" if known[kind] > 1 else badge  # noqa: RUF001 - the sign of times
        for kind, (badge, _, _) in KINDS.items()
        if known.get(kind)
    )


def joined(words: list[str]) -> str:
    """Join words as a person does.

    >>> joined(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def plain(an_id: str) -> str:
    """Give an id of ours as words, for one that no table has.

    >>> plain("employer_services")
    'Employer services'
    """
    return an_id.replace("_", " ").replace("-", " ").capitalize()
