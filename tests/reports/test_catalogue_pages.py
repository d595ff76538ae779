"""`/verwaltung/kategorien`: administrators look after the catalogue without help."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from reports.catalogue import offered as catalogue
from reports.models import Block, Category, Offer, Question, Rule
from reports.receiving import intake
from townhall.models import Municipality, Role, User

HOME = "/verwaltung/kategorien"
NEW = {
    "name": "Kaputte Parkuhr",
    "english_name": "Broken parking meter",
    "synonyms": "Parkschein, Automat",
    "icon": "parking",
    "hint": "",
    "english_hint": "",
    "public_place": "exact",
    "position": "5",
    "is_active": "on",
}
LIST = {
    "text": "Wo genau?",
    "english_text": "Where?",
    "kind": "choice",
    "option-0-key": "",
    "option-0-name": "Auf der Fahrbahn",
    "option-0-english": "On the road",
    "option-0-hazard": "1",
    "option-1-key": "",
    "option-1-name": "Auf dem Gehweg",
}


@pytest.fixture
def chief(town: Municipality, make_user: Callable[..., User], client: Client) -> Client:
    """The only administrator of the only town."""
    client.force_login(make_user("chefin", town.fallback_department, Role.ADMINISTRATOR))
    return client


@pytest.fixture
def region(chief: Client, make_municipality: Callable[..., Municipality]) -> Municipality:
    """A second town, of which the chief is no administrator."""
    return make_municipality("Lorsch", key="06431016", centre=(8.60, 49.60))


def page_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_the_only_administrator_makes_a_category_that_can_be_reported_at_once(
    chief: Client, pothole: Category, town: Municipality
) -> None:
    made = chief.post(f"{HOME}/neu", NEW | {"group": str(pothole.group_id)})
    assert made["Location"] == f"{HOME}/kaputte-parkuhr"
    entry = catalogue.find("kaputte-parkuhr", municipality=town)
    assert entry and entry.category.translations == {"en": "Broken parking meter"}
    assert "Kaputte Parkuhr" in page_of(chief, f"{HOME}?wort=Parkscheinautomat")


def test_every_page_opens(chief: Client, pothole: Category, town: Municipality) -> None:
    Question.objects.create(category=pothole, code="q", kind="yes_no", text="Tief?")
    block = Block.objects.create(category=pothole, title="Halt", text="Nein.")
    here = f"{HOME}/{pothole.code}"
    for path in (
        HOME,
        here,
        f"{here}/angaben",
        f"{here}/fragen/neu",
        f"{here}/fragen/q",
        f"{here}/sperren/neu",
        f"{here}/sperren/{block.pk}",
        f"{here}/angebot/{town.slug}",
        f"{HOME}/bereich/neu",
        f"{HOME}/bereich/wege",
    ):
        page_of(chief, path)
    assert chief.get(f"{HOME}/wege").status_code == 302


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Bitte ausfüllen."),
        ({"name": "schlagloch"}, "Diesen Namen gibt es schon."),
        ({"icon": "unicorn"}, "icon"),
        ({"group": "999999"}, "group"),
    ],
)
def test_a_wrong_category_is_told_in_a_sentence(
    chief: Client, pothole: Category, changes: dict[str, str], sentence: str
) -> None:
    answer = chief.post(f"{HOME}/neu", NEW | {"group": str(pothole.group_id)} | changes)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


# ── Questions ────────────────────────────────────────────────────────────────────────────────
def test_a_list_question_is_made_changed_and_keeps_its_keys(
    chief: Client, pothole: Category, make_draft: Callable[..., Any]
) -> None:
    here = f"{HOME}/{pothole.code}/fragen"
    assert chief.post(f"{here}/neu", LIST).status_code == 303
    question = Question.objects.get()
    keys = [each["key"] for each in question.options]
    assert question.code == "wo-genau" and keys == ["auf-der-fahrbahn", "auf-dem-gehweg"]
    assert question.hazard_answers == ["auf-der-fahrbahn"]
    report = intake.submit(make_draft(category=pothole.code, answers={"wo-genau": keys[1]})).report

    changed = LIST | {
        "option-0-key": keys[0],
        "option-0-name": "Fahrbahn",
        "option-1-key": keys[1],
        "option-1-gone": "1",
        "option-2-key": "",
        "option-2-name": "Auf dem Radweg",
    }
    assert chief.post(f"{here}/wo-genau", changed).status_code == 303
    question.refresh_from_db()
    offered = [each["key"] for each in question.options if not each.get("retired")]
    assert offered == [keys[0], "auf-dem-radweg"]
    assert [told.answer for told in catalogue.answered(report)] == ["Auf dem Gehweg"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"option-1-name": ""}, "mindestens zwei Antworten"),
        ({"option-1-name": "auf der FAHRBAHN"}, "Zwei Antworten heißen gleich."),
        ({"text": "x" * 201}, "Höchstens 200 Zeichen."),
        ({"kind": "rainbow"}, "kind"),
    ],
)
def test_a_wrong_question_is_told_in_a_sentence(
    chief: Client, pothole: Category, changes: dict[str, str], sentence: str
) -> None:
    answer = chief.post(f"{HOME}/{pothole.code}/fragen/neu", LIST | changes)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Question.objects.exists()


def test_a_question_hangs_on_an_earlier_one_and_that_can_not_go(
    chief: Client, pothole: Category
) -> None:
    here = f"{HOME}/{pothole.code}/fragen"
    chief.post(f"{here}/neu", LIST)
    follows = {"text": "Wie tief?", "kind": "number", "condition": "wo-genau:auf-der-fahrbahn"}
    chief.post(f"{here}/neu", follows)
    assert Question.objects.get(code="wie-tief").condition == {"wo-genau": ["auf-der-fahrbahn"]}

    told = chief.post(f"{here}/wo-genau/entfernung", follow=True).content.decode()
    assert "Die Frage „Wie tief?“ hängt davon ab." in told
    told = chief.post(f"{here}/wie-tief/platz", {"nach": "oben"}, follow=True).content.decode()
    assert "„Wie tief?“ muss später kommen." in told
    gone = LIST | {
        "option-0-key": "auf-der-fahrbahn",
        "option-0-gone": "1",
        "option-2-name": "Radweg",
    }
    assert chief.post(f"{here}/wo-genau", gone).status_code == 422


def test_a_question_that_reports_answered_is_retired_not_deleted(
    chief: Client, pothole: Category, make_draft: Callable[..., Any]
) -> None:
    question = Question.objects.create(category=pothole, code="q", kind="yes_no", text="Tief?")
    intake.submit(make_draft(category=pothole.code, answers={"q": "yes"}))
    here = f"{HOME}/{pothole.code}/fragen/q"
    assert chief.post(here, {"text": "Tief?", "kind": "text"}).status_code == 422
    told = chief.post(f"{here}/entfernung", follow=True).content.decode()
    question.refresh_from_db()
    assert not question.is_active and "behalten ihre Antwort" in told
    chief.post(f"{here}/rueckkehr")
    question.refresh_from_db()
    assert question.is_active


def test_a_question_in_a_rule_stays(
    chief: Client, pothole: Category, make_rule: Callable[..., Rule], town: Municipality
) -> None:
    Question.objects.create(category=pothole, code="q", kind="yes_no", text="Tief?")
    make_rule(town.fallback_department, name="Tiefe Löcher", answers={"q": ["yes"]})
    told = chief.post(f"{HOME}/{pothole.code}/fragen/q/entfernung", follow=True).content.decode()
    assert "Die Regel „Tiefe Löcher“ hängt davon ab." in told
    assert Question.objects.exists()


def test_a_category_with_reports_stays(
    chief: Client, pothole: Category, make_draft: Callable[..., Any]
) -> None:
    there = f"{HOME}/{pothole.code}/entfernung"
    intake.submit(make_draft(category=pothole.code))
    assert "1 Meldung gehört dazu." in chief.post(there, follow=True).content.decode()
    empty = Category.objects.create(code="leer", name="Leer", group=pothole.group)
    assert chief.post(f"{HOME}/leer/entfernung")["Location"] == HOME
    assert not Category.objects.filter(pk=empty.pk).exists()


# ── Blocks and terms ─────────────────────────────────────────────────────────────────────────
def test_a_block_is_made_with_numbers_and_holds(
    chief: Client, pothole: Category, make_draft: Callable[..., Any]
) -> None:
    sent = {
        "title": "Rufen Sie an",
        "text": "Das kann nicht warten.",
        "is_active": "on",
        "call-0-name": "Feuer\x00wehr",
        "call-0-number": "112",
        "call-1-name": "Bereitschaft",
        "call-1-number": "{bereitschaft}",
    }
    wrong = chief.post(f"{HOME}/{pothole.code}/sperren/neu", sent | {"call-0-number": "ruf an"})
    assert wrong.status_code == 422 and "keine Telefonnummer" in wrong.content.decode()
    assert chief.post(f"{HOME}/{pothole.code}/sperren/neu", sent).status_code == 303
    with pytest.raises(intake.Blocked) as blocked:
        intake.submit(make_draft(category=pothole.code))
    assert "Feuerwehr: 112" in blocked.value.notice.sentence
    pk = Block.objects.get().pk
    chief.post(f"{HOME}/{pothole.code}/sperren/{pk}/entfernung")
    intake.submit(make_draft(category=pothole.code))


def test_terms_are_changed_for_one_town(
    chief: Client, pothole: Category, town: Municipality
) -> None:
    there = f"{HOME}/{pothole.code}/angebot/{town.slug}"
    sent = {"days_to_answer": "0", "publication": "after_review", "depublish_after_days": "30"}
    assert "von 1 bis 250" in chief.post(there, sent).content.decode()
    assert chief.post(there, sent | {"days_to_answer": "12"}).status_code == 303
    offer = Offer.objects.get()
    assert (offer.days_to_answer, offer.is_active) == (12, False)


# ── Who may ──────────────────────────────────────────────────────────────────────────────────
def test_one_towns_administrator_leaves_what_holds_for_all(
    chief: Client, region: Municipality, pothole: Category
) -> None:
    Question.objects.create(category=pothole, code="q", kind="yes_no", text="Tief?")
    theirs = Block.objects.create(category=pothole, municipality=region, title="Dort", text="So.")
    here = f"{HOME}/{pothole.code}"
    page = page_of(chief, here)
    assert "Tief?" in page and "Dort" not in page and "/fragen/q" not in page
    for path, sent in (
        (f"{HOME}/neu", NEW),
        (f"{HOME}/bereich/neu", NEW),
        (f"{here}/angaben", NEW),
        (f"{here}/entfernung", {}),
        (f"{here}/fragen/q", LIST),
        (f"{here}/fragen/q/entfernung", {}),
        (f"{here}/sperren/{theirs.pk}", {}),
        (f"{here}/sperren/{theirs.pk}/entfernung", {}),
        (f"{here}/angebot/{region.slug}", {}),
    ):
        assert chief.post(path, sent).status_code == 404, path


def test_one_towns_administrator_asks_there_only(
    chief: Client, region: Municipality, town: Municipality, pothole: Category
) -> None:
    here = f"{HOME}/{pothole.code}/fragen/neu"
    assert chief.post(here, LIST).status_code == 422
    assert chief.post(here, LIST | {"municipality": str(region.pk)}).status_code == 422
    assert chief.post(here, LIST | {"municipality": str(town.pk)}).status_code == 303
    assert Question.objects.get().municipality == town


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.FUNDBUERO])
def test_others_do_not_get_in(
    client: Client,
    town: Municipality,
    pothole: Category,
    make_user: Callable[..., User],
    role: Role,
) -> None:
    assert client.get(HOME).status_code == 302
    client.force_login(make_user("jemand", town.fallback_department, role))
    assert client.get(HOME).status_code == 404
    assert client.get(f"{HOME}/{pothole.code}").status_code == 404
    assert client.post(f"{HOME}/neu", NEW).status_code == 404
