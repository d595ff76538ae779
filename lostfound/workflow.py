"""The rules of a found thing's life as plain Python: states, moves, who may. No Django, no clock.

Which move the law allows on which day is another question: lostfound.law.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    WITH_FINDER = "with_finder"
    HELD = "held"
    READY = "ready"
    RELEASED = "released"
    TO_FINDER = "to_finder"
    FORWARDED = "forwarded"
    AUCTIONED = "auctioned"
    SOLD = "sold"
    GIVEN = "given"
    DESTROYED = "destroyed"
    BOOKED = "booked"
    ENDED = "ended"


OPEN = frozenset({State.WITH_FINDER, State.HELD, State.READY})
CLOSED = frozenset(State) - OPEN
_LEAVES = CLOSED - {State.ENDED}
# Of interest to whoever lost something: what is ready to be fetched has its owner already.
SHOWN = frozenset({State.WITH_FINDER, State.HELD})

MOVES: dict[State, frozenset[State]] = {
    State.WITH_FINDER: frozenset({State.HELD, State.RELEASED, State.TO_FINDER, State.ENDED}),
    State.HELD: frozenset({State.READY, State.ENDED}) | _LEAVES,
    State.READY: frozenset({State.HELD, State.RELEASED, State.TO_FINDER, State.FORWARDED}),
    # Undone within the day, with a reason: a wrong scan must not end a case for ever.
    **{state: frozenset({State.HELD}) for state in CLOSED},
    # What became money: its owner may still come for it, then it falls to the town (§ 981).
    **{
        state: frozenset({State.HELD, State.RELEASED, State.TO_FINDER, State.BOOKED})
        for state in (State.AUCTIONED, State.SOLD)
    },
}


@dataclass(eq=False)
class IllegalMove(Exception):
    """The table has no such move. Usually somebody else was faster."""

    start: State
    goal: State


def check_move(start: State, goal: State) -> None:
    """Raises IllegalMove."""
    if goal not in MOVES[start]:
        raise IllegalMove(start, goal)


# Who works at the counter of an office; administrators set it up and may help out.
COUNTER_ROLES = frozenset({"fundbuero", "administrator"})
SETUP_ROLES = frozenset({"administrator"})
