"""The desk's lists: which there are, and what belongs in each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.models import Remark
from reports.workflow import CLOSED, OPEN, Status
from townhall.models import User


@dataclass(frozen=True)
class View:
    """One of the lists at the left. `order` is a column that is never null in this view."""

    slug: str
    icon: str
    name: str | Promise
    empty: str | Promise
    condition: Callable[[User, dt.date], Q]
    order: str = "received_at"
    is_ascending: bool = False
    is_urgent: bool = False


_OPEN = Q(status__in=sorted(OPEN))
_NOTHING = _("There is nothing here.")

VIEWS: dict[str, View] = {
    view.slug: view
    for view in (
        View(
            "eingang", "bell", _("Inbox"), _("No new reports."), lambda _u, _d: Q(status=Status.NEW)
        ),
        View(
            "meine",
            "user",
            _("Assigned to me"),
            _("Nothing is assigned to you."),
            lambda user, _d: _OPEN & Q(assignee=user),
        ),
        View(
            "zurueckgewiesen",
            "undo",
            _("Sent back"),
            _("Nothing came back."),
            lambda _u, _d: _OPEN & ~Q(returned=""),
        ),
        View(
            "arbeit",
            "status-in_progress",
            _("In work"),
            _("Nothing is being worked on."),
            lambda _u, _d: Q(status__in=[Status.IN_PROGRESS, Status.ON_HOLD]),
        ),
        View(
            "ueberfaellig",
            "clock",
            _("Overdue"),
            _("Nothing is overdue."),
            lambda _u, today: _OPEN & Q(due_on__lt=today),
            order="due_on",
            is_ascending=True,
            is_urgent=True,
        ),
        View(
            "gefahr",
            "hazard",
            _("Hazards"),
            _("No open hazards."),
            lambda _u, _d: _OPEN & Q(is_hazard=True),
            is_urgent=True,
        ),
        View(
            "pruefen",
            "eye",
            _("To check"),
            _("Nothing waits to be checked."),
            lambda _u, _d: Q(pk__in=Remark.objects.waiting().values("report")),
        ),
        View(
            "erledigt",
            "check",
            _("Closed"),
            _NOTHING,
            lambda _u, _d: Q(status__in=sorted(CLOSED), closed_at__isnull=False),
            order="closed_at",
        ),
        View("alle", "list", _("All"), _NOTHING, lambda _u, _d: Q()),
    )
}
FIRST = VIEWS["eingang"]
