"""Cues: phrases from our own tables, looked for in a folded text; what is found is named by the table's own words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# A phrase is words with one space between them. "*" is the rest of a word, "(a|b)" a choice, "?" after a word or a
# choice makes it one that may be missing, and "..." stands for up to seven words of any kind. It begins with a word
# that is not optional.
TOKEN = re.compile(r"(?:\([^()]*\)|[^ ()])+")
OPEN_WORDS = re.compile(r"\*|\.\.\.")
SPACE = r"[\s,]+"
GAP = rf"(?:{SPACE}[\w'$.-]+){{0,7}}"
# Quotation marks, dashes, and the barred d, which is a letter of its own and has no mark to take off.
PLAIN = str.maketrans("\u2018\u2019\u201c\u201d\u2013\u2014\u0111", "''\"\"--d")
SPACES = re.compile(r"\s+")
MARKS = re.compile(r"[\u0300-\u036f]")
NEVER = r"(?!)"
HAN = re.compile("[\u3400-\u9fff]")


def fold(text: str) -> str:
    """Fold a text so that a phrase can be looked for: compatibility forms, case, accents and white space made plain.

    Accents go because people write without them on a telephone; the tables are folded in the same way.

    >>> fold("¿Cuándo  abren?")
    '¿cuando abren?'
    """
    folded = unicodedata.normalize("NFKD", text).translate(PLAIN).casefold().translate(PLAIN)
    return SPACES.sub(" ", MARKS.sub("", folded)).strip()


@dataclass(frozen=True, slots=True)
class Cues:
    """A table of phrases, as one pattern. The time it takes grows with the text alone."""

    phrases: tuple[str, ...]
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, *phrases: str) -> Cues:
        """Make a table. A phrase is in Chinese letters or in others, and never mixes them."""
        # Chinese is written without spaces, so its phrases may stand anywhere; all others begin and end with a word.
        spaced = tuple(phrase for phrase in phrases if not HAN.search(phrase))
        unspaced = tuple(phrase for phrase in phrases if HAN.search(phrase))
        # The test for a word's beginning stands before the choice: most places in a text fail it, and cost no more.
        # An empty group at its end tells which one it was: with a group around it, the engine could not see by the
        # first letter that most of them need no try.
        words = "|".join(f"{_expression(fold(phrase))}()" for phrase in spaced) or NEVER
        anywhere = "|".join(f"{_word(fold(phrase))}()" for phrase in unspaced) or NEVER
        return cls((*spaced, *unspaced), re.compile(rf"(?<!\w)(?:{words})(?!\w)|{anywhere}"))

    def first(self, text: str) -> str | None:
        """Give the first phrase that a folded text holds, or None."""
        return next(self.all(text), None)

    def all(self, text: str) -> Iterator[str]:
        """Give the phrases that a folded text holds, in the order of the text.

        A phrase that leaves room for words which are not in the table is given as it stands in the table, so that
        nothing of the sender's is ever given.
        """
        for match in self.pattern.finditer(text):
            phrase = self.phrases[(match.lastindex or 1) - 1]
            yield phrase if OPEN_WORDS.search(phrase) else re.sub(SPACE, " ", match[0])

    def without(self, text: str) -> str:
        """Give the text with every phrase of the table taken out."""
        return self.pattern.sub(" ; ", text)


def _expression(phrase: str) -> str:
    first, *others = TOKEN.findall(phrase)
    return _word(first) + "".join(_following(token) for token in others)


def _following(piece: str) -> str:
    """Give the expression of a word with the space before it."""
    if piece == "...":
        return GAP
    return f"(?:{SPACE}{_word(piece[:-1])})?" if piece.endswith("?") else SPACE + _word(piece)


def _word(token: str) -> str:
    """Give the expression of one word or choice; only the signs of a choice and of the rest of a word are kept."""
    signs = {"(": "(?:", ")": ")", "|": "|", "*": r"\w*", " ": SPACE}
    return "".join(signs.get(character) or re.escape(character) for character in token)
