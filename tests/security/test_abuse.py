"""Doors that are knocked at too often, and fields that nobody sees."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from reports.models import Category, Event, Report
from tests.conftest import BENSHEIM, PASSWORD
from tests.townhall import pictures
from townhall.capabilities import token_for
from townhall.models import User

Make = Callable[..., Any]
pytestmark = pytest.mark.django_db
WORDS = "Tiefes Loch vor der Bäckerei, gut 10 cm."


@pytest.fixture(autouse=True)
def _small(settings: Any) -> None:
    few = {name: (2, seconds) for name, (_times, seconds) in settings.LIMITS.items()}
    settings.LIMITS = few | {"sign-in": (4, 900), "sign-in-name": (3, 3600)}
    settings.AXES_FAILURE_LIMIT = 100


def by_form(client: Client, **changes: Any) -> Any:
    fields = {
        "client_id": str(uuid.uuid4()),
        "spot": f"{BENSHEIM[0]},{BENSHEIM[1]}",
        "category": "schlagloch",
        "description": WORDS,
        "action": "send",
    }
    extra = changes.pop("extra", {})
    return client.post("/melden", fields | changes, **extra)


def by_api(client: Client, **changes: Any) -> Any:
    fields: dict[str, Any] = {
        "client_id": str(uuid.uuid4()),
        "category": "schlagloch",
        "lon": BENSHEIM[0],
        "lat": BENSHEIM[1],
        "description": WORDS,
    }
    return client.post("/api/v1/reports/", fields | changes, content_type="application/json")


def sign_in(client: Client, name: str, password: str = "falsch", **extra: Any) -> int:
    fields = {"username": name, "password": password}
    return int(client.post("/amt/anmelden", fields, **extra).status_code)


def test_form_and_api_count_together_and_the_form_keeps_what_was_typed(
    client: Client, pothole: Category
) -> None:
    assert by_form(client).status_code == 303
    told = by_api(client)
    assert (told.status_code, told["RateLimit"].split(";")[1]) == (201, "r=0")
    assert told["RateLimit-Policy"] == '"reports";q=2;w=3600'
    late = by_form(client)
    page = late.content.decode()
    assert late.status_code == 429
    assert 1740 < int(late["Retry-After"]) <= 1800
    assert WORDS in page
    assert "in 30 Minuten noch einmal. Bei Gefahr rufen Sie jetzt die 112 an." in page
    problem = by_api(client)
    assert (problem.status_code, problem["Content-Type"]) == (429, "application/problem+json")
    assert 1740 < int(problem["Retry-After"]) <= 1800
    assert "112" in problem.json()["detail"]
    assert Report.objects.count() == 2


def test_another_client_is_not_concerned_and_a_forged_address_is_no_other_client(
    client: Client, pothole: Category
) -> None:
    for number in range(2):
        forged = {"HTTP_X_FORWARDED_FOR": f"198.51.100.{number}"}
        assert by_form(client, extra=forged).status_code == 303
    forged = {"HTTP_X_FORWARDED_FOR": "198.51.100.9", "HTTP_X_REAL_IP": "198.51.100.9"}
    assert by_form(client, extra=forged).status_code == 429
    assert by_form(client, extra={"REMOTE_ADDR": "203.0.113.5"}).status_code == 303


def test_one_mail_address_is_not_flooded_with_letters(
    client: Client, pothole: Category, settings: Any
) -> None:
    settings.LIMITS = settings.LIMITS | {"reports": (9, 60)}
    assert by_form(client, email="uta@example.org").status_code == 303
    assert by_api(client, email="Uta@example.org").status_code == 201
    late = by_form(client, email="uta+x@example.org")
    assert late.status_code == 429
    assert "Lassen Sie das Feld leer" in late.content.decode()
    assert by_api(client, email="uta@example.org").status_code == 429
    assert by_form(client).status_code == 303


def test_photos_of_the_form_count_like_those_of_the_api(client: Client, pothole: Category) -> None:
    def photo() -> SimpleUploadedFile:
        return SimpleUploadedFile("a.jpg", pictures.telling("JPEG"), "image/jpeg")

    assert by_form(client, action="next", photo=[photo(), photo()]).status_code == 303
    late = by_form(client, action="next", photo=[photo()])
    assert late.status_code == 429
    assert "ohne dieses Foto" in late.content.decode()
    sent = client.post("/api/v1/photos/", {"id": str(uuid.uuid4()), "photo": photo()})
    assert sent.status_code == 429
    assert by_form(client).status_code == 303


def test_buttons_behind_a_letters_links_are_pressed_in_measure(
    client: Client, make_draft: Make
) -> None:
    token = token_for("view", uuid.uuid4())
    answers = [client.post(f"/r/{token}/abmelden").status_code for _ in range(2)]
    late = client.post(f"/r/{token}/bestaetigen")
    assert (answers, late.status_code) == ([404, 404], 429)
    assert int(late["Retry-After"]) > 0
    assert "no-store" in late["Cache-Control"]
    assert client.get(f"/r/{token}/bestaetigen").status_code == 404


def test_what_fills_in_a_hidden_field_is_taken_in_and_marked_for_staff(
    client: Client, pothole: Category, dispatcher: User
) -> None:
    assert by_form(client, website="https://spam.example").status_code == 303
    report = Report.objects.get()
    assert not report.is_public
    assert Event.objects.filter(kind="note", facts={"suspect": True}).count() == 1
    client.force_login(dispatcher)
    assert "Spam?" in client.get(f"/amt/meldung/{report.code}").content.decode()


def test_the_hidden_field_is_hidden_from_everybody(client: Client, pothole: Category) -> None:
    page = client.get("/melden").content.decode()
    field = page.partition('<input type="text" id="website"')[2].partition(">")[0]
    assert 'tabindex="-1"' in field
    assert 'autocomplete="off"' in field
    assert 'class="visually-hidden" aria-hidden="true"><label for="website">' in page


# ── The staff door ───────────────────────────────────────────────────────────────────────────
def test_a_name_is_not_guessed_from_many_addresses(client: Client, dispatcher: User) -> None:
    name = dispatcher.username
    tries = [sign_in(client, name, REMOTE_ADDR=f"203.0.113.{number}") for number in range(4)]
    assert tries == [422, 422, 422, 429]
    assert sign_in(client, name, PASSWORD, REMOTE_ADDR="203.0.113.9") == 429


def test_many_names_are_not_tried_from_one_address(client: Client, dispatcher: User) -> None:
    tries = [sign_in(client, f"name{number}") for number in range(5)]
    assert tries == [422, 422, 422, 422, 429]
    late = client.post("/amt/anmelden", {"username": "kaya", "password": "x"})
    assert int(late["Retry-After"]) <= 225
    assert "in 4 Minuten" in late.content.decode()


def test_who_works_here_comes_in_however_others_rattle_at_the_door(
    client: Client, dispatcher: User
) -> None:
    assert sign_in(client, dispatcher.username, PASSWORD) == 302
    client.post("/amt/abmelden")
    stranger = Client()
    for number in range(5):
        sign_in(stranger, f"name{number}")
    for number in range(4):
        sign_in(stranger, dispatcher.username, REMOTE_ADDR=f"203.0.113.{number}")
    assert sign_in(stranger, dispatcher.username, PASSWORD) == 429
    assert sign_in(client, dispatcher.username, PASSWORD) == 302


def test_a_known_browser_has_a_count_of_its_own_and_is_known_by_name(
    client: Client, dispatcher: User
) -> None:
    sign_in(client, dispatcher.username, PASSWORD)
    cookie = client.cookies["augenmerk_geraet"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (
        "/amt/anmelden",
        True,
        "Strict",
    )
    assert dispatcher.username not in cookie.value
    client.post("/amt/abmelden")
    tries = [sign_in(client, dispatcher.username) for _ in range(3)]
    assert tries == [422, 422, 429]
    client.cookies["augenmerk_geraet"] = cookie.value[:-2] + "xx"
    assert sign_in(client, dispatcher.username) == 422


def test_right_passwords_wear_nothing_out(client: Client, dispatcher: User) -> None:
    assert {sign_in(Client(), dispatcher.username, PASSWORD) for _ in range(6)} == {302}
