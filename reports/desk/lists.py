"""The desk's lists: which there are, and what belongs in each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.deeds import reviewing
from reports.desk.sorting import BY_DEADLINE, CLOSED_LATELY, NEWEST, OLDEST, Sort
from reports.models import Commission, Remark, TaskOutcome
from reports.workflow import CLOSED, OPEN, Status
from townhall.models import User


@dataclass(frozen=True)
class View:
    """One of the lists at the left. A new one is a row of VIEWS: all else follows from there.

    `is_grouped`: what came since the town hall closed, hazards first, by place and kind.
    `is_shared`: what another department has in care and we do our part of.
    """

    slug: str
    icon: str
    name: str | Promise
    empty: str | Promise
    condition: Callable[[User, dt.date], Q]
    sort: Sort = NEWEST
    is_urgent: bool = False
    is_grouped: bool = False
    is_shared: bool = False


_OPEN = Q(status__in=sorted(OPEN))
_GIVEN = Commission.objects.exclude(outcome=TaskOutcome.ENDED)
_NOTHING = _("There is nothing here.")

VIEWS: dict[str, View] = {
    view.slug: view
    for view in (
        View(
            "eingang", "bell", _("Inbox"), _("No new reports."), lambda _u, _d: Q(status=Status.NEW)
        ),
        View(
            "montag",
            "layers",
            _("Since closing time"),
            _("Nothing new has come since closing time."),
            lambda _u, _d: Q(status=Status.NEW, assignee=None),  # given to somebody: worked
            is_grouped=True,
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
            "mitwirkung",
            "users",
            _("Our part"),
            _("Nobody waits for your part."),
            lambda _u, _d: _OPEN,
            is_shared=True,
        ),
        View(
            "auftraege",
            "send",
            _("Tasks outside"),
            _("Nobody outside has a task."),
            lambda _u, _d: _OPEN & Q(pk__in=_GIVEN.values("report")),
        ),
        View(
            "arbeit",
            "status-in_progress",
            _("In work"),
            _("Nothing is being worked on."),
            lambda _u, _d: Q(status__in=[Status.IN_PROGRESS, Status.ON_HOLD]),
        ),
        View(
            "rueckfragen",
            "mail",
            _("Questions to reporters"),
            _("Nobody waits for a reporter."),
            lambda _u, _d: Q(waiting_since__isnull=False) | Q(replied_at__isnull=False),
        ),
        View(
            "wiedervorlage",
            "calendar",
            _("To look at again"),
            _("Nothing is to be looked at again today."),
            lambda _u, today: _OPEN & Q(resubmit_on__lte=today),
        ),
        View(
            "ueberfaellig",
            "clock",
            _("Overdue"),
            _("Nothing is overdue."),
            lambda _u, today: _OPEN & Q(due_on__lt=today, waiting_since=None),
            sort=BY_DEADLINE,
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
            "freigabe",
            "camera",
            _("Release"),
            _("Nothing waits for release."),
            lambda user, _d: reviewing.waits_for(user),
            sort=OLDEST,
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
            sort=CLOSED_LATELY,
        ),
        View("alle", "list", _("All"), _NOTHING, lambda _u, _d: Q()),
    )
}
FIRST = VIEWS["eingang"]
