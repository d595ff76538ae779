"""The set-up pages: configuration only, for superusers only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.utils import timezone

from geo.models import Area, Layer
from townhall import sites
from townhall.models import ClosingDay, Department, Municipality, Site, User

pytestmark = pytest.mark.django_db
HERE = "/verwaltung/django/"
PASSWORD = "ein-langer-satz-als-passwort"


@pytest.fixture
def chief(make_user: Callable[..., User]) -> Client:
    client = Client()
    client.force_login(
        make_user("chefin", is_staff=True, is_superuser=True),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


def test_only_configuration_can_be_set_up_here() -> None:
    ours = {
        model.__name__
        for model in admin.site._registry
        if model._meta.app_label in {"townhall", "geo", "reports", "lostfound", "auth"}
    }
    assert ours == {
        *("User", "Department", "Municipality", "Site", "Crew"),
        *("Layer", "Area", "Line"),
        "OtherKeeper",  # whom else to ask for what was lost
    }


def test_every_page_answers(chief: Client, town: Municipality) -> None:
    Site.objects.create(slug="", name="Region")
    ClosingDay.objects.create(municipality=town, day=timezone.localdate(), name="Brückentag")
    assert chief.get(HERE).status_code == 200
    for model in (User, Department, Municipality, Site, Layer, Area):
        folder = f"{HERE}{model._meta.app_label}/{model._meta.model_name}/"
        row: Any = model._default_manager.first()
        answers = [chief.get(folder), chief.get(f"{folder}{row.pk}/change/")]
        assert [answer.status_code for answer in answers] == [200, 200], model
        assert b"<style" not in answers[1].content
    for name in ("user", "department", "municipality", "site"):
        assert chief.get(f"{HERE}townhall/{name}/add/").status_code == 200


def test_who_is_no_superuser_is_turned_away(dispatcher: User) -> None:
    client = Client()
    answer = client.get(f"{HERE}townhall/user/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/amt/anmelden?next=")
    client.force_login(dispatcher, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(HERE, follow=True).status_code == 403


def test_a_new_member_of_staff_can_be_set_up(chief: Client, town: Municipality) -> None:
    inline = {
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "0",
        "memberships-0-department": town.fallback_department_id,
        "memberships-0-role": "caseworker",
    }
    answer = chief.post(
        f"{HERE}townhall/user/add/",
        {
            "username": "neu",
            "usable_password": "true",
            "password1": PASSWORD,
            "password2": PASSWORD,
            **inline,
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    user = User.objects.get(username="neu")
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"slug": "melden"}, "ist schon vergeben"),
        ({"slug": "en"}, "ist schon vergeben"),
        ({"slug": "api"}, "ist schon vergeben"),
        ({"host": "boese.example"}, "steht nicht in ALLOWED_HOSTS"),
        ({"brand_colour": "red; }"}, "#rrggbb"),
    ],
)
def test_a_front_door_must_not_hide_a_page(
    chief: Client, town: Municipality, change: dict[str, str], fault: str
) -> None:
    door = {
        "slug": "lorsch",
        "host": "",
        "name": "Lorsch",
        "municipalities": town.pk,
        "brand_colour": "#1A3DA5",
    }
    answer = chief.post(f"{HERE}townhall/site/add/", {**door, **change})
    assert fault in answer.content.decode()
    assert not Site.objects.exists()
    assert chief.post(f"{HERE}townhall/site/add/", door).status_code == 302
    assert Site.objects.get().brand_colour == "#1a3da5"
    assert chief.get("/lorsch/").status_code == 200


def test_a_door_that_was_closed_is_closed_at_once(chief: Client, town: Municipality) -> None:
    door = Site.objects.create(slug="lorsch", name="Lorsch")
    sites.forget()
    assert chief.get("/lorsch/").status_code == 200
    chief.post(f"{HERE}townhall/site/{door.pk}/delete/", {"post": "yes"})
    assert chief.get("/lorsch/").status_code == 404


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"key": "6431002"}, "acht Ziffern"),
        ({"key": "x6431002"}, "acht Ziffern"),
        ({"land": "XX"}, "Land XX gibt es nicht"),
        ({"opens_at": "17:00"}, "Schließzeit liegt vor"),
    ],
)
def test_a_municipality_must_make_sense(
    chief: Client, town: Municipality, change: dict[str, str], fault: str
) -> None:
    page = f"{HERE}townhall/municipality/{town.pk}/change/"
    form = chief.get(page).context["adminform"].form
    shown = {name: form.initial.get(name) for name in form.fields}
    values = {
        name: "" if value is None or value is False else value for name, value in shown.items()
    }
    values |= {"closing_days-TOTAL_FORMS": "0", "closing_days-INITIAL_FORMS": "0"}
    assert fault in chief.post(page, {**values, **change}).content.decode()
    assert chief.post(page, values).status_code == 302


def test_shapes_are_looked_at_but_not_drawn(chief: Client, town: Municipality) -> None:
    area = Area.objects.get()
    page = chief.get(f"{HERE}geo/area/{area.pk}/change/").content.decode()
    assert "1 Teile, 5 Ecken" in page
    assert 'name="shape"' not in page
    assert chief.post(f"{HERE}geo/area/{area.pk}/change/", {"name": "X"}).status_code == 403
    assert chief.get(f"{HERE}geo/area/add/").status_code == 403
