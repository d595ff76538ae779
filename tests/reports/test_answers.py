"""Questions of every kind: what is asked, what is wrong with an answer, how it reads."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from reports.catalogue.answers import DATATYPES, Asked, check, holds, values
from reports.models import QuestionKind

COLOURS = [
    {"key": "red", "name": "rot", "name_en": "red"},
    {"key": "blue", "name": "blau"},
    {"key": "old", "name": "altmodisch", "retired": True},
]


def ask(kind: str, code: str = "q", **changes: Any) -> Asked:
    facts: dict[str, Any] = {
        "code": code,
        "kind": kind,
        "text": "Frage?",
        "help": "",
        "translations": {"en": "Question?"},
        "options": COLOURS,
        "condition": {},
        "is_required": False,
        "is_public": False,
        "hazard_answers": [],
    }
    return Asked.read(facts | changes)


def test_every_datatype_of_open311_has_a_kind_of_question() -> None:
    named = {"string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"}
    assert set(DATATYPES) == set(QuestionKind)
    assert set(DATATYPES.values()) == named


@pytest.mark.parametrize(
    ("kind", "given", "stored"),
    [
        ("yes_no", "yes", "yes"),
        ("choice", " red ", "red"),
        ("choice", ("red",), "red"),
        ("choices", "blue", ("blue",)),
        ("choices", ("blue", "red", "blue"), ("red", "blue")),
        ("text", "  Mast \n 6001 ", "Mast 6001"),
        ("long_text", "eins\r\nzwei", "eins\nzwei"),
        ("number", "3,5", "3.5"),
        ("number", "+12", "12"),
        ("number", "-0.25", "-0.25"),
        ("datetime", "20.11.2026 14:30", "2026-11-20T14:30+01:00"),
        ("datetime", "1.7.2026, 9:05 Uhr", "2026-07-01T09:05+02:00"),
        ("datetime", "2026-11-20T14:30", "2026-11-20T14:30+01:00"),
        ("datetime", "2026-11-20T14:30:00Z", "2026-11-20T14:30+00:00"),
        ("datetime", "2026-11-20", "2026-11-20"),
        ("info", "anything", ""),
        ("text", None, ""),
    ],
)
def test_an_answer_is_stored_in_one_form(kind: str, given: Any, stored: Any) -> None:
    assert ask(kind).cleaned(given) == stored


@pytest.mark.parametrize(
    ("kind", "given", "sentence"),
    [
        ("yes_no", "vielleicht", "Bitte wählen Sie"),
        ("choice", "green", "Bitte wählen Sie"),
        ("choice", "old", "Bitte wählen Sie"),
        ("choice", ("red", "blue"), "Bitte wählen Sie"),
        ("choices", ("red", "green"), "unter den Antworten"),
        ("text", "x" * 301, "300 Zeichen"),
        ("long_text", "x" * 1001, "1.000 Zeichen"),
        ("number", "zwölf", "eine Zahl"),
        ("number", "1e99", "eine Zahl"),
        ("number", "٣", "eine Zahl"),
        ("datetime", "gestern", "20.11.2026"),
        ("datetime", "31.2.2026", "20.11.2026"),
        ("datetime", "20.11.0026 14:30", "20.11.2026"),
        ("datetime", "2026-11-20T99:00", "20.11.2026"),
    ],
)
def test_a_bad_answer_gets_a_sentence(kind: str, given: Any, sentence: str) -> None:
    checked = check([ask(kind)], {"q": given})
    assert checked.answers == {}
    assert sentence in str(checked.complaints["q"])


@pytest.mark.parametrize("kind", sorted(set(QuestionKind) - {QuestionKind.INFO}))
def test_a_required_question_wants_an_answer_of_each_kind(kind: str) -> None:
    assert "q" in check([ask(kind, is_required=True)], {"q": " "}).complaints


def test_a_note_is_never_missing_an_answer() -> None:
    assert check([ask("info", is_required=True)], {}).complaints == {}


# ── Conditions ───────────────────────────────────────────────────────────────────────────────
CHAIN = [
    ask("choice", "colour"),
    ask("yes_no", "dark", condition={"colour": ["blue"]}, is_required=True),
    ask("text", "why", condition={"dark": ["yes"], "colour": ["blue", "red"]}),
]


def test_a_question_is_asked_only_where_its_condition_holds() -> None:
    assert [each.code for each in check(CHAIN, {"colour": "red"}).asked] == ["colour"]
    blue = check(CHAIN, {"colour": "blue"})
    assert [each.code for each in blue.asked] == ["colour", "dark"]
    assert set(blue.complaints) == {"dark"}


def test_answers_to_what_is_not_asked_are_left_out() -> None:
    given = {"colour": "red", "dark": "yes", "why": "darum"}
    assert check(CHAIN, given).answers == {"colour": "red"}
    assert check(CHAIN, given | {"colour": "blue"}).answers == given | {"colour": "blue"}


def test_one_of_several_chosen_answers_is_enough_for_a_condition() -> None:
    assert holds({"what": ["a", "b"]}, {"what": ("b", "c")})
    assert holds({"what": ["a", "b"]}, {"what": ["b", "c"]})
    assert not holds({"what": ["a"]}, {"what": ("b", "c")})
    assert not holds({"what": ["a"]}, {})
    assert holds({}, {})
    assert values(None) == frozenset()


# ── In words ─────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("kind", "stored", "words"),
    [
        ("yes_no", "yes", "Ja"),
        ("choices", ["red", "blue"], "rot, blau"),
        ("choice", "old", "altmodisch"),
        ("choice", "gone", "gone"),
        ("number", "3.50", "3,50"),
        ("number", "12000", "12.000"),
        ("number", "2026", "2026"),
        ("datetime", "2026-11-20T13:30+00:00", "20. November 2026, 14:30"),
        ("datetime", "2026-11-20", "20. November 2026"),
        ("datetime", "nonsense", "nonsense"),
    ],
)
def test_an_answer_reads_as_people_write(kind: str, stored: Any, words: str) -> None:
    assert ask(kind).in_words(stored) == words


def test_an_english_reader_gets_english_and_german_where_there_is_none() -> None:
    with translation.override("en"):
        question = ask("choices")
    assert question.text == "Question?"
    assert question.in_words(["red", "blue"]) == "red, blau"
