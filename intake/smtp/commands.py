"""The commands (RFC 5321 section 4.1): one small function each, and the table that names them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from intake.smtp import answers
from intake.smtp.answers import Answer, Refusal
from intake.smtp.paths import read_recipient, read_sender, read_sender_parameters
from intake.smtp.standing import Standing, Transaction

# Takes what stands behind the verb; a `Refusal` that it raises is answered in its place.
Command: TypeAlias = Callable[[Standing, str], Answer]


def greet(standing: Standing, argument: str) -> Answer:
    """HELO."""
    _begin(standing, argument, is_extended=False)
    return Answer(f"250 {standing.terms.hostname}")


def greet_extended(standing: Standing, argument: str) -> Answer:
    """EHLO and LHLO, with what we offer (RFC 2920, 1870, 3207, 2034, 6152, 6531)."""
    _begin(standing, argument, is_extended=True)
    lines = [standing.terms.hostname, "PIPELINING", f"SIZE {standing.terms.limits.octets}"]
    if standing.terms.can_secure and not standing.is_secure:
        lines.append("STARTTLS")
    lines += ["ENHANCEDSTATUSCODES", "8BITMIME"]
    return Answer("".join(f"250-{line}\r\n" for line in lines) + "250 SMTPUTF8")


def mail(standing: Standing, argument: str) -> Answer:
    """MAIL FROM."""
    transaction = standing.transaction
    if not standing.greeting:
        raise Refusal(answers.GREET_FIRST)
    if transaction.sender is not None:
        raise Refusal(answers.NESTED)
    path = read_sender(_behind("FROM:", argument))
    if path.rest and not standing.is_extended:
        raise Refusal(answers.UNKNOWN_PARAMETER)
    parameters = read_sender_parameters(path.rest)
    if parameters.size > standing.terms.limits.octets:
        raise Refusal(answers.TOO_MUCH)
    if reason := standing.terms.is_paused():
        raise Refusal(answers.PAUSES.get(reason, answers.PAUSED))
    transaction.sender, transaction.is_utf8 = path.address, parameters.is_utf8
    return answers.SENDER_OK


def rcpt(standing: Standing, argument: str) -> Answer:
    """RCPT TO."""
    transaction = standing.transaction
    if transaction.sender is None:
        raise Refusal(answers.SENDER_FIRST)
    path = read_recipient(_behind("TO:", argument))
    if path.rest:
        raise Refusal(answers.UNKNOWN_PARAMETER)
    mailbox = standing.terms.mailboxes.find(path.address)
    if mailbox is None:
        raise Refusal(answers.NO_MAILBOX)
    if transaction.accepted >= standing.terms.limits.recipients:
        raise Refusal(answers.TOO_MANY_RECIPIENTS)
    transaction.accepted += 1
    transaction.recipients[path.address] = None
    transaction.mailboxes[mailbox] = None
    return answers.RECIPIENT_OK


def data(standing: Standing, argument: str) -> Answer:
    """Take DATA, if there is anybody to take it for."""
    _nothing(argument)
    return answers.RECEIVE if standing.transaction.accepted else answers.RECIPIENT_FIRST


def rset(standing: Standing, argument: str) -> Answer:
    """RSET."""
    _nothing(argument)
    standing.transaction = Transaction()
    return answers.OK


def starttls(standing: Standing, argument: str) -> Answer:
    """STARTTLS."""
    if not standing.terms.can_secure:
        raise Refusal(answers.NOT_IMPLEMENTED)
    _nothing(argument)
    return answers.ALREADY_SECURE if standing.is_secure else answers.SECURE


def vrfy(_standing: Standing, argument: str) -> Answer:
    """VRFY."""
    return answers.VERIFY if argument else answers.SYNTAX


def _always(answer: Answer) -> Command:
    return lambda _standing, _argument: answer


def _begin(standing: Standing, argument: str, *, is_extended: bool) -> None:
    if not argument:
        raise Refusal(answers.SYNTAX)
    standing.greeting, standing.is_extended, standing.transaction = argument, is_extended, Transaction()


def _behind(keyword: str, argument: str) -> str:
    if argument[: len(keyword)].upper() != keyword:
        raise Refusal(answers.SYNTAX)
    return argument[len(keyword) :]


def _nothing(argument: str) -> None:
    if argument:
        raise Refusal(answers.SYNTAX)


# The greetings are not here: which of them there are is the dialect's.
COMMANDS: dict[str, Command] = {
    "MAIL": mail,
    "RCPT": rcpt,
    "DATA": data,
    "RSET": rset,
    "STARTTLS": starttls,
    "VRFY": vrfy,
    "NOOP": _always(answers.OK),
    "HELP": _always(answers.HELP),
    "QUIT": _always(answers.BYE),
    "EXPN": _always(answers.NOT_IMPLEMENTED),
    "AUTH": _always(answers.NOT_IMPLEMENTED),
    "TURN": _always(answers.NOT_IMPLEMENTED),
    "BDAT": _always(answers.NOT_IMPLEMENTED),
}
# Browsers can be made to speak to mail servers. The first line of HTTP ends the session, and nothing behind it is read.
COMMANDS |= dict.fromkeys(
    ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH", "HOST:"),
    _always(answers.OTHER_PROTOCOL),
)
UNKNOWN: Command = _always(answers.UNKNOWN)

# Commands that may be given for ever without a message behind them.
IDLE_COMMANDS = frozenset({"NOOP", "HELP", "VRFY", "RSET", "HELO", "EHLO", "LHLO", "MAIL"})
