"""Words kept ready: who looks after them, what is refused, how they read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from reports.models import Report, Snippet
from townhall.models import Municipality, Role, User

pytestmark = pytest.mark.django_db
PAGE = "/verwaltung/textbausteine"


@pytest.fixture
def desk(dispatcher: User) -> Client:
    client = Client()
    client.force_login(dispatcher)
    return client


@pytest.fixture
def words(town: Municipality) -> dict[str, Any]:
    return {
        "title": "Danke",
        "owner": f"t:{town.pk}",
        "visibility": "public",
        "text": "Danke. {{amt}} prüft bis {{zieltermin}}.",
    }


def test_words_are_kept_shown_and_changed(
    desk: Client, words: dict[str, Any], make_report: Callable[..., Report]
) -> None:
    report = make_report()

    shown = desk.post(f"{PAGE}/neu", {**words, "vorschau": "1"}).content.decode()
    kept = desk.post(f"{PAGE}/neu", words)

    assert f"Danke. {report.department.name} prüft bis" in shown
    assert kept.status_code == 303
    assert "Danke" in desk.get(PAGE).content.decode()
    snippet = Snippet.objects.get()
    change = {**words, "title": "Dank", "version": snippet.version}
    assert desk.post(f"{PAGE}/{snippet.pk}", change).status_code == 303
    assert desk.post(f"{PAGE}/{snippet.pk}", change).status_code == 409  # a colleague's page
    assert desk.post(f"{PAGE}/{snippet.pk}/entfernung").status_code == 303
    assert "Dank" not in [each.title for each in Snippet.objects.filter(is_active=True)]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"text": "Bis {{termin}}."}, "{{termin}} kennen wir nicht als Platzhalter."),
        ({"text": "Bis {{zieltermin."}, "{{ kennen wir nicht als Platzhalter."),
        ({"text": "Hallo {{name}}"}, "darf nur in dem stehen, was allein"),
        ({"text_en": "By {{date}}"}, "{{date}} kennen wir nicht"),
        ({"text": ""}, "Schreiben Sie den Text."),
        ({"title": ""}, "Geben Sie dem Textbaustein einen Namen."),
        ({"owner": "t:0"}, "Wählen Sie eine Gemeinde oder ein Amt von Ihnen."),
        ({"visibility": "internal", "goal": "on_hold"}, "braucht einen öffentlichen Grund."),
    ],
)
def test_what_could_never_be_sent_is_not_kept(
    desk: Client, words: dict[str, Any], change: dict[str, str], sentence: str
) -> None:
    answer = desk.post(f"{PAGE}/neu", words | change)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Snippet.objects.exists()


def test_a_name_is_taken_once(desk: Client, words: dict[str, Any]) -> None:
    desk.post(f"{PAGE}/neu", words)

    assert desk.post(f"{PAGE}/neu", words).status_code == 422
    assert Snippet.objects.count() == 1


def test_each_looks_after_their_own(
    desk: Client, words: dict[str, Any], outsider: User, caseworker: User, make_user: Any
) -> None:
    desk.post(f"{PAGE}/neu", words)
    snippet = Snippet.objects.get()
    crew = make_user("bauhof", caseworker.memberships.get().department, Role.FIELD_CREW)
    stranger, worker, hands = Client(), Client(), Client()
    stranger.force_login(outsider)
    worker.force_login(caseworker)
    hands.force_login(crew)

    assert stranger.get(f"{PAGE}/{snippet.pk}").status_code == 404
    assert stranger.post(f"{PAGE}/{snippet.pk}/entfernung").status_code == 404
    assert worker.get(f"{PAGE}/{snippet.pk}").status_code == 404
    assert hands.get(PAGE).status_code == 404
    own = words | {"owner": f"d:{caseworker.memberships.get().department_id}"}
    assert worker.post(f"{PAGE}/neu", own).status_code == 303
    assert worker.post(f"{PAGE}/neu", words).status_code == 422  # the town's are not theirs
    assert Client().get(PAGE).status_code == 302
