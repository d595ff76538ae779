"""What waited on a device comes in by a door of its own, and what browsers may keep for it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.core.cache import cache
from django.test import Client

from reports.models import Category, Offer, Report
from townhall.models import User

pytestmark = pytest.mark.django_db
DOOR = "/melden/abgeben"


@pytest.fixture
def fields(pothole: Category, here: Point) -> dict[str, Any]:
    return {
        "client_id": str(uuid.uuid4()),
        "spot": f"{here.x:.6f},{here.y:.6f}",
        "category": pothole.code,
        "description": "Tiefes Loch vor der Bäckerei.\r\nGut 10 cm.",
        "email": "uta@example.org",
    }


def test_the_same_report_twice_is_one_report_with_one_answer(
    client: Client, fields: dict[str, Any]
) -> None:
    first, again = client.post(DOOR, fields), client.post(DOOR, fields)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert Report.objects.count() == 1
    assert client.get(first.json()["thanks"]).status_code == 200


def test_the_form_and_this_door_know_the_same_report(
    client: Client, fields: dict[str, Any]
) -> None:
    """An answer that was lost on the way to the form: the queue sends it once more."""
    by_form = client.post("/melden", fields | {"action": "send"})
    assert by_form.status_code == 303
    by_door = client.post(DOOR, fields)
    assert by_door.status_code == 200
    assert by_door.json()["thanks"] == by_form["Location"]


def test_a_session_in_the_same_browser_changes_nothing(
    fields: dict[str, Any], dispatcher: User
) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(dispatcher)
    assert browser.post(DOOR, fields).status_code == 201


def test_another_sites_page_can_hand_in_nothing(client: Client, fields: dict[str, Any]) -> None:
    answer = client.post(DOOR, fields, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert not Report.objects.exists()


def test_a_refusal_says_why_and_takes_nothing(
    client: Client, fields: dict[str, Any], pothole: Category
) -> None:
    Offer.objects.all().delete()  # the category was closed while the report waited
    closed = client.post(DOOR, fields)
    assert closed.status_code == 422
    assert closed["Content-Type"] == "application/problem+json"
    assert "nimmt" in closed.json()["errors"]["category"][0]
    outside = client.post(DOOR, fields | {"spot": "2.35,48.85"})
    assert "115" in outside.json()["errors"]["position"][0]
    empty = client.post(DOOR, {"client_id": "x"})
    assert {"client_id", "spot", "category", "description"} <= set(empty.json()["errors"])
    assert not Report.objects.exists()


def test_a_photo_that_is_not_there_is_asked_for_by_name(
    client: Client, fields: dict[str, Any]
) -> None:
    answer = client.post(DOOR, fields | {"photos": str(uuid.uuid4())})
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["photos"]


def test_other_words_under_the_same_id_are_a_conflict(
    client: Client, fields: dict[str, Any]
) -> None:
    client.post(DOOR, fields)
    assert client.post(DOOR, fields | {"description": "Etwas ganz anderes."}).status_code == 409
    Report.objects.all().delete()
    assert client.post(DOOR, fields).status_code == 410


def test_too_many_are_told_how_long_to_wait(
    client: Client, fields: dict[str, Any], settings: Any
) -> None:
    settings.LIMITS = {**settings.LIMITS, "reports": (1, 3600)}
    cache.clear()
    client.post(DOOR, fields)
    refused = client.post(DOOR, fields | {"client_id": str(uuid.uuid4())})
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert refused["Content-Type"] == "application/problem+json"


# ── What may be kept ─────────────────────────────────────────────────────────────────────────
def test_the_kept_pages_are_those_of_a_stranger(
    client: Client, pothole: Category, dispatcher: User
) -> None:
    client.force_login(dispatcher)
    for path in ("/melden/ohne-netz", "/ohne-netz", "/en/melden/ohne-netz"):
        page = client.get(path)
        assert page["Cache-Control"] in {"public, no-cache", "no-cache, public"}
        assert not page.cookies
        assert "Abmelden" not in page.content.decode()
        assert dispatcher.username not in page.content.decode()


def test_the_kept_form_brings_along_what_the_server_would_say(
    client: Client, town: Any, make_category: Callable[..., Category], make_offer: Any
) -> None:
    question = {"code": "ground", "kind": "text", "text": "Worauf liegt es?", "is_required": True}
    make_offer(town, make_category("Abfall", questions=[question]))
    kept = client.get("/melden/ohne-netz").content.decode()
    assert '<template data-questions-of="abfall">' in kept
    assert "Worauf liegt es?" in kept
    for part in ("place", "hits", "preview", "summary", "errors"):
        assert f'data-standin="{part}"' in kept
    assert "data-standin=" not in client.get("/melden").content.decode()
