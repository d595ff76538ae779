"""Questions whose SQL is worked out once."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.gis.db.models import CharField, PointField
from django.contrib.gis.geos import Point

from geo.kept import Kept, Slot
from geo.models import Area

pytestmark = pytest.mark.django_db


def _holding() -> Kept:
    spot = Slot("spot", PointField(srid=4326))
    layer = Slot("layer", CharField())
    return Kept(
        lambda: (
            Area.objects.filter(shape__covers=spot, layer__slug=layer)
            .select_related("layer")
            .order_by("key")
        )
    )


def test_each_question_gets_the_answer_to_its_own_values(district: Any) -> None:
    kept = _holding()
    for area in Area.objects.select_related("layer"):
        spot: Point = area.shape.point_on_surface
        plain = Area.objects.filter(shape__covers=spot, layer=area.layer).order_by("key")
        found = kept.rows(spot=spot, layer=area.layer.slug)
        assert found == list(plain)
        assert area in found


def test_a_question_is_one_statement_with_what_belongs_to_its_rows(
    district: Any, django_assert_num_queries: Any
) -> None:
    kept = _holding()
    area = Area.objects.select_related("layer").first()
    assert area is not None
    with django_assert_num_queries(1):
        found = kept.rows(spot=area.shape.point_on_surface, layer=area.layer.slug)
        assert found[0].layer == area.layer


def test_a_value_that_looks_like_sql_stays_a_value(district: Any) -> None:
    assert _holding().rows(spot=Point(8.6, 49.7, srid=4326), layer="x' OR true --") == []


def test_a_forgotten_value_is_an_error_not_a_wrong_answer(district: Any) -> None:
    with pytest.raises(KeyError):
        _holding().rows(layer="gemeinden")
