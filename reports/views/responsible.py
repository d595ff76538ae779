""" "Wer ist hier zuständig?": whom to ask about a place, without reporting anything."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from geo.models import RoadOwner
from reports.models import Rule
from reports.receiving.forms import ReportForm
from reports.routing import Explanation
from townhall import sites
from townhall.models import DepartmentKind

from .sheet import Sheet


@never_cache
@require_safe
def responsible(request: HttpRequest) -> HttpResponse:
    """A plain form that asks by GET: a place (`place`, then `spot`), and perhaps a category."""
    form = ReportForm(request.GET)
    sheet = Sheet(form)
    sheet.has_searched = _wants_search(form)
    sheet.area_keys = sites.area_keys(sites.site_of(request))
    return render(request, "reports/responsible.html", _facts(sheet))


def _wants_search(form: ReportForm) -> bool:
    """An address was typed, and no place is chosen for it yet."""
    typed, before = (form.data.get(name, "").strip() for name in ("place", "place_before"))
    return bool(typed) and (typed != before or form.point is None or "suchen" in form.data)


def _facts(sheet: Sheet) -> dict[str, Any]:
    found = sheet.routing
    department = found.department if found else None
    return {
        "sheet": sheet,
        "form": sheet.form,
        "department": department,
        "is_outside": department is not None and department.kind == DepartmentKind.OUTSIDE,
        "phone": (department.phone if department else "")
        or (sheet.town.phone if sheet.town else ""),
        "reasons": reasons(found, sheet=sheet) if found else [],
        "instead": sheet.entry.block({}) if sheet.entry else None,
        "report_url": _report_url(sheet),
    }


def reasons(found: Explanation, *, sheet: Sheet) -> list[str]:
    """Why this department, in sentences for everybody: what the rule that decided asks for."""
    rule, entry = found.rule, sheet.entry
    if rule is None:
        town = sheet.town.name if sheet.town else ""
        return [
            _("No special rule is known for this place. So %(town)s takes it in here.")
            % {"town": town}
        ]
    said = []
    if rule.category_id is not None and entry is not None:
        said.append(_("It is in charge of “%(category)s”.") % {"category": entry.name})
    if rule.area is not None:
        said.append(_("The place lies in the area “%(area)s”.") % {"area": rule.area.name})
    if road := _road(found, rule):
        said.append(road)
    return said or [_("It is in charge of everything that is reported here.")]


def _road(found: Explanation, rule: Rule) -> str:
    asks = rule.road_class or rule.road_owner or rule.road_in_town is not None
    if found.road is None or not asks:
        return ""
    facts = {"road": found.road.name or found.road.key}
    if found.road.owner in RoadOwner.values:
        facts["owner"] = str(RoadOwner(found.road.owner).label)
        return _("It is about the road %(road)s, which is kept by: %(owner)s.") % facts
    return _("It is about the road %(road)s.") % facts


def _report_url(sheet: Sheet) -> str:
    """The form, with the place and the category in it."""
    point = sheet.form.point
    query = QueryDict(mutable=True)
    if point is not None:
        query.update({"lon": f"{point.x:.6f}", "lat": f"{point.y:.6f}"})
    if sheet.entry is not None:
        query["category"] = sheet.entry.code
    return f"{reverse('report-form')}?{query.urlencode()}" if query else reverse("report-form")
