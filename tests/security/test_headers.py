"""What every answer says to the browser, whoever made it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from config.headers import EVERYWHERE
from reports.models import Report
from reports.receiving import intake
from townhall.models import User

pytestmark = pytest.mark.django_db

ANSWERS = [
    ("/", 200),
    ("/melden", 200),
    ("/amt", 302),
    ("/amt/anmelden", 200),
    ("/gibt-es-nicht", 404),
    (f"/r/{'x' * 43}", 404),
    (f"/foto/{uuid.UUID(int=7)}/full", 404),
    ("/api/v1/reports/", 200),
    ("/api/v1/reports/7K3F9QMX/", 404),
    ("/api/v1/desk/reports/7K3F9QMX/", 401),
    ("/api/v1/schema/", 200),
    ("/static/frontend/img/mark.svg", 200),
    ("/static/gibt-es-nicht.js", 404),
    ("/healthz", 200),
    ("/manifest.webmanifest", 200),
]


@pytest.mark.parametrize(("path", "status"), ANSWERS)
def test_every_answer_carries_the_headers_and_no_cookie(
    client: Client, path: str, status: int
) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert {name: answer[name] for name in EVERYWHERE} == dict(EVERYWHERE)
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert "Server" not in answer
    assert "Strict-Transport-Security" not in answer
    assert set(answer.cookies) <= ({"csrftoken"} if path == "/amt/anmelden" else set())
    if status >= 400:
        assert "no-store" in answer["Cache-Control"]
    answer.close()


def test_an_unchanged_answer_and_a_fault_of_ours_carry_them_too(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag = client.get("/api/v1/categories/")["ETag"]
    unchanged = client.get("/api/v1/categories/", headers={"If-None-Match": tag})
    client.raise_request_exception = False
    monkeypatch.setattr("reports.catalogue.offered.offered_at", None)
    broken = client.get("/api/v1/categories/")
    assert (unchanged.status_code, broken.status_code) == (304, 500)
    assert broken["Content-Type"] == "application/problem+json"
    for answer in (unchanged, broken):
        assert {name: answer[name] for name in EVERYWHERE} == dict(EVERYWHERE)


def test_tls_is_remembered_over_tls_only(client: Client, settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS = 31_536_000
    fresh = Client()
    assert "Strict-Transport-Security" not in fresh.get("/healthz")
    assert "max-age=31536000" in fresh.get("/healthz", secure=True)["Strict-Transport-Security"]


def test_what_a_link_alone_opens_is_kept_by_nobody(
    client: Client, make_draft: Callable[..., Any]
) -> None:
    token = intake.submit(make_draft(email="uta@example.org")).token
    for path in (f"/r/{token}", f"/r/{token}/danke", f"/r/{token}/abmelden"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer["X-Robots-Tag"]
        assert not answer.cookies


# ── Sessions ─────────────────────────────────────────────────────────────────────────────────
def test_a_session_is_a_cookie_for_us_alone_and_lasts_a_working_day(
    client: Client, dispatcher: User, settings: Any
) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    fields = {"username": dispatcher.username, "password": "kein-geheimnis-im-test"}
    client.post("/amt/anmelden", fields)
    cookie = client.cookies["augenmerk_sitzung"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
    assert cookie["max-age"] == 10 * 3600
    assert client.cookies["augenmerk_geraet"]["secure"] is True


def test_a_session_ends_with_its_day_the_sign_out_and_a_new_password(
    dispatcher: User, make_report: Callable[..., Report]
) -> None:
    here, there = Client(), Client()
    for client in (here, there):
        client.force_login(dispatcher)
        assert client.get("/amt").status_code == 200
    stolen = here.cookies["augenmerk_sitzung"].value
    here.post("/amt/abmelden")
    thief = Client()
    thief.cookies["augenmerk_sitzung"] = stolen
    assert thief.get("/amt").status_code == 302
    dispatcher.set_password("ein-anderes-geheimnis")
    dispatcher.save()
    assert there.get("/amt").status_code == 302
