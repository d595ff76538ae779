"""Boxes and tiles; no database."""

import pytest
from django.contrib.gis.geos import Point
from hypothesis import given
from hypothesis import strategies as st

from geo.boxes import BadBox, BadTile, Box, tile_at
from geo.distances import compass, distance_m


def test_a_box_is_read_as_west_south_east_north() -> None:
    assert Box.parse("8.5, 49.6,8.7,49.75") == Box(8.5, 49.6, 8.7, 49.75)


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        "a,b,c,d",
        "1,2,3",
        "1,2,3,4,5",
        "8.5,49.8,8.7,49.6",
        "8.7,49.6,8.5,49.8",
        "nan,49.6,8.7,49.8",
        "8.5,49.6,inf,49.8",
        "8.5,49.6,8.7,91",
        "-181,49.6,8.7,50",
        "8_5,49.6,88,50",
        "1e400,1,2,3",
        "٨,49,9,50",
        "8.5,49.6,8.7,49.8\x00",
        "8.5;49.6;8.7;49.8",
        "9" * 10_000,
    ],
)
def test_a_box_refuses_nonsense(nonsense: str) -> None:
    with pytest.raises(BadBox):
        Box.parse(nonsense)


@pytest.mark.parametrize("tile", [(-1, 0, 0), (23, 0, 0), (2, 4, 0), (2, 0, -1), (0, 0, 1)])
def test_a_tile_outside_the_grid_is_refused(tile: tuple[int, int, int]) -> None:
    with pytest.raises(BadTile):
        Box.of_tile(*tile)


def test_the_first_tile_is_the_world() -> None:
    box = Box.of_tile(0, 0, 0)
    assert (box.west, box.east) == (-180, 180)
    assert box.north == pytest.approx(85.0511287798)
    assert box.south == pytest.approx(-85.0511287798)


def test_bensheim_lies_in_its_tile() -> None:
    assert tile_at(Point(8.6228, 49.6811)) == "12/2146/1394"


@given(st.floats(-180, 180), st.floats(-90, 90), st.integers(0, 22))
def test_every_place_lies_in_the_tile_it_is_said_to(lon: float, lat: float, zoom: int) -> None:
    z, x, y = map(int, tile_at(Point(lon, lat), zoom=zoom).split("/"))
    box = Box.of_tile(z, x, y)
    tiny = 1e-6
    assert box.west - tiny <= lon <= box.east + tiny
    assert box.south - tiny <= min(max(lat, -85.0511287), 85.0511287) <= box.north + tiny


def test_distances_are_metres_on_the_ground() -> None:
    bensheim, heppenheim = Point(8.6228, 49.6811), Point(8.6394, 49.6417)
    assert distance_m(bensheim, heppenheim) == pytest.approx(4545, rel=0.01)
    assert distance_m(bensheim, bensheim) == 0


@pytest.mark.parametrize(
    ("lon", "lat", "way"),
    [(8.6, 49.8, "N"), (8.8, 49.8, "NE"), (8.8, 49.6, "E"), (8.6, 49.4, "S"), (8.4, 49.6, "W")],
)
def test_the_compass_names_eight_ways(lon: float, lat: float, way: str) -> None:
    start = Point(8.6, 49.6)
    goal = Point(8.6 + (lon - 8.6), lat if way != "NE" else 49.73)
    assert compass(start, goal) == way


def test_a_box_around_a_place_holds_what_is_near() -> None:
    place = Point(8.6228, 49.6811)
    box = Box.around(place, metres=300)
    assert box.covers(Point(8.6228, 49.6811 + 0.0026))
    assert not box.covers(Point(8.6228, 49.6811 + 0.0030))
