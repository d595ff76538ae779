"""`/verwaltung/fundbuero/standort`: the houses, shelves and compartments of an office."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from lostfound.models import Office, StoragePlace, StorageSite
from lostfound.storing import places
from lostfound.storing.forms import PlacesForm, SiteForm
from lostfound.storing.places import Occupied
from lostfound.views.at_office import at_office
from townhall.views.sign_in import StaffRequest


@require_http_methods(["GET", "HEAD", "POST"])
@at_office
def new_site(request: StaffRequest, office: Office) -> HttpResponse:
    form = SiteForm(_sent(request), instance=StorageSite(office=office))
    if form.is_bound and form.is_valid():
        site = form.save()
        messages.success(request, _("Saved. Now add its shelves."))
        return _to(site)
    return _page(request, office, form, PlacesForm(prefix="neu"))


@require_http_methods(["GET", "HEAD", "POST"])
@at_office
def site_page(request: StaffRequest, office: Office, pk: int) -> HttpResponse:
    """The site's own data. Its shelves are things of their own."""
    site = _site(office, pk)
    form = SiteForm(_sent(request), instance=site)
    if form.is_bound and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return _to(site)
    return _page(request, office, form, PlacesForm(prefix="neu"))


@require_POST
@at_office
def new_places(request: StaffRequest, office: Office, pk: int) -> HttpResponse:
    site = _site(office, pk)
    form = PlacesForm(request.POST, prefix="neu")
    if not form.is_valid():
        return _page(request, office, SiteForm(instance=site), form)
    made = places.add_places(site, **form.cleaned_data)
    words = ngettext("%(n)d place is ready.", "%(n)d places are ready.", len(made))
    messages.success(request, words % {"n": len(made)})
    return _to(site)


@require_POST
@at_office
def place_end(request: StaffRequest, office: Office, code: str) -> HttpResponse:
    """Take a place out of use, or (`zurueck`) back into it."""
    place = get_object_or_404(
        StoragePlace.objects.select_related("site").filter(site__office=office), code=code
    )
    if "zurueck" in request.POST:
        StoragePlace.objects.filter(pk=place.pk).update(is_active=True)
        messages.success(request, _("%(place)s is in use again.") % {"place": place.name})
        return _to(place.site)
    try:
        places.retire(place)
    except Occupied as refused:
        words = ngettext(
            "%(place)s is not empty: %(n)d thing lies there.",
            "%(place)s is not empty: %(n)d things lie there.",
            refused.count,
        )
        messages.error(request, words % {"place": place.name, "n": refused.count})
    else:
        messages.success(request, _("%(place)s is out of use.") % {"place": place.name})
    return _to(place.site)


def _site(office: Office, pk: int) -> StorageSite:
    site: StorageSite | None = office.sites.filter(pk=pk).select_related("office").first()
    if site is None:
        raise Http404
    return site


def _sent(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _to(site: StorageSite) -> HttpResponse:
    return HttpResponseRedirect(reverse("fund-site", args=[site.pk]), status=303)


def _page(
    request: StaffRequest, office: Office, form: SiteForm, adding: PlacesForm
) -> HttpResponse:
    site: StorageSite = form.instance
    shelves: dict[str, list[StoragePlace]] = {}
    if site.pk:
        rows = site.places.annotate(count=Count("items"))
        for place in sorted(rows, key=places.in_order):
            shelves.setdefault(place.shelf, []).append(place)
    facts = {
        "office": office,
        "site": site,
        "form": form,
        "adding": adding,
        "shelves": shelves,
        "wrong": adding if adding.is_bound else form,
    }
    is_wrong = (form.is_bound or adding.is_bound) and bool(form.errors or adding.errors)
    return render(request, "lostfound/storage/site.html", facts, status=422 if is_wrong else 200)
