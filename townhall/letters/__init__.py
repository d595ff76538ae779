"""Letters: each leaves once, also when a worker dies over it."""

from .outbox import (
    AGAIN,
    SEND_LETTER,
    URGENT,
    Draft,
    call_back,
    enqueue_forgotten,
    post,
    send_again,
    withdraw,
)
from .sending import DELAYS, NotYet, send
from .subjects import Subject, name_of, register, subject_of

__all__ = [
    "AGAIN",
    "DELAYS",
    "SEND_LETTER",
    "URGENT",
    "Draft",
    "NotYet",
    "Subject",
    "call_back",
    "enqueue_forgotten",
    "name_of",
    "post",
    "register",
    "send",
    "send_again",
    "subject_of",
    "withdraw",
]
