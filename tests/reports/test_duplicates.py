"""„Schon gemeldet?“: what stands nearby, and what becomes of „Ja, das ist es“."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.test import Client
from django.utils import timezone

from reports.catalogue.forms import CategoryForm
from reports.models import Category, Photo, Report, Supporter
from reports.receiving.duplicates import nearby
from reports.voices import support
from reports.workflow import Status
from tests.conftest import BENSHEIM
from tests.townhall.pictures import corners, encoded
from townhall.models import Municipality
from townhall.photos import stage

pytestmark = pytest.mark.django_db
Make = Callable[..., Report]
DAY = dt.timedelta(days=1)
METRE = 1 / 111_320  # degrees of latitude


def north(metres: float) -> Point:
    lon, lat = BENSHEIM
    return Point(lon, lat + metres * METRE, srid=4326)


def codes(here: Point, category: Category) -> list[str]:
    return [hit.report.code for hit in nearby(here, category)]


def test_the_nearest_come_first_and_three_are_enough(
    make_report: Make, here: Point, pothole: Category
) -> None:
    far, near, middle, fourth, _beyond = (
        make_report(position=north(metres)) for metres in (30, 5, 20, 45, 60)
    )
    assert codes(here, pothole) == [near.code, middle.code, far.code]
    assert [hit.metres for hit in nearby(here, pothole)] == [5, 20, 30]
    Category.objects.filter(pk=pothole.pk).update(nearby_m=10)
    assert codes(here, Category.objects.get(pk=pothole.pk)) == [near.code]
    assert fourth.code not in codes(here, pothole)


def test_another_kind_nearby_is_another_matter(
    make_report: Make,
    here: Point,
    pothole: Category,
    town: Municipality,
    make_category: Callable[..., Category],
    make_offer: Any,
) -> None:
    lamp = make_category("Laterne", "Licht")
    kerb = make_category("Bordstein", "Wege")
    for category in (lamp, kerb):
        make_offer(town, category)
    make_report(category=lamp.code)
    same_group = make_report(category=kerb.code)
    assert codes(here, pothole) == [same_group.code]


@pytest.mark.parametrize(
    ("change", "is_shown"),
    [
        ({"status": Status.IN_PROGRESS}, True),
        ({"status": Status.DONE, "closed_at": timezone.now() - 13 * DAY}, True),
        ({"status": Status.FORWARDED, "closed_at": timezone.now() - 13 * DAY}, True),
        ({"status": Status.DONE, "closed_at": timezone.now() - 15 * DAY}, False),
        ({"status": Status.NO_ACTION, "closed_at": timezone.now()}, False),
        ({"status": Status.DUPLICATE, "closed_at": timezone.now()}, False),
        ({"is_public": False}, False),
        ({"public_position": None}, False),
    ],
)
def test_open_or_ended_lately_and_public(
    make_report: Make, here: Point, pothole: Category, change: dict[str, Any], is_shown: bool
) -> None:
    make_report(**change)
    assert bool(nearby(here, pothole)) is is_shown


def test_distances_are_those_to_the_public_place(
    make_report: Make, here: Point, pothole: Category
) -> None:
    make_report(public_position=north(40))
    assert [hit.metres for hit in nearby(here, pothole)] == [40]


def test_it_is_one_statement_by_an_index(
    make_report: Make, here: Point, pothole: Category, django_assert_num_queries: Any
) -> None:
    for _ in range(4):
        make_report()
    with django_assert_num_queries(1):
        hits = nearby(here, pothole)
        assert [hit.report.public_title for hit in hits]
        assert [hit.supporters for hit in hits] == [0, 0, 0]
    with connection.cursor() as sql:
        sql.execute("SET LOCAL enable_seqscan = off")
        sql.execute(
            "EXPLAIN SELECT 1 FROM reports_report WHERE is_public AND ST_DWithin("
            "public_position::geography(POINT,4326), "
            "ST_SetSRID(ST_MakePoint(8.62, 49.68), 4326)::geography(POINT,4326), 50)"
        )
        assert "report_near" in str(sql.fetchall())


def test_programs_can_ask_too(make_report: Make, client: Client, pothole: Category) -> None:
    report = make_report()
    for _ in range(2):
        support.support(report.code, client_id=uuid.uuid4())
    lon, lat = BENSHEIM
    url = f"/api/v1/reports/nearby/?lat={lat}&lon={lon}&category="
    (hit,) = client.get(f"{url}{pothole.code}").json()
    assert (hit["code"], hit["metres"], hit["supporters"]) == (report.code, 0, None)
    assert client.get(f"{url}unbekannt").status_code == 400
    assert client.get(f"{url}%00").status_code == 400
    assert client.get("/api/v1/reports/nearby/").status_code == 400


def test_how_near_is_near_is_said_with_the_category(pothole: Category) -> None:
    given = {"name": pothole.name, "group": pothole.group_id, "icon": "pothole", "position": 1}
    given |= {"public_place": "exact", "is_active": "on"}
    for metres, is_valid in ((250, True), (251, False), (9, False), ("", True)):
        form = CategoryForm(
            given | {"nearby_m": metres}, instance=Category.objects.get(pk=pothole.pk)
        )
        assert form.is_valid() is is_valid, form.errors


# ── In the form ──────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def filled(pothole: Category) -> dict[str, Any]:
    """A form whose place and category are known, at the step before."""
    lon, lat = BENSHEIM
    return {
        "client_id": str(uuid.uuid4()),
        "spot": f"{lon},{lat}",
        "category": pothole.code,
        "description": "Tiefes Loch vor der Bäckerei.",
        "step": "was",
        "action": "next",
    }


def test_the_step_is_there_only_if_there_are_hits(
    make_report: Make, client: Client, filled: dict[str, Any]
) -> None:
    assert client.post("/melden", filled)["Location"].endswith("/kontakt")
    make_report()
    known = client.post("/melden", filled)["Location"]
    assert known.endswith("/schon")
    page = client.get(known).content.decode()
    assert "In der Nähe ist schon etwas gemeldet" in page
    assert "1 ähnliche Meldung in der Nähe" in page
    onward = client.post(known, filled | {"step": "schon"})
    assert onward["Location"].endswith("/kontakt")


def test_yes_that_is_it_ends_the_form_with_a_voice_and_the_photo(
    make_report: Make, client: Client, filled: dict[str, Any]
) -> None:
    report = make_report()
    image = stage(uuid.uuid4(), BytesIO(encoded(corners()))).pk
    press = filled | {"step": "schon", "same": report.code, "photos": str(image)}
    answers = [client.post("/melden", press) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer["Location"] for answer in answers}) == 1
    assert (Report.objects.count(), Supporter.objects.count()) == (1, 1)
    assert (Photo.objects.get().report, Photo.objects.get().is_released) == (report, False)
    page = client.get(answers[0]["Location"]).content.decode()
    assert "Danke! Ist es schlimmer geworden?" in page
    assert "Ihr Foto liegt bei der Meldung" in page
    by_script = client.post("/melden?teil=errors", press)
    assert (by_script.status_code, by_script["Location"]) == (201, answers[0]["Location"])


@pytest.mark.parametrize("code", ["00000000", "x", "\0", "' OR 1"])
def test_what_is_gone_meanwhile_is_no_reason_to_lose_the_form(
    client: Client, filled: dict[str, Any], code: str
) -> None:
    answer = client.post("/melden", filled | {"step": "schon", "same": code})
    assert answer.status_code == 303
    assert answer["Location"].endswith("/kontakt")
    assert not Supporter.objects.exists()
