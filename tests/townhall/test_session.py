"""A session that is about to end is told in time, and kept with one press."""

from __future__ import annotations

import datetime as dt

from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from townhall.models import User

DOOR = "/amt/sitzung"


def test_asking_prolongs_nothing_and_one_press_does(client: Client, dispatcher: User) -> None:
    assert client.get(DOOR).status_code == client.post(DOOR).status_code == 401
    client.force_login(dispatcher)
    Session.objects.update(expire_date=timezone.now() + dt.timedelta(seconds=90))
    for _again in range(2):
        assert 80 < client.get(DOOR).json()["left"] <= 90
    answer = client.post(DOOR)
    assert answer.json()["left"] == 10 * 60 * 60
    assert "augenmerk_sitzung" in answer.cookies
    assert client.get(DOOR).json()["left"] > 9 * 60 * 60
    Session.objects.update(expire_date=timezone.now() - dt.timedelta(seconds=1))
    assert client.get(DOOR).json() == {"left": 0}


def test_every_page_of_staff_can_tell_and_no_public_one_asks(
    client: Client, dispatcher: User
) -> None:
    assert "<session-end" not in client.get("/").content.decode()
    client.force_login(dispatcher)
    assert "<session-end hidden" in client.get("/amt").content.decode()
    stranger = Client(enforce_csrf_checks=True)
    stranger.force_login(dispatcher)
    assert stranger.post(DOOR).status_code == 403
