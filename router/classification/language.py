"""In which of the languages served a message is written: by letters that only one has, and by its smallest words."""

from __future__ import annotations

import re
from collections.abc import Mapping

from router.classification.values import words_of

HAN = re.compile("[\u3400-\u9fff]")
# Letters with a horn or a dot below, and the barred d: of the languages served, only Vietnamese has them.
VIETNAMESE = re.compile("[\u01a1\u01b0\u0111\u1ea0-\u1ef9]")
# Letters and marks that of the other languages only one has.
OWN_LETTERS: Mapping[str, re.Pattern[str]] = {
    "es": re.compile("[\u00f1\u00bf\u00a1]"),
    "pt": re.compile("[\u00e3\u00f5\u00e7]"),
    "ht": re.compile("[\u00e8\u00f2]"),
}
WORD = re.compile(r"[^\W\d_]+")
LOOKED_AT = 4000


SMALL_WORDS: Mapping[str, frozenset[str]] = {
    "en": words_of(
        "the a an is are was to of and in on for my i you your it do does what when where how can not with at have has "
        "be this that if we our they if from or please who which there why any",
    ),
    "es": words_of(
        "el la los las un una es son y de que en por para con mi me su sus yo no se lo le qu\u00e9 c\u00f3mo "
        "cu\u00e1ndo d\u00f3nde donde cuando como si est\u00e1 hay ustedes del al desde pero qui\u00e9n m\u00e1s "
        "gracias hola tengo puedo quiero esto una",
    ),
    "pt": words_of(
        "o a os as um uma \u00e9 s\u00e3o e de que em por para com meu minha eu n\u00e3o se no na do da dos das qual "
        "quais como quando onde est\u00e1 tem voc\u00eas mas ao pra foi ainda obrigado obrigada quem mais "
        "ontem pela pelo sem nosso nossa quer ser pode saber",
    ),
    "ht": words_of(
        "mwen m ou li nou yo yon se pa nan pou ak gen sa ki ke konbyen kijan kil\u00e8 kote \u00e8ske eske te ap "
        "poukisa tanpri m\u00e8si mesi l\u00e8 epi men fe f\u00e8 moun sou lan bay jwenn biwo ye travay resevwa lajan",
    ),
    "vi": words_of(
        "khong toi cho cua la co duoc va nhung nay ngay nao bao lau gi the em anh chi minh sao thue han chot quy "
        "khai nguoi viec lam tien",
    ),
}
# The small words that say more than that a text is English, whose letters are everywhere.
ENGLISH_TOO = words_of("a an as at bay can chi de do em for gen gi he i in is la lan me men no of on so the")
ONLY_THERE: Mapping[str, frozenset[str]] = {
    name: small - SMALL_WORDS["en"] - ENGLISH_TOO for name, small in SMALL_WORDS.items() if name != "en"
}
LEAST_WORDS = 2
# A Vietnamese name or two does not make an English mail Vietnamese.
LEAST_LETTERS, WORDS_PER_LETTER = 2, 6
LEAST_HAN = 2


def language_of(text: str) -> str:
    """Give the language of a text, "en" where nothing says otherwise.

    >>> language_of("Qu\u00e9 documentos piden para cobrar"), language_of("konbyen jou moun genyen")
    ('es', 'ht')
    """
    looked_at = text[:LOOKED_AT].casefold()
    words = WORD.findall(looked_at)
    if len(HAN.findall(looked_at)) >= LEAST_HAN:
        return "zh"
    if len(VIETNAMESE.findall(looked_at)) >= max(LEAST_LETTERS, len(words) // WORDS_PER_LETTER):
        return "vi"
    counts = {name: sum(word in small for word in words) for name, small in SMALL_WORDS.items()}
    for name, letters in OWN_LETTERS.items():
        counts[name] += len(letters.findall(looked_at))
    best = max(counts, key=lambda name: (counts[name], name == "en"))
    return best if counts[best] else "en"


def languages_in(text: str) -> tuple[str, ...]:
    """Give every language that a text seems to hold some of, the one it is written in first.

    People mix, and a sentence about one's own claim must not be missed because the rest is in another language.

    >>> languages_in("Mwen pa resevwa ch\u00e8k mwen. What are the hours of the office?")
    ('en', 'ht')
    """
    first = language_of(text)
    folded = text.casefold()
    present = set(WORD.findall(folded))
    also = [name for name, small in ONLY_THERE.items() if len(present & small) >= LEAST_WORDS]
    also += ["zh"] if HAN.search(folded) else []
    also += ["vi"] if len(VIETNAMESE.findall(folded)) >= LEAST_LETTERS else []
    return (first, *sorted({*also, "en"} - {first}))
