"""The real district, and files of areas made for the test."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from geo.gazetteer import DEMO_PLACES, load_places

from .district import BOUNDARIES, import_areas


@pytest.fixture
def district(db: None) -> None:
    """Kreis Bergstraße with its real boundaries."""
    import_areas(BOUNDARIES)


@pytest.fixture
def gazetteer(db: None) -> int:
    return load_places(DEMO_PLACES)


@pytest.fixture
def geojson(tmp_path: Path) -> Callable[..., Path]:
    """Writes areas as (key, name, rings) into a GeoJSON file."""

    def write(
        areas: Sequence[tuple[Any, Any, Any]],
        *,
        file: str = "areas.geojson",
        more: Mapping[str, Any] | None = None,
    ) -> Path:
        features = [
            {
                "type": "Feature",
                "properties": {"ags": key, "name": name},
                "geometry": rings
                if rings is None or isinstance(rings, dict)
                else {"type": "Polygon", "coordinates": rings},
            }
            for key, name, rings in areas
        ]
        path = tmp_path / file
        whole = {"type": "FeatureCollection", "features": features, **(more or {})}
        path.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
        return path

    return write
