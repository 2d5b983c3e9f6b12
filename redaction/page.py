"""A page: a view with everything that detectors look at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from redaction.columns import claims
from redaction.context import Context, Near
from redaction.folding import BARRIER
from redaction.kinds import Kind
from redaction.labels import Meaning
from redaction.numbers import SHORTEST, Number, numbers_in
from redaction.sightings import Sighting, sightings
from redaction.spoken import mistyped, spoken

BARRIERS: Final = re.compile(BARRIER)
NEGATIVE_REACH: Final = 25  # Characters: a label of another kind farther than this says nothing about a number.


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a detector says: a kind, a place in the view, how sure, and why."""

    kind: Kind
    start: int
    end: int
    confidence: float
    rule: str
    is_part: bool = False  # What was left of it beside stronger evidence.


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A number, and the label that most likely speaks of it."""

    number: Number
    owner: Near | None
    near: tuple[Near, ...]

    def cost(self, *meanings: Meaning) -> int | None:
        """Give the cost of believing the owner, if it has one of the meanings."""
        return self.owner.cost if self.owner and self.owner.meaning in meanings else None

    def is_labelled(self, *meanings: Meaning, within: int) -> bool:
        """Tell whether the owner has one of the meanings and stands near enough."""
        cost = self.cost(*meanings)
        return cost is not None and cost <= within

    def is_adjacent(self, *meanings: Meaning) -> bool:
        """Tell whether the owner has one of the meanings and only filler stands between."""
        return self.owner is not None and self.owner.is_adjacent and self.owner.meaning in meanings


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A view as detectors see it."""

    text: str = field(repr=False)
    numbers: tuple[Labelled, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    context: Context | None = None
    has_digits: bool = False

    def of_length(self, *lengths: int) -> Iterator[Labelled]:
        """Give the numbers that have as many digits."""
        return (labelled for labelled in self.numbers if len(labelled.number.digits) in lengths)


def page_of(text: str) -> Page:
    """Read a view. Without a digit or a number word there is nothing to read but words."""
    runs, numbers = numbers_in(text)
    guesses = (*spoken(text), *(mistyped(text) if numbers else ()))
    if not numbers and not guesses:
        return Page(text=text)
    seen = tuple(sightings(text))
    barriers = (match.start() for match in BARRIERS.finditer(text))
    context = Context(
        text=text,
        sightings=seen,
        starts=tuple(sighting.start for sighting in seen),
        numbers=tuple(sorted([*(run.groups[0][0] for run in runs if _is_long(run.groups)), *barriers])),
        claims=claims(text, seen),
    )
    labelled = tuple(_labelled(number, context) for number in (*numbers, *guesses) if _is_worth_a_look(number))
    return Page(text=text, numbers=labelled, sightings=seen, context=context, has_digits=bool(numbers))


def _is_long(groups: tuple[tuple[int, int], ...]) -> bool:
    return groups[-1][1] - groups[0][0] >= SHORTEST


def _is_worth_a_look(number: Number) -> bool:
    """Leave out what is too short, and the last group of a longer number."""
    return len(number.digits) > SHORTEST or (len(number.digits) == SHORTEST and not number.is_cut)


def _labelled(number: Number, context: Context) -> Labelled:
    near = context.near(number)
    owner = next((n for n in near if n.meaning is not Meaning.OTHER or n.is_adjacent or n.cost <= NEGATIVE_REACH), None)
    return Labelled(number=number, owner=owner, near=near)
