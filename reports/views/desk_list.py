"""The desk's list: its page, and the pieces of it that scripts ask for anew."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from reports.desk import desk, panel
from reports.desk.filters import Asker, first_closing
from reports.desk.monday import heaps
from reports.desk.rows import page_of, row_of
from reports.desk.shelf import Named, cursor_of, shelf_of
from reports.desk.wish import Wish
from reports.models import Report
from reports.views.keys import Board
from reports.views.things import THINGS
from reports.workflow import may_anything
from townhall import workplaces
from townhall.codes import normalise
from townhall.models import User
from townhall.people import scope_of
from townhall.sites import extent
from townhall.views.sign_in import StaffRequest, staff_only, wants_fragment


@require_GET
@staff_only
def desk_page(request: StaffRequest) -> HttpResponse:
    if not scope_of(request.user).sees_reports:
        landing = reverse(workplaces.landing(request.user))
        return HttpResponseRedirect(landing, status=303)
    facts = list_facts(request, Wish.parse(request.GET))
    piece = "_list_alone" if wants_fragment(request) else "desk"
    return render(request, f"reports/staff/{piece}.html", facts)


@require_GET
@staff_only
def row_piece(request: StaffRequest, code: str) -> HttpResponse:
    """One row of the list as it is now; `data-belongs` tells if the list still wants it."""
    wish = Wish.parse(request.GET)
    today = timezone.localdate()
    known = normalise(code)
    if known is None:
        raise Http404
    try:
        row = row_of(known, request.user, today=today)
    except Report.DoesNotExist:
        raise Http404 from None
    belongs = wish.reports(request.user, today=today).filter(pk=row.report.pk).exists()
    facts = {
        "row": row,
        "wish": wish,
        "belongs": belongs,
        "user": request.user,
        "can_work": can_work(request.user),
    }
    return render(request, "reports/staff/_row_alone.html", facts)


@require_GET
@staff_only
def views_piece(request: StaffRequest) -> HttpResponse:
    """The views with their counts as they are now."""
    wish = Wish.parse(request.GET)
    overview = desk.overview(request.user, today=timezone.localdate())
    facts = {
        "wish": wish,
        "saved_now": overview.saved_as(wish),
        "counters": overview.counters,
        "saved_counters": overview.saved,
        "alarms": desk.alarms(request.user),
    }
    return render(request, "reports/staff/_counts.html", facts)


def list_facts(request: StaffRequest, wish: Wish) -> dict[str, Any]:
    """What the page shows besides an open report."""
    user, today = request.user, timezone.localdate()
    # First of all, for its cursor: what happens while we read is then told again, not missed.
    shelf = shelf_of(user)
    overview = desk.overview(user, today=today)
    page = page_of(wish, user, today=today)
    return {
        "wish": wish,
        "page": page,
        "heaps": heaps(page.rows) if wish.is_grouped else None,
        "closing": first_closing(Asker(user, today)) if wish.is_grouped else None,
        "counters": overview.counters,
        "saved_counters": overview.saved,
        "saved_now": overview.saved_as(wish),
        "troubles": wish.troubles(user, today=today),
        "panel": panel.panel_of(wish, shelf),
        "chips": panel.chips_of(wish),
        "sorts": panel.sorts_of(wish),
        "offices": _own_offices(user),
        "alarms": desk.alarms(user),
        "live": {"topics": overview.topics, "cursor": cursor_of(user), "extent": _extent(request)},
        "areas_url": f"{reverse('api-areas')}?layer={settings.MUNICIPALITY_LAYER}",
        "extent_words": ",".join(str(edge) for edge in _extent(request)),
        "filter_words": panel.completions(shelf),
        "words": _words(),
        "keys": Board.of(user, THINGS.values()),
        "can_work": can_work(user),
    }


def can_work(user: User) -> bool:
    """Whether there is anything they may do to a report besides reading it."""
    return may_anything(frozenset(grant.role for grant in scope_of(user).grants))


def _own_offices(user: User) -> list[Named]:
    """With whom a list may be shared."""
    scope = scope_of(user)
    mine = {grant.department_id for grant in scope.grants}
    known = shelf_of(user).departments
    return [each for each in known if scope.municipality_ids or each.pk in mine]


def _extent(request: StaffRequest) -> list[float]:
    """West, south, east, north of this door's towns: what the map shows while it is empty."""
    box = extent(request.site)
    return [box.west, box.south, box.east, box.north]


def _words() -> dict[str, str]:
    """What the page's script says."""
    return {
        "new_one": gettext("Show 1 new report"),
        "new_many": gettext("Show {n} new reports"),
        "failed": gettext("That did not work. Try again."),
        "age_now": gettext("just now"),
        "age_minutes": gettext("%(n)d min ago").replace("%(n)d", "{n}"),
        "age_hours": gettext("%(n)d h ago").replace("%(n)d", "{n}"),
        "chosen_one": gettext("1 report selected"),
        "chosen_many": gettext("{n} reports selected"),
        "chosen_none": gettext("Nothing selected"),
        "lassoed_one": gettext("1 report on the map selected"),
        "lassoed_many": gettext("{n} reports on the map selected"),
        "found_one": gettext("1 suggestion"),
        "found_many": gettext("{n} suggestions"),
    }
