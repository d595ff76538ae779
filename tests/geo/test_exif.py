"""What a camera noted about where it was."""

from __future__ import annotations

import math
from typing import Any

import pytest

from geo import exif

BENSHEIM = ["N", [49.0, 40.0, 52.0], "E", [8.0, 37.0, 14.0]]


def test_degrees_minutes_and_seconds_become_a_point() -> None:
    point = exif.position(BENSHEIM)
    assert point is not None
    assert (round(point.x, 6), round(point.y, 6), point.srid) == (8.620556, 49.681111, 4326)


def test_south_and_west_count_down() -> None:
    point = exif.position(["S", [33, 52, 4.5], "W", [70, 30, 0]])
    assert point is not None
    assert (round(point.x, 4), round(point.y, 4)) == (-70.5, -33.8679)


def test_minutes_with_a_fraction_are_as_common_as_seconds() -> None:
    point = exif.position(["N", [49, 40.8666, 0], "E", [8, 37.2333, 0]])
    assert point is not None
    assert (round(point.x, 4), round(point.y, 4)) == (8.6206, 49.6811)


@pytest.mark.parametrize(
    "noted",
    [
        None,
        "N",
        [],
        ["N", [49, 40, 52]],
        ["N", [0, 0, 0], "E", [0, 0, 0]],
        ["N", [49, 40, math.nan], "E", [8, 37, 14]],
        ["N", [49, 40, math.inf], "E", [8, 37, 14]],
        ["N", [-49, 40, 52], "E", [8, 37, 14]],
        ["N", [91, 0, 0], "E", [8, 37, 14]],
        ["N", [90, 0, 1], "E", [8, 37, 14]],
        ["N", [49, 60, 0], "E", [8, 37, 14]],
        ["N", [49, 40], "E", [8, 37, 14]],
        ["N", [49, 40, "52"], "E", [8, 37, 14]],
        ["E", [8, 37, 14], "N", [49, 40, 52]],
        ["n", [49, 40, 52], "e", [8, 37, 14]],
        ["", [49, 40, 52], "", [8, 37, 14]],
        [["N"], [49, 40, 52], ["E"], [8, 37, 14]],
        {"lat": 49.6},
        [1, 2, 3, 4],
    ],
)
def test_whatever_else_stands_there_is_no_position(noted: Any) -> None:
    assert exif.position(noted) is None
