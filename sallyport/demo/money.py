"""Samples: people who write about what they were paid, or have to pay back, by mail."""

from __future__ import annotations

from sallyport.demo.mails import by_mail, words
from sallyport.demo.sample import Pen, Sample, Writing


def in_base64(pen: Pen) -> Sample:
    """Tell of a whole mail in base64, with a taxpayer number that its writer calls a social."""
    number, claimant = pen.itin(), pen.claimant()
    text = f"""
Good morning,

I got a letter that says I was overpaid $2,184 for weeks in 2025. I reported all my hours at the restaurant, my manager
signed the paper. My social (it is an ITIN actually) is {number} and the claimant ID on the letter is {claimant}.

Can you tell me how to ask for a waiver of my overpayment?

Rosa Delgado
"""
    return by_mail(
        pen,
        title="Overpayment, base64, ITIN",
        name="Rosa Delgado",
        address="rosa.delgado@example.com",
        subject="overpayment letter",
        part=words(text, encoding="base64"),
        mailbox="overpayments",
    )


def bank_details(pen: Pen) -> Sample:
    """Tell of the routing and account number for direct deposit."""
    routing, account = pen.routing(), pen.bank_account()
    text = f"""
Please put my benefits into my new account, the old one at the credit union is closed.

  Routing number: {routing}
  Account number: {account}

My payment from last week must have gone to the old account, can it be sent again? - Luis Ferreira
"""
    return by_mail(
        pen,
        title="Bank details for direct deposit",
        name="Luis Ferreira",
        address="lferreira@example.com",
        subject="New bank account",
        part=words(text),
        mailbox="claims",
    )


def paid_by_card(pen: Pen) -> Sample:
    """Tell of a payment card's number, because the payment page did not work."""
    card = pen.card()
    text = f"""
I tried to pay the overpayment with card {card} and your page took the money twice!! I want one of them back.
Overpayment notice is from August.

Kim Sorensen
"""
    return by_mail(
        pen,
        title="Payment card, charged twice",
        name="Kim Sorensen",
        address="ksorensen@example.net",
        subject="charged twice",
        part=words(text),
        mailbox="overpayments",
    )


def born_on(pen: Pen) -> Sample:
    """Tell of a date of birth and the last four digits, as people give them on the telephone."""
    number = pen.ssn()
    text = f"""
Last four of my social {number[-4:]}, date of birth 04/17/1979. I moved from Lowell to New Bedford in October and my
debit card went to the old address. Full social is {number} if you need it. Can you send the card again for my claim?

Stephanie Nuno
"""
    return by_mail(
        pen,
        title="Last four, birth date, whole number",
        name="Stephanie Nuno",
        address="snuno@example.com",
        subject="moved, need my card",
        part=words(text),
    )


MONEY: tuple[Writing, ...] = (
    in_base64,
    bank_details,
    paid_by_card,
    born_on,
)
