"""Which department gets a report, and why."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from geo.models import Area, Layer
from reports.models import Category, Rule
from reports.routing import route
from townhall.models import Department, Municipality

Make = Callable[..., Any]


@pytest.fixture
def roads(make_department: Make) -> Department:
    department: Department = make_department("Tiefbau")
    return department


@pytest.fixture
def depot(make_department: Make) -> Department:
    department: Department = make_department("Bauhof")
    return department


def ask(town: Municipality, category: Category, at: Point, **answers: str) -> Any:
    return route(town, category=category, position=at, answers=answers)


def test_without_rules_the_fallback_gets_it(
    town: Municipality, pothole: Category, here: Point
) -> None:
    explanation = ask(town, pothole, here)
    assert explanation.department == town.fallback_department
    assert explanation.as_json()["fallback"] is True


def test_the_first_match_wins_and_the_others_are_explained(
    town: Municipality,
    pothole: Category,
    here: Point,
    roads: Department,
    depot: Department,
    make_rule: Make,
    make_category: Make,
) -> None:
    lamp = make_category("Laterne", group="Licht")
    make_rule(depot, category=lamp, name="Licht zum Bauhof")
    make_rule(roads, category=pothole, name="Schlaglöcher zum Tiefbau")
    make_rule(depot, name="Alles andere zum Bauhof")
    explanation = ask(town, pothole, here)
    assert explanation.department == roads
    assert explanation.as_json() == {
        "department": {"slug": "tiefbau", "name": "Tiefbau"},
        "rule": {"number": 2, "name": "Schlaglöcher zum Tiefbau"},
        "fallback": False,
        "rules_total": 3,
        "checked": [{"number": 1, "name": "Licht zum Bauhof", "because": "category"}],
    }


def test_a_rule_for_a_group_holds_for_its_categories(
    town: Municipality, pothole: Category, here: Point, roads: Department, make_rule: Make
) -> None:
    make_rule(roads, category=pothole.group)
    assert ask(town, pothole, here).department == roads


def test_an_answer_decides(
    town: Municipality,
    pothole: Category,
    here: Point,
    roads: Department,
    depot: Department,
    make_rule: Make,
) -> None:
    make_rule(roads, answers={"ground": ["road", "cycleway"]})
    make_rule(depot, answers={"ground": ["sidewalk"]})
    assert ask(town, pothole, here, ground="sidewalk").department == depot
    assert ask(town, pothole, here, ground="cycleway").department == roads
    assert ask(town, pothole, here).rule is None


def test_an_area_decides(
    town: Municipality,
    pothole: Category,
    here: Point,
    roads: Department,
    depot: Department,
    make_rule: Make,
) -> None:
    layer = Layer.objects.create(owner="bensheim", slug="zonen", name="Zonen")
    x, y = here.coords
    zone = Area.objects.create(
        layer=layer,
        key="altstadt",
        name="Altstadt",
        shape=MultiPolygon(Polygon.from_bbox((x - 0.001, y - 0.001, x + 0.001, y + 0.001))),
        label_at=here,
    )
    make_rule(depot, area=zone, name="Altstadt zum Bauhof")
    make_rule(roads)
    assert ask(town, pothole, here).department == depot
    outside = ask(town, pothole, Point(x + 0.01, y, srid=4326))
    assert outside.department == roads
    assert outside.checked[0].because == "area"


def test_rules_of_another_town_do_not_count(
    town: Municipality,
    pothole: Category,
    here: Point,
    roads: Department,
    make_rule: Make,
    make_municipality: Make,
) -> None:
    other = make_municipality("Heppenheim", key="06431011", centre=(8.70, 49.60))
    make_rule(roads, municipality=other)
    explanation = ask(town, pothole, here)
    assert explanation.rule is None
    assert explanation.total == 0


def test_a_closed_department_gets_nothing(
    town: Municipality, pothole: Category, here: Point, roads: Department, make_rule: Make
) -> None:
    rule: Rule = make_rule(roads)
    rule.department.is_active = False
    rule.department.save()
    assert ask(town, pothole, here).department == town.fallback_department


def test_routing_takes_one_statement(
    town: Municipality,
    pothole: Category,
    here: Point,
    roads: Department,
    make_rule: Make,
    django_assert_num_queries: Any,
) -> None:
    for _each in range(20):
        make_rule(roads, answers={"ground": ["nowhere"]})
    with django_assert_num_queries(1):
        ask(town, pothole, here)
