"""The reading log: who opened which report, where the town wants it written down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from reports.models import Reading, Report
from townhall.models import Municipality, Role, User
from townhall.people import scope_of

ONCE_IN = dt.timedelta(minutes=10)  # a page that is read anew is not opened anew
MOST = 100

_NOTE = """
    INSERT INTO reports_reading (report_id, user_id, at)
    SELECT %(report)s, %(user)s, %(now)s
    WHERE NOT EXISTS (
        SELECT FROM reports_reading
        WHERE report_id = %(report)s AND user_id = %(user)s AND at > %(since)s
    )
"""


def note(report: Report, user: User) -> None:
    """One statement; none where the town does not want it."""
    if not report.municipality.keeps_reading_log:
        return
    now = timezone.now()
    facts: dict[str, Any] = {"report": report.pk, "user": user.pk, "now": now}
    facts["since"] = now - ONCE_IN
    with connection.cursor() as sql:
        sql.execute(_NOTE, facts)


def towns_of(user: User) -> list[Municipality]:
    """Where somebody may read the log: as administrator, and where there is one."""
    mine = {
        pk
        for each in scope_of(user).grants
        if each.role == Role.ADMINISTRATOR
        for pk in each.municipality_ids
    }
    logged = Q(keeps_reading_log=True) | Q(reports__readings__isnull=False)
    return list(Municipality.objects.filter(logged, pk__in=mine).distinct().order_by("name"))


def readings_in(
    towns: Collection[Municipality], *, code: str = "", name: str = "", before: int | None = None
) -> QuerySet[Reading]:
    """Newest first, MOST at once. `before`: the last one of the page before."""
    rows = Reading.objects.filter(report__municipality__in=[town.pk for town in towns])
    if code:
        rows = rows.filter(report__code=code)
    for word in name.split():
        rows = rows.filter(
            Q(user__last_name__icontains=word)
            | Q(user__first_name__icontains=word)
            | Q(user__username__icontains=word)
        )
    if before:
        rows = rows.filter(pk__lt=before)
    return rows.select_related("user", "report__category").order_by("-pk")[: MOST + 1]


_FORGET = """
    DELETE FROM reports_reading AS log USING reports_report AS report, townhall_municipality AS town
    WHERE report.id = log.report_id AND town.id = report.municipality_id
      AND log.at < %s - make_interval(days => town.reading_log_days)
"""


def forget_due(*, now: dt.datetime) -> int:
    """What is older than its town keeps it. Returns how many."""
    with connection.cursor() as sql:
        sql.execute(_FORGET, [now])
        return int(sql.rowcount)
