"""The desk: what staff see, do, and are refused."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image as Picture

from reports.deeds import triage
from reports.models import Contact, Event, EventKind, Report
from reports.personal import veiling
from reports.workflow import Status
from tests.reports.test_intake import stage_image
from townhall import photos
from townhall.models import Department, Membership, Municipality, Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def enter() -> Callable[[User | None], Client]:
    def enter(user: User | None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user)
        return client

    return enter


@pytest.fixture
def desk(enter: Callable[..., Client], caseworker: User, dispatcher: User) -> Client:
    """The dispatcher's."""
    return enter(dispatcher)


def page(client: Client, path: str, **more: Any) -> str:
    return client.get(path, **more).content.decode()


def address(report: Report, *rest: str) -> str:
    return "/".join(["/amt/meldung", report.code, *rest])


# ── The list ─────────────────────────────────────────────────────────────────────────────────
def test_a_new_report_lies_in_the_inbox(desk: Client, make_report: Any) -> None:
    report = make_report()

    text = page(desk, "/amt")

    assert report.shown_code in text
    assert "Eingang" in text
    assert "noch 5 Arbeitstage" in text


def test_an_empty_inbox_says_so(desk: Client) -> None:
    assert "Keine neuen Meldungen." in page(desk, "/amt")


def test_the_anonymous_are_sent_to_the_sign_in_and_back(enter: Any, make_report: Any) -> None:
    report = make_report()

    response = enter(None).get(address(report))

    assert response.status_code == 302
    assert response["Location"] == f"/amt/anmelden?next=/amt/meldung/{report.code}"


def test_an_outsider_sees_nothing_of_another_town(
    enter: Any, outsider: User, make_report: Any
) -> None:
    report = make_report()
    client = enter(outsider)

    assert report.shown_code not in page(client, "/amt?ansicht=alle")
    for rest in ((), ("zeile",), ("notiz",), ("annahme",)):
        assert client.get(address(report, *rest)).status_code == 404
    for rest in ("annahme", "status", "notiz", "kontakt", "freigabe"):
        assert client.post(address(report, rest), {"text": "x"}).status_code == 404
    assert Event.objects.filter(report=report, actor=outsider).count() == 0


def test_who_belongs_to_no_department_is_told_so(enter: Any, make_user: Any) -> None:
    response = enter(make_user("neu")).get("/amt")

    assert response.status_code == 403
    assert "Sie gehören noch zu keinem Amt" in response.content.decode()


def test_a_caseworker_of_another_department_sees_it_only_once_it_is_forwarded(
    desk: Client, enter: Any, make_report: Any, make_user: Any, make_department: Any, town: Any
) -> None:
    green = make_department("Grünamt", serves=[town])
    gardener = enter(make_user("gruen", green))
    report = make_report()
    assert gardener.get(address(report)).status_code == 404

    desk.post(address(report, "weiterleitung"), {"department": green.pk, "version": report.version})

    assert gardener.get(address(report)).status_code == 200


@pytest.mark.parametrize(
    ("view", "changes"),
    [
        ("meine", "assigned"),
        ("arbeit", {"status": "in_progress"}),
        ("ueberfaellig", {"due_on": dt.date(2020, 1, 2)}),
        ("gefahr", {"is_hazard": True}),
        ("erledigt", {"status": "done", "closed_at": timezone.now()}),
        ("alle", {}),
    ],
)
def test_each_view_holds_what_its_name_says(
    desk: Client, dispatcher: User, make_report: Any, view: str, changes: Any
) -> None:
    wanted = make_report(**({"assignee": dispatcher} if changes == "assigned" else changes))
    other = make_report()

    text = page(desk, f"/amt?ansicht={view}")

    assert wanted.shown_code in text
    assert (other.shown_code in text) is (view == "alle")


def test_the_lost_property_office_is_led_to_its_counter(
    enter: Any, make_user: Any, town: Municipality, make_report: Any
) -> None:
    report = make_report()
    client = enter(make_user("fund", town.fallback_department, Role.FUNDBUERO))

    answer = client.get("/amt?ansicht=alle")

    assert (answer.status_code, answer["Location"]) == (303, "/amt/fund")
    assert client.get(address(report)).status_code == 404


def test_filters_narrow_the_list(desk: Client, make_report: Any) -> None:
    found = make_report(street="Lindenweg")
    other = make_report(street="Hauptstraße")

    for query in ("q=lindenweg", f"q={found.shown_code.lower()}", "q=linden+schlagloch"):
        text = page(desk, f"/amt?{query}")
        assert found.shown_code in text
        assert other.shown_code not in text
    assert "Zu diesem Filter passt keine Meldung." in page(desk, "/amt?status=done")


@pytest.mark.parametrize(
    "query",
    [
        "ansicht=quatsch&status=quatsch&kategorie=quatsch&q=%00&nach=quatsch",
        "nach=2026-01-01~x",
        "ansicht=ueberfaellig&nach=2026-13-01~1",
        "nach=2026-01-01T00:00:00~999999999999999999999",
        "q=%25_%27%22" + "x" * 5000,
    ],
)
def test_nonsense_in_the_address_is_ignored(desk: Client, make_report: Any, query: str) -> None:
    make_report()

    assert desk.get(f"/amt?{query}").status_code == 200


@pytest.mark.parametrize("code", ["QUATSCH", "7K3F9QMX", "%00", "7k3f-9qmx", "ÄÖÜ" * 40])
def test_an_unknown_code_is_not_found(desk: Client, code: str) -> None:
    assert desk.get(f"/amt/meldung/{code}").status_code == 404


def test_a_code_may_be_typed_as_it_is_read_out(desk: Client, make_report: Any) -> None:
    report = make_report()

    assert desk.get(f"/amt/meldung/{report.shown_code.lower()}").status_code == 200


@pytest.mark.parametrize("view", ["alle", "ueberfaellig"])
def test_pages_follow_each_other_without_gap_or_repeat(
    desk: Client, make_report: Any, view: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.desk.rows.PAGE", 2)
    first = make_report()
    codes = {first.code} | {make_report().code for _ in range(4)}
    Report.objects.update(due_on=dt.date(2020, 1, 2), received_at=first.received_at)

    seen: list[str] = []
    path: str | None = f"/amt?ansicht={view}"
    while path:
        response = desk.get(path)
        seen += [row.report.code for row in response.context["page"].rows]
        more = response.context["page"].more
        path = f"/amt?{more}" if more else None

    assert len(seen) == 5
    assert set(seen) == codes


def test_the_list_takes_eight_statements_whatever_its_length(
    desk: Client, make_report: Any
) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert desk.get("/amt?ansicht=alle").status_code == 200
        return len(caught)

    make_report()
    statements()  # sites are read once
    one = statements()
    for _ in range(7):
        make_report()

    assert statements() == one <= 8


def test_the_row_alone_tells_whether_the_list_wants_it(desk: Client, make_report: Any) -> None:
    report = make_report()

    assert 'data-belongs="1"' in page(desk, address(report, "zeile"))
    assert 'data-belongs="0"' in page(desk, address(report, "zeile") + "?ansicht=erledigt")


def test_counts_follow_the_work(desk: Client, make_report: Any) -> None:
    make_report()
    make_report(is_hazard=True)

    counters = desk.get("/amt/ansichten").context["counters"]

    counts = {each.view.slug: each.count for each in counters}
    expected = {"eingang": 2, "montag": 2, "meine": 0, "gefahr": 1, "erledigt": 0, "alle": 2}
    assert expected.items() <= counts.items()


def test_counting_stops_where_nobody_counts_any_more(
    desk: Client, make_report: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.desk.desk.COUNT_CAP", 2)
    for _ in range(3):
        make_report()

    assert "1+" in page(desk, "/amt/ansichten")


def test_staff_pages_are_kept_by_nobody(desk: Client, make_report: Any) -> None:
    report = make_report()

    for path in ("/amt", address(report), address(report, "zeile")):
        assert "no-store" in desk.get(path)["Cache-Control"]


# ── One report ───────────────────────────────────────────────────────────────────────────────
def test_the_report_shows_what_staff_need(desk: Client, make_report: Any) -> None:
    report = make_report(street="Lindenweg", house_number="4", email="frau@example.org")

    text = page(desk, address(report))

    assert "Lindenweg 4" in text
    assert "Tiefes Loch vor der Bäckerei" in text
    assert "Ging an: Tiefbauamt." in text
    assert "Regel 1 von 1." in text
    assert "frau@example.org" not in text


def test_the_pane_alone_comes_without_the_page(desk: Client, make_report: Any) -> None:
    report = make_report()

    text = page(desk, address(report), headers={"X-Fragment": "1"})

    assert "<html" not in text
    assert report.shown_code in text


def test_looking_at_the_contact_is_written_down(
    desk: Client, dispatcher: User, make_report: Any
) -> None:
    report = make_report(email="frau@example.org")

    text = desk.post(address(report, "kontakt")).content.decode()

    assert "frau@example.org" in text
    event = Event.objects.get(report=report, kind=EventKind.UNVEILED)
    assert (event.actor, event.visibility) == (dispatcher, "internal")


def test_a_caseworker_takes_a_report_into_work(
    enter: Any, caseworker: User, make_report: Any
) -> None:
    report = make_report()
    client = enter(caseworker)

    response = client.post(address(report, "annahme"), {"version": report.version})

    assert (response.status_code, response["Location"]) == (303, address(report))
    report.refresh_from_db()
    assert (report.status, report.assignee) == (Status.IN_PROGRESS, caseworker)
    assert "In Arbeit genommen." in page(client, address(report))


@pytest.mark.parametrize(
    ("thing", "fields", "status"),
    [
        ("status", {"status": "done", "text": "Das Loch ist zu."}, Status.DONE),
        ("status", {"status": "on_hold", "text": "Erst nach dem Frost."}, Status.ON_HOLD),
        ("ablehnung", {"reason": "Das ist Privatgrund."}, Status.NO_ACTION),
        ("weiterleitung", {"outside": "Hessen Mobil"}, Status.FORWARDED),
        ("notiz", {"text": "Mit Frau Weber gesprochen."}, Status.NEW),
        ("gefahr", {"is_hazard": "True", "reason": "Tief."}, Status.NEW),
        ("freigabe", {"umfang": "alles"}, Status.NEW),
    ],
)
def test_every_deed_can_be_done_with_a_plain_form(
    desk: Client, make_report: Any, thing: str, fields: dict[str, Any], status: Status
) -> None:
    report = make_report()

    response = desk.post(address(report, thing), {**fields, "version": report.version})

    assert response.status_code == 303
    report.refresh_from_db()
    assert report.status == status
    assert report.version > 1


def test_a_report_is_assigned_and_taken_back(
    desk: Client, caseworker: User, make_report: Any
) -> None:
    report = make_report()

    desk.post(address(report, "zuweisung"), {"to": caseworker.pk})
    assert f"Zugewiesen an {caseworker.name}" in page(desk, address(report))

    desk.post(address(report, "zuweisung"), {"to": ""})
    report.refresh_from_db()
    assert report.assignee is None


def test_nobody_from_outside_can_be_made_responsible(
    desk: Client, outsider: User, make_report: Any
) -> None:
    response = desk.post(address(make_report(), "zuweisung"), {"to": outsider.pk})

    assert response.status_code == 422
    assert "Wählen Sie jemanden aus der Liste." in response.content.decode()


def test_a_done_report_is_opened_again(desk: Client, make_report: Any) -> None:
    report = make_report(status="done", closed_at=timezone.now())

    response = desk.post(address(report, "wiedereroeffnung"), {"reason": "Wieder da."})

    assert response.status_code == 303
    report.refresh_from_db()
    assert report.status == Status.NEW


@pytest.mark.parametrize(
    ("thing", "fields", "sentence"),
    [
        ("ablehnung", {"reason": "  "}, "Schreiben Sie auf, warum nichts geschieht."),
        ("status", {"status": "on_hold", "text": ""}, "Schreiben Sie auf, warum."),
        ("status", {"text": "Wird gemacht."}, "Wählen Sie den neuen Status."),
        ("status", {"status": "quatsch"}, "Dieser Status ist von hier nicht mehr"),
        ("notiz", {"text": ""}, "Schreiben Sie etwas auf"),
        ("notiz", {"text": "x" * 4001}, "Kürzen Sie den Text auf 4.000 Zeichen."),
        ("notiz", {"text": "\0"}, "Nullzeichen"),
        ("weiterleitung", {}, "Wählen Sie ein Amt oder schreiben Sie auf, wer sie bekommt."),
        ("weiterleitung", {"department": "x"}, "Wählen Sie ein Amt aus der Liste."),
        ("freigabe", {"photos": ["x"]}, "Eines der Fotos ist nicht mehr da."),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    desk: Client, make_report: Any, thing: str, fields: dict[str, Any], sentence: str
) -> None:
    report = make_report()

    response = desk.post(address(report, thing), {**fields, "version": report.version})

    text = response.content.decode()
    assert response.status_code == 422
    assert sentence in text
    assert "Es gibt ein Problem" in text
    assert "<title>Fehler: " in text
    if words := fields.get("text", "").strip(" \0"):
        assert words in text
    report.refresh_from_db()
    assert report.version == 1


def test_a_nonsense_version_is_a_form_error_not_a_crash(desk: Client, make_report: Any) -> None:
    report = make_report()

    for version in ("x", "-1", "9" * 40):
        response = desk.post(address(report, "annahme"), {"version": version})
        assert response.status_code == 422


def test_who_comes_too_late_reads_what_has_changed_and_keeps_the_text(
    desk: Client, enter: Any, caseworker: User, make_report: Any
) -> None:
    report = make_report()
    triage.accept(report, by=caseworker)

    response = desk.post(
        address(report, "ablehnung"), {"reason": "Das ist Privatgrund.", "version": 1}
    )

    text = response.content.decode()
    assert response.status_code == 409
    assert f"{caseworker.name} hat geändert" in text
    assert caseworker.name in text
    assert "Das ist Privatgrund." in text
    report.refresh_from_db()
    assert report.status == Status.IN_PROGRESS

    again = desk.post(
        address(report, "ablehnung"), {"reason": "Das ist Privatgrund.", "version": report.version}
    )
    assert again.status_code == 303


def test_a_second_click_on_accept_changes_nothing(
    desk: Client, caseworker: User, make_report: Any
) -> None:
    report = make_report()
    triage.accept(report, by=caseworker)

    response = desk.post(address(report, "annahme"), {"version": 1})

    assert response.status_code == 409
    report.refresh_from_db()
    assert report.assignee == caseworker


def test_a_text_for_a_step_that_is_gone_is_kept_to_copy(
    desk: Client, caseworker: User, make_report: Any
) -> None:
    report = make_report()
    triage.set_status(report, Status.DONE, by=caseworker)

    response = desk.post(
        address(report, "status"), {"status": "in_progress", "text": "Wir kommen.", "version": 1}
    )

    text = response.content.decode()
    assert response.status_code == 409
    assert "Wir kommen." in text


def test_a_public_answer_can_be_previewed_first(desk: Client, make_report: Any) -> None:
    report = make_report()

    response = desk.post(
        address(report, "status"), {"status": "done", "text": "Das Loch ist zu.", "vorschau": "1"}
    )

    assert response.status_code == 200
    assert "So liest es die meldende Person" in response.content.decode()
    report.refresh_from_db()
    assert report.status == Status.NEW


def test_read_only_staff_read_only(
    enter: Any, make_user: Any, town: Municipality, make_report: Any
) -> None:
    reader = enter(make_user("lesen", town.fallback_department, Role.READ_ONLY))
    report = make_report(email="frau@example.org")

    text = page(reader, address(report))
    refused = reader.post(address(report, "notiz"), {"text": "x"})

    assert "Ihre Rolle lässt Sie diese Meldung lesen." in text
    assert refused.status_code == 403
    assert "Ihre Rolle erlaubt das nicht." in refused.content.decode()
    assert reader.post(address(report, "kontakt")).status_code == 403
    assert not Event.objects.filter(report=report, kind=EventKind.NOTE).exists()


def test_a_caseworker_does_not_release_for_the_public(
    enter: Any, caseworker: User, make_report: Any
) -> None:
    report = make_report()
    client = enter(caseworker)

    assert 'id="freigabe-form"' not in page(client, address(report))
    assert client.post(address(report, "freigabe"), {"text": "on"}).status_code == 403


def test_a_private_report_offers_no_release(desk: Client, make_report: Any) -> None:
    report = make_report(private=True)

    assert "/freigabe" not in page(desk, address(report))
    assert desk.post(address(report, "freigabe"), {"umfang": "alles"}).status_code == 403


def test_the_text_is_released_and_hidden_again(desk: Client, make_report: Any) -> None:
    report = make_report()
    assert "wartet auf Prüfung" in page(desk, address(report))

    desk.post(address(report, "freigabe"), {"text": "on"})
    report.refresh_from_db()
    assert report.is_text_public

    desk.post(address(report, "freigabe"), {})
    report.refresh_from_db()
    assert not report.is_text_public

    desk.post(address(report, "freigabe"), {"umfang": "nichts"})
    report.refresh_from_db()
    assert not report.is_public


def test_what_was_hidden_is_shown_again_with_the_selection(desk: Client, make_report: Any) -> None:
    report = make_report(is_text_public=True, is_public=False)

    desk.post(address(report, "freigabe"), {"text": "on"})

    report.refresh_from_db()
    assert report.is_public


def test_a_caseworker_who_gives_a_report_away_lands_in_the_list(
    enter: Any, caseworker: User, make_report: Any, make_department: Any, town: Municipality
) -> None:
    green: Department = make_department("Grünamt", serves=[town])
    report = make_report()
    client = enter(caseworker)

    response = client.post(address(report, "weiterleitung"), {"department": green.pk})

    assert (response.status_code, response["Location"]) == (303, "/amt")
    assert "Die Meldung ist weitergeleitet." in page(client, "/amt")


def test_deeds_need_the_token_of_the_page(make_report: Any, dispatcher: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(dispatcher)
    report = make_report()

    assert client.post(address(report, "annahme"), {"version": 1}).status_code == 403
    report.refresh_from_db()
    assert report.status == Status.NEW


def test_a_deed_after_the_session_is_kept_across_the_sign_in(
    enter: Any, dispatcher: User, make_report: Any
) -> None:
    report = make_report()
    client = enter(None)

    sign_in = client.post(address(report, "notiz"), {"text": "Zaun ist offen.", "version": 1})
    assert sign_in.status_code == 403
    assert "Ihre Sitzung ist abgelaufen" in sign_in.content.decode()
    back = client.post(
        "/amt/anmelden",
        {
            "username": dispatcher.username,
            "password": "kein-geheimnis-im-test",
            "next": sign_in.context["next"],
            "draft": sign_in.context["draft"],
        },
        follow=True,
    )

    assert back.request["PATH_INFO"] == address(report, "notiz")
    assert "Zaun ist offen." in back.content.decode()
    assert not Event.objects.filter(report=report, kind=EventKind.NOTE).exists()
    assert "Zaun ist offen." not in page(client, address(report, "notiz"))


def test_a_script_is_told_when_the_session_is_over(enter: Any, make_report: Any) -> None:
    report = make_report()

    response = enter(None).get(address(report), headers={"X-Fragment": "1"})

    assert response.status_code == 401


def test_live_topics_are_those_of_the_user(
    desk: Client, enter: Any, caseworker: User, town: Municipality
) -> None:
    def topics(client: Client) -> list[str]:
        found: list[str] = client.get("/amt").context["live"]["topics"]
        return found

    assert topics(desk) == [f"staff:{town.key}"]
    assert topics(enter(caseworker)) == ["team:tiefbauamt"]
    Membership.objects.create(
        user=caseworker, department=town.fallback_department, role=Role.READ_ONLY
    )
    assert topics(enter(caseworker)) == [f"staff:{town.key}", "team:tiefbauamt"]


def test_a_contact_without_an_e_mail_address_is_shown_as_it_is(
    desk: Client, make_report: Any
) -> None:
    report = make_report(phone="06251 12345")
    assert "keine E-Mail-Adresse" in desk.get(address(report)).content.decode()

    shown = desk.post(address(report, "kontakt")).content.decode()
    assert 'href="tel:0625112345"' in shown
    assert "mailto:" not in shown


def test_an_erased_contact_is_told(desk: Client, make_report: Any) -> None:
    report = make_report(email="frau@example.org")
    Contact.objects.all().delete()

    assert "Der Kontakt ist gelöscht." in desk.post(address(report, "kontakt")).content.decode()


# ── Photos ───────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def with_photo(make_report: Any) -> Report:
    """A report whose one photo is not released."""
    upload = io.BytesIO()
    Picture.new("RGB", (64, 48), "#8aa").save(upload, "JPEG")
    upload.seek(0)
    image = photos.stage(uuid.uuid4(), upload)
    report: Report = make_report(photo_ids=(image.pk,))
    return report


def test_staff_see_a_photo_before_it_is_released(
    desk: Client, enter: Any, outsider: User, with_photo: Report
) -> None:
    path = f"/amt/foto/{with_photo.photos.get().image_id}/thumb"

    response = desk.get(path)

    assert (response.status_code, response["Content-Type"]) == (200, "image/webp")
    assert b"".join(response.streaming_content).startswith(b"RIFF")
    assert "private" in response["Cache-Control"]
    assert enter(outsider).get(path).status_code == 404
    assert enter(None).get(path).status_code == 302


def test_a_photo_is_released_with_the_rest(desk: Client, with_photo: Report) -> None:
    desk.post(address(with_photo, "freigabe"), {"umfang": "alles"})

    assert with_photo.photos.get().is_released

    desk.post(address(with_photo, "freigabe"), {"text": "on"})

    assert not with_photo.photos.get().is_released


def test_a_photo_whose_file_is_gone_is_404(
    client: Client, dispatcher: User, make_report: Callable[..., Report]
) -> None:
    image = stage_image()
    make_report(photo_ids=(image.pk,))
    client.force_login(dispatcher)
    assert client.get(f"/amt/foto/{image.pk}/full").status_code == 404


# ── The contact before it is asked for ───────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("0171 2345689", "0171 ***89"),
        ("+49 171 / 23 456 89", "0171 ***89"),
        ("0049 6251 14-0", "0625 ***40"),
        ("14-0", "***40"),
        ("abends", "***"),
        ("", ""),
    ],
)
def test_of_a_telephone_number_the_ends_are_shown(said: str, shown: str) -> None:
    assert veiling.veiled_phone(said) == shown


def test_staff_know_a_contact_again_before_they_unveil_it(
    client: Client, caseworker: User, make_user: Any, make_report: Any
) -> None:
    report = make_report(email="mara@example.org", name="Mara von Lind", phone="0171 2345689")
    client.force_login(caseworker)
    before = page(client, address(report))
    for shown in ("m***@example.org", "M. v. L.", "0171 ***89", "Kontakt anzeigen"):
        assert shown in before
    for secret in ("mara@", "Lind", "2345689"):
        assert secret not in before
    assert not report.events.filter(kind="unveiled").exists()

    told = client.post(address(report, "kontakt")).content.decode()
    assert "mara@example.org" in told
    assert report.events.get(kind="unveiled").actor == caseworker

    reader = make_user("leserin", caseworker.memberships.get().department, Role.READ_ONLY)
    client.force_login(reader)
    assert "m***@" not in page(client, address(report))
