"""What staff find by typing words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from reports.desk import search
from reports.desk.rows import page_of
from reports.desk.wish import Wish
from reports.models import Report
from townhall.models import User

TODAY = dt.date(2026, 11, 23)


@pytest.fixture
def find(dispatcher: User) -> Callable[[str], list[str]]:
    """Texts of what the dispatcher finds, in the order of the list."""

    def look(words: str, **more: str) -> list[str]:
        wish = Wish.parse({"ansicht": "alle", "q": words, **more})
        rows = page_of(wish, dispatcher, today=TODAY).rows
        return [row.report.description for row in rows]

    return look


@pytest.mark.parametrize(
    "words",
    [
        "kanaldeckel",
        "kanal",
        "Straße klappert",
        "strasse KLAPPERT",
        "und der Kanaldeckel",
        "Müllerstr 12",
        "muller",
        "schlag kanal",
        "loch",
    ],
)
def test_words_are_found_by_their_beginning_whatever_their_ending_and_accents(
    make_report: Callable[..., Report], find: Callable[[str], list[str]], words: str
) -> None:
    text = "Ein Kanaldeckel in der Straße klappert."
    make_report(description=text, street="Müllerstraße", house_number="12")
    assert find(words) == [text]


@pytest.mark.parametrize(
    "words", ["Laterne", "kanaldeckel laterne", "Kanalx", "'", "& | !", ":*", "\\"]
)
def test_what_is_not_there_is_not_found(
    make_report: Callable[..., Report], find: Callable[[str], list[str]], words: str
) -> None:
    make_report(description="Ein Kanaldeckel klappert.")
    assert "laterne" not in words.lower() or find(words) == []
    find(words)


def test_words_that_say_nothing_do_not_narrow_the_list(
    make_report: Callable[..., Report], find: Callable[[str], list[str]]
) -> None:
    make_report()
    assert len(find("und der")) == 1


def test_a_report_is_found_by_its_code(
    make_report: Callable[..., Report], find: Callable[[str], list[str]]
) -> None:
    make_report(description="Das eine Loch.")
    code = make_report(description="Das andere Loch.").shown_code
    assert find(code) == ["Das andere Loch."]
    assert find(code.lower()) == ["Das andere Loch."]


def test_the_street_counts_more_than_the_text(
    make_report: Callable[..., Report], find: Callable[[str], list[str]]
) -> None:
    make_report(description="Am Lindenweg.", street="Lindenweg")
    make_report(description="Zwischen Markt und Lindenweg.", street="Hauptstraße")
    assert find("lindenweg") == ["Am Lindenweg.", "Zwischen Markt und Lindenweg."]


def test_only_the_newest_matches_are_ranked(
    make_report: Callable[..., Report],
    find: Callable[[str], list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(search, "NEWEST", 2)
    for number in range(3):
        make_report(description=f"Laterne Nummer {number}.")
    assert find("laterne") == ["Laterne Nummer 2.", "Laterne Nummer 1."]


def test_the_best_come_page_by_page(
    make_report: Callable[..., Report], dispatcher: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.desk.rows.PAGE", 2)
    for number in range(3):
        make_report(description=f"Laterne Nummer {number}.")
    wish = Wish.parse({"q": "laterne"})
    page = page_of(wish, dispatcher, today=TODAY)
    assert page.more == "q=laterne&nach=2"
    rest = page_of(Wish.parse({"q": "laterne", "nach": "2"}), dispatcher, today=TODAY)
    assert [row.report.description for row in rest.rows] == ["Laterne Nummer 0."]
    assert rest.more == ""
    page_of(Wish.parse({"q": "laterne", "nach": "²~x"}), dispatcher, today=TODAY)


def test_nobody_finds_what_is_not_in_their_care(
    make_report: Callable[..., Report], outsider: User
) -> None:
    report = make_report(description="Ein Kanaldeckel klappert.")
    for words in ("kanaldeckel", report.code):
        wish = Wish.parse({"ansicht": "alle", "q": words})
        assert page_of(wish, outsider, today=TODAY).rows == []


def test_a_search_costs_one_statement_more_than_a_list(
    make_report: Callable[..., Report],
    dispatcher: User,
    client: Client,
    django_assert_max_num_queries: Any,
) -> None:
    make_report(description="Ein Kanaldeckel klappert.")
    client.force_login(dispatcher)
    client.get("/amt")  # what a process remembers for all
    with django_assert_max_num_queries(9):
        page = client.get("/amt", {"ansicht": "alle", "q": "kanal"})
    assert "Schlagloch" in page.content.decode()
