"""A resident's app changes and withdraws the report it sent in."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from reports.deeds import triage
from reports.models import Report
from reports.personal import retention
from reports.receiving import intake
from reports.receiving.drafts import Draft
from townhall.capabilities import token_for
from townhall.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def door(make_draft: Callable[..., Draft]) -> str:
    draft = make_draft(email="uta@example.org")
    intake.submit(draft)
    return f"/api/v1/own/{token_for('view', draft.client_id)}/"


def change(client: Client, door: str, *, match: str | None = '"1"', **fields: Any) -> Any:
    headers = {"If-Match": match} if match else {}
    return client.patch(door, fields, content_type="application/json", headers=headers)


def test_what_is_not_named_stays_and_the_version_moves_on(client: Client, door: str) -> None:
    before = client.get(door)
    assert before["ETag"] == '"1"' and "no-store" in before["Cache-Control"]
    after = change(client, door, description="Es sind zwei Löcher, 20 cm tief.")
    assert (after.status_code, after["ETag"]) == (200, '"2"')
    told = {"description", "version"}
    assert {k: v for k, v in after.json().items() if k not in told} == {
        k: v for k, v in before.json().items() if k not in told
    }
    assert change(client, door, description="Von gestern, aber lang.").status_code == 412
    assert change(client, door, match='"2"', private=True).json()["private"] is True
    assert not Report.objects.get().is_public


@pytest.mark.parametrize(
    ("fields", "match", "code"),
    [
        ({"description": "x"}, None, 428),
        ({"description": "x"}, "Unsinn", 400),
        ({"description": "kurz"}, "*", 400),
        ({"lat": 49.6}, "*", 400),
        ({"lat": 52.5, "lon": 13.4}, "*", 400),
        ({"category": "gibt-es-nicht"}, "*", 400),
        ({"photos": [str(uuid.UUID(int=9))]}, "*", 400),
        ({"photos": "x", "answers": 7}, "*", 400),
    ],
)
def test_what_does_not_fit_changes_nothing(
    client: Client, door: str, fields: dict[str, Any], match: str | None, code: int
) -> None:
    assert change(client, door, match=match, **fields).status_code == code
    assert Report.objects.get().version == 1


def test_too_late_is_said_in_time(client: Client, door: str, dispatcher: User) -> None:
    triage.accept(Report.objects.get(), by=dispatcher)
    begun = change(client, door, match="*", lat=49.682, lon=8.62)
    assert (begun.status_code, "Kategorie und Ort bleiben" in begun.json()["detail"]) == (409, True)
    Report.objects.update(received_at=timezone.now() - retention.OWN_CHANGES)
    assert change(client, door, match="*", description="Zu spät, leider.").status_code == 409
    assert client.delete(door, headers={"If-Match": "*"}).status_code == 409


def test_it_is_withdrawn_once_and_nobody_else_may(client: Client, door: str) -> None:
    foreign = {"If-Match": "*", "Sec-Fetch-Site": "cross-site"}
    assert client.delete(door, headers=foreign).status_code == 403
    assert client.delete("/api/v1/own/unbekannt/", headers={"If-Match": "*"}).status_code == 404
    assert client.delete(door).status_code == 428
    for _ in range(2):
        assert client.delete(door, headers={"If-Match": "*"}).status_code == 204
    assert client.get(door).json()["withdrawn_at"]
