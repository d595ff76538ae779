"""Letters: each leaves once, also when a worker dies over it."""

from .outbox import SEND_LETTER, Draft, enqueue_forgotten, post
from .sending import DELAYS, NotYet, send

__all__ = ["DELAYS", "SEND_LETTER", "Draft", "NotYet", "enqueue_forgotten", "post", "send"]
