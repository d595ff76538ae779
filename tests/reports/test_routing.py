"""Which department gets a report, and why."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.gis.geos import LineString, MultiLineString, MultiPolygon, Point, Polygon
from django.test import Client
from django.urls import reverse

from geo.models import Area, Layer, Line
from reports.models import Category, Rule
from reports.routing import route
from townhall.models import Department, Municipality, User

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


@pytest.fixture
def road_layer(settings: Any, db: None) -> Layer:
    settings.ROAD_LAYER = "hessen/strassen"
    return Layer.objects.create(owner="hessen", slug="strassen", name="Straßen")


@pytest.fixture
def make_road(road_layer: Layer, here: Point) -> Make:
    """A road from west to east, `north_m` metres north of here."""

    def make(road_class: str = "L", *, north_m: float = 5, **changes: Any) -> Line:
        up = here.y + north_m / 111_200
        course = LineString((here.x - 0.005, up), (here.x + 0.005, up))
        changes.setdefault("key", f"{road_class}{north_m}")
        changes.setdefault("name", "Darmstädter Straße")
        changes.setdefault("owner", {"L": "land", "K": "kreis", "B": "bund"}.get(road_class, ""))
        shape = MultiLineString(course, srid=4326)
        return Line.objects.create(layer=road_layer, road_class=road_class, shape=shape, **changes)

    return make


def test_the_road_decides_and_is_named(
    town: Municipality,
    pothole: Category,
    here: Point,
    roads: Department,
    depot: Department,
    make_rule: Make,
    make_road: Make,
) -> None:
    make_road("L", in_town=True)
    make_road("G", north_m=20)
    make_rule(roads, road_class=["A", "B"], name="Bundesstraßen")
    make_rule(depot, road_class=["L", "K"], name="Landes- und Kreisstraßen")
    explanation = ask(town, pothole, here)
    assert explanation.department == depot
    assert explanation.as_json()["checked"] == [
        {"number": 1, "name": "Bundesstraßen", "because": "road"}
    ]
    assert explanation.as_json()["road"] == {
        "key": "L5",
        "name": "Darmstädter Straße",
        "class": "L",
        "owner": "land",
        "in_town": True,
        "metres": 5,
    }


@pytest.mark.parametrize(
    ("condition", "matches"),
    [
        ({"road_owner": ["land"]}, True),
        ({"road_owner": ["bund", "kreis"]}, False),
        ({"road_class": ["L"], "road_owner": ["gemeinde"]}, False),
        ({"road_in_town": True}, True),
        ({"road_in_town": False}, False),
        ({}, True),
    ],
)
def test_every_condition_on_the_road_must_hold(
    town: Municipality,
    pothole: Category,
    here: Point,
    roads: Department,
    make_rule: Make,
    make_road: Make,
    condition: dict[str, Any],
    matches: bool,
) -> None:
    make_road("L", in_town=True)
    make_rule(roads, **condition)
    assert (ask(town, pothole, here).department == roads) is matches


@pytest.mark.parametrize("condition", [{"road_class": ["L"]}, {"road_in_town": False}])
def test_far_from_roads_no_condition_on_a_road_holds(
    town: Municipality,
    pothole: Category,
    here: Point,
    roads: Department,
    make_rule: Make,
    make_road: Make,
    condition: dict[str, Any],
) -> None:
    make_road("L", north_m=40)
    make_rule(roads, **condition)
    explanation = ask(town, pothole, here)
    assert explanation.department == town.fallback_department
    assert explanation.checked[0].because == "road"
    assert "road" not in explanation.as_json()


def test_without_a_road_layer_rules_know_no_roads(
    town: Municipality,
    pothole: Category,
    here: Point,
    roads: Department,
    make_rule: Make,
    make_road: Make,
    settings: Any,
) -> None:
    make_road("L")
    make_rule(roads, road_class=["L"])
    settings.ROAD_LAYER = ""
    assert ask(town, pothole, here).checked[0].because == "road"


def test_an_unknown_owner_is_nobodys(
    town: Municipality,
    pothole: Category,
    here: Point,
    roads: Department,
    make_rule: Make,
    make_road: Make,
) -> None:
    make_road("", owner="", in_town=None)
    make_rule(roads, road_owner=["gemeinde"])
    make_rule(roads, road_in_town=False)
    assert ask(town, pothole, here).rule is None


def test_routing_by_road_takes_one_statement_too(
    town: Municipality,
    pothole: Category,
    here: Point,
    roads: Department,
    make_rule: Make,
    make_road: Make,
    django_assert_num_queries: Any,
) -> None:
    make_road("L")
    for _each in range(20):
        make_rule(roads, road_class=["B"])
    with django_assert_num_queries(1):
        assert ask(town, pothole, here).road is not None


def test_a_report_tells_staff_at_which_road_it_lies(
    make_report: Make,
    here: Point,
    roads: Department,
    dispatcher: User,
    client: Client,
    make_rule: Make,
    make_road: Make,
) -> None:
    make_road("L", in_town=True)
    make_rule(roads, road_class=["B"], name="Bundesstraßen")
    report = make_report()
    client.force_login(dispatcher)
    page = client.get(reverse("desk-report", args=[report.code])).content.decode()
    assert "Nächste Straße: Darmstädter Straße (L), Baulast: Land, Ortsdurchfahrt." in page
    assert "nein: an einer anderen Straße" in page


GUIDE = Path(__file__).parents[2] / "docs" / "import.md"


@pytest.fixture
def hessen(
    pothole: Category, make_municipality: Make, make_department: Make, make_road: Make
) -> dict[str, Municipality]:
    """The rules of the guide, for a large and a small town; both at the same roads."""
    for name, slug in (("Hessen Mobil", "hessen-mobil"), ("Bauhof", "bensheim-bauhof")):
        make_department(name, slug=slug)
    make_department("Tiefbau", slug="bensheim-tiefbau")
    make_department("Bauamt", slug="lorsch-bauamt")
    small = make_municipality("Lorsch", key="06431016", centre=(8.70, 49.60))
    (example,) = re.findall(r"^```python\n(.*?)^```$", GUIDE.read_text(), re.DOTALL | re.MULTILINE)
    exec(example, {})
    return {"large": Municipality.objects.get(slug="bensheim"), "small": small}


@pytest.mark.parametrize(
    ("size", "road_class", "in_town", "ground", "department"),
    [
        ("large", "L", True, "road", "bensheim-tiefbau"),
        ("large", "K", True, "road", "bensheim-tiefbau"),
        ("large", "L", False, "road", "hessen-mobil"),
        ("large", "B", True, "road", "hessen-mobil"),
        ("large", "B", True, "sidewalk", "bensheim-bauhof"),
        ("large", "L", False, "cycleway", "hessen-mobil"),
        ("large", "G", True, "road", "bensheim-tiefbau"),
        ("small", "L", True, "road", "hessen-mobil"),
        ("small", "K", True, "", "hessen-mobil"),
        ("small", "L", True, "sidewalk", "lorsch-bauamt"),
        ("small", "G", True, "road", "lorsch-bauamt"),
    ],
)
def test_the_guides_rules_for_hessen_do_what_the_law_says(
    hessen: dict[str, Municipality],
    pothole: Category,
    here: Point,
    make_road: Make,
    size: str,
    road_class: str,
    in_town: bool,
    ground: str,
    department: str,
) -> None:
    make_road(road_class, in_town=in_town)
    explanation = ask(hessen[size], pothole, here, **({"ground": ground} if ground else {}))
    assert explanation.department.slug == department
