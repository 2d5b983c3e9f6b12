"""Every answer of the conversation, in one table. None holds a word that the other side sent."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from intake.errors import SenderFault
from intake.ports import NO_SPACE


class Step(Enum):
    """What the session does once it has answered."""

    READ_ON = auto()
    RECEIVE = auto()
    SECURE = auto()
    HANG_UP = auto()


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply (RFC 5321 section 4.2, with the enhanced codes of RFC 3463), and what follows it."""

    reply: str
    step: Step = Step.READ_ON


class Refusal(SenderFault):
    """Raised where a command cannot be taken; carries the answer, never a word of the command."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.reply)
        self.answer = answer


OK = Answer("250 2.0.0 Ok")
SENDER_OK = Answer("250 2.1.0 Ok")
RECIPIENT_OK = Answer("250 2.1.5 Ok")
HELP = Answer("214 2.0.0 See RFC 5321")
# RFC 5321 section 7.3: the same for every address.
VERIFY = Answer("252 2.5.2 Send some mail, it will be tried")
BYE = Answer("221 2.0.0 Bye", Step.HANG_UP)
# What is said before these steps is known only to the session.
RECEIVE = Answer("", Step.RECEIVE)
SECURE = Answer("", Step.SECURE)

UNKNOWN = Answer("500 5.5.2 Command not recognized")
TOO_LONG = Answer("500 5.5.6 Line too long")
SYNTAX = Answer("501 5.5.4 Syntax error in parameters")
BAD_SENDER = Answer("501 5.1.7 Bad sender address syntax")
BAD_RECIPIENT = Answer("501 5.1.3 Bad recipient address syntax")
NOT_IMPLEMENTED = Answer("502 5.5.1 Command not implemented")
GREET_FIRST = Answer("503 5.5.1 Greet first")
SENDER_FIRST = Answer("503 5.5.1 Need MAIL first")
RECIPIENT_FIRST = Answer("503 5.5.1 Need RCPT first")
NESTED = Answer("503 5.5.1 Sender already given")
ALREADY_SECURE = Answer("503 5.5.1 TLS already active")
NO_MAILBOX = Answer("550 5.1.1 No such mailbox here")
TOO_MUCH = Answer("552 5.3.4 Message too big")
UNKNOWN_PARAMETER = Answer("555 5.5.4 Parameter not recognized")
# RFC 5321 section 4.5.3.1.10: 452 for too many recipients; the sender comes again with the rest.
TOO_MANY_RECIPIENTS = Answer("452 4.5.3 Too many recipients")
PAUSED = Answer("451 4.3.2 Not taking mail at present, please try again later")
# RFC 5321 section 4.2.3, with the code of RFC 3463 section 3.4 for a full system.
NO_ROOM = Answer("452 4.3.1 Not enough space at present, please try again later")
# The end of a session that brings no mail, or speaks another protocol.
ENOUGH = Answer("421 4.7.0 Too many errors, closing", Step.HANG_UP)
OTHER_PROTOCOL = Answer("421 4.7.0 This is a mail server, closing", Step.HANG_UP)

# What a pause's reason is answered with where it isn't `PAUSED`.
PAUSES = {NO_SPACE: NO_ROOM}

START = "354 End data with <CR><LF>.<CR><LF>"
OUR_FAULT = "451 4.3.0 Please try again later"
BUSY = "421 4.3.2 Busy, please try again later"
LEAVING = "421 4.3.2 Closing, please try again later"
TIMED_OUT = "421 4.4.2 Timeout, closing"
TOO_SLOW = "421 4.4.2 Data comes too slowly, closing"
