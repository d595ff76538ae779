"""Categories in the form and at the API: suggestions, questions that hang together, blocks."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.test import Client

from reports.catalogue import offered as catalogue
from reports.models import Block, Category, Question, Report
from reports.receiving import intake
from reports.voices import amending
from townhall.models import Municipality

SPOT = "8.620600,49.681100"
WORDS = "Das Auto steht schon wieder auf dem Gehweg."


@pytest.fixture
def parking(
    town: Municipality, make_category: Callable[..., Category], make_offer: Callable[..., Any]
) -> Category:
    """May be reported, unless somebody is in danger; then a question more, and a block."""
    category = make_category(
        "Falsch geparkt",
        synonyms="Falschparker, zugeparkt",
        translations={"en": "Illegal parking"},
        questions=[
            {
                "code": "what",
                "kind": "choices",
                "text": "Was ist versperrt?",
                "options": [
                    {"key": "path", "name": "Gehweg"},
                    {"key": "drive", "name": "Einfahrt"},
                ],
                "is_public": True,
            },
            {
                "code": "danger",
                "kind": "yes_no",
                "text": "Ist jemand in Gefahr?",
                "condition": {"what": ["path"]},
            },
            {
                "code": "note",
                "kind": "text",
                "text": "Wie oft?",
                "condition": {"danger": ["no"]},
                "is_public": True,
            },
        ],
    )
    Block.objects.create(
        category=category,
        condition={"danger": ["yes"]},
        title="Rufen Sie an",
        text="Die Polizei hilft sofort.",
        calls=[
            {"name": "Polizei", "number": "110"},
            {"name": "Bereitschaft", "number": "{bereitschaft}"},
            {"name": "Rathaus", "number": "{rathaus}"},
        ],
    )
    make_offer(town, category)
    return category


@pytest.fixture
def press(client: Client, parking: Category) -> Callable[..., Any]:
    client_id = str(uuid.uuid4())

    def press(action: str = "send", path: str = "/melden", **changes: Any) -> Any:
        fields: dict[str, Any] = {
            "client_id": client_id,
            "spot": SPOT,
            "category": parking.code,
            "description": WORDS,
            "action": action,
            "step": "was",
        }
        given = {key: value for key, value in (fields | changes).items() if value is not None}
        return client.post(path, given)

    return press


def answer(code: str) -> str:
    return f"answer.falsch-geparkt.{code}"


def page_of(client: Client, response: Any) -> str:
    assert response.status_code == 303
    return client.get(response["Location"]).content.decode()


# ── Questions in the form ────────────────────────────────────────────────────────────────────
def test_a_question_that_hangs_on_an_answer_waits_hidden(press: Callable[..., Any]) -> None:
    parts = "/melden?teil=questions"
    page = press("choose-category", path=parts).content.decode()
    assert page.count('data-code="danger"') == 1
    assert 'data-code="danger" data-if="{&quot;what&quot;: [&quot;path&quot;]}" hidden' in page
    page = press("choose-category", path=parts, **{answer("what"): ["path"]}).content.decode()
    assert 'data-code="danger" data-if="{&quot;what&quot;: [&quot;path&quot;]}">' in page


def test_without_a_script_the_form_stays_for_a_question_that_came_up(
    client: Client, press: Callable[..., Any]
) -> None:
    first = press("next", asked=["what"], **{answer("what"): ["path"]})
    assert first["Location"].endswith("/was")
    given = {answer("what"): ["path"], answer("danger"): "no"}
    assert press("next", asked=["what", "danger"], **given)["Location"].endswith("/was")
    given[answer("note")] = "täglich"
    done = press("next", asked=["what", "danger", "note"], **given)
    assert not done["Location"].endswith("/was")


def test_answers_come_back_with_their_category(
    client: Client, press: Callable[..., Any], pothole: Category
) -> None:
    given = {answer("what"): ["path", "drive"]}
    page = press("choose-category", path="/melden?teil=questions", category=pothole.code, **given)
    kept = f'<input type="hidden" name="{answer("what")}" value="drive">'
    assert kept in page.content.decode()


def test_only_answers_to_what_was_asked_are_kept_with_the_report(
    press: Callable[..., Any],
) -> None:
    given = {answer("what"): ["drive"], answer("danger"): "yes", answer("gone"): "x"}
    assert press(**given).status_code == 303
    assert Report.objects.get().answers == {"what": ["drive"]}


# ── Blocks ───────────────────────────────────────────────────────────────────────────────────
def test_an_answer_blocks_the_form_and_says_whom_to_call(
    client: Client, press: Callable[..., Any]
) -> None:
    given = {answer("what"): ["path"], answer("danger"): "yes"}
    for action in ("next", "send"):
        response = press(action, **given)
        page = response.content.decode()
        assert response.status_code == 422
        assert "Die Polizei hilft sofort." in page
        assert 'href="tel:110"' in page and 'href="tel:062512312599"' in page
    assert not Report.objects.exists()
    assert press("next", **(given | {answer("danger"): "no"})).status_code == 303


def test_a_category_may_be_blocked_as_a_whole(press: Callable[..., Any], parking: Category) -> None:
    Block.objects.update(condition={})
    assert press().status_code == 422
    assert not Report.objects.exists()


def test_the_api_refuses_what_is_blocked_and_says_whom_to_call(
    client: Client, parking: Category
) -> None:
    body = {
        "client_id": str(uuid.uuid4()),
        "category": parking.code,
        "lat": 49.6811,
        "lon": 8.6206,
        "description": WORDS,
        "answers": {"what": ["path"], "danger": True},
    }
    refused = client.post("/api/v1/reports/", body, content_type="application/json")
    assert refused.status_code == 422
    assert refused.json()["blocked"]["call"][0] == {"name": "Polizei", "number": "110"}
    assert "110" in refused.json()["detail"]
    body["answers"] = {"what": "path", "danger": False}
    taken = client.post("/api/v1/reports/", body, content_type="application/json")
    assert taken.status_code == 201
    assert Report.objects.get().answers == {"what": ["path"], "danger": "no"}


def test_a_towns_own_block_stands_before_the_one_for_all(
    parking: Category, town: Municipality, make_municipality: Callable[..., Municipality]
) -> None:
    other = make_municipality("Lorsch", key="06431016", centre=(8.60, 49.60))
    Block.objects.create(category=parking, municipality=town, title="Bei uns", text="So.")
    Block.objects.create(category=parking, municipality=other, title="Dort", text="So.")
    entry = catalogue.find(parking.code, municipality=town)
    assert entry and [notice.title for notice in entry.blocks] == ["Bei uns", "Rufen Sie an"]
    assert entry.block({}) is entry.blocks[0]


def test_a_towns_own_question_is_asked_there_only(
    parking: Category, town: Municipality, pothole: Category
) -> None:
    Question.objects.create(
        category=pothole, municipality=town, code="own", kind="text", text="Nur hier?"
    )
    here = catalogue.find(pothole.code, municipality=town)
    anywhere = {e.code: e for g in catalogue.offered_at(None) for e in g.entries}[pothole.code]
    assert here and [question.code for question in here.questions] == ["own"]
    assert anywhere.questions == ()


# ── Who reads the answers ────────────────────────────────────────────────────────────────────
def test_public_answers_stand_on_the_report_page_and_words_only_once_released(
    client: Client, parking: Category, make_draft: Callable[..., Any]
) -> None:
    answers = {"what": ("path", "drive"), "danger": "no", "note": "täglich, 0171 2345678"}
    report = intake.submit(make_draft(category=parking.code, answers=answers)).report
    page = client.get(f"/meldung/{report.code}").content.decode()
    assert "Gehweg, Einfahrt" in page
    assert "täglich" not in page and "Gefahr?" not in page
    Report.objects.update(is_text_public=True)
    page = client.get(f"/meldung/{report.code}").content.decode()
    assert "täglich" in page and "2345678" not in page


def test_a_retired_question_still_reads(parking: Category, make_draft: Callable[..., Any]) -> None:
    draft = make_draft(category=parking.code, answers={"what": ("drive",)})
    report = intake.submit(draft).report
    Question.objects.update(is_active=False)
    assert [told.answer for told in catalogue.answered(report)] == ["Einfahrt"]


def test_changing_the_words_later_leaves_several_answers_as_they_are(
    parking: Category, make_draft: Callable[..., Any]
) -> None:
    draft = make_draft(category=parking.code, answers={"what": ("path", "drive")})
    receipt = intake.submit(draft)
    wanted = replace(draft, description="Jetzt sind es schon zwei Autos.")
    report = amending.change(receipt.token, wanted, version=receipt.report.version)
    changed = report.events.get(kind="changed")
    assert changed.facts["fields"] == ["description"]
    assert report.answers == {"what": ["path", "drive"]}


# ── Suggestions ──────────────────────────────────────────────────────────────────────────────
def suggestions(client: Client, **wish: Any) -> list[dict[str, Any]]:
    url = "/api/v1/categories/suggestions/"
    response = client.post(url, wish, content_type="application/json")
    assert response.status_code == 200
    found: list[dict[str, Any]] = response.json()
    return found


def test_words_and_place_suggest_categories(
    client: Client,
    parking: Category,
    pothole: Category,
    make_draft: Callable[..., Any],
    here: Point,
) -> None:
    intake.submit(make_draft(category=pothole.code))
    place = {"lat": here.y, "lon": here.x}
    assert [each["code"] for each in suggestions(client, text="zugeparckt")] == [parking.code]
    assert [each["by"] for each in suggestions(client, text="parking", **place)] == [
        "words",
        "place",
    ]
    assert [each["code"] for each in suggestions(client, **place)] == [pothole.code]
    assert suggestions(client, text="") == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"text": "x" * 4001}, 400),
        ({"text": "x", "lat": 99, "lon": 8}, 400),
        ({"text": "x", "lat": 49.6}, 400),
        ([], 400),
        ({"text": "\u0000", "lat": 0, "lon": 0}, 400),
    ],
)
def test_nonsense_gets_no_suggestion(
    client: Client, parking: Category, body: Any, status: int
) -> None:
    url = "/api/v1/categories/suggestions/"
    assert client.post(url, body, content_type="application/json").status_code == status


def test_suggesting_costs_few_statements(
    client: Client, parking: Category, here: Point, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(4):
        suggestions(client, text="Falschparker", lat=here.y, lon=here.x)


def test_without_a_script_a_button_searches_and_another_takes_the_suggestion(
    client: Client, press: Callable[..., Any], parking: Category
) -> None:
    page = page_of(client, press("find-category", category=None, words="Falschparker"))
    assert 'name="pick" value="falsch-geparkt"' in page
    picked = press(None, category=None, pick=parking.code, words="Falschparker")
    page = page_of(client, picked)
    assert 'data-code="what"' in page
    assert 'name="pick"' not in page
