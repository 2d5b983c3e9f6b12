"""The work: jobs, what is held, alarms; and the audit log, which tells of all of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import func, select

from records.audit import CHECKPOINTS, verify
from records.digests import DigestPurpose
from records.ledger import total
from records.overdue import HELD_TOO_LONG, business_day_before
from records.overview import JobsOfAKind, overview
from records.settling import RESTORED
from records.tables import AuditRow
from records.values import State
from sallyport.doctor.finding import Finding, look, ok, wrong
from sallyport.doctor.house import DAY, HOUR, MINUTE, House, ago

LATE = 10 * MINUTE  # A worker that is there takes a ready job up within seconds.
VERY_LATE = HOUR
CHECKPOINT_DAYS = 2
# What to do about an open alarm, by its kind.
REMEDIES: Mapping[str, str] = {
    HELD_TOO_LONG: "somebody at the desk sees to the held inquiries; the alarm goes by itself",
    RESTORED: "see who left and what was put on legal hold since the backup; then `sallyport doctor --clear restored`",
    "taking-paused": "no mail is taken: the lines about space, database and jobs here say why; it goes by itself",
    "redis-away": "bring Redis back; jobs are done more slowly until then, and none is lost",
    "certificate-not-loaded": "look at the certificate and key for STARTTLS; the old ones are still used",
    "routes-not-loaded": "look at the routes file; the old routes are still used",
    "reply-stopped": "an answer was about to carry what must not leave: somebody at the desk answers another way",
}
ANY = "look at the log of that time; after seeing to it, `sallyport doctor --clear {}`"


def jobs(house: House) -> Iterator[Finding]:
    """See whether jobs are taken up, and which fail."""
    now = house.clock()
    with house.stores.record.reading() as connection:
        found = overview(connection, now)
    for kind in found.jobs:
        said = f"{kind.kind}: {kind.ready} ready, {kind.taken} taken up, {kind.waiting} wait for another try"
        if kind.failing:
            said += f", {kind.failing} have failed before"
        late = now - kind.ready_since if kind.ready_since else MINUTE * 0
        if late > LATE:
            make = wrong if late > VERY_LATE else look
            yield make(
                "jobs", f"{said}; the oldest since {_since(kind, house)}", "is a worker running, and its log quiet?"
            )
        elif kind.failing:
            yield look("jobs", said, "the log says why (`job failed`); they are tried again by themselves")
        else:
            yield ok("jobs", said)
    if not found.jobs:
        yield ok("jobs", "none is left to do")
    counts = dict(found.states)
    held, since = counts[State.HELD], found.held_since
    if held and since is not None and since < business_day_before(now):
        said = f"{held} inquiries are held, the oldest since {ago(since, now)}"
        yield look("held", said, "somebody at the desk sees to them: they wait for a person")
    else:
        yield ok("held", f"{held} inquiries are held" + (f", the oldest since {ago(since, now)}" if since else ""))
    for alarm in found.alarms:
        remedy = REMEDIES.get(alarm.kind, ANY.format(alarm.kind))
        yield look("alarm", f"{alarm.kind}: {alarm.count} open, the oldest since {ago(alarm.since, now)}", remedy)
    if not found.alarms:
        yield ok("alarm", "none is open")


def audit(house: House) -> Iterator[Finding]:
    """See how old the last checkpoint is and where it lies; with `--full`, verify every line."""
    now, settings = house.clock(), house.settings
    newest = select(func.max(AuditRow.at)).where(AuditRow.chain == CHECKPOINTS)
    with house.stores.record.reading(takes_time=True) as connection:
        made_at = connection.execute(newest).scalar()
        lines = connection.execute(select(func.count()).select_from(AuditRow)).scalar_one()
        root = house.ring.digests()[DigestPurpose.AUDIT.value]
        faults = list(verify(connection, root)) if house.is_full else []
    if faults:
        yield wrong(
            "audit", f"{len(faults)} faults in the audit log", "run `sallyport audit verify`, and tell your officer"
        )
    elif house.is_full:
        yield ok("audit", f"all {lines} lines of the log are unbroken")
    if lines and (made_at is None or now - made_at > CHECKPOINT_DAYS * DAY):
        said = f"the last checkpoint was made {ago(made_at, now)}" if made_at else "there is no checkpoint yet"
        yield look("audit", said, "a worker makes one each day: is one running? Or run `sallyport audit checkpoint`")
    elif made_at is not None:
        yield ok("audit", f"the last checkpoint was made {ago(made_at, now)}")
    if settings.checkpoints.is_relative_to(settings.data):
        yield look(
            "audit",
            "checkpoints lie in the data folder, where whoever changes the log can change them too",
            "copy them to another machine each day, or name a folder of one in SALLYPORT_CHECKPOINTS",
        )


def ledger(house: House) -> Iterator[Finding]:
    """With `--full`, add everything up."""
    if house.is_full:
        found = total(house.stores)
        yield from (wrong("ledger", fault, "run `sallyport ledger`, and keep its output") for fault in found.faults)
        if found.is_even:
            yield ok("ledger", f"{found.accepted} accepted, and all accounted for")


def _since(kind: JobsOfAKind, house: House) -> str:
    return ago(kind.ready_since, house.clock()) if kind.ready_since else ""
