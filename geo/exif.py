"""The position inside a photo: what a camera noted about where it was.

Anybody can write anything there, and cameras do: 0/0 while they look for satellites, the last place
where they knew one, garbage. So it is only ever offered to whoever sent the photo.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from django.contrib.gis.geos import Point

NOWHERE = 0.01  # degrees around 0/0, where nobody takes photos


def position(noted: object) -> Point | None:
    """The point in `["N", [49, 40, 52.0], "E", [8, 37, 14.0]]` (degrees, minutes, seconds), WGS 84.

    None for whatever else stands there: other letters, too few numbers, NaN, off the globe, 0/0.
    """
    match noted:
        case [str(up), list(latitude), str(across), list(longitude)]:
            lat, lon = _degrees(latitude, most=90), _degrees(longitude, most=180)
            if up not in {"N", "S"} or across not in {"E", "W"}:
                return None
        case _:
            return None
    if not (math.isfinite(lat) and math.isfinite(lon)) or (lat < NOWHERE and lon < NOWHERE):
        return None
    return Point(-lon if across == "W" else lon, -lat if up == "S" else lat, srid=4326)


def _degrees(parts: Sequence[object], *, most: int) -> float:
    """NaN where the three numbers are no angle from 0 to `most`."""
    numbers = [float(part) for part in parts if isinstance(part, int | float)]
    if len(numbers) != 3 or not all(
        0 <= number < bound for number, bound in zip(numbers, (181, 60, 60), strict=True)
    ):
        return math.nan
    degrees = numbers[0] + numbers[1] / 60 + numbers[2] / 3600
    return degrees if degrees <= most else math.nan
