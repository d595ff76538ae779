"""`/verwaltung/fundbuero`: what the law leaves to the municipality, fees, places and offices."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lostfound.counter import counter_only, offices_of
from lostfound.law import ruling
from lostfound.law.duty import land_rule
from lostfound.law.fees import SAMPLES, Schedule, fee
from lostfound.models import FindPlace, Office, Regime, Terms
from lostfound.searching import pictures
from lostfound.setup_forms import (
    CheckedForm,
    OfficeForm,
    PlaceForm,
    PolicyForm,
    TableForm,
    TryForm,
    said_band,
    said_extras,
)
from lostfound.terms import read_policy, read_schedule, schedule_json
from lostfound.views.deadlines import office_or_404
from lostfound.wording import CERTAINTIES, PRESUMPTIONS, RULING_REASONS
from townhall.models import Municipality
from townhall.views.sign_in import StaffRequest


# ── The law's settings ───────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
@counter_only
def settings_page(request: StaffRequest) -> HttpResponse:
    """Whoever works at the counter sets it, for the municipality of their office."""
    town = _town(request)
    terms = _terms(town)
    form = PolicyForm(_sent(request), policy=read_policy(terms.settings))
    if form.is_bound and form.is_valid():
        with transaction.atomic():
            _keep(town, settings=form.settings())
            if not read_policy(form.settings()).photos_public:
                pictures.drop_all(town)
        messages.success(request, _("Saved."))
        return _to("fund-settings")
    facts = frame(request, town, "recht") | {
        "form": form,
        "terms": terms,
        "checked": CheckedForm(initial={"checked_on": terms.checked_on}),
        "land": land_rule(town.land),
    }
    status = 422 if form.is_bound else 200
    return render(request, "lostfound/setup/policy.html", facts, status=status)


@require_POST
@counter_only
def checked(request: StaffRequest) -> HttpResponse:
    """The day on which the town's own lawyers had looked at it; empty: they have not."""
    town = _town(request)
    form = CheckedForm(request.POST)
    if form.is_valid():
        _keep(town, checked_on=form.cleaned_data["checked_on"])
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Enter a day, for example 22.11.2026."))
    return _to("fund-settings")


# ── Fees ─────────────────────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
@counter_only
def fees_page(request: StaffRequest) -> HttpResponse:
    """The table that holds. `?wert=&tage=`: what would it cost?"""
    town = _town(request)
    schedule = read_schedule(_terms(town).fees)
    form = TableForm(_sent(request), schedule=schedule)
    if form.is_bound and form.is_valid():
        _keep(town, fees=schedule_json(form.schedule()))
        messages.success(request, _("Saved."))
        return _to("fund-fees")
    tried = TryForm(request.GET if "value_cents" in request.GET else None)
    facts = frame(request, town, "gebuehren") | {
        "schedule": schedule,
        "has_table": bool(schedule.bands or schedule.extras),
        "extras": said_extras(schedule),
        "bands": [said_band(band) for band in schedule.bands],
        "samples": [(key, each.name) for key, each in SAMPLES.items()],
        "table": form,
        "tried": tried,
        "cost": _cost(tried, schedule),
        "form": form if form.is_bound else None,
    }
    status = 422 if form.is_bound else 200
    return render(request, "lostfound/setup/fees.html", facts, status=status)


@require_POST
@counter_only
def fees_sample(request: StaffRequest) -> HttpResponse:
    """A sample to begin with, or none. `uebernehmen`: its lines become one's own to change."""
    town = _town(request)
    name = request.POST.get("muster", "")
    if name not in SAMPLES:
        fees: dict[str, Any] = {}
    elif "uebernehmen" in request.POST:
        fees = schedule_json(SAMPLES[name]) | {"name": town.name}
    else:
        fees = {"sample": name}
    _keep(town, fees=fees)
    messages.success(request, _("Saved."))
    return _to("fund-fees")


def _cost(form: TryForm, schedule: Schedule) -> int | None:
    if not form.is_bound or not form.is_valid():
        return None
    given = form.cleaned_data
    return fee(schedule, value_cents=given["value_cents"], days=given["days"], kind=given["kind"])


# ── Places of finds ──────────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD"])
@counter_only
def places_page(request: StaffRequest) -> HttpResponse:
    town = _town(request)
    rows = FindPlace.objects.filter(municipality=town).order_by("-is_active", "name")
    facts = frame(request, town, "orte") | {"places": [_ruled(place) for place in rows]}
    return render(request, "lostfound/setup/places.html", facts)


@require_http_methods(["GET", "HEAD", "POST"])
@counter_only
def place_form(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    town = _town(request)
    place = (
        get_object_or_404(FindPlace, pk=pk, municipality=town)
        if pk
        else FindPlace(municipality=town)
    )
    form = PlaceForm(_sent(request), instance=place)
    if form.is_bound and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return _to("fund-find-places")
    title = _("Change the place") if pk else _("Add a place")
    facts = frame(request, town, "orte") | {
        "form": form,
        "title": title,
        "back": "fund-find-places",
    }
    if pk and not form.is_bound:
        facts |= {"ruled": _ruled(place)}
    return render(request, "lostfound/setup/form.html", facts, status=422 if form.is_bound else 200)


def _ruled(place: FindPlace) -> dict[str, Any]:
    """With the law that holds there, and why."""
    found = ruling(place.in_law)
    decided = _("Decided by the municipality.") if place.regime else ""
    return {
        "place": place,
        "regime": Regime(found.regime.value).label,
        "why": decided or RULING_REASONS[found.regime.value],
        "cite": found.ground.cite,
        "certainty": CERTAINTIES[found.ground.certainty],
        "presumption": PRESUMPTIONS.get(found.presumption or "", ""),
    }


# ── Offices ──────────────────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD"])
@counter_only
def offices_page(request: StaffRequest) -> HttpResponse:
    town = _town(request)
    facts = frame(request, town, "bueros") | {"mine": offices_of(request.user)}
    return render(request, "lostfound/setup/offices.html", facts)


@require_http_methods(["GET", "HEAD", "POST"])
@counter_only
def office_form(request: StaffRequest, slug: str) -> HttpResponse:
    town = _town(request)
    mine = [each.pk for each in offices_of(request.user)]
    row = get_object_or_404(Office, slug=slug, pk__in=mine)
    form = OfficeForm(_sent(request), instance=row)
    if form.is_bound and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return _to("fund-offices")
    facts = frame(request, town, "bueros") | {
        "form": form,
        "title": _("Change the office"),
        "back": "fund-offices",
    }
    return render(request, "lostfound/setup/form.html", facts, status=422 if form.is_bound else 200)


# ── Shared ───────────────────────────────────────────────────────────────────────────────────
def _town(request: StaffRequest) -> Municipality:
    return office_or_404(request).municipality


def _terms(town: Municipality) -> Terms:
    return Terms.objects.filter(municipality=town).first() or Terms(municipality=town)


def _keep(town: Municipality, **changes: Any) -> None:
    """Change some of it, whoever else changes another part at the same time."""
    with transaction.atomic():
        Terms.objects.get_or_create(municipality=town)
        Terms.objects.filter(municipality=town).update(**changes)


def frame(request: StaffRequest, town: Municipality, here: str) -> dict[str, Any]:
    tabs = [
        ("recht", "fund-settings", _("Law")),
        ("gebuehren", "fund-fees", _("Fees")),
        ("orte", "fund-find-places", _("Places of finds")),
        ("bueros", "fund-offices", _("Offices")),
        ("aufbewahrung", "fund-retention", _("Retention")),
    ]
    return {
        "office": office_or_404(request),
        "town": town,
        "setup_tabs": [
            {"url": reverse(name), "label": label, "is_here": key == here}
            for key, name, label in tabs
        ],
    }


def _sent(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _to(name: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(name), status=303)
