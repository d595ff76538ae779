"""The doors by which residents say something about a report, and staff decide: plain forms, API."""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image as Picture

from reports.deeds import merging, publishing, triage
from reports.models import Event, EventKind, Photo, Remark, RemarkKind, RemarkState, Report
from reports.receiving import intake
from reports.voices import moderation, remarks
from reports.voices.remarks import Saying
from reports.workflow import Status
from tests.reports.test_report_page import look_at, text_of
from townhall.models import Municipality, User


@pytest.fixture
def receipt(make_draft: Callable[..., intake.Draft]) -> intake.Receipt:
    return intake.submit(make_draft())


@pytest.fixture
def report(receipt: intake.Receipt) -> Report:
    return receipt.report


@pytest.fixture
def done(report: Report, dispatcher: User) -> Report:
    return triage.set_status(report, Status.DONE, by=dispatcher, text="Verfüllt.")


def picture(name: str = "loch.jpg") -> SimpleUploadedFile:
    file = io.BytesIO()
    Picture.new("RGB", (80, 60), "green").save(file, "JPEG")
    return SimpleUploadedFile(name, file.getvalue(), "image/jpeg")


def send(client: Client, report: Report, slug: str, **fields: Any) -> Any:
    headers = fields.pop("headers", {})
    fields.setdefault("client_id", str(uuid.uuid4()))
    return client.post(f"/meldung/{report.code}/{slug}", fields, headers=headers)


# ── Adding ───────────────────────────────────────────────────────────────────────────────────
def test_what_a_stranger_adds_is_read_by_staff_and_then_by_all(
    client: Client, report: Report, dispatcher: User
) -> None:
    sent = send(
        client, report, "ergaenzung", text="Jetzt tiefer, Tel. 0151 23456789", photo=picture()
    )
    assert (sent.status_code, sent["Location"]) == (
        303,
        f"/meldung/{report.code}?dank=ergaenzung#dank",
    )
    page = client.get(sent["Location"])
    assert "Danke. Wir lesen es" in text_of(page) and "tiefer" not in text_of(page)
    image_id = Photo.objects.get().image_id
    assert look_at(client, f"/foto/{image_id}/full").status_code == 404

    client.force_login(dispatcher)
    desk = client.get(f"/amt/meldung/{report.code}")
    assert "Jetzt tiefer, Tel. 0151 23456789" in text_of(desk)
    assert ">Jetzt tiefer, Tel. •••</textarea>" in desk.content.decode()
    address = f"/amt/meldung/{report.code}/rueckmeldung/{Remark.objects.get().pk}"
    fields = {"entscheidung": "zeigen", "text": "Jetzt tiefer.", "photos": Photo.objects.get().pk}
    assert "für alle zu lesen" in text_of(client.post(address, fields, follow=True))
    assert "schon entschieden" in text_of(client.post(address, fields, follow=True))

    client.logout()
    words = text_of(page := client.get(f"/meldung/{report.code}"))
    assert "Jetzt tiefer." in words and "von jemandem vor Ort" in words
    assert f"/foto/{image_id}/full" in page.content.decode()
    assert look_at(client, f"/foto/{image_id}/full").status_code == 200


def test_what_is_missing_is_said_and_what_was_typed_stays(client: Client, report: Report) -> None:
    bad = SimpleUploadedFile("brief.pdf", b"%PDF-1.7", "application/pdf")
    answer = send(client, report, "ergaenzung", text="Bleibt stehen", photo=[bad, picture()])
    assert answer.status_code == 422
    assert "brief.pdf" in text_of(answer) and "Bleibt stehen" in answer.content.decode()
    kept = re.findall(r'name="photos" value="([^"]+)"', answer.content.decode())
    assert len(kept) == 1
    again = send(client, report, "ergaenzung", text="Bleibt stehen", photos=kept)
    assert again.status_code == 303
    assert str(Photo.objects.get().image_id) == kept[0]
    assert send(client, report, "ergaenzung", text=" ").status_code == 422
    assert send(client, report, "ergaenzung", client_id="x", text="Gut.").status_code == 422


def test_the_same_form_twice_is_one_and_changed_it_asks(client: Client, report: Report) -> None:
    client_id = str(uuid.uuid4())
    for _ in range(2):
        assert (
            send(client, report, "ergaenzung", client_id=client_id, text="Eins.").status_code == 303
        )
    other = send(client, report, "ergaenzung", client_id=client_id, text="Zwei.")
    assert other.status_code == 409
    assert "schon gesendet" in text_of(other) and "Zwei." in other.content.decode()
    assert client_id not in other.content.decode()
    assert Remark.objects.count() == 1


def test_the_reporter_adds_by_their_own_link_and_finds_it_there(
    client: Client, receipt: intake.Receipt
) -> None:
    address = f"/r/{receipt.token}/ergaenzung"
    sent = client.post(address, {"client_id": uuid.uuid4(), "text": "Von mir.", "photo": picture()})
    assert sent["Location"].startswith(f"/r/{receipt.token}?")
    assert Remark.objects.get().is_reporters
    own = client.get(f"/r/{receipt.token}")
    assert "Von mir." in text_of(own) and "no-store" in own["Cache-Control"]
    assert client.post("/r/falsch/ergaenzung").status_code == 404

    send(client, receipt.report, "ergaenzung", text="Von einem Fremden.", photo=picture("b.jpg"))
    assert "Von einem Fremden." not in text_of(client.get(f"/r/{receipt.token}"))
    strange = Photo.objects.get(remark__is_reporters=False).image_id
    assert look_at(client, f"/r/{receipt.token}/foto/{strange}/full").status_code == 404


def test_other_sites_and_too_many_are_turned_away(
    client: Client, report: Report, settings: Any
) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert send(client, report, "ergaenzung", text="Fremd.", headers=foreign).status_code == 403
    settings.LIMITS = {**settings.LIMITS, "remarks-here": (1, 3600)}
    assert send(client, report, "ergaenzung", text="Erstens.").status_code == 303
    refused = send(client, report, "ergaenzung", text="Zweitens.")
    assert refused.status_code == 429 and int(refused["Retry-After"]) > 0
    assert "Zweitens." in refused.content.decode()
    assert not client.cookies


# ── Fixed, or not ────────────────────────────────────────────────────────────────────────────
def test_a_done_report_asks_whether_it_is_fixed(
    client: Client, report: Report, done: Report
) -> None:
    assert "Ist es behoben?" in text_of(client.get(f"/meldung/{done.code}"))
    for _ in range(2):
        assert send(client, done, "behoben").status_code == 303
    words = text_of(client.get(f"/meldung/{done.code}?dank=behoben"))
    assert "2 Menschen bestätigen: Es ist behoben." in words
    assert "Ihr „Ja“ ist gezählt" in words


def test_a_no_with_a_photo_opens_it_again_for_all_to_see(client: Client, done: Report) -> None:
    sent = send(client, done, "nicht-behoben", photo=picture())
    words = text_of(client.get(sent["Location"].partition("#")[0]))
    assert "wieder offen" in words and "Wieder geöffnet" in words
    assert "Jemand vor Ort sagt: Es ist nicht behoben." in words
    late = send(client, done, "nicht-behoben", text="Auch ich sage nein.")
    assert late.status_code == 409
    assert "Auch ich sage nein." in text_of(late)
    page = client.get(f"/meldung/{done.code}/nicht-behoben")
    assert (page.status_code, page["Location"]) == (303, f"/meldung/{done.code}")


def test_a_filled_trap_opens_nothing(client: Client, done: Report) -> None:
    assert send(client, done, "nicht-behoben", text="Kauft hier!", website="x").status_code == 303
    assert send(client, done, "behoben", website="x").status_code == 303
    words = text_of(client.get(f"/meldung/{done.code}"))
    assert "Wieder geöffnet" not in words and "bestätigt" not in words


# ── Problems, and what is gone ───────────────────────────────────────────────────────────────
def test_a_problem_is_told_decided_and_explained(
    client: Client, report: Report, dispatcher: User
) -> None:
    form = text_of(client.get(f"/meldung/{report.code}/problem"))
    assert "Zeigt Personen, Kennzeichen" in form
    assert send(client, report, "problem", text="Ohne Grund.").status_code == 422
    sent = send(client, report, "problem", reason="personal", text="Mein Auto!")
    assert "sieht es sich an" in text_of(client.get(sent["Location"]))

    client.force_login(dispatcher)
    assert "Mein Auto!" in text_of(client.get(f"/amt/meldung/{report.code}"))
    address = f"/amt/meldung/{report.code}/probleme"
    assert "nicht mehr öffentlich" in text_of(
        client.post(address, {"verborgen": "ja"}, follow=True)
    )
    client.logout()
    gone = client.get(f"/meldung/{report.code}")
    assert gone.status_code == 410
    assert "Zeigt Personen, Kennzeichen oder persönliche Daten" in text_of(gone)
    api = client.get(f"/api/v1/reports/{report.code}/")
    assert (api.status_code, api["Content-Type"]) == (410, "application/problem+json")


def test_hidden_by_many_problems_it_says_that_it_is_checked(client: Client, report: Report) -> None:
    Municipality.objects.update(hide_after_problems=1)
    send(client, report, "problem", reason="advert")
    gone = client.get(f"/meldung/{report.code}")
    assert gone.status_code == 410
    assert "wird gerade geprüft" in text_of(gone)
    assert send(client, report, "ergaenzung", text="Noch etwas.").status_code == 410


def test_a_clerk_and_an_outsider_decide_nothing(
    client: Client, report: Report, make_user: Callable[..., User], outsider: User
) -> None:
    send(client, report, "problem", reason="other")
    address = f"/amt/meldung/{report.code}/probleme"
    client.force_login(make_user("sachbearbeitung", report.department))
    refused = client.post(address, {"verborgen": "ja"}, follow=True)
    assert "Ihre Rolle" in text_of(refused)
    assert "Berechtigt: verbergen" not in text_of(refused)
    client.force_login(outsider)
    assert client.post(address, {"verborgen": "ja"}).status_code == 404
    assert Report.objects.get().is_public


def test_what_is_merged_leads_to_the_main_report_wherever_one_asks(
    client: Client, make_report: Callable[..., Report], dispatcher: User
) -> None:
    main, other = make_report(), make_report()
    merging.merge(other, into=main, by=dispatcher)
    for page in ("", "/ergaenzung", "/problem"):
        answer = client.get(f"/meldung/{other.code}{page}")
        assert (answer.status_code, answer["Location"]) == (
            303,
            f"/meldung/{main.code}?von={other.code}",
        )
    assert "zusammengeführt" in text_of(client.get(f"/meldung/{main.code}?von={other.code}"))
    api = client.get(f"/api/v1/reports/{other.code}/").json()
    assert (api["status"], api["duplicate_of"]) == ("duplicate", main.code)


# ── Calendar, paper, previews ────────────────────────────────────────────────────────────────
def test_the_target_date_goes_into_a_calendar(client: Client, report: Report, done: Report) -> None:
    Report.objects.update(
        status=Status.NEW, closed_at=None, street="Straße; mit, Zeichen " + "ü" * 60
    )
    answer = client.get(f"/meldung/{report.code}/zieltermin.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    lines = answer.content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    whole = answer.content.replace(b"\r\n ", b"").decode()
    assert f"DTSTART;VALUE=DATE:{report.due_on:%Y%m%d}" in whole
    assert "SUMMARY:Zieltermin: Schlagloch\\, Straße\\; mit\\, Zeichen" in whole
    Report.objects.update(status=Status.DONE)
    assert client.get(f"/meldung/{report.code}/zieltermin.ics").status_code == 404


def test_a_page_carries_a_code_for_paper_and_a_face_for_messengers(
    client: Client, report: Report, dispatcher: User
) -> None:
    publishing.release(report, by=dispatcher, text=True)
    page = client.get(f"/meldung/{report.code}").content.decode()
    assert 'class="qr" role="img"' in page
    assert f"/meldung/{report.code}</p>" in " ".join(page.split()).replace(" </p>", "</p>")
    assert re.search(r'property="og:description" content="[^"]*Tiefes Loch', page)
    assert 'property="og:locale" content="de_DE"' in page
    assert "geo:49.681100,8.620600" in page


def test_the_reporter_keeps_a_paper(client: Client, receipt: intake.Receipt, settings: Any) -> None:
    answer = client.get(f"/r/{receipt.token}/meldung.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert "no-store" in answer["Cache-Control"]
    thanks = text_of(client.get(f"/r/{receipt.token}/danke"))
    assert "Als PDF sichern" in thanks and "Üblich sind 5 Arbeitstage" in thanks
    settings.LIMITS = {**settings.LIMITS, "papers": (1, 3600)}
    assert client.get(f"/r/{receipt.token}/meldung.pdf").status_code == 429
    assert client.get("/r/falsch/meldung.pdf").status_code in {404, 429}


# ── Programs ─────────────────────────────────────────────────────────────────────────────────
def test_programs_say_the_same_through_the_api(
    client: Client, receipt: intake.Receipt, dispatcher: User
) -> None:
    def post(door: str, **body: Any) -> Any:
        body.setdefault("client_id", str(uuid.uuid4()))
        address = f"/api/v1/reports/{receipt.report.code}/{door}/"
        return client.post(address, body, content_type="application/json")

    client_id = str(uuid.uuid4())
    added = [post("additions", client_id=client_id, text="Tiefer.") for _ in range(2)]
    assert [each.status_code for each in added] == [201, 200]
    assert added[0].json() == {
        "code": receipt.report.code,
        "status": "new",
        "state": "waiting",
        "reopened": False,
    }
    assert post("additions", client_id=client_id, text="Anders.").status_code == 409
    assert post("additions").status_code == 400
    assert post("additions", text="Ich.", token="falsch").status_code == 404
    assert post("additions", text="Ich.", token=receipt.token).status_code == 201
    assert Remark.objects.filter(is_reporters=True).count() == 1
    assert post("problems", reason="insult").status_code == 201
    assert post("verdicts", fixed=True).status_code == 409
    triage.set_status(receipt.report, Status.DONE, by=dispatcher, text="Verfüllt.")
    assert post("verdicts", fixed=True).json()["state"] == "settled"
    assert post("verdicts", fixed=False, text="Doch nicht.").json()["reopened"] is True


# ── Cost ─────────────────────────────────────────────────────────────────────────────────────
def test_a_page_costs_the_same_however_much_was_said(
    client: Client, report: Report, dispatcher: User, django_assert_max_num_queries: Any
) -> None:
    for n in range(4):
        said = Saying(uuid.uuid4(), RemarkKind.MORE, text=f"Nummer {n}")
        heard = remarks.say(report, said)
        moderation.release_remark(report, heard.remark.pk, by=dispatcher, text=f"Nummer {n}")
    remarks.say(report, Saying(uuid.uuid4(), RemarkKind.MORE, text="Wartet"))
    with django_assert_max_num_queries(9):
        assert "Nummer 3" in text_of(client.get(f"/meldung/{report.code}"))
    assert Event.objects.filter(kind=EventKind.MORE).count() == 4
    assert (
        Remark.objects.filter(state=RemarkState.RELEASED, decided_at__lte=timezone.now()).count()
        == 4
    )
    client.force_login(dispatcher)
    counts = []
    for view in ("alle", "alle", "pruefen"):  # the first one warms up
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/amt?ansicht={view}")
        counts.append(len(asked))
    assert counts[2] == counts[1]
