"""What stands on the desk beside the list: how many wait in each view, and dangers.

Counts stop at COUNT_CAP, so that they cost alike in a village and in a city.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast
from weakref import ReferenceType, ref

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, IntegerField, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from geo.kept import Kept
from reports.desk.lists import VIEWS, View
from reports.desk.shelf import Saved, shelf_of
from reports.desk.wish import Wish
from reports.models import Alarm, Call, Report
from townhall import workplaces
from townhall.models import Department, Municipality, User
from townhall.people import Scope, scope_of
from townhall.workplaces import Workplace

COUNT_CAP = 1000


def register() -> None:
    """Where those begin to work who deal with reports."""
    workplaces.register(
        Workplace(10, "desk", "list", _("Inbox"), "desk", lambda scope: scope.sees_reports)
    )
    workplaces.register(
        Workplace(60, "numbers", "chart", _("Numbers"), "numbers", lambda scope: scope.sees_reports)
    )


# ── Counts ───────────────────────────────────────────────────────────────────────────────────
class _CappedCount(Subquery):
    """How many rows a subquery has; it stops looking at COUNT_CAP."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS capped)"


@dataclass(frozen=True)
class Counter:
    view: View
    count: int

    @property
    def words(self) -> str:
        return _words(self.count)


def _words(count: int) -> str:
    """`12`, and `999+` where counting stopped."""
    return f"{COUNT_CAP - 1}+" if count >= COUNT_CAP else str(count)


@dataclass(frozen=True)
class SavedCounter:
    """A list that somebody saved, and how much of it this user may see."""

    saved: Saved
    wish: Wish
    count: int

    @property
    def words(self) -> str:
        return _words(self.count)


@dataclass(frozen=True)
class Overview:
    """How many reports each view holds, whatever is filtered, and what the desk listens to."""

    counters: list[Counter]
    saved: list[SavedCounter]
    topics: list[str]

    def saved_as(self, wish: Wish) -> SavedCounter | None:
        """The saved list that asks for just this."""
        asked = wish.first_page.query
        return next((each for each in self.saved if each.wish.query == asked), None)


@dataclass(frozen=True)
class _Asker:
    """Who asks when: all that the overview's SQL hangs on. The user is a means, no part of it."""

    user_id: int
    scope: Scope
    today: dt.date
    fingerprint: str
    user: ReferenceType[User] = field(compare=False, repr=False)


@lru_cache(maxsize=512)
def _overview(asker: _Asker) -> Kept:
    """Putting this SQL together takes longer than any other of the page's."""
    user = asker.user()
    assert user
    towns = Municipality.objects.filter(pk__in=asker.scope.municipality_ids).order_by("key")
    teams = Department.objects.filter(pk__in=asker.scope.department_ids).order_by("slug")
    asked = User.objects.filter(pk=user.pk).values(
        **_counts(user, asker.today),
        towns=ArraySubquery(towns.values("key")),
        teams=ArraySubquery(teams.values("slug")),
    )
    return Kept(lambda: asked)


def overview(user: User, *, today: dt.date) -> Overview:
    """One statement, besides the shelf's."""
    shelf = shelf_of(user)
    asker = _Asker(user.pk, scope_of(user), today, shelf.fingerprint, ref(user))
    [row] = _overview(asker).rows()
    # Null where Django knows beforehand that nothing can be found.
    topics = [f"staff:{key}" for key in row["towns"] or ()]
    topics += [f"team:{slug}" for slug in row["teams"] or ()]
    counts = [Counter(view, row[f"view_{slug}"] or 0) for slug, view in VIEWS.items()]
    saved = [
        SavedCounter(each, Wish.of(each.asks), row[f"saved_{each.pk}"] or 0) for each in shelf.saved
    ]
    return Overview(counts, saved, topics)


def _counts(user: User, today: dt.date) -> dict[str, _CappedCount]:
    wishes = {f"view_{slug}": Wish(view=view) for slug, view in VIEWS.items()}
    wishes |= {f"saved_{each.pk}": Wish.of(each.asks) for each in shelf_of(user).saved}
    return {
        name: _CappedCount(
            wish.reports(user, today=today).order_by().values("pk")[:COUNT_CAP],
            output_field=IntegerField(),
        )
        for name, wish in wishes.items()
    }


# ── Dangers ──────────────────────────────────────────────────────────────────────────────────
MOST_ALARMS = 20


def alarms(user: User) -> list[Alarm]:
    """Dangers that nobody made safe yet, unanswered ones first: one statement.

    `called`: who was called last, as JSON, or None.
    """
    last = Call.objects.filter(alarm=OuterRef("pk")).order_by("-at")
    called = JSONObject(name="name", at="at", attempt="attempt", phone="phone")
    mine = Report.objects.in_care_of(user).filter(is_hazard=True)
    found = (
        Alarm.objects.filter(report__in=mine, ended_at__isnull=True, secured_at__isnull=True)
        .select_related("report__category", "report__municipality", "department")
        .annotate(called=Subquery(last.values(facts=called)[:1]))
        .order_by(F("acknowledged_at").asc(nulls_first=True), "-started_at")
    )
    return [_read(alarm) for alarm in found[:MOST_ALARMS]]


def _read(alarm: Any) -> Alarm:
    if alarm.called:
        alarm.called["at"] = dt.datetime.fromisoformat(alarm.called["at"])
    return cast("Alarm", alarm)
