"""The counter's frame: who gets in, where a sign-in leads, what the start page says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from lostfound.models import Office
from tests.conftest import PASSWORD
from townhall.models import Municipality, Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(town: Municipality, make_department: Callable[..., object]) -> Office:
    return Office.objects.create(
        slug="bensheim",
        name="Fundbüro Bensheim",
        department=make_department("Fundbüro", serves=[town]),
        municipality=town,
    )


@pytest.fixture
def clerk(office: Office, make_user: Callable[..., User]) -> User:
    return make_user("fundbuero", office.department, Role.FUNDBUERO)


def signed_in(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def test_the_counters_people_land_at_the_counter(client: Client, clerk: User) -> None:
    answer = client.post(reverse("sign-in"), {"username": clerk.username, "password": PASSWORD})
    assert answer["Location"] == reverse("fund-desk")


def test_the_empty_desk_of_reports_sends_them_there_too(client: Client, clerk: User) -> None:
    answer = signed_in(client, clerk).get(reverse("desk"))
    assert (answer.status_code, answer["Location"]) == (303, reverse("fund-desk"))


def test_dispatchers_land_at_the_desk_of_reports(client: Client, dispatcher: User) -> None:
    answer = client.post(
        reverse("sign-in"), {"username": dispatcher.username, "password": PASSWORD}
    )
    assert answer["Location"] == reverse("desk")


def test_the_header_shows_each_their_own_work(
    client: Client, clerk: User, dispatcher: User
) -> None:
    of_the_counter = signed_in(client, clerk).get(reverse("fund-desk")).content.decode()
    assert ">Fundbüro</a>" in of_the_counter
    assert ">Eingang</a>" not in of_the_counter
    of_the_desk = signed_in(client, dispatcher).get(reverse("desk")).content.decode()
    assert ">Fundbüro</a>" not in of_the_desk


def test_the_counter_is_shut_to_others(client: Client, office: Office, dispatcher: User) -> None:
    asked = client.get(reverse("fund-desk"))
    assert asked.status_code == 302
    assert asked["Location"].startswith(reverse("sign-in"))
    answer = signed_in(client, dispatcher).get(reverse("fund-desk"))
    assert answer.status_code == 403
    assert "Ihre Rolle gehört nicht dazu" in answer.content.decode()
