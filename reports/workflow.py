"""The rules of a report's life as plain Python: states, moves, who may. No Django, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    NEW = "new"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    DONE = "done"
    FORWARDED = "forwarded"
    NO_ACTION = "no_action"
    DUPLICATE = "duplicate"


OPEN = frozenset({Status.NEW, Status.IN_PROGRESS, Status.ON_HOLD})
CLOSED = frozenset(Status) - OPEN

# From each state, where staff (or, out of a closed state, a resident's "it is not") may take it.
MOVES: dict[Status, frozenset[Status]] = {
    Status.NEW: frozenset(
        {
            Status.IN_PROGRESS,
            Status.ON_HOLD,
            Status.DONE,
            Status.FORWARDED,
            Status.NO_ACTION,
            Status.DUPLICATE,
        }
    ),
    Status.IN_PROGRESS: frozenset(
        {
            Status.ON_HOLD,
            Status.DONE,
            Status.FORWARDED,
            Status.NO_ACTION,
            Status.DUPLICATE,
        }
    ),
    Status.ON_HOLD: frozenset(
        {
            Status.IN_PROGRESS,
            Status.DONE,
            Status.FORWARDED,
            Status.NO_ACTION,
            Status.DUPLICATE,
        }
    ),
    Status.DONE: frozenset({Status.NEW}),
    Status.FORWARDED: frozenset({Status.NEW, Status.DONE}),
    Status.NO_ACTION: frozenset({Status.NEW}),
    Status.DUPLICATE: frozenset({Status.NEW}),
}

# A move into one of these needs words: the reason is read by the reporter.
NEEDS_REASON = frozenset({Status.NO_ACTION, Status.ON_HOLD})


class Deed(StrEnum):
    """What staff do to a report."""

    ACCEPT = "accept"
    ASSIGN = "assign"
    SET_STATUS = "set_status"
    REJECT = "reject"  # no action, with a reason
    FORWARD = "forward"
    REOPEN = "reopen"
    MERGE = "merge"  # into the report that said it first
    NOTE = "note"
    WRITE = "write"  # to everybody, or to the reporter alone
    ASK = "ask"  # the reporter, and settle what was asked
    RELEASE = "release"  # publish the text or a photo
    REDACT = "redact"  # make a part of a photo unrecognisable, for ever
    FLAG_HAZARD = "flag_hazard"
    ACKNOWLEDGE = "acknowledge"  # answer a hazard's alarm
    SECURE = "secure"  # the place is safe
    FILE = "file"  # take the hazard's record out of the house
    UNVEIL = "unveil"  # see who reported it
    PRIORITIZE = "prioritize"
    RESCHEDULE = "reschedule"  # another target date, with a reason
    REFUSE = "refuse"  # this department is not responsible
    RESUBMIT = "resubmit"  # have it come back on a day
    CORRECT = "correct"  # place and category
    SHARE = "share"  # ask a second department for its part
    COMMISSION = "commission"  # ask an outside body or a contractor by mail
    SCHEDULE = "schedule"  # put it on a crew's day list
    SPLIT = "split"  # two matters become two reports
    INCIDENT = "incident"  # one answer to all reports of a storm
    TAKE_IN = "take_in"  # write down a report for somebody without internet
    SEAL = "seal"  # keep what may be a crime as evidence, and take it out of everybody's sight


# Which role may do what. Roles are the values of townhall's Role.
MAY: dict[str, frozenset[Deed]] = {
    "dispatcher": frozenset(Deed),
    "administrator": frozenset(Deed),
    "caseworker": frozenset(Deed) - {Deed.RELEASE, Deed.INCIDENT, Deed.SEAL},
    "field_crew": frozenset(
        {
            Deed.ACCEPT,
            Deed.SET_STATUS,
            Deed.NOTE,
            Deed.WRITE,
            Deed.FLAG_HAZARD,
            Deed.ACKNOWLEDGE,
            Deed.SECURE,
        }
    ),
    "fundbuero": frozenset(),
    "read_only": frozenset(),
}


@dataclass(eq=False)
class IllegalMove(Exception):
    """The table has no such move. Usually somebody else was faster."""

    start: Status
    goal: Status


@dataclass(eq=False)
class ReasonMissing(Exception):
    goal: Status


def check_move(start: Status, goal: Status, *, reason: str = "") -> None:
    """Raise IllegalMove or ReasonMissing unless the table allows `start` → `goal`."""
    if goal not in MOVES[start]:
        raise IllegalMove(start, goal)
    reopens = goal is Status.NEW
    if (goal in NEEDS_REASON or reopens) and not reason.strip():
        raise ReasonMissing(goal)


def may(roles: frozenset[str], deed: Deed) -> bool:
    return any(deed in MAY.get(role, frozenset()) for role in roles)


def may_anything(roles: frozenset[str]) -> bool:
    """False for those who only read."""
    return any(MAY.get(role) for role in roles)
