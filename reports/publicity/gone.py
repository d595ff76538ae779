"""Why everybody could read a report once and can't any more."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reports.models import EventKind, ProblemReason, Report


class Because(StrEnum):
    WITHDRAWN = "withdrawn"  # by the reporter
    TIME = "time"  # long enough after its end
    PROBLEMS = "problems"  # people had problems with it; staff will decide
    PROBLEM = "problem"  # staff found that it must not be shown
    TOWN = "town"  # staff took it out of public view


@dataclass(frozen=True)
class Gone:
    because: Because
    reason: str = ""  # what is wrong with it, in words


def because(report: Report) -> Gone | None:
    """Of a report that is not public. None: it never was. At most two statements."""
    if report.withdrawn_at:
        was_seen = report.events.filter(was_public=True).exists()
        return Gone(Because.WITHDRAWN) if was_seen else None
    hidden = report.events.filter(kind=EventKind.DEPUBLISHED, was_public=True).last()
    if hidden is None:
        return None
    said = str(hidden.facts.get("because", ""))
    reason = str(hidden.facts.get("reason", ""))
    words = str(ProblemReason(reason).label) if reason in ProblemReason.values else ""
    return Gone(Because(said) if said in set(Because) else Because.TOWN, words)
