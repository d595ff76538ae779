"""What a visitor and a watchman see while the database is away."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from config import health
from config.middleware import DatabaseDownMiddleware


@pytest.fixture
def away() -> Iterator[None]:
    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> None:
        raise OperationalError("connection refused")

    with connection.execute_wrapper(refuse):
        yield


@pytest.mark.django_db
def test_a_ready_server_says_so(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_a_server_without_its_database_is_alive_but_not_ready(client: Client, away: None) -> None:
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["reason"]) == (503, "database")


@pytest.mark.django_db
def test_a_server_ahead_of_its_database_is_not_ready(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_on_disk", {("reports", "9999_of_tomorrow")})
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["reason"]) == (503, "migrations")


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_watchmans_doors_are_for_reading(client: Client, method: str) -> None:
    assert getattr(client, method)("/healthz").status_code == 405


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("gone"),
        InterfaceError("closed"),
        OSError(errno.ENOSPC, "full"),
        ConnectionError("store"),
    ],
)
@pytest.mark.parametrize(
    ("path", "kind"), [("/melden", "text/html"), ("/api/v1/reports/", "application/problem+json")]
)
def test_an_outage_is_a_calm_answer_with_a_time_to_come_back(
    rf: RequestFactory, error: Exception, path: str, kind: str
) -> None:
    answer = _middleware().process_exception(rf.get(path), error)
    assert answer is not None
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert answer["Content-Type"].startswith(kind)
    assert "Minute" in answer.content.decode("unicode-escape" if "api" in path else "utf-8")


def test_other_errors_are_not_called_an_outage(rf: RequestFactory) -> None:
    assert _middleware().process_exception(rf.get("/"), LookupError("ours")) is None


def _middleware() -> DatabaseDownMiddleware:
    inner: Callable[[HttpRequest], HttpResponse] = lambda request: HttpResponse()  # noqa: E731
    return DatabaseDownMiddleware(inner)
