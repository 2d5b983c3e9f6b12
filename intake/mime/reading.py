"""The one door: bytes in, a `Submission` out. It never raises for what the bytes are."""

from __future__ import annotations

from intake.mime.addresses import addresses
from intake.mime.automatic import auto_facts, language_of
from intake.mime.budget import Budget, OverBudget, Purse
from intake.mime.charsets import decode
from intake.mime.forms import Fields, is_form, read_form
from intake.mime.forms import language_of as form_language_of
from intake.mime.headers import Headers
from intake.mime.regions import Gathering, Region, Shape, well_formed
from intake.mime.walking import normalised, walk
from intake.submission import Address, AutoFacts, Place, Submission, held

# Of a message that is held before it was read to its end, what the last net takes, in bytes.
LAST_NET = 8 << 20
MANY_HOPS = 25
LONGEST_SUBJECT = 2000


def parse(raw: bytes, budget: Budget | None = None, *, may_be_form: bool = True) -> Submission:
    """Read a submission. Only memory that runs out is left to the caller."""
    gathering = Gathering(Purse(budget or Budget()))
    fields: Fields = ()
    try:
        if may_be_form and is_form(raw):
            fields = read_form(gathering, raw)
        else:
            walk(gathering, Region(data=normalised(raw), shape=Shape.MESSAGE))
    except OverBudget as excess:
        gathering.hold = excess.reason
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - the edge of the parser: whatever an odd mail meets in it, the mail is held, not lost
        gathering.hold = "unreadable"
    try:
        return _finished(_netted(gathering, raw), fields)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - as above, for what the facts of an odd header meet
        return held("unreadable")


def _netted(gathering: Gathering, raw: bytes) -> Gathering:
    """Add the bytes themselves where the reading did not come to its end, whatever has been spent."""
    if gathering.hold not in {None, "encrypted"}:
        gathering.purse = Purse(Budget())
        gathering.add(Place.RAW, "message", decode(raw[:LAST_NET]))
        for draft in gathering.attachments:
            draft.fail("too-large" if gathering.hold != "unreadable" else "broken")
            gathering.flags.add("unscanned-attachment")
    return gathering


def _finished(gathering: Gathering, fields: Fields) -> Submission:
    if gathering.hold is None and gathering.has_encrypted_words and not gathering.has_shown_body():
        gathering.hold = "encrypted"
    headers = gathering.headers
    auto = AutoFacts() if fields else auto_facts(headers, gathering.media_type)
    senders = _form_sender(fields) if fields else _addresses(headers, "from")
    reply_to = _addresses(headers, "reply-to")
    subject = dict(fields).get("subject", "") if fields else headers.text("subject")
    gathering.flags.update(() if fields else _flags(auto, senders, reply_to))
    return Submission(
        subject=well_formed(subject)[:LONGEST_SUBJECT],
        senders=senders,
        reply_to=reply_to,
        auto=auto,
        passages=gathering.passages(),
        attachments=tuple(draft.finished() for draft in gathering.attachments),
        flags=tuple(sorted(gathering.flags)),
        hold=gathering.hold,
        form=tuple((well_formed(name), well_formed(value)) for name, value in fields),
        language=form_language_of(fields) if fields else language_of(headers),
    )


def _addresses(headers: Headers, name: str) -> tuple[Address, ...]:
    return tuple(
        Address(name=well_formed(each.name), address=well_formed(each.address))
        for value in headers.all_raw(name)
        for each in addresses(value)
    )


def _form_sender(fields: Fields) -> tuple[Address, ...]:
    known = dict(fields)
    name, address = known.get("name", "").strip(), known.get("email", "").strip()
    return (Address(name=well_formed(name), address=well_formed(address)),) if name or address else ()


def _flags(auto: AutoFacts, senders: tuple[Address, ...], reply_to: tuple[Address, ...]) -> set[str]:
    """Give what a person should know of a mail's header; none of it is a reason to refuse or lose it."""
    domains = {each.address.rpartition("@")[2].lower() for each in senders}
    answers = {each.address.rpartition("@")[2].lower() for each in reply_to}
    judgements = {
        "no-sender": not senders,
        "several-senders": len(senders) > 1,
        "reply-to-elsewhere": bool(answers and not answers <= domains),
        "name-holds-address": any("@" in each.name and each.address not in each.name for each in senders),
        "many-hops": auto.received_count > MANY_HOPS,
        "report": auto.is_report,
        "no-message-id": not auto.message_id,
    }
    return {flag for flag, holds in judgements.items() if holds}
