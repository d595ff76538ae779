"""What open pages hear of reports: postcards for everybody, doorbells for staff and reporter."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.gis.geos import Point
from django.utils import translation

from geo.boxes import tile_at
from reports.models import Report
from townhall.live import Ring, ring

if TYPE_CHECKING:
    from townhall.models import Department, Municipality


def postcard(report: Report) -> dict[str, Any]:
    """What every visitor may read. The report must be public and come with_faces()."""
    place = report.public_position
    return {
        "kind": "report",
        "code": report.code,
        "version": report.version,
        "status": report.status,
        "hazard": report.is_hazard,
        "group": report.category.group.code if report.category.group else "",
        "category": report.category.code,
        "municipality": report.municipality.key,
        "title": report.public_title,
        "at": [round(place.x, 6), round(place.y, 6)] if place else None,
    }


def gone(report: Report) -> dict[str, Any]:
    return {"kind": "gone", "code": report.code, "version": report.version}


def bell(report: Report) -> dict[str, Any]:
    return {"kind": "bell", "code": report.code, "version": report.version}


def public_tiles(report: Report, *more: Point | None) -> list[str]:
    """The z12 tiles in which the public sees a change of the report; `more`: old places."""
    places = [report.public_position, *more]
    return sorted({tile_at(place) for place in places if place})


def ring_report(
    report: Report,
    *,
    was_public: bool,
    is_internal: bool = False,
    is_between_us: bool = False,
    old_position: Point | None = None,
    teams: Collection[Department] = (),
    towns: Collection[Municipality] = (),
) -> None:
    """Ring every page that may show the report: one NOTIFY.

    What is internal rings staff only: nobody else is to count what they do. What is between us and
    the reporter rings these two. `teams` and `towns`: former ones.
    """
    rings = [Ring(list(_bells(report, teams, towns)), bell(report))]
    if not is_internal:
        rings.append(Ring([f"reporter:{report.capability_digest}"], bell(report)))
    is_news = not (is_internal or is_between_us)
    if is_news and (report.is_public or was_public):
        with translation.override(settings.LANGUAGE_CODE):  # the same words for everybody
            message = postcard(report) if report.is_public else gone(report)
        tiles = [f"tile:{tile}" for tile in public_tiles(report, old_position)]
        rings.append(Ring([*tiles, f"report:{report.code}"], message))
    ring(*rings)


def _bells(
    report: Report, teams: Collection[Department], towns: Collection[Municipality]
) -> Iterable[str]:
    for key in {report.municipality.key, *(town.key for town in towns)}:
        yield f"staff:{key}"
    for slug in {report.department.slug, *(team.slug for team in teams)}:
        yield f"team:{slug}"
