"""Whom to call next, as plain Python: no Django, no database, no clock.

One after the other in the order of the rota. Each is called again every few minutes until the next
one's turn comes; when nobody is left, it begins anew from the front. Who comes on duty meanwhile is
called in the same round.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Made:
    """A call of the present round that was made."""

    person: int
    at: dt.datetime


@dataclass(frozen=True)
class Pace:
    repeat: dt.timedelta
    escalate: dt.timedelta


@dataclass(frozen=True)
class Step:
    """What to do now. `person` None: nobody is left in this round.

    `next_at`: when to ask again; `step_at`: when the turn passes on.
    """

    person: int | None
    attempt: int
    next_at: dt.datetime
    step_at: dt.datetime


def next_step(order: Sequence[int], made: Sequence[Made], *, pace: Pace, now: dt.datetime) -> Step:
    """`order`: who is on duty now, first to be called first; `made`: oldest first."""
    if made and made[-1].person in order:
        person = made[-1].person
        mine = [call.at for call in made if call.person == person]
        turn_ends = mine[0] + pace.escalate
        if now < turn_ends:
            return _call(person, len(mine) + 1, turn_ends, pace, now)
    called = {call.person for call in made}
    fresh = next((person for person in order if person not in called), None)
    turn_ends = now + pace.escalate
    if fresh is None:
        return Step(None, 0, turn_ends, turn_ends)
    return _call(fresh, 1, turn_ends, pace, now)


def _call(person: int, attempt: int, turn_ends: dt.datetime, pace: Pace, now: dt.datetime) -> Step:
    return Step(person, attempt, min(now + pace.repeat, turn_ends), turn_ends)
