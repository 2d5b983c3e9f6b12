"""What the panes of a page are made of: asks the record and the unsealer once each, and gives values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from flask import request

from records.values import State
from router import lists
from router.clearance import SENTENCES
from router.desk import rows, times, words
from router.desk.needs import reader, scope
from router.desk.services import desk
from router.desk.session import token
from router.standing import standing_fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the page before did: words, and what takes it back."""

    done: str = ""
    refused: str = ""
    undo: str = ""

    @property
    def undo_words(self) -> str:
        """Say what undoing does."""
        return words.UNDO.get(self.undo, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The bar over all panes."""

    agency: str
    reader_name: str = field(repr=False)
    role: str
    time: str
    said: Said
    # Why this reader sees nothing at all, where they may put it right; "" for most.
    standing: str


def frame() -> Frame:
    """Give the bar; what it says of the act before is taken from tables, never from the address itself."""
    settings, now = desk().settings, desk().services.clock()
    return Frame(
        agency=settings.agency,
        reader_name=reader().name,
        role=words.plain(reader().role.value),
        time=times.clock_time(now, settings.zone_info()),
        said=_said(),
        standing=_standing(now),
    )


def queue_view(current: str = "") -> rows.QueueView:
    """Give the queue pane: one question to the record, one to the unsealer for the whole page."""
    services, settings = desk().services, desk().settings
    now, zone, me = services.clock(), settings.zone_info(), reader().id
    tab = _tab()
    with services.books.store.reading() as connection:
        page = lists.page(connection, scope(), tab, me, request.args.get("after", ""), settings.page_size)
        counts = lists.counts(connection, scope(), me)
    opened = [facts.reference for facts in page.rows if facts.state is not State.HELD]
    previews = services.opening.previews(token(), opened) if opened else {}
    views = [
        (facts, rows.row(facts, previews.get(facts.reference), now=now, zone=zone, current=current, reader_id=me))
        for facts in page.rows
    ]
    references = [facts.reference for facts in page.rows]
    place = references.index(current) if current in references else -1
    return rows.QueueView(
        tab=tab.value,
        tabs=tuple(
            rows.TabView(id=each.value, title=words.TITLES[each.value], count=counts.get(each), is_current=each is tab)
            for each in lists.Tab
        ),
        groups=rows.groups(views, now, zone) if tab is not lists.Tab.CLOSED else rows.one_group("Newest first", views),
        next=page.next,
        following=references[place + 1] if place + 1 < len(references) else "",
        preceding=references[place - 1] if place > 0 else "",
        units=words.joined(_unit_titles()),
        checked=times.clock_time(now, zone),
    )


def _tab() -> lists.Tab:
    asked = request.args.get("tab", "")
    return lists.Tab(asked) if asked in set(lists.Tab) else lists.Tab.UNITS


def _unit_titles() -> list[str]:
    return [unit.title for unit in desk().services.routes.units if unit.name in scope().units]


def _standing(now: datetime) -> str:
    if fault := standing_fault(reader(), now):
        return SENTENCES.get(fault, words.NOT_DONE["not-allowed"])
    return words.NO_GRANT if scope().nothing else ""


def _said() -> Said:
    done = words.DONE.get(request.args.get("done", ""), "")
    refused = words.NOT_DONE.get(request.args.get("refused", ""), "")
    undo = request.args.get("undo", "") if done else ""
    return Said(done=done, refused=refused, undo=undo if undo in words.UNDO else "")
