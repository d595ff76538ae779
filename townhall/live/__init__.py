"""The live line: what changes rings every open page. See docs/live.md."""

from .cursors import CURSOR_SQL, CursorUnknown, cursor, missed_condition
from .limits import MISSED
from .ringing import Ring, ring
from .topics import TopicKind, Visitor, register

__all__ = [
    "CURSOR_SQL",
    "MISSED",
    "CursorUnknown",
    "Ring",
    "TopicKind",
    "Visitor",
    "cursor",
    "missed_condition",
    "register",
    "ring",
]
