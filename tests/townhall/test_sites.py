"""Front doors: the region, towns by path, hosts of their own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_script_prefix, path, reverse, set_script_prefix
from pytest_django import DjangoAssertNumQueries

from geo.boxes import Box
from townhall import sites
from townhall.links import link
from townhall.models import Municipality, Site

pytestmark = pytest.mark.django_db


def look(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{sites.site_of(request).name} {request.path_info} {reverse('look')}")


urlpatterns = [path("", look, name="look"), path("melden", look), path("en/melden", look)]


@pytest.fixture
def doors(town: Municipality, settings: Any) -> Site:
    """A region, a town by its path, and a town with a host of its own."""
    settings.ROOT_URLCONF = __name__
    settings.ALLOWED_HOSTS = ["testserver", "melden.lorsch.example"]
    region = Site.objects.create(slug="", name="Region")
    bensheim = Site.objects.create(slug="bensheim", name="Bensheim")
    lorsch = Site.objects.create(slug="lorsch", host="melden.Lorsch.example", name="Lorsch")
    for each in (region, bensheim, lorsch):
        each.municipalities.add(town)
    sites.forget()
    return bensheim


@pytest.mark.usefixtures("doors")
@pytest.mark.parametrize(
    ("asked", "seen"),
    [
        ("/", "Region / /"),
        ("/melden", "Region /melden /"),
        ("/bensheim/", "Bensheim / /bensheim/"),
        ("/bensheim", "Bensheim / /bensheim/"),
        ("/bensheim/melden", "Bensheim /melden /bensheim/"),
        ("/bensheim/en/melden", "Bensheim /en/melden /bensheim/"),
        ("/bensheim/melden?x=/lorsch/", "Bensheim /melden /bensheim/"),
    ],
)
def test_the_path_opens_the_door_and_links_stay_inside(asked: str, seen: str) -> None:
    assert Client().get(asked).content.decode() == seen
    assert get_script_prefix() == "/"


@pytest.mark.usefixtures("doors")
def test_a_host_of_its_own_is_a_door_without_prefix() -> None:
    answer = Client().get("/melden", headers={"host": "melden.lorsch.example:8443"})
    assert answer.content.decode() == "Lorsch /melden /"


@pytest.mark.usefixtures("doors")
@pytest.mark.parametrize("asked", ["/atlantis/", "/bensheim/atlantis", "/Bensheim/"])
def test_an_unknown_door_is_not_found(asked: str) -> None:
    assert Client(raise_request_exception=False).get(asked).status_code == 404


@pytest.mark.parametrize(
    ("site", "door"),
    [
        ({"slug": "bensheim"}, "https://kreis.example/bensheim/"),
        ({"slug": "b", "host": "melden.bensheim.example"}, "https://melden.bensheim.example/"),
        (None, "https://kreis.example/"),
    ],
)
def test_what_a_towns_people_get_leads_through_its_own_door(
    site: dict[str, str] | None,
    door: str,
    town: Municipality,
    make_municipality: Callable[..., Municipality],
    settings: Any,
) -> None:
    settings.ROOT_URLCONF, settings.PUBLIC_URL = __name__, "https://kreis.example"
    other = make_municipality("Lorsch", "06431016", (8.57, 49.65))
    Site.objects.create(slug="", name="Region").municipalities.set([town, other])
    if site:
        Site.objects.create(name="Bensheim", **site).municipalities.set([town])
    sites.forget()
    assert link("look", town=town) == door
    assert link("look", town=other) == link("look") == "https://kreis.example/"
    set_script_prefix("/lorsch/")  # whichever door the request came through
    try:
        assert link("look", town=town) == door
    finally:
        set_script_prefix("/")


def test_an_installation_without_sites_has_a_neutral_door(
    settings: Any, town: Municipality
) -> None:
    settings.ROOT_URLCONF = __name__
    assert Client().get("/melden").content.decode() == "Augenmerk /melden /"
    assert sites.area_keys(sites.neutral()) == ("06431002",)


@pytest.mark.usefixtures("doors")
@pytest.mark.parametrize("asked", ["/static/x.css", "/healthz", "/readyz", "/metrics"])
def test_assets_and_health_do_not_ask_the_database(
    asked: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        Client().get(asked)


@pytest.mark.usefixtures("doors")
def test_the_sites_are_read_once_and_again_when_told(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(2):
        Client().get("/bensheim/")
    with django_assert_num_queries(0):
        Client().get("/lorsch/")
        assert sites.area_keys(Site(slug="bensheim")) == ("06431002",)
    Site.objects.filter(slug="bensheim").update(slug="bensem")
    assert Client().get("/bensheim/").status_code == 200
    sites.forget()
    assert Client().get("/bensheim/").status_code == 404
    assert Client().get("/bensem/").status_code == 200


@pytest.mark.usefixtures("doors")
def test_the_known_doors_stay_open_while_the_database_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Client().get("/")

    def away() -> sites.Doors:
        raise OperationalError

    monkeypatch.setattr(sites, "_read_doors", away)
    monkeypatch.setattr(sites, "KEPT_SECONDS", -1)
    assert Client().get("/bensheim/melden").content.decode() == "Bensheim /melden /bensheim/"
    sites.forget()
    assert Client().get("/melden").content.decode() == "Augenmerk /melden /"


@pytest.mark.usefixtures("doors")
def test_one_request_never_sees_the_door_of_another() -> None:
    """Threads of one process, each answering for all doors in turn, through Django's handler."""
    Client().get("/")  # the sites are known: threads of a test have no database
    handler = WSGIHandler()

    def ask(path_info: str) -> str:
        environ = RequestFactory().get(path_info).environ
        return b"".join(handler(environ, lambda *_: None)).decode()

    asked = ["/", "/bensheim/", "/lorsch/", "/melden", "/bensheim/melden"] * 40
    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(ask, asked))
    expected = {path_info: ask(path_info) for path_info in set(asked)}
    assert seen == [expected[path_info] for path_info in asked]
    assert expected["/"] == "Region / /"
    assert expected["/bensheim/melden"] == "Bensheim /melden /bensheim/"


@pytest.mark.usefixtures("doors")
def test_a_prefix_of_the_server_stays_in_front() -> None:
    request = RequestFactory().get("/bensheim/melden", SCRIPT_NAME="/buerger")
    set_script_prefix("/buerger/")
    try:
        answer = sites.SiteMiddleware(look)(request)
    finally:
        set_script_prefix("/")
    assert answer.content.decode() == "Bensheim /melden /buerger/bensheim/"


def test_the_extent_of_a_site_is_that_of_its_municipalities(
    doors: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    sites.area_keys(doors)
    with django_assert_num_queries(1):
        box = sites.extent(doors)
        assert sites.extent(doors) == box
    assert isinstance(box, Box)
    assert (box.west, box.north) == pytest.approx((8.6006, 49.7011))


def test_without_any_area_the_map_shows_germany(db: None) -> None:
    assert sites.extent(sites.neutral()) == sites.GERMANY
