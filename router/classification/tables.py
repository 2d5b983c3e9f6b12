"""The cue tables of all languages, put together by what they are for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from router.classification.cues import Cues
from router.classification.words import chinese, english, haitian, portuguese, spanish, vietnamese


@dataclass(frozen=True, slots=True)
class Tables:
    """One table per language; a text is looked through with those of all languages it holds some of."""

    tables: Mapping[str, Cues]

    def first(self, languages: tuple[str, ...], text: str) -> str | None:
        """Give the first phrase that a folded text holds in one of these languages, or None."""
        return next((cue for name in languages if (cue := self.tables[name].first(text))), None)

    def without(self, languages: tuple[str, ...], text: str) -> str:
        """Give the text with every phrase of these languages taken out."""
        for name in languages:
            text = self.tables[name].without(text)
        return text


HARMLESS = Tables(
    {
        "en": english.HARMLESS,
        "es": spanish.HARMLESS,
        "pt": portuguese.HARMLESS,
        "ht": haitian.HARMLESS,
        "zh": chinese.HARMLESS,
        "vi": vietnamese.HARMLESS,
    }
)
OWN = Tables(
    {
        "en": english.OWN,
        "es": spanish.OWN,
        "pt": portuguese.OWN,
        "ht": haitian.OWN,
        "zh": chinese.OWN,
        "vi": vietnamese.OWN,
    }
)
IMPLIED = Tables(
    {
        "en": english.IMPLIED,
        "es": spanish.IMPLIED,
        "pt": portuguese.IMPLIED,
        "ht": haitian.IMPLIED,
        "zh": chinese.IMPLIED,
        "vi": vietnamese.IMPLIED,
    }
)
GENERAL = Tables(
    {
        "en": english.GENERAL,
        "es": spanish.GENERAL,
        "pt": portuguese.GENERAL,
        "ht": haitian.GENERAL,
        "zh": chinese.GENERAL,
        "vi": vietnamese.GENERAL,
    }
)
URGENT = Tables(
    {
        "en": english.URGENT,
        "es": spanish.URGENT,
        "pt": portuguese.URGENT,
        "ht": haitian.URGENT,
        "zh": chinese.URGENT,
        "vi": vietnamese.URGENT,
    }
)
