"""Presence and the reading log: off, until a town and its staff council want them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from reports.desk import reading
from reports.models import Reading, Report
from reports.topics import Presence
from townhall.models import Municipality, Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(make_report: Callable[..., Report]) -> Report:
    return make_report()


@pytest.fixture
def desk(dispatcher: User) -> Client:
    client = Client()
    client.force_login(dispatcher)
    return client


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    told: list[Any] = []
    monkeypatch.setattr("reports.deeds.presence.ring", told.append)
    return told


def switch(town: Municipality, **on: Any) -> None:
    Municipality.objects.filter(pk=town.pk).update(**on)


def page(report: Report, rest: str = "") -> str:
    return f"/amt/meldung/{report.code}{rest}"


def test_nobody_is_watched_unless_the_town_wants_it(
    desk: Client, report: Report, dispatcher: User, rung: list[Any]
) -> None:
    shown = desk.get(page(report)).content.decode()

    assert "case-presence" not in shown
    assert desk.post(page(report, "/anwesenheit"), {"state": "looks"}).status_code == 404
    assert not Presence().may_join(dispatcher, report.code)
    assert not rung
    assert not Reading.objects.exists()


def test_colleagues_see_each_other_and_nobody_else_does(
    desk: Client, report: Report, town: Municipality, dispatcher: User, outsider: User, rung: Any
) -> None:
    switch(town, shows_presence=True)
    stranger = Client()
    stranger.force_login(outsider)

    assert "case-presence" in desk.get(page(report)).content.decode()
    assert desk.post(page(report, "/anwesenheit"), {"state": "writes"}).status_code == 204
    assert desk.post(page(report, "/anwesenheit"), {"state": "quatsch"}).status_code == 204
    assert stranger.post(page(report, "/anwesenheit"), {"state": "looks"}).status_code == 404

    (ring,) = rung
    assert ring.topics == [f"presence:{report.code}"]
    assert ring.message["name"] == dispatcher.name
    assert Presence().may_join(dispatcher, report.code)
    assert not Presence().may_join(outsider, report.code)


def test_who_opens_a_report_is_written_down_once_in_a_while(
    desk: Client, report: Report, town: Municipality, dispatcher: User
) -> None:
    switch(town, keeps_reading_log=True)

    for _ in range(3):
        desk.get(page(report))

    assert [each.user for each in Reading.objects.all()] == [dispatcher]


def test_only_administrators_of_the_town_read_the_log(
    desk: Client, report: Report, town: Municipality, outsider: User, make_user: Any
) -> None:
    switch(town, keeps_reading_log=True)
    desk.get(page(report))
    admin, stranger = Client(), Client()
    admin.force_login(make_user("admin", town.fallback_department, Role.ADMINISTRATOR))
    stranger.force_login(outsider)

    log = "/verwaltung/einsicht"
    assert report.shown_code in admin.get(log).content.decode()
    assert (
        report.shown_code in admin.get(f"{log}?meldung={report.code}&person=dispo").content.decode()
    )
    assert report.shown_code not in admin.get(f"{log}?person=niemand").content.decode()
    assert admin.get(f"{log}?meldung=%00&person=%00&vor=x").status_code == 200
    assert "Wer diese Meldung" in admin.get(page(report)).content.decode()
    assert "Wer diese Meldung" not in desk.get(page(report)).content.decode()
    for nobody in (desk, stranger):
        assert nobody.get(log).status_code == 404


def test_the_log_forgets_in_time(report: Report, town: Municipality, dispatcher: User) -> None:
    switch(town, keeps_reading_log=True, reading_log_days=30)
    now = timezone.now()
    for days in (10, 40):
        Reading.objects.create(report=report, user=dispatcher, at=now - dt.timedelta(days=days))

    assert reading.forget_due(now=now) == 1
    assert reading.forget_due(now=now) == 0
