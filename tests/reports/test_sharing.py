"""A second department's part, two matters in one report, and one storm behind many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from reports.deeds import incidents, sharing, splitting, triage, work
from reports.deeds.incidents import Outline
from reports.letters.links import own_token
from reports.models import Contact, Report, Share
from reports.workflow import IllegalMove, Status
from townhall.models import Department, Letter, Municipality, User

Make = Callable[..., Any]


@pytest.fixture
def report(caseworker: User, make_report: Make) -> Report:
    made: Report = make_report(email="uta@example.org")
    return made


@pytest.fixture
def green(make_department: Make, make_user: Make, town: Municipality) -> tuple[Department, User]:
    """The parks department and its caseworker."""
    department: Department = make_department("Grünflächenamt", serves=[town])
    user: User = make_user("gruen", department)
    return department, user


# ── Mitwirkung ───────────────────────────────────────────────────────────────────────────────
def test_who_helps_sees_the_report_until_their_part_is_done(
    report: Report, caseworker: User, green: tuple[Department, User], client: Client
) -> None:
    department, helper = green
    client.force_login(helper)
    page = f"/amt/meldung/{report.code}"
    assert client.get(page).status_code == 404
    share = sharing.ask(report, by=caseworker, department=department, text="Hecke schneiden.")
    seen = client.get(page)
    assert seen.status_code == 200
    assert "Hecke schneiden." in seen.content.decode()
    assert report.shown_code in client.get("/amt?ansicht=mitwirkung").content.decode()
    assert client.post(f"{page}/status", {"status": "done"}).status_code == 403
    done = client.post(f"{page}/mitwirkung/{share.pk}", {"answer": "Geschnitten."})
    assert done["Location"] == "/amt?ansicht=mitwirkung"
    assert client.get(page).status_code == 404
    share.refresh_from_db()
    assert (share.answer, share.ended_by) == ("Geschnitten.", helper)
    assert Letter.objects.get(kind="shared").to == department.email


def test_one_open_part_for_each_department(
    report: Report, caseworker: User, outsider: User, green: tuple[Department, User]
) -> None:
    department, _helper = green
    share = sharing.ask(report, by=caseworker, department=department, text="Bitte prüfen.")
    with pytest.raises(IllegalMove):
        sharing.ask(report, by=caseworker, department=department, text="Noch einmal.")
    with pytest.raises(triage.Nowhere):
        sharing.ask(report, by=caseworker, department=report.department, text="Wir selbst.")
    with pytest.raises(work.NotAllowed):
        sharing.finish(share, by=outsider, answer="")
    assert Share.objects.get().is_open


# ── Division ─────────────────────────────────────────────────────────────────────────────────
def test_two_matters_become_two_reports(
    report: Report,
    caseworker: User,
    make_category: Make,
    make_offer: Make,
    town: Municipality,
    client: Client,
) -> None:
    Contact.objects.update(confirmed_at=timezone.now())
    lamp = make_category("Laterne", "Licht")
    make_offer(town, lamp)
    new = splitting.split(
        report, by=caseworker, category=lamp, text="Laterne dunkel.", own_text="Loch im Weg."
    )
    report.refresh_from_db()
    assert (new.split_from, new.category, new.description) == (report, lamp, "Laterne dunkel.")
    assert (report.description, new.status, new.code != report.code) == (
        "Loch im Weg.",
        "new",
        True,
    )
    assert new.contact.email == "uta@example.org"
    letter = Letter.objects.get(kind="status")
    assert new.shown_code in letter.text
    assert f"/r/{own_token(new)}\n" in letter.text
    assert client.get(f"/r/{own_token(new)}").status_code == 200
    assert new.events.public().filter(kind="split").exists()


def test_who_answers_while_somebody_divides_is_told(
    report: Report, caseworker: User, dispatcher: User, make_category: Make, make_offer: Make
) -> None:
    seen = report.version
    triage.set_status(report, Status.IN_PROGRESS, by=dispatcher, text="Wir sind dran.")
    with pytest.raises(work.TooLate):
        splitting.split(
            report,
            by=caseworker,
            category=report.category,
            text="Zweites.",
            own_text="Erstes.",
            version=seen,
        )
    assert Report.objects.count() == 1


def test_the_form_divides(report: Report, caseworker: User, client: Client) -> None:
    client.force_login(caseworker)
    page = f"/amt/meldung/{report.code}/teilung"
    assert client.get(page).status_code == 200
    assert client.post(page, {"text": "", "category": "nonsense"}).status_code == 422
    fields = {"text": "Zweites.", "own_text": "Erstes.", "category": report.category.code}
    assert client.post(page, fields).status_code == 303


# ── Sammellage ───────────────────────────────────────────────────────────────────────────────
def test_one_answer_to_all_and_everybody_is_told_once(
    make_report: Make, dispatcher: User, town: Municipality
) -> None:
    three = [make_report(email="Uta@example.org") for _ in range(2)]
    three.append(make_report(email="olaf@example.org"))
    Contact.objects.update(confirmed_at=timezone.now())
    Letter.objects.all().delete()
    outline = Outline("Sturm", "Wir räumen.", begins_at=timezone.now() - dt.timedelta(hours=1))
    storm = incidents.begin(town, outline, by=dispatcher)
    assert incidents.offered(storm, dispatcher).count() == 3
    for each in three:
        incidents.join(each, storm, by=dispatcher)
    client_id = uuid4()
    batch = incidents.answer(storm, client_id, Status.DONE, by=dispatcher, text="Alles geräumt.")
    assert [row.outcome for row in batch.rows.all()] == ["done"] * 3
    told = Letter.objects.filter(kind="status").values_list("to", flat=True)
    assert sorted(told) == ["Uta@example.org", "olaf@example.org"]
    texts = {each.events.public().latest("pk").text for each in three}
    assert texts == {"Alles geräumt."}


def test_the_pages_of_an_incident(
    make_report: Make, dispatcher: User, outsider: User, town: Municipality, client: Client
) -> None:
    report = make_report(is_public=True)
    client.force_login(dispatcher)
    fields = {
        "municipality": town.slug,
        "title": "Sturm am Samstag",
        "begins_at": "2020-01-01T00:00",
        "notice": "Wir räumen.",
    }
    assert client.post("/amt/lagen", {"title": ""}).status_code == 422
    page = client.post("/amt/lagen", fields)["Location"]
    assert report.shown_code in client.get(page).content.decode()
    join = {"tat": "beitritt", "client_id": str(uuid4()), "codes": [report.code]}
    assert client.post(page, join).status_code == 303
    assert "Wir räumen." in client.get(f"/meldung/{report.code}").content.decode()
    assert client.post(page, {"tat": "antwort", "text": ""}).status_code == 422
    assert client.post(page, {"tat": "ende"}).status_code == 303
    assert "Wir räumen." not in client.get(f"/meldung/{report.code}").content.decode()
    client.force_login(outsider)
    assert client.get(page).status_code == 404


def test_a_caseworker_leads_no_incident(
    report: Report, caseworker: User, town: Municipality, client: Client
) -> None:
    outline = Outline("Sturm", "", begins_at=timezone.now())
    with pytest.raises(work.NotAllowed):
        incidents.begin(town, outline, by=caseworker)
    client.force_login(caseworker)
    assert client.get("/amt/lagen").status_code == 404


@pytest.mark.parametrize(
    ("deed", "said", "status"),
    [
        ("priority/", {"priority": "urgent"}, 200),
        ("priority/", {"priority": "soon"}, 400),
        ("deadline/", {"due_on": "2020-01-01", "reason": "x"}, 400),
        ("deadline/", {"due_on": "gestern", "reason": "x"}, 400),
        ("refusal/", {"reason": "Nicht unseres."}, 200),
        ("merging/", {"main": "nonsense"}, 400),
        ("shares/", {"department": "gruen", "text": "Hecke."}, 200),
        ("shares/", {"department": "nobody", "text": "Hecke."}, 422),
        ("division/", {"category": "nonsense", "text": "a", "own_text": "b"}, 400),
        ("incident/", {"incident": "nonsense"}, 400),
    ],
)
def test_programs_do_the_same_deeds(
    client: Client,
    report: Report,
    dispatcher: User,
    make_department: Make,
    town: Municipality,
    deed: str,
    said: dict[str, str],
    status: int,
) -> None:
    make_department("Grünflächenamt", slug="gruen", serves=[town])
    client.force_login(dispatcher)
    door = f"/api/v1/desk/reports/{report.code}/{deed}"
    answer = client.post(door, said, "application/json", headers={"If-Match": "*"})
    assert answer.status_code == status, answer.content
    assert client.post(door, said, "application/json").status_code == 428
