"""Context: which label a number stands nearest to, and how near."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Final

from redaction.columns import Claim
from redaction.labels import Meaning
from redaction.numbers import Number, between
from redaction.sightings import Sighting

FARTHEST: Final = 160  # Characters between a label and a number: about two lines. Macie uses 30, Purview 300.
LABELS_EACH_SIDE: Final = 4

# What stands between a label and its own number and says nothing else. Bounded: matched within a short stretch.
FILLER: Final = re.compile(
    r"[\s:#=.,()\"'*_~`/>-]*(?:(?:numbers?|no|num|nr|id|code|is|was|are|it|its|it's|the|of|for|my|his|her|our|your|please|on|form|this|that"
    r"|that's|says?|shows?|as|following|below|above|here|follows|es|el|la|mi|de|su|e|o|a|meu|minha|se|ye|li|numero|nimewo|xxx|new|old|same|one|to|from|with|card|in|value|name)"
    r"[\s:#=.,()\"'*_~`/>-]+){0,7}",
    re.IGNORECASE,
)
# "006708953 is my social", "123456789 (SSN)".
LINK: Final = re.compile(
    r"[\s,\"')]*(?:\(|\[|=|<-|(?:is|was|are|being|as|es|e|ye|se|la|est|là)\s(?:(?:my|his|her|our|the|their|your|a|an|mi|su|el|meu|minha|o|mon|ma|full|correct|right|wife's|husband's|son's|daughter's)\s){0,3})\s*",
    re.IGNORECASE,
)
SENTENCE_END: Final = re.compile(r"[.!?;]\s|。")

LINE, SENTENCE, NUMBER_BETWEEN, AFTERWARDS, TAKEN = 10, 15, 30, 10, 40  # Costs, in characters of distance.


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A label near a number, and the cost of believing that it speaks of that number: about the characters between."""

    meaning: Meaning
    cost: int
    is_adjacent: bool  # Nothing but filler stands between, or a column's header says it.


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """All labels of a view, sorted, and what is needed to weigh them."""

    text: str = field(repr=False)
    sightings: tuple[Sighting, ...]
    starts: tuple[int, ...]  # Of the sightings.
    numbers: tuple[int, ...]  # Where runs of digits and tokens start.
    claims: tuple[Claim, ...]  # Cells whose column has a header that is a label.

    def near(self, number: Number) -> tuple[Near, ...]:
        """Give the labels near a number, the likeliest first."""
        found = [*self._claimed(number), *self._before(number), *self._after(number)]
        return tuple(sorted(found, key=lambda near: near.cost))

    def _claimed(self, number: Number) -> list[Near]:
        index = bisect_left(self.claims, number.end, key=lambda claim: claim.start) - 1
        if index >= 0 and self.claims[index].start <= number.start and number.end <= self.claims[index].end:
            return [Near(meaning=self.claims[index].meaning, cost=0, is_adjacent=True)]
        return []

    def _before(self, number: Number) -> list[Near]:
        last = bisect_left(self.starts, number.start)
        found = []
        for sighting in reversed(self.sightings[max(0, last - LABELS_EACH_SIDE) : last]):
            if sighting.end > number.start or number.start - sighting.end > FARTHEST:
                continue
            if FILLER.fullmatch(self.text, sighting.end, number.start):
                lines = self.text.count("\n", sighting.end, number.start)
                found.append(Near(meaning=sighting.meaning, cost=1 + lines, is_adjacent=True))
                continue
            found.append(Near(meaning=sighting.meaning, cost=self._cost(sighting.end, number.start), is_adjacent=False))
        return found

    def _after(self, number: Number) -> list[Near]:
        first = bisect_left(self.starts, number.end)
        found = []
        for sighting in self.sightings[first : first + LABELS_EACH_SIDE]:
            if sighting.start - number.end > FARTHEST:
                break
            if LINK.fullmatch(self.text, number.end, sighting.start):
                found.append(Near(meaning=sighting.meaning, cost=2, is_adjacent=True))
                continue
            taken = TAKEN if self._has_its_own(sighting) else 0
            cost = self._cost(number.end, sighting.start) + AFTERWARDS + taken
            found.append(Near(meaning=sighting.meaning, cost=cost, is_adjacent=False))
        return found

    def _has_its_own(self, sighting: Sighting) -> bool:
        index = bisect_left(self.numbers, sighting.end)
        if index == len(self.numbers) or self.numbers[index] - sighting.end > FARTHEST:
            return False
        return FILLER.fullmatch(self.text, sighting.end, self.numbers[index]) is not None

    def _cost(self, start: int, end: int) -> int:
        stretch = self.text[start:end]
        return (
            len(stretch)
            + LINE * stretch.count("\n")
            + SENTENCE * len(SENTENCE_END.findall(stretch))
            + NUMBER_BETWEEN * between(self.numbers, start, end)
        )
