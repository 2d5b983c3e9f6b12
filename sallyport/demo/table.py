"""The table of the demonstration: what became of each inquiry, in a line of metadata. No word of a sender is in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TextIO

from rich import box
from rich.console import Console
from rich.table import Table

from records.values import Category, ChannelAllowed, InquiryFacts, State
from redaction import DESK, SHORT_NAMES, Kind

# Characters of a line where nobody says how wide the page is: a log, a pipe.
WIDTH = 160
COLUMNS = ("Reference", "Came by", "Written for it", "Removed", "Class, and why", "Unit", "Answer by")
ANSWERS: Mapping[ChannelAllowed, str] = {
    ChannelAllowed.EMAIL: "e-mail",
    ChannelAllowed.PHONE_OR_MAIL: "telephone or letter",
}
HOLDS = "holds an identifier"
CLASSES: Mapping[Category, str] = {Category.GENERAL: "general", Category.CASE: "case"}


def console(stream: TextIO, environment: Mapping[str, str]) -> Console:
    """Give a console for a stream: plain letters and lines where the locale does not promise more."""
    wide = None if stream.isatty() else WIDTH
    return Console(file=stream, width=wide, highlight=False, emoji=False, safe_box=is_plain(stream, environment))


def is_plain(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Tell whether only ASCII can be shown.

    Python brings C.UTF-8 about by itself where the locale is C (PEP 538), so LC_CTYPE with that value says nothing.
    """
    kind = environment.get("LC_CTYPE", "")
    named = environment.get("LC_ALL") or (kind if kind != "C.UTF-8" else "") or environment.get("LANG") or ""
    return not ("utf" in named.lower() and "utf" in (stream.encoding or "").lower())


def table_of(rows: Iterable[tuple[str, InquiryFacts]], *, plain: bool) -> Table:
    """Give the table; each row is a sample's title and its inquiry."""
    table = Table(box=box.ASCII if plain else box.SIMPLE_HEAD, pad_edge=False, expand=False)
    for name in COLUMNS:
        table.add_column(name, overflow="fold", no_wrap=name in {"Reference", "Came by"})
    for title, inquiry in rows:
        cells = (inquiry.reference, inquiry.channel.value, title, removed(inquiry), *standing(inquiry))
        table.add_row(*(cell.encode("ascii", "replace").decode() if plain else cell for cell in cells))
    return table


def removed(inquiry: InquiryFacts) -> str:
    """Say what was taken out, by kind and number; what the desk's readers may see is not counted."""
    counts = dict(inquiry.finding_counts)
    told = [(kind, counts[kind.value]) for kind in Kind if kind in DESK.masked and counts.get(kind.value)]
    words = [f"{SHORT_NAMES[kind]}" if number == 1 else f"{number} {SHORT_NAMES[kind]}" for kind, number in told]
    if inquiry.state is State.HELD:
        return "not scanned"
    return ", ".join(words) or "nothing"


def standing(inquiry: InquiryFacts) -> tuple[str, str, str]:
    """Give class with reason, unit, and how it may be answered; or why it is held."""
    if inquiry.state is State.HELD:
        return f"held: {inquiry.hold_reason}", "-", "by nobody yet"
    if inquiry.category is None or inquiry.channel_allowed is None:
        return inquiry.state.value, inquiry.unit or "-", "-"
    why = inquiry.reasons[0] if inquiry.reasons else "no reason"
    if why.startswith(HOLDS):
        why = HOLDS  # Which ones is said in the column beside it.
    return f"{CLASSES[inquiry.category]}: {why}", inquiry.unit or "-", ANSWERS[inquiry.channel_allowed]
