"""Whose place it is: points inside, on borders and outside."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from typing import Any

import pytest
import shapely
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from pytest_django import DjangoAssertNumQueries

from geo.areas import areas_at
from geo.bulk import Shapes
from geo.models import Area, Layer
from townhall.people import municipality_at

from .district import BOUNDARIES, import_areas, listed_points

pytestmark = pytest.mark.django_db


def border_points(count: int) -> Iterator[tuple[float, float]]:
    """Corners of the real borders and points between them, as (lon, lat)."""
    lines = [
        shapely.from_wkb(bytes(shape.wkb)).boundary
        for shape in Area.objects.values_list("shape", flat=True)
    ]
    chance = random.Random(6431)
    corners = [corner for line in lines for corner in shapely.get_coordinates(line).tolist()]
    yield from (tuple(corner) for corner in chance.sample(corners, count // 2))
    for _ in range(count // 2):
        line = chance.choice(lines)
        point = line.interpolate(chance.random(), normalized=True)
        yield point.x, point.y


@pytest.mark.usefixtures("district")
def test_all_listed_points_come_out_as_listed() -> None:
    points = listed_points()
    found = [municipality_at(Point(float(p["lon"]), float(p["lat"]))) for p in points]
    assert len(points) == 88
    assert [place.key if place else "" for place in found] == [p["ags"] for p in points]


@pytest.mark.usefixtures("district")
def test_every_border_point_belongs_to_one_area_and_always_the_same() -> None:
    points = list(border_points(2_400))
    first = [municipality_at(Point(*point)) for point in points]
    assert all(first)
    keys = [place.key for place in first if place]
    sample = list(itertools.islice(zip(points, keys, strict=True), 0, None, 6))
    for point, key in sample:
        assert [area.key for area in areas_at(Point(*point), layer="bkg/gemeinden")] == [key]
    Area.objects.all().delete()
    import_areas(BOUNDARIES)
    for point, key in sample:
        place = municipality_at(Point(*point))
        assert place is not None
        assert place.key == key


@pytest.mark.usefixtures("district")
def test_a_point_between_two_corners_belongs_to_the_lowest_key() -> None:
    bensheim, heppenheim = Area.objects.filter(key__in=["06431002", "06431011"]).order_by("key")
    shared = bensheim.shape.intersection(heppenheim.shape)
    corner = shapely.get_coordinates(shapely.from_wkb(bytes(shared.wkb)))[0]
    place = municipality_at(Point(*corner))
    assert place is not None
    assert place.key == "06431002"


@pytest.mark.usefixtures("district")
def test_a_place_nobody_serves_is_named() -> None:
    place = municipality_at(Point(8.797885, 49.528539))
    assert place is not None
    assert (place.key, place.name, place.municipality) == ("06431001", "Abtsteinach", None)


def test_areas_are_looked_up_in_one_statement(
    town: object, here: Point, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        found = areas_at(here)
        assert [(str(area.layer), area.key) for area in found] == [("bkg/gemeinden", "06431002")]


def test_overlapping_areas_are_all_named_by_layer_and_key(db: None) -> None:
    for slug, key, size in [("z", "2", 1.0), ("z", "1", 2.0), ("a", "9", 1.0)]:
        layer, _ = Layer.objects.get_or_create(owner="own", slug=slug)
        shape = MultiPolygon(Polygon.from_bbox((8 - size, 49 - size, 8 + size, 49 + size)))
        Area.objects.create(layer=layer, key=key, name=key, shape=shape, label_at=Point(8, 49))
    found = areas_at(Point(8, 49))
    assert [(str(area.layer), area.key) for area in found] == [
        ("own/a", "9"),
        ("own/z", "1"),
        ("own/z", "2"),
    ]


def test_an_area_that_has_ended_holds_nothing(town: object, here: Point) -> None:
    Area.objects.update(validity="[2000-01-01,2020-01-01)")
    assert areas_at(here) == []
    assert municipality_at(here) is None


@pytest.mark.parametrize("place", [(0, 0), (180, 90), (-180, -90), (8.6, -89.9)])
def test_a_place_far_away_belongs_to_nobody(town: object, place: tuple[float, float]) -> None:
    assert municipality_at(Point(*place)) is None
    assert areas_at(Point(*place)) == []


@pytest.mark.usefixtures("district")
def test_many_at_once_come_out_as_one_by_one_on_borders_and_in_an_enclave_too() -> None:
    hollow = Area.objects.get(key="06431002")
    middle: Any = hollow.shape.point_on_surface.buffer(0.004)
    enclave = Area.objects.get(key="06431015")  # elsewhere, too: a town in two pieces
    Area.objects.filter(pk=hollow.pk).update(shape=_multi(hollow.shape.difference(middle)))
    Area.objects.filter(pk=enclave.pk).update(shape=_multi(enclave.shape.union(middle)))
    chance = random.Random(7)
    ring = list(middle.shell.coords)
    anywhere = [(chance.uniform(8.3, 9.0), chance.uniform(49.4, 49.9)) for _each in range(400)]
    points = [*anywhere, *border_points(500), *ring, middle.centroid.coords]
    lon, lat = zip(*points, strict=True)
    one_by_one = [municipality_at(Point(*point)) for point in points]
    keys = [place.key if place else None for place in one_by_one]
    assert Shapes.read("bkg/gemeinden").keys_at(lon, lat) == keys
    assert keys[-1] == "06431015"
    assert None in keys


def _multi(shape: Any) -> MultiPolygon:
    return shape if isinstance(shape, MultiPolygon) else MultiPolygon(shape, srid=4326)
