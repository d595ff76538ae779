"""Every way in which the API says no: one shape, a sentence, the language that was asked for."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from reports.models import Category, Report
from tests.conftest import BENSHEIM
from townhall.models import User

Make = Callable[..., Any]
pytestmark = pytest.mark.django_db
REPORTS = "/api/v1/reports/"


def problem(answer: Any, status: int) -> dict[str, Any]:
    """The document, after a look at what all of them have in common."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert "no-store" in answer["Cache-Control"]
    told: dict[str, Any] = json.loads(answer.content)
    assert told["type"] == "about:blank"
    assert told["status"] == status
    assert told["title"]
    assert told["detail"]
    return told


def post(client: Client, **changes: Any) -> Any:
    fields = {
        "client_id": str(uuid.uuid4()),
        "category": "schlagloch",
        "lon": BENSHEIM[0],
        "lat": BENSHEIM[1],
        "description": "Tiefes Loch vor der Bäckerei.",
    }
    return client.post(REPORTS, fields | changes, content_type="application/json")


def test_400_names_the_field(client: Client, pothole: Category) -> None:
    told = problem(post(client, lat="nord", name="x" * 200), 400)
    assert set(told["errors"]) == {"lat", "name"}
    assert told["errors"]["name"] == ["Kürzen Sie dies auf höchstens 120 Zeichen."]


def test_401_asks_to_sign_in_and_403_refuses(
    client: Client, make_report: Make, make_user: Make
) -> None:
    door = f"/api/v1/desk/reports/{make_report().code}/"
    answer = client.get(door)
    assert answer["WWW-Authenticate"] == "Session"
    problem(answer, 401)
    client.force_login(make_user("ohne-amt"))
    problem(client.get(door), 403)
    problem(client.post(REPORTS, {}, headers={"Sec-Fetch-Site": "cross-site"}), 403)


def test_404_405_406_and_415(client: Client, pothole: Category) -> None:
    problem(client.get(f"{REPORTS}7K3F9QMX/"), 404)
    problem(client.get("/api/v1/gibt-es-nicht/"), 404)
    wrong = client.put(REPORTS)
    assert "GET" in wrong["Allow"]
    problem(wrong, 405)
    problem(client.get(REPORTS, headers={"Accept": "application/xml"}), 406)
    problem(client.post(REPORTS, "<a/>", content_type="application/xml"), 415)


def test_409_and_410_of_a_report(client: Client, pothole: Category) -> None:
    client_id = str(uuid.uuid4())
    post(client, client_id=client_id)
    problem(post(client, client_id=client_id, description="Etwas ganz anderes."), 409)
    Report.objects.all().delete()
    problem(post(client, client_id=client_id), 410)


def test_412_422_and_428_of_a_deed(client: Client, make_report: Make, dispatcher: User) -> None:
    report = make_report()
    client.force_login(dispatcher)

    def do(version: str | None, **fields: Any) -> Any:
        headers = {"If-Match": version} if version else {}
        door = f"/api/v1/desk/reports/{report.code}/status/"
        return client.post(door, fields, content_type="application/json", headers=headers)

    late = problem(do('"99"', status="done"), 412)
    assert late["report"]["code"] == report.code
    assert problem(do('"1"', status="on_hold"), 422)["errors"]["text"]
    problem(do(None, status="done"), 428)


def test_413_of_a_photo(client: Client) -> None:
    answer = client.generic(
        "POST",
        "/api/v1/photos/",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH="99999999",
    )
    problem(answer, 413)


def test_429_says_how_long_to_wait(client: Client, pothole: Category, settings: Any) -> None:
    settings.LIMITS = settings.LIMITS | {"reports": (1, 60)}
    post(client)
    answer = post(client)
    assert int(answer["Retry-After"]) <= 60
    assert problem(answer, 429)["detail"].endswith("Bei Gefahr rufen Sie jetzt die 112 an.")


def test_503_while_the_database_is_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: Any) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr("reports.catalogue.offered.offered_at", away)
    client.raise_request_exception = False
    answer = client.get("/api/v1/categories/")
    assert int(answer["Retry-After"]) > 0
    problem(answer, 503)


def test_programs_are_answered_in_their_language_and_people_with_sie(
    client: Client, pothole: Category
) -> None:
    english = client.get(f"{REPORTS}?limit=0", headers={"Accept-Language": "en"})
    assert problem(english, 400)["title"] == "The request does not fit"
    broken = {"client_id": 1, "category": "x y", "lat": 1, "lon": 1, "photos": [1] * 9}
    broken |= {"description": "x" * 5000, "email": "x", "name": "x" * 130, "private": "eh"}
    told = problem(client.post(REPORTS, broken, content_type="application/json"), 400)
    words = " ".join(sentence for each in told["errors"].values() for sentence in each)
    for du in ("Stelle ", "Gib ", "Nutze ", "Prüfe ", "Lade "):
        assert du not in words
