"""The API as it describes itself, and whether it keeps its word. bench/fuzz_api.py tries longer."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings

from config.wsgi import application
from reports.models import Report
from townhall.models import User

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the library's own imports
    import schemathesis
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi import checks as promises

CASES = 4  # per door and kind: what fits its description, and what does not
CSRF = "a" * 32
CHECKS = [
    not_a_server_error,
    promises.status_code_conformance,
    promises.content_type_conformance,
    promises.response_headers_conformance,
    promises.response_schema_conformance,
]

Operation = tuple[str, str, dict[str, Any]]


@pytest.fixture
def described(client: Client, db: None) -> dict[str, Any]:
    description: dict[str, Any] = client.get("/api/v1/schema/?format=json").json()
    return description


def doors(described: dict[str, Any]) -> Iterator[Operation]:
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            yield path, method, operation


def test_the_description_has_no_warnings() -> None:
    said = StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=said)
    assert "openapi: 3.1.0" in said.getvalue()


def test_every_door_has_a_name_of_its_own_and_examples(described: dict[str, Any]) -> None:
    names = [operation["operationId"] for *_door, operation in doors(described)]
    assert len(set(names)) == len(names)
    without = [
        f"{method} {path} {code}"
        for path, method, operation in doors(described)
        for code, answer in operation["responses"].items()
        for kind in answer.get("content", {}).values()
        if not (kind.get("examples") or "example" in kind)
    ]
    asked = [
        f"{method} {path}"
        for path, method, operation in doors(described)
        for kind in operation.get("requestBody", {}).get("content", {}).values()
        if not (kind.get("examples") or "example" in kind)
    ]
    assert without + asked == []


def test_every_door_tells_its_errors_in_the_one_shape(described: dict[str, Any]) -> None:
    for path, method, operation in doors(described):
        errors = {code: answer for code, answer in operation["responses"].items() if code >= "400"}
        assert {"406", "500", "503"} <= set(errors), f"{method} {path}"
        for answer in errors.values():
            shape = answer["content"]["application/problem+json"]["schema"]
            assert shape == {"$ref": "#/components/schemas/Problem"}


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """As Django's own test client: the end of a request must not end the test's transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("_one_connection")
def test_the_doors_keep_their_word_whatever_comes(
    client: Client,
    make_report: Callable[..., Report],
    dispatcher: User,
    settings: Any,
) -> None:
    settings.LIMITS_TIMES = 10_000
    report = make_report()
    client.force_login(dispatcher)
    cookies = f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}; csrftoken={CSRF}"
    described = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", application)
    for found in described.get_all_operations():
        operation = found.ok()
        for mode in _kinds(operation):
            _try(operation.as_strategy(generation_mode=mode), code=report.code, cookies=cookies)


def _kinds(operation: Any) -> list[Any]:
    """Only what takes something can be given what does not fit."""
    modes = schemathesis.GenerationMode
    takes = operation.body or operation.query
    return [modes.POSITIVE, modes.NEGATIVE] if takes else [modes.POSITIVE]


def _try(cases: Any, *, code: str, cookies: str) -> None:
    @hypothesis_settings(
        max_examples=CASES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def attempt(case: Any) -> None:
        case.headers = {**(case.headers or {}), "Accept-Encoding": "identity"}
        if "/desk/" in case.path:
            if "code" in (case.path_parameters or {}):
                case.path_parameters["code"] = code
            case.headers |= {"Cookie": cookies, "X-CSRFToken": CSRF}
        case.validate_response(case.call(), checks=CHECKS)

    attempt()
