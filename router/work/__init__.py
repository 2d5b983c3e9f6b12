"""Use cases that change inquiries: each one function, which checks, changes and writes its audit line in one commit."""

from router.work.answers import ask_to_send_again, email_reply, letter_sent, outgoing_fault, record_call
from router.work.asked import Asked, Done, NotDone, Sealing, Work
from router.work.assignment import decide, give_back, send_to_unit, take
from router.work.ending import close, hold, release_held, retry_held
from router.work.originals import PendingOriginal, approve_original, pending_originals, request_original, show_original
from router.work.undo import undo

__all__ = [
    "Asked",
    "Done",
    "NotDone",
    "PendingOriginal",
    "Sealing",
    "Work",
    "approve_original",
    "ask_to_send_again",
    "close",
    "decide",
    "email_reply",
    "give_back",
    "hold",
    "letter_sent",
    "outgoing_fault",
    "pending_originals",
    "record_call",
    "release_held",
    "request_original",
    "retry_held",
    "send_to_unit",
    "show_original",
    "take",
    "undo",
]
