"""Reports that belong elsewhere since boundaries, roads or rules have changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.gis.geos import LineString, MultiLineString, Point
from django.core.management import call_command

from geo.models import Area, Layer, Line
from reports import rerouting
from reports.deeds import alarms, triage
from reports.models import Event, EventKind, Report
from reports.workflow import Status
from tests.conftest import BENSHEIM, square
from townhall.models import Department, Letter, Municipality, User

Make = Callable[..., Any]
EAST = (BENSHEIM[0] + 0.06, BENSHEIM[1])


@pytest.fixture
def lorsch(make_municipality: Make) -> Municipality:
    town: Municipality = make_municipality("Lorsch", key="06431015", centre=EAST)
    return town


@pytest.fixture
def roads(town: Municipality, make_department: Make, make_rule: Make) -> Department:
    """Gets everything in Bensheim."""
    department: Department = make_department("Tiefbauamt", serves=[town])
    make_rule(department, municipality=town, name="Alles in Bensheim")
    return department


def give_all_to_lorsch() -> None:
    """As an import of new boundaries does it."""
    Area.objects.filter(key="06431002").update(shape=square((9.5, 49.6)))
    Area.objects.filter(key="06431015").update(shape=square(BENSHEIM, half=0.2))


def reroute(*options: str) -> str:
    said = StringIO()
    call_command("reroute", *options, stdout=said)
    return said.getvalue()


def test_whoever_lies_in_another_town_now_goes_there_with_history_and_a_letter(
    roads: Department, lorsch: Municipality, make_report: Make
) -> None:
    report = make_report()
    give_all_to_lorsch()
    assert "1 reports moved." in reroute()
    moved = Report.objects.get()
    assert moved.municipality == lorsch
    assert moved.department == lorsch.fallback_department
    assert moved.routing["fallback"] is True
    assert moved.version == report.version + 1
    event = moved.events.latest("id")
    assert (event.kind, event.facts["from"]) == (EventKind.ROUTED, "Tiefbauamt")
    assert event.tiles
    letter = Letter.objects.get(kind="rerouted")
    assert letter.to == lorsch.fallback_department.email
    assert "Grenzen oder Regeln haben sich geändert" in letter.text
    assert "0 reports moved." in reroute()
    assert Event.objects.filter(kind=EventKind.ROUTED).count() == 2


def test_changed_rules_move_what_they_changed_and_nothing_else(
    roads: Department, town: Municipality, make_report: Make, make_department: Make, make_rule: Make
) -> None:
    lamp = make_report(description="Die Laterne flackert.")
    other = make_report()
    done = make_report()
    Report.objects.filter(pk=done.pk).update(status=Status.DONE)
    for report in (lamp, done):
        Report.objects.filter(pk=report.pk).update(answers={"art": "licht"})
    depot = make_department("Bauhof", serves=[town])
    make_rule(depot, position=0, name="Licht zum Bauhof", answers={"art": ["licht"]})
    said = reroute("--dry-run")
    assert lamp.shown_code in said
    assert other.shown_code not in said
    assert "Bensheim: Tiefbauamt" in said
    assert "Bensheim: Bauhof" in said
    assert "Licht zum Bauhof" in said
    assert Report.objects.filter(department=depot).count() == 0
    reroute()
    assert Report.objects.get(department=depot) == lamp
    assert Report.objects.get(pk=lamp.pk).changed_at == lamp.changed_at  # nothing public happened


def test_what_a_person_passed_on_stays_with_whom_it_was_given_to(
    roads: Department,
    town: Municipality,
    dispatcher: User,
    make_report: Make,
    make_department: Make,
) -> None:
    garden = make_department("Grünflächenamt", serves=[town])
    report = triage.forward(make_report(), by=dispatcher, department=garden)
    assert "0 reports moved." in reroute()
    roads.is_active = False
    roads.save()
    assert "1 were passed on by a person" in reroute()
    assert Report.objects.get(pk=report.pk).department == garden


def test_a_hazard_calls_whoever_has_it_now(
    roads: Department, lorsch: Municipality, dispatcher: User, make_report: Make
) -> None:
    report = alarms.flag_hazard(make_report(), by=dispatcher, is_hazard=True)
    give_all_to_lorsch()
    reroute()
    alarm = report.alarms.latest("pk")
    assert alarm.department == lorsch.fallback_department
    assert report.events.filter(kind=EventKind.HAZARD_ALARM).count() == 2
    letter = Letter.objects.get(kind="hazard_alarm", to=lorsch.fallback_department.email)
    assert "GEFAHR" in letter.subject


def test_what_lies_in_no_town_stays_and_is_named(roads: Department, make_report: Make) -> None:
    report = make_report()
    Area.objects.update(shape=square((9.5, 49.6)))
    assert f"In no town that takes reports: {report.shown_code}." in reroute()
    assert Report.objects.get().department == roads


def test_only_what_came_since_a_day_is_looked_at(
    roads: Department, lorsch: Municipality, make_report: Make
) -> None:
    make_report()
    give_all_to_lorsch()
    assert "0 reports would move" in reroute("--dry-run", "--since", "2999-01-01")
    assert "1 reports would move" in reroute("--dry-run", "--since", "2020-01-01")


def test_looking_agrees_with_asking_whatever_a_rule_wants_to_know(
    town: Municipality,
    here: Point,
    settings: Any,
    make_report: Make,
    make_rule: Make,
    make_department: Make,
) -> None:
    """Areas and roads are looked up in bulk; each place must come out as the database says it."""
    settings.ROAD_LAYER = "own/strassen"
    old, state, park = (make_department(name, serves=[town]) for name in ("Alt", "Land", "Park"))
    make_rule(old, position=9, municipality=town)
    x, y = here.coords
    places = [Point(x + dx / 1000, y + dy / 1000, srid=4326) for dx in range(4) for dy in range(3)]
    reports = [make_report(position=place) for place in places]
    zones = Layer.objects.create(owner="own", slug="zonen", name="Zonen")
    zone = Area.objects.create(
        layer=zones, key="z", name="z", shape=square((x, y), 0.001), label_at=here
    )
    layer = Layer.objects.create(owner="own", slug="strassen", name="Straßen")
    course = MultiLineString(LineString((x + 0.002, y - 0.01), (x + 0.002, y + 0.01)), srid=4326)
    Line.objects.create(
        layer=layer, key="L1", name="L 1", shape=course, road_class="L", owner="land"
    )
    make_rule(park, position=0, area=zone)
    make_rule(state, position=1, name="Landesstraßen", road_class=["L"])
    found = {stray.report.pk: stray.goal for stray in rerouting.strays()}
    assert len(found) == 7
    moved = [rerouting.reroute(report) for report in reports]
    assert {each.pk: each.routing for each in moved if each} == {
        pk: goal.as_json() for pk, goal in found.items() if goal
    }


def test_looking_takes_as_many_statements_for_many_as_for_one(
    roads: Department, lorsch: Municipality, make_report: Make, django_assert_max_num_queries: Any
) -> None:
    for _each in range(5):
        make_report()
    give_all_to_lorsch()
    with django_assert_max_num_queries(7):
        assert len(list(rerouting.strays())) == 5


def test_an_import_tells_how_many_belong_elsewhere_now(
    roads: Department, lorsch: Municipality, make_report: Make, tmp_path: Path
) -> None:
    make_report()
    shapes = [("06431002", square((9.5, 49.6))), ("06431015", square(BENSHEIM, half=0.03))]
    features = [
        {
            "type": "Feature",
            "properties": {"ags": key, "name": key},
            "geometry": json.loads(shape.json),
        }
        for key, shape in shapes
    ]
    file = tmp_path / "neu.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    said = StringIO()
    options = ["--layer", "bkg/gemeinden", "--key", "ags", "--name", "name"]
    call_command("import_areas", str(file), *options, "--dry-run", stdout=said)
    assert "reroute" not in said.getvalue()
    call_command("import_areas", str(file), *options, stdout=said)
    assert "1 open reports belong to another department now. manage.py reroute" in said.getvalue()
    options += ["--where", "ags = '06431002'"]
    call_command("import_areas", str(file), *options, stdout=said)
    assert "1 open reports lie in no town that takes reports" in said.getvalue()
