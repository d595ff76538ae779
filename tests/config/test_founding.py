"""A town that begins: its first administrator, its doors, its catalogue."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.core.management import CommandError, call_command
from django.test import Client

from geo.models import Area, Layer
from reports.models import Category
from tests.conftest import BENSHEIM, square
from townhall.models import Department, Membership, Municipality, Site, User
from townhall.people import scope_of

pytestmark = pytest.mark.django_db
KEY = "06431010"
GOOD = "korrekt-pferd-batterie"


@pytest.fixture
def boundary() -> Area:
    layer = Layer.objects.create(owner="bkg", slug="gemeinden", name="Gemeinden")
    shape, middle = square(BENSHEIM), Point(*BENSHEIM)
    return Area.objects.create(
        layer=layer, key=KEY, name="Groß-Rohrheim", shape=shape, label_at=middle
    )


def say(command: str, *words: str) -> str:
    said = StringIO()
    call_command(command, *words, stdout=said)
    return said.getvalue()


@pytest.fixture
def type_password(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    return lambda text: monkeypatch.setattr("sys.stdin", StringIO(text + "\n"))


def test_a_town_takes_reports_after_one_command(boundary: Area, client: Client) -> None:
    said = say("municipality", KEY, "--email", "rathaus@gr.example", "--hazard-phone", "06245 1")
    assert "Groß-Rohrheim nimmt Meldungen an" in said
    assert "Impressum" in said
    town = Municipality.objects.get()
    assert (town.slug, town.fallback_department.email) == ("gross-rohrheim", "rathaus@gr.example")
    assert [*town.departments.all()] == [town.fallback_department]
    answer = client.get("/api/v1/where/", {"lon": BENSHEIM[0], "lat": BENSHEIM[1]})
    assert answer.json()["municipality"]["name"] == "Groß-Rohrheim"
    assert "Groß-Rohrheim" in client.get("/").content.decode()
    assert client.get("/gross-rohrheim/melden").status_code == 200


def test_once_more_brings_it_up_to_date_and_doubles_nothing(boundary: Area) -> None:
    say("municipality", KEY)
    before = [model.objects.count() for model in (Department, Site, Category)]
    assert "ist auf dem neuen Stand" in say("municipality", KEY, "--phone", "06245 9")
    assert [model.objects.count() for model in (Department, Site, Category)] == before
    assert Municipality.objects.get().phone == "06245 9"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["99999999"], "import_areas"),
        ([KEY, "--email", "keine Adresse"], "email: "),
        ([KEY, "--slug", "amt"], "/amt"),
        ([KEY, "--land", "XX"], "XX"),
    ],
)
def test_what_does_not_do_is_refused_in_words(
    boundary: Area, words: list[str], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        say("municipality", *words)
    assert not Municipality.objects.exists()
    assert not Department.objects.exists()


def test_the_first_administrator_sees_everything(
    boundary: Area, type_password: Callable[[str], None], client: Client
) -> None:
    say("municipality", KEY)
    type_password(GOOD)
    assert "kann sich jetzt anmelden" in say("administrator", "erika", "--last-name", "Muster")
    erika = User.objects.get()
    assert erika.check_password(GOOD)
    assert scope_of(erika).municipality_ids == {Municipality.objects.get().pk}
    client.force_login(erika, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/amt").status_code == 200
    assert client.get("/verwaltung/django/").status_code == 200


def test_once_more_gives_a_new_password_and_nothing_else(
    boundary: Area, type_password: Callable[[str], None]
) -> None:
    type_password(GOOD)
    assert "noch keine Gemeinde" in say("administrator", "erika", "--email", "e@gr.example")
    say("municipality", KEY)
    type_password(GOOD[::-1])
    assert "neues Passwort" in say("administrator", "erika")
    erika = User.objects.get()
    assert erika.check_password(GOOD[::-1])
    assert erika.email == "e@gr.example"
    assert Membership.objects.count() == 1


@pytest.mark.parametrize("password", ["", "kurz", "password123"])
def test_a_weak_password_lets_nobody_in(
    password: str, type_password: Callable[[str], None]
) -> None:
    type_password(password)
    with pytest.raises(CommandError, match="password: "):
        say("administrator", "erika")
    assert not User.objects.exists()


def test_two_different_passwords_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    typed: Any = iter([GOOD, GOOD + "x"])
    monkeypatch.setattr("sys.stdin", type("Terminal", (StringIO,), {"isatty": lambda self: True})())
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    with pytest.raises(CommandError, match="zwei verschiedene"):
        say("administrator", "erika")
    assert not User.objects.exists()
