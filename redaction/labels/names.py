"""The words that say a person's name follows, without accents, as a view has them."""

from __future__ import annotations

from typing import Final

INTRODUCTIONS: Final = (
    "my name is", "my full name is", "my name's", "me llamo", "mi nombre es", "meu nome e", "me chamo", "chamo-me",
    "mwen rele", "non mwen se", "non m se", "je m'appelle", "mon nom est", "toi ten la", "ten toi la", "mi chiamo",
)  # fmt: skip
# These begin other sentences too, so two capitals must follow.
SAYING_WHO: Final = ("Soy", "I am", "I'm", "This is", "Sou", "Eu sou", "Mwen se", "Je suis", "Toi la", "Sono")
WHOSE: Final = (
    "full", "first and last", "claimant", "employee", "worker", "applicant", "employer contact", "contact", "your",
    "legal",
)  # fmt: skip
FIELDS: Final = ("name", "nombre", "nome", "non", "nom", "ten", "ho ten")
LAST_WORDS: Final = (
    "regards", "best regards", "kind regards", "best", "sincerely", "sincerely yours", "yours truly", "thanks",
    "thank you", "many thanks", "thx", "cheers", "respectfully", "gracias", "atentamente", "saludos", "obrigado",
    "obrigada", "atenciosamente", "mesi", "merci", "cordialement", "cam on", "tran trong",
)  # fmt: skip
