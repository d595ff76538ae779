"""Who is at an open report right now: told over the live line, where the town wants it. No storage.

A page says so every 20 seconds and when it goes; others forget whoever was silent for a while.
"""

from __future__ import annotations

from enum import StrEnum

from django.db import transaction

from reports.models import Report
from townhall.live import Ring, ring
from townhall.models import User

PREFIX = "presence"


class State(StrEnum):
    LOOKS = "looks"
    WRITES = "writes"
    GONE = "gone"


def is_shown(report: Report) -> bool:
    return report.municipality.shows_presence


def announce(report: Report, user: User, state: State) -> None:
    """Tell the colleagues who have the report open; nothing where the town does not want it."""
    if not is_shown(report):
        return
    message = {"kind": PREFIX, "code": report.code, "user": user.pk, "state": state.value}
    with transaction.atomic():
        ring(Ring([f"{PREFIX}:{report.code}"], message | {"name": user.name}))
