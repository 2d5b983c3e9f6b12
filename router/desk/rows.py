"""The queue pane as values with named fields: what its template is given, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from itertools import groupby

from records.values import Category, InquiryFacts, Preview, State
from router.desk import times, words

CLASSES: Mapping[Category | None, tuple[str, str, str]] = {
    Category.GENERAL: ("g", "G", "General"),
    Category.CASE: ("c", "C", "Case-specific"),
    None: ("u", "?", "Undecided"),
}
# In doubt a person looks first: below this the class counts as undecided in the queue.
SURE = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """One line of the queue."""

    reference: str
    style: str
    letter: str
    class_words: str
    # The sender, or the reference where no preview was opened.
    heading: str = field(repr=False)
    line: str = field(repr=False)
    badges: tuple[str, ...]
    attachments: int
    is_urgent: bool
    is_taken: bool
    age: str
    due: str
    due_tone: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupView:
    """Rows that are due alike."""

    title: str
    rows: tuple[RowView, ...]

    @property
    def tone(self) -> str:
        """Late ones stand out."""
        return "late" if self.title == "Overdue" else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TabView:
    """A tab of the queue; `count` is None where none is kept."""

    id: str
    title: str
    count: int | None
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueView:
    """The queue pane."""

    tab: str
    tabs: tuple[TabView, ...]
    groups: tuple[GroupView, ...]
    next: str
    # The reference after the current one, for "skip"; "" at the end.
    following: str
    preceding: str
    units: str
    checked: str

    @property
    def count(self) -> int:
        """How many wait in the current tab, or how many rows stand here."""
        kept = next((tab.count for tab in self.tabs if tab.is_current and tab.count is not None), None)
        return kept if kept is not None else sum(len(group.rows) for group in self.groups)


def class_of(facts: InquiryFacts) -> tuple[str, str, str]:
    """Give a class's style, letter and words."""
    unsure = facts.confidence is not None and facts.confidence < SURE
    return CLASSES[None if unsure else facts.category]


def row(
    facts: InquiryFacts, preview: Preview | None, *, now: datetime, zone: tzinfo, current: str, reader_id: str
) -> RowView:
    """Give an inquiry as a row of the queue."""
    style, letter, class_words = class_of(facts)
    due, tone = times.due(facts.due_at, now, zone)
    if facts.state is State.HELD:
        line = words.held(facts.hold_reason)
    elif preview is None:
        line = "Opens with the inquiry"
    else:
        line = f"{preview.subject.strip() or 'No subject'}. {preview.first_sentence}".strip()
    return RowView(
        reference=facts.reference,
        style=style,
        letter=letter,
        class_words=class_words,
        heading=preview.sender if preview and preview.sender.strip() else facts.reference,
        line=line,
        badges=words.badges(facts.finding_counts),
        attachments=facts.attachment_count,
        is_urgent=facts.is_urgent,
        is_taken=facts.assigned_to is not None and facts.assigned_to != reader_id,
        age=times.age(facts.received_at, now),
        due=due,
        due_tone=tone,
        is_current=facts.reference == current,
    )


def groups(rows: Sequence[tuple[InquiryFacts, RowView]], now: datetime, zone: tzinfo) -> tuple[GroupView, ...]:
    """Give rows, which come in the order of their due dates, under their headings."""
    return tuple(
        GroupView(title=title, rows=tuple(view for _, view in members))
        for title, members in groupby(rows, key=lambda pair: times.group(pair[0].due_at, now, zone))
    )


def one_group(title: str, rows: Sequence[tuple[InquiryFacts, RowView]]) -> tuple[GroupView, ...]:
    """Give rows under one heading, where due dates say nothing any more."""
    return (GroupView(title=title, rows=tuple(view for _, view in rows)),) if rows else ()
