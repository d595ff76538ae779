"""The routing table of the demo: ordered rules, first match wins, town halls as fallback."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

from django.contrib.gis.geos import MultiPolygon, Polygon

from geo.models import Area, Layer
from reports.models import Category, Rule
from townhall.models import Department, Municipality

from .people import BODIES, DESKS, GARDENS, STATE_ROADS, WASTE

# Rough outline of the Staatspark Fürstenlager in Auerbach, drawn by us: lon, lat.
PARK = (
    (8.6325, 49.7135),
    (8.6395, 49.7165),
    (8.6490, 49.7150),
    (8.6505, 49.7085),
    (8.6420, 49.7055),
    (8.6340, 49.7080),
    (8.6325, 49.7135),
)
STEP = 10


def load_park() -> Area:
    """An area that is nobody's municipality: the state looks after its trees."""
    layer = Layer.objects.create(
        owner="demo",
        slug="anlagen",
        name="Besondere Anlagen (Demo)",
        attribution="Grob gezeichnet für die Demo",
    )
    outline = Polygon(PARK, srid=4326)
    return Area.objects.create(
        layer=layer,
        key="fuerstenlager",
        name="Staatspark Fürstenlager (Demo-Umriss)",
        shape=MultiPolygon(outline, srid=4326),
        label_at=outline.point_on_surface,
    )


def load_rules(
    towns: Mapping[str, Municipality],
    departments: Mapping[str, Department],
    categories: Mapping[str, Category],
    park: Area,
) -> None:
    """Write the whole table; special cases stand before general ones."""
    positions = count(STEP, STEP)
    Rule.objects.bulk_create(
        Rule(position=next(positions), **line)
        for line in (
            *_open_roads(departments, categories),
            *_park(departments, categories, park, towns["bensheim"]),
            *_small_repairs(departments, categories, towns["bensheim"]),
            *_bulky_waste(departments, categories),
            *_tasks(departments, categories, towns),
        )
    )


Line = dict[str, Any]


def _open_roads(
    departments: Mapping[str, Department], categories: Mapping[str, Category]
) -> Iterator[Line]:
    for code in ("schlagloch", "radwegschaden", "ampel"):
        yield {
            "name": f"{categories[code].name} an Landes- und Bundesstraßen außerorts",
            "category": categories[code],
            "answers": {"lage": ["open_road"]},
            "department": departments[STATE_ROADS],
        }


def _park(
    departments: Mapping[str, Department],
    categories: Mapping[str, Category],
    park: Area,
    bensheim: Municipality,
) -> Iterator[Line]:
    for code in ("gruen", "freizeit"):
        yield {
            "name": f"{categories[code].name} im Staatspark Fürstenlager",
            "municipality": bensheim,
            "area": park,
            "category": categories[code],
            "department": departments[GARDENS],
        }


def _small_repairs(
    departments: Mapping[str, Department],
    categories: Mapping[str, Category],
    bensheim: Municipality,
) -> Iterator[Line]:
    yield {
        "name": "Schlaglöcher auf Geh- und Radwegen flickt der Bauhof",
        "municipality": bensheim,
        "category": categories["schlagloch"],
        "answers": {"ground": ["sidewalk", "cycleway"]},
        "department": departments["bensheim-bauhof"],
    }


def _bulky_waste(
    departments: Mapping[str, Department], categories: Mapping[str, Category]
) -> Iterator[Line]:
    yield {
        "name": "Sperrmüll holt der Zweckverband",
        "category": categories["sperrmuell"],
        "department": departments[WASTE],
    }


def _tasks(
    departments: Mapping[str, Department],
    categories: Mapping[str, Category],
    towns: Mapping[str, Municipality],
) -> Iterator[Line]:
    """Town by town: single categories first, then whole groups."""
    for slug, town in towns.items():
        tasks = [(task, f"{slug}-{desk.slug}") for desk in DESKS[slug] for task in desk.tasks] + [
            (task, body.slug) for body in BODIES if slug in body.towns for task in body.tasks
        ]
        tasks.sort(key=lambda each: categories[each[0]].group_id is None)
        for code, department in tasks:
            yield {
                "name": f"{categories[code].name} in {town.name}",
                "municipality": town,
                "category": categories[code],
                "department": departments[department],
            }
