"""Numbers for monitors, and for nobody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory

from config.metrics import may_look
from reports.models import Report
from townhall.models import Letter

pytestmark = pytest.mark.django_db
LINE = re.compile(r"augenmerk_[a-z_]+(\{[a-z]+=\"[a-z_]+\"\})? -?[0-9.e+]+")


def look(client: Client, **meta: Any) -> Any:
    return client.get("/metrics", headers={"Host": "localhost:8000"}, **meta)


def test_a_monitor_on_this_machine_reads_numbers(
    client: Client, make_report: Callable[..., Report], django_assert_max_num_queries: Any
) -> None:
    make_report(email="erika@example.org", name="Erika Muster")
    with django_assert_max_num_queries(20):
        answer = look(client)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    assert "no-store" in answer["Cache-Control"]
    text = answer.content.decode()
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert all(LINE.fullmatch(line) for line in lines), lines
    assert 'augenmerk_reports{status="new"} 1' in lines
    assert 'augenmerk_reports{status="done"} 0' in lines
    assert f'augenmerk_letters{{state="waiting"}} {Letter.objects.count()}' in lines
    assert "augenmerk_live_sockets 0" in lines
    assert "augenmerk_database_up 1" in lines
    assert "erika" not in text.lower()
    helps = [line for line in text.splitlines() if line.startswith("# TYPE")]
    assert len(helps) == len(set(helps))


@pytest.mark.parametrize(
    "meta",
    [
        {"REMOTE_ADDR": "203.0.113.7"},
        {"REMOTE_ADDR": ""},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"augenmerk.was_forwarded": True},
        {"HTTP_AUTHORIZATION": "Bearer "},
        {"REMOTE_ADDR": "203.0.113.7", "HTTP_AUTHORIZATION": "Bearer falsch"},
    ],
)
def test_for_others_the_page_does_not_exist(client: Client, meta: dict[str, Any]) -> None:
    known = {"HTTP_AUTHORIZATION": "", "REMOTE_ADDR": "203.0.113.7"} | meta
    if "HTTP_X_FORWARDED_FOR" in meta or "augenmerk.was_forwarded" in meta:
        known["REMOTE_ADDR"] = "127.0.0.1"
    assert look(client, **known).status_code == 404


def test_a_proxy_that_hides_its_clients_asks_by_the_public_name(rf: RequestFactory) -> None:
    assert not may_look(rf.get("/metrics", headers={"Host": "maengel.bensheim.example"}))


def test_a_token_opens_it_from_elsewhere(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = "s3cret-token"
    far = {"REMOTE_ADDR": "203.0.113.7"}
    assert look(client, **far, HTTP_AUTHORIZATION="Bearer s3cret-token").status_code == 200
    assert look(client, **far, HTTP_AUTHORIZATION="Bearer s3cret-toke").status_code == 404


def test_a_trusted_machine_may_look(client: Client, settings: Any) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    assert look(client, REMOTE_ADDR="10.1.2.3").status_code == 200
    assert look(client, REMOTE_ADDR="11.1.2.3").status_code == 404


def test_a_slow_or_absent_database_hides_only_its_own_numbers(client: Client) -> None:
    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "reports_report" in sql:
            raise OperationalError("canceling statement due to statement timeout")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        text = look(client).content.decode()
    assert "augenmerk_database_up 0" in text
    assert "augenmerk_reports{" not in text
    assert "augenmerk_jobs{" in text
