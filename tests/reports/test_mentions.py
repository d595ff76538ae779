"""A note calls a colleague by name, and the colleague hears of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from reports.deeds import noting, triage
from reports.models import EventKind, Report
from townhall.models import Letter, User

Make = Callable[..., Any]


@pytest.fixture
def kern(caseworker: User) -> User:
    caseworker.first_name, caseworker.last_name = "Nadja", "Kern"
    caseworker.email = "nadja.kern@stadt.example"
    caseworker.save()
    return caseworker


@pytest.fixture
def report(kern: User, make_report: Make) -> Report:
    found: Report = make_report()
    return found


def mentions() -> list[Letter]:
    return list(Letter.objects.filter(kind="mention"))


def test_whoever_is_called_gets_a_letter_without_the_note(
    report: Report, dispatcher: User, kern: User
) -> None:
    triage.note(report, by=dispatcher, text="@Nadja Kern, bitte die Zeugin 0171 5550123 anrufen.")
    (letter,) = mentions()
    assert letter.to == kern.email
    assert "0171" not in letter.text
    assert f"/amt/meldung/{report.code}" in letter.text
    event = report.events.get(kind=EventKind.NOTE)
    assert event.facts["called"] == ["Nadja Kern"]


@pytest.mark.parametrize(
    ("text", "is_called"),
    [
        ("@Kern schaut", True),
        ("(@kern) und noch einmal @Nadja Kern", True),
        ("@Kernig ist niemand", False),
        ("info@kern.example schreiben", False),
        ("Kern anrufen", False),
        ("@", False),
    ],
)
def test_only_a_whole_name_after_the_sign_calls(
    report: Report, kern: User, text: str, is_called: bool
) -> None:
    assert noting.calls_in(text, report).people == ((kern,) if is_called else ())


def test_a_family_name_of_two_calls_neither(report: Report, kern: User, dispatcher: User) -> None:
    dispatcher.first_name, dispatcher.last_name = "Ulf", "Kern"
    dispatcher.save()
    calls = noting.calls_in("@Kern und @Nadja Kern", report)
    assert calls == noting.Calls((kern,), ("@Kern",))


def test_nobody_else_of_the_house_can_be_called(
    report: Report, dispatcher: User, outsider: User
) -> None:
    outsider.last_name, outsider.email = "Fern", "fern@anderswo.example"
    outsider.save()
    triage.note(report, by=dispatcher, text="@Fern und @" + dispatcher.username)
    assert mentions() == []
