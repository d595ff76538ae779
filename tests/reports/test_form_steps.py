"""The form step by step: each with an address, and kept under a link that only its writer has."""

from __future__ import annotations

import datetime as dt
import gzip
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.test import Client
from django.utils import timezone

from frontend import assets
from geo.models import Place
from geo.wording import search_text
from reports.models import Category, Offer, Report
from tests.reports.test_form import SPOT, WORDS, photo, text_of, value_of
from townhall import unsent
from townhall.models import Municipality, Unsent, User

OF_MORE_CATEGORIES = 6_000  # bytes: the tests' town takes one kind of report, a real one thirty
STEP = re.compile(r"/melden/(?P<token>[\w-]{43})/(?P<step>\w+)$")


@pytest.fixture
def begun(pothole: Category) -> dict[str, Any]:
    """What the form's inputs hold: everything that a report needs."""
    return {
        "client_id": str(uuid.uuid4()),
        "spot": SPOT,
        "category": pothole.code,
        "description": WORDS,
        "email": "uta@example.org",
        "name": "Jörg d'Ávila",
    }


@pytest.fixture
def press(client: Client, begun: dict[str, Any]) -> Callable[..., Any]:
    """Press a button on a step; the answer is not followed."""

    def make(action: str, step: str, **changes: Any) -> Any:
        return client.post("/melden", begun | {"action": action, "step": step} | changes)

    return make


def led_to(response: Any) -> str:
    assert response.status_code == 303
    found = STEP.search(response["Location"])
    assert found, response["Location"]
    return found["step"]


def test_words_typed_to_find_a_category_find_one_and_become_nothing_else(
    client: Client, press: Callable[..., Any]
) -> None:
    sentence = "Auf der Straße ist ein tiefes Schlagloch."
    entered = press("go-on", "foto", words=sentence, category="", description="")
    assert entered["Location"].endswith("/was#was")
    page = client.get(entered["Location"])
    assert [entry.code for entry in page.context["sheet"].suggested] == ["schlagloch"]
    assert page.context["form"]["description"].value() == ""


# ── Going through ────────────────────────────────────────────────────────────────────────────
def test_each_finished_step_leads_to_the_next_and_back_again(press: Callable[..., Any]) -> None:
    way = ["foto", "ort", "was", "kontakt", "pruefen"]
    assert [led_to(press("next", step)) for step in way[:-1]] == way[1:]
    assert [led_to(press("back", step)) for step in way[1:]] == way[:-1]


def test_a_step_with_a_mistake_is_shown_again_and_only_its_own_is_named(
    press: Callable[..., Any],
) -> None:
    response = press("next", "was", category="", email="kaputt")
    assert response.status_code == 422
    assert "Wählen Sie aus, was" in text_of(response)
    assert "name@example.org" not in text_of(response)
    assert value_of(response, "step") == ["was"]


def test_a_photo_that_is_still_on_its_way_makes_words_optional_but_not_for_sending(
    press: Callable[..., Any],
) -> None:
    assert led_to(press("next", "was", description="", coming="1")) == "kontakt"
    assert press("next", "was", description="", coming="0").status_code == 422
    assert press("send", "pruefen", description="", coming="1").status_code == 422


def test_sending_with_a_mistake_shows_the_step_that_has_it(press: Callable[..., Any]) -> None:
    response = press("send", "pruefen", email="kaputt")
    assert response.status_code == 422
    assert value_of(response, "step") == ["kontakt"]


def test_places_that_were_found_stay_until_one_of_them_is_taken(press: Callable[..., Any]) -> None:
    Place.objects.create(
        kind="street",
        name="Kastanienallee",
        area_key="06431002",
        area_name="Bensheim",
        search_text=search_text("Kastanienallee", locality="", area_name="Bensheim"),
        position=Point(8.61, 49.68, srid=4326),
    )
    typed = {"spot": "", "place": "Kastanienallee", "place_before": "Kastanienallee"}
    answer = press("next", "ort", **typed)
    assert answer.status_code == 422
    assert "Wählen Sie einen der gefundenen Orte." in answer.text
    assert [hit.name for hit in answer.context["sheet"].hits] == ["Kastanienallee"]


def test_going_on_with_an_address_typed_looks_for_it_first(
    client: Client, press: Callable[..., Any]
) -> None:
    response = press("next", "ort", spot="", place="Nirgendwo")
    assert led_to(response) == "ort"
    assert "nichts gefunden" in text_of(client.get(response["Location"]))


def test_what_is_changed_from_the_summary_leads_back_to_it(
    client: Client, press: Callable[..., Any]
) -> None:
    response = press("", "pruefen", goto="ort")
    assert led_to(response) == "ort"
    page = client.get(response["Location"])
    assert value_of(page, "back_to") == ["pruefen"]
    assert led_to(press("next", "ort", back_to="pruefen")) == "pruefen"


def test_the_summary_says_what_was_put_in_and_where_it_goes(
    client: Client, press: Callable[..., Any]
) -> None:
    words = text_of(client.get(press("next", "kontakt")["Location"]))
    for said in (WORDS, "uta@example.org", "Jörg d'Ávila", "Schlagloch"):
        assert said in words
    assert "Geht an: Bürgerbüro Bensheim" in words
    assert "Üblich: 5 Arbeitstage, keine Zusage" in words
    assert "So wird Ihre Meldung veröffentlicht" in words
    assert "Schritt 5 von 5" in words


def test_the_first_step_weighs_no_more_than_60_kb_with_its_styles_and_scripts(
    client: Client, pothole: Category
) -> None:
    scripts = (assets.SOURCE / name[1:] for name in assets.needed_by("#js/report/form.js"))
    parts = [assets.bundle(), *(script.read_text(encoding="utf-8") for script in scripts)]
    page = client.get("/melden").content
    weight = sum(len(gzip.compress(part)) for part in [page, *(part.encode() for part in parts)])
    assert weight <= 60_000 - OF_MORE_CATEGORIES


# ── Kept ─────────────────────────────────────────────────────────────────────────────────────
def test_reloading_a_step_shows_all_that_was_put_in(
    client: Client, press: Callable[..., Any]
) -> None:
    goal = press("next", "foto", photo=photo())["Location"]
    for _ in range(2):
        page = client.get(goal)
        assert page.status_code == 200
        assert value_of(page, "spot") == [SPOT]
        assert value_of(page, "name") == ["Jörg d'Ávila"]
        assert len(value_of(page, "photos")) == 1
        assert WORDS in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    assert not client.cookies


def test_signing_in_meanwhile_keeps_everything(
    client: Client, press: Callable[..., Any], dispatcher: User
) -> None:
    goal = press("next", "kontakt")["Location"]
    client.force_login(dispatcher)
    page = client.get(goal)
    assert value_of(page, "email") == ["uta@example.org"]
    assert WORDS in page.content.decode()


def test_a_begun_form_goes_on_in_another_language(
    client: Client, press: Callable[..., Any]
) -> None:
    page = client.get("/en" + press("next", "kontakt")["Location"])
    assert "Step 5 of 5" in text_of(page)
    assert WORDS in page.content.decode()


def test_nothing_is_found_without_the_link_and_nothing_lies_there_readable(
    client: Client, press: Callable[..., Any], begun: dict[str, Any]
) -> None:
    token = STEP.search(press("next", "kontakt")["Location"])["token"]  # type: ignore[index]
    assert token not in str(Unsent.objects.values_list("digest", flat=True)[0])
    for wrong in (begun["client_id"], token[:-1] + "x", "x" * 5000):
        answer = client.get(f"/melden/{wrong}/ort")
        assert answer.status_code == 404
        assert "beginnen Sie neu" in text_of(answer)
        assert WORDS not in answer.content.decode()
    assert client.get(f"/melden/{token}/gibtesnicht").status_code == 404


def test_the_link_of_a_sent_report_leads_to_the_thanks_and_holds_nothing_more(
    client: Client, press: Callable[..., Any]
) -> None:
    goal = press("next", "kontakt")["Location"]
    press("send", "pruefen")
    assert client.get(goal)["Location"].endswith("/danke")
    assert press("next", "kontakt").status_code == 303  # a late tab
    (kept,) = Unsent.objects.all()
    assert list(kept.fields) == ["client_id"]
    assert Report.objects.count() == 1


def test_a_begun_form_is_forgotten_within_a_day(client: Client, press: Callable[..., Any]) -> None:
    goal = press("next", "kontakt")["Location"]
    assert unsent.forget() == 0
    Unsent.objects.update(expires_at=timezone.now())
    assert client.get(goal).status_code == 404
    assert led_to(press("next", "kontakt")) == "pruefen"
    assert client.get(goal).status_code == 200
    assert unsent.forget(now=timezone.now() + dt.timedelta(hours=24)) == 1


def test_what_is_too_much_to_keep_stays_on_the_page(
    client: Client, press: Callable[..., Any], settings: Any
) -> None:
    much = press("next", "kontakt", description="ä" * 70_000)
    assert much.status_code == 200
    assert "ä" * 70_000 in much.content.decode()
    settings.LIMITS = settings.LIMITS | {"unsent": (1, 3600)}
    press("next", "foto")
    refused = press("next", "kontakt")
    assert refused.status_code == 200
    assert value_of(refused, "step") == ["pruefen"]
    assert press("send", "pruefen").status_code == 303


def test_a_category_closed_meanwhile_is_said_and_everything_else_stays(
    client: Client, press: Callable[..., Any]
) -> None:
    goal = press("next", "kontakt")["Location"]
    Offer.objects.update(is_active=False)
    assert client.get(goal).status_code == 200
    refused = press("send", "pruefen")
    assert refused.status_code == 422
    assert value_of(refused, "step") == ["was"]
    assert value_of(refused, "email") == ["uta@example.org"]
    assert WORDS in refused.content.decode()


# ── Where ────────────────────────────────────────────────────────────────────────────────────
def test_a_place_on_a_border_belongs_to_one_town_always_the_same(
    client: Client,
    press: Callable[..., Any],
    town: Municipality,
    make_municipality: Callable[..., Municipality],
) -> None:
    make_municipality("Nebenan", key="06431999", centre=(8.6606, 49.6811))  # shares a border
    page = text_of(client.get(press("next", "was", spot="8.640600,49.681100")["Location"]))
    assert "Bensheim" in page and "Nebenan" not in page  # the lowest key


def test_outside_the_step_says_so_and_leads_to_who_may_be_responsible(
    press: Callable[..., Any],
) -> None:
    response = press("next", "ort", spot="9.500000,50.500000")
    assert response.status_code == 422
    assert "115" in text_of(response)
    assert 'href="/zustaendig?spot=9.500000%2C50.500000"' in response.content.decode()


GPS = {"spot": SPOT, "accuracy": "12"}
NOW = timezone.now()


@pytest.mark.parametrize(
    ("changes", "is_asked"),
    [
        ({"photo_spot": "8.620900,49.681200"}, False),
        ({"photo_spot": "8.630000,49.681100"}, True),  # 650 m
        ({"photo_taken": (NOW - dt.timedelta(hours=23)).isoformat()}, False),
        ({"photo_taken": (NOW - dt.timedelta(hours=25)).isoformat()}, True),
        ({"photo_taken": "gestern"}, False),
        ({"photo_spot": "8.630000,49.681100", "accuracy": ""}, False),  # chosen by hand
        ({"photo_spot": "8.630000,49.681100", "photo_settled": "here"}, False),
    ],
)
def test_a_photo_from_elsewhere_or_earlier_makes_the_form_ask_where_it_was_taken(
    client: Client, press: Callable[..., Any], changes: dict[str, str], is_asked: bool
) -> None:
    page = client.get(press("next", "foto", **GPS | changes)["Location"])
    assert ("Wo wurde das Foto aufgenommen?" in text_of(page)) is is_asked


def test_the_answer_where_the_photo_was_taken_decides_the_place(
    client: Client, press: Callable[..., Any]
) -> None:
    far = GPS | {"photo_spot": "8.630000,49.681100"}
    here = client.get(press("", "ort", photo_at="here", **far)["Location"])
    assert value_of(here, "spot") == [SPOT]
    there = client.get(press("", "ort", photo_at="photo", **far)["Location"])
    assert value_of(there, "spot") == ["8.630000,49.681100"]
    assert value_of(there, "accuracy") == [""]
    for page in (here, there):
        assert "Wo wurde das Foto aufgenommen?" not in text_of(page)
