"""The cue tables of all languages, put together by what they are for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from router.classification.cues import Cues
from router.classification.words import chinese, english, haitian, portuguese, spanish, vietnamese


@dataclass(frozen=True, slots=True)
class Tables:
    """One table per language."""

    tables: Mapping[str, Cues]

    def of(self, language: str) -> Cues:
        """Give the table for a language; it holds the English phrases too, because people mix."""
        return self.tables.get(language, self.tables["en"])


def _tables(**per_language: Cues) -> Tables:
    everywhere = per_language["en"].phrases
    mixed = {name: Cues.of(*cues.phrases, *everywhere) for name, cues in per_language.items() if name != "en"}
    return Tables({**mixed, "en": per_language["en"]})


HARMLESS = _tables(
    en=english.HARMLESS,
    es=spanish.HARMLESS,
    pt=portuguese.HARMLESS,
    ht=haitian.HARMLESS,
    zh=chinese.HARMLESS,
    vi=vietnamese.HARMLESS,
)
OWN = _tables(
    en=english.OWN,
    es=spanish.OWN,
    pt=portuguese.OWN,
    ht=haitian.OWN,
    zh=chinese.OWN,
    vi=vietnamese.OWN,
)
IMPLIED = _tables(
    en=english.IMPLIED,
    es=spanish.IMPLIED,
    pt=portuguese.IMPLIED,
    ht=haitian.IMPLIED,
    zh=chinese.IMPLIED,
    vi=vietnamese.IMPLIED,
)
GENERAL = _tables(
    en=english.GENERAL,
    es=spanish.GENERAL,
    pt=portuguese.GENERAL,
    ht=haitian.GENERAL,
    zh=chinese.GENERAL,
    vi=vietnamese.GENERAL,
)
URGENT = _tables(
    en=english.URGENT,
    es=spanish.URGENT,
    pt=portuguese.URGENT,
    ht=haitian.URGENT,
    zh=chinese.URGENT,
    vi=vietnamese.URGENT,
)
