"""Which front door a request came through: the region at `/`, a town at `/bensheim/`.

A town may also have a host of its own. Behind a path door the rest of the house neither sees nor
needs the prefix: `path_info` comes without it, `reverse()` puts it back.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.gis.db.models import Extent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import get_script_prefix, reverse, set_script_prefix
from django.utils import timezone

from geo.boxes import Box
from geo.models import Area

from .models import Municipality, Site

KEPT_SECONDS = 10
# Answered without a look at the database: assets, and what watches over us.
WITHOUT_SITE = ("/static/", "/healthz", "/readyz", "/metrics")
GERMANY = Box(5.8, 47.2, 15.1, 55.1)


@dataclass
class Doors:
    """All sites as they were read at `read_at` (monotonic seconds), and their extents so far."""

    read_at: float
    region: Site
    by_slug: dict[str, Site] = field(default_factory=dict)
    by_host: dict[str, Site] = field(default_factory=dict)
    by_town: dict[str, Site] = field(default_factory=dict)
    area_keys: dict[str, tuple[str, ...]] = field(default_factory=dict)
    extents: dict[str, Box] = field(default_factory=dict)


def neutral() -> Site:
    """The door of an installation that has not set up any: nobody's name, every municipality."""
    return Site(slug="", name="Augenmerk")


class SiteMiddleware:
    """Sets `request.site` and takes a town's prefix off the path for as long as we answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(WITHOUT_SITE):
            return self._through(request, neutral())
        doors = _doors()
        own_host = doors.by_host.get(request.get_host().partition(":")[0].lower())
        if own_host:
            return self._through(request, own_host)
        slug, _, rest = request.path_info.removeprefix("/").partition("/")
        town = doors.by_slug.get(slug) if slug else None
        if town is None:
            return self._through(request, doors.region)
        return self._under_prefix(request, town, path_info=f"/{rest}")

    def _through(self, request: HttpRequest, door: Site) -> HttpResponse:
        request.site = door  # type: ignore[assignment]
        return self.get_response(request)

    def _under_prefix(self, request: HttpRequest, town: Site, *, path_info: str) -> HttpResponse:
        outside = get_script_prefix()
        request.path_info = path_info
        set_script_prefix(f"{outside}{town.slug}/")
        try:
            return self._through(request, town)
        finally:
            set_script_prefix(outside)


def site(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `site` in every template."""
    return {"site": site_of(request)}


def site_of(request: HttpRequest) -> Site:
    """The request's site; a neutral one where the middleware has not run."""
    door: Site | None = getattr(request, "site", None)
    return door or neutral()


def door_of(town: Municipality) -> Site | None:
    """The town's own; None: it stands behind shared ones only."""
    return _doors().by_town.get(town.key)


def area_keys(door: Site) -> tuple[str, ...]:
    """Keys (AGS) of the municipalities behind this door, sorted; behind a neutral one: all."""
    doors = _doors()
    if door.slug not in doors.area_keys:
        doors.area_keys[door.slug] = _read_area_keys(door)
    return doors.area_keys[door.slug]


def extent(door: Site) -> Box:
    """The box around what the site serves: of the whole layer if it serves nothing yet."""
    doors = _doors()
    if door.slug not in doors.extents:
        doors.extents[door.slug] = _extent_of(area_keys(door)) or _extent_of(()) or GERMANY
    return doors.extents[door.slug]


def crosshair(request: HttpRequest) -> dict[str, str]:
    """What the map with the crosshair must know: west,south,east,north and the ground."""
    whole = extent(site_of(request))
    return {
        "extent": f"{whole.west},{whole.south},{whole.east},{whole.north}",
        "areas": f"{reverse('api-areas')}?layer={settings.MUNICIPALITY_LAYER}",
    }


def forget() -> None:
    """Read the sites again at the next request, not after `KEPT_SECONDS`."""
    global _kept
    _kept = None


_kept: Doors | None = None


def _doors() -> Doors:
    """What this process knows of the sites, at most `KEPT_SECONDS` old.

    While the database is away the last known sites stay; the view behind will say it.
    """
    global _kept
    if _kept is None or time.monotonic() - _kept.read_at > KEPT_SECONDS:
        try:
            _kept = _read_doors()
        except (OperationalError, InterfaceError):
            return _kept or Doors(read_at=0, region=neutral())
    return _kept


def _read_doors() -> Doors:
    sites = list(Site.objects.prefetch_related("municipalities"))
    by_slug = {each.slug: each for each in sites}
    return Doors(
        read_at=time.monotonic(),
        region=by_slug.get("") or neutral(),
        by_slug=by_slug,
        by_host={each.host.lower(): each for each in sites if each.host},
        by_town=_own_doors(sites),
        area_keys={each.slug: _keys(each.municipalities.all()) for each in sites},
    )


def _own_doors(sites: Sequence[Site]) -> dict[str, Site]:
    """By the key of a municipality the site that serves it alone; one with a host goes first."""
    doors: dict[str, Site] = {}
    for each in sorted(sites, key=lambda each: bool(each.host)):
        keys = _keys(each.municipalities.all())
        if len(keys) == 1 and (each.slug or each.host):
            doors[keys[0]] = each
    return doors


def _read_area_keys(door: Site) -> tuple[str, ...]:
    return _keys(door.municipalities.all() if door.pk else Municipality.objects.all())


def _keys(towns: Any) -> tuple[str, ...]:
    return tuple(sorted(town.key for town in towns))


def _extent_of(keys: Sequence[str]) -> Box | None:
    areas = Area.objects.in_layer(settings.MUNICIPALITY_LAYER).valid_on(timezone.localdate())
    if keys:
        areas = areas.filter(key__in=keys)
    sides = areas.aggregate(sides=Extent("shape"))["sides"]
    return Box(*sides) if sides else None
