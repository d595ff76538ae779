"""The desk's list as a file."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import StringIO
from typing import Any

from django.test import Client

from reports.deeds import sharing
from reports.models import Report
from townhall.models import Department, Municipality, User

URL = "/amt/liste.csv"


def table(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200
    text = answer.content.decode()
    assert text.startswith("\ufeff")  # by which German spreadsheets know umlauts
    return list(csv.reader(StringIO(text[1:]), delimiter=";"))


def test_the_table_holds_what_the_list_holds_and_nobodys_contact(
    client: Client,
    make_report: Callable[..., Report],
    dispatcher: User,
    django_assert_max_num_queries: Any,
) -> None:
    reports = [
        make_report(email="uta@example.org", description="=1+1 Anruf unter 0171 5550123")
        for _ in range(3)
    ]
    client.force_login(dispatcher)
    client.get(URL)
    with django_assert_max_num_queries(5):
        answer = client.get(URL, {"q": "sort:alt"})
    head, *rows = table(answer)
    assert head[:3] == ["Nummer", "Status", "Kategorie"]
    assert [row[0] for row in rows] == [report.shown_code for report in reports]
    assert all(len(row) == len(head) for row in rows)
    text = answer.content.decode()
    assert "uta@" not in text
    assert "0171" not in text
    assert not any(cell.startswith("=") for row in rows for cell in row)


def test_what_was_ticked_is_all_that_is_in_it(
    client: Client, make_report: Callable[..., Report], dispatcher: User
) -> None:
    wanted, _other = make_report(), make_report()
    client.force_login(dispatcher)
    _head, row = table(client.post(URL, {"codes": [f"{wanted.code}.1", "UNSINN"]}))
    assert row[0] == wanted.shown_code


def test_nobody_takes_away_a_table_of_others(
    client: Client, make_report: Callable[..., Report], outsider: User
) -> None:
    report = make_report()
    assert client.get(URL).status_code in {302, 303, 403}
    client.force_login(outsider)
    answer = client.post(URL, {"codes": [report.code]})
    assert report.shown_code not in answer.content.decode()


def test_a_department_that_does_a_part_takes_away_what_it_ticked(
    client: Client,
    make_report: Callable[..., Report],
    make_department: Callable[..., Department],
    make_user: Callable[..., User],
    dispatcher: User,
    town: Municipality,
) -> None:
    report, helper = make_report(), make_department("Bauhof", serves=[town])
    sharing.ask(report, department=helper, by=dispatcher, text="Bitte absperren.")
    client.force_login(make_user("bauhof", helper))
    _head, row = table(client.post(URL, {"codes": [report.code]}))
    assert row[0] == report.shown_code
