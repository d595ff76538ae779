"""What a map tile shows: counts from afar, pins from near."""

from __future__ import annotations

from typing import Any

from django.db.models import Avg, Count, F, Min, Q
from django.db.models.functions import Floor

from geo.boxes import Box
from reports import live
from reports.models import Report
from reports.queries import ReportQuerySet, Selection
from reports.workflow import Status
from townhall.live import cursor

POINTS_FROM_ZOOM = 14
MAX_POINTS = 500
CELLS_PER_SIDE = 4  # a cell is 64 screen pixels wide


def tile(z: int, x: int, y: int, selection: Selection) -> dict[str, Any]:
    """The content of one tile. At most three statements.

    `{"cursor": str, "clusters": [{"at": [lon, lat], "n": int, "by": {status: int}}],
    "reports": [postcard], "cut": bool}`. A cluster of one is a report. Raises BadTile.
    """
    box = Box.of_tile(z, x, y)
    taken = cursor()  # before the first look at the data: see townhall/live
    hits = Report.objects.public().inside_tile(box).selected(selection)
    if z >= POINTS_FROM_ZOOM:
        clusters: list[dict[str, Any]] = []
        singles = hits
    else:
        cells = _cells(hits, box)
        clusters = [_cluster(cell) for cell in cells if cell["n"] > 1]
        singles = Report.objects.filter(pk__in=[cell["one"] for cell in cells if cell["n"] == 1])
    points = list(
        singles.select_related("category__group").order_by("-changed_at", "pk")[: MAX_POINTS + 1]
    )
    return {
        "cursor": taken,
        "clusters": clusters,
        "reports": [live.postcard(report) for report in points[:MAX_POINTS]],
        "cut": len(points) > MAX_POINTS,
    }


def _cells(hits: ReportQuerySet, box: Box) -> list[dict[str, Any]]:
    """Hits counted on a grid of CELLS_PER_SIDE² cells."""
    width = (box.east - box.west) / CELLS_PER_SIDE
    height = (box.north - box.south) / CELLS_PER_SIDE
    by_status = {f"in_{each}": Count("pk", filter=Q(status=each)) for each in Status}
    return list(
        hits.order_by()
        .annotate(column=Floor((F("lon") - box.west) / width))
        .annotate(line=Floor((F("lat") - box.south) / height))
        .values("column", "line")
        .annotate(
            n=Count("pk"), one=Min("pk"), mean_lon=Avg("lon"), mean_lat=Avg("lat"), **by_status
        )
        .order_by("column", "line")
    )


def _cluster(cell: dict[str, Any]) -> dict[str, Any]:
    return {
        "at": [round(cell["mean_lon"], 6), round(cell["mean_lat"], 6)],
        "n": cell["n"],
        "by": {str(each): cell[f"in_{each}"] for each in Status if cell[f"in_{each}"]},
    }
