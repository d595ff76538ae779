"""What every such system must survive, end to end through the doors that residents use.

What one part of the house must survive alone has its test there; these go in by the front door.
"""

from __future__ import annotations

import datetime as dt
import html
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import ProtectedError
from django.test import Client

from reports.models import Category, Contact, Offer, Publication, Report
from tests.townhall import pictures
from townhall.models import Department, Letter, Municipality, User

SPOT = "8.620600,49.681100"


def send(client: Client, **changes: Any) -> Any:
    """The form as one press of its last button sends it, and what a browser shows then."""
    fields = {
        "client_id": str(uuid.uuid4()),
        "spot": SPOT,
        "category": "schlagloch",
        "description": "Tiefes Loch vor der Bäckerei, gut 10 cm.",
        "action": "send",
    }
    response = client.post("/melden", fields | changes)
    goal = response.headers.get("Location", "")
    return client.get(goal) if goal else response


def read(response: Any) -> str:
    words = re.sub(r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", words)).split())


def test_a_mail_scanner_may_open_the_link_as_often_as_it_likes(
    client: Client, pothole: Category
) -> None:
    send(client, email="uta@example.org")
    letter = Letter.objects.get(kind="receipt")
    address = re.search(r"https?://[^/]+(/r/\S+/bestaetigen)", letter.text)
    assert address
    for _look in range(2):
        assert client.get(address[1]).status_code == 200
        assert Contact.objects.get().confirmed_at is None
    for _press in range(2):
        assert client.post(address[1], follow=True).status_code == 200
        assert Contact.objects.get().confirmed_at is not None


NAME = "Seán O’Brien-Groß d'Ávila"


def test_apostrophes_and_sharp_s_arrive_as_they_were_typed(
    client: Client, pothole: Category, dispatcher: User
) -> None:
    send(client, name=NAME, email="o'brien@example.org", description="Loch an „Müller's“ Großküche")
    contact = Contact.objects.get()
    assert (contact.name, contact.email) == (NAME, "o'brien@example.org")
    client.force_login(dispatcher)
    shown = client.post(f"/amt/meldung/{contact.report.code}/kontakt", follow=True)
    assert NAME in read(shown)
    assert "Müller's“ Großküche" in read(shown)


TEXT = '😀 <b>Loch</b> & "Rand"\r\n' * 150  # 3,600 characters


def test_a_long_text_with_emoji_html_and_line_breaks_arrives_whole_and_harmless(
    client: Client, make_report: Callable[..., Report], dispatcher: User
) -> None:
    report = make_report(description=TEXT)
    assert report.description.split() == TEXT.split()
    client.force_login(dispatcher)
    page = client.get(f"/amt/meldung/{report.code}").content.decode()
    assert "<b>Loch</b>" not in page
    assert "&lt;b&gt;Loch&lt;/b&gt;" in page


def test_a_text_that_is_too_long_for_the_form_comes_back_whole_and_says_so(
    client: Client, pothole: Category
) -> None:
    answer = send(client, description=TEXT)
    assert not Report.objects.exists()
    assert re.search(r"Kürzen Sie die Beschreibung um \d+ Zeichen\.", read(answer))
    area = re.search(r"<textarea[^>]*>(.*?)</textarea>", answer.content.decode(), re.DOTALL)
    assert area
    assert html.unescape(area[1]).split() == TEXT.split()


def test_a_private_category_is_in_no_list_no_map_and_has_no_photo(
    client: Client, pothole: Category, dispatcher: User
) -> None:
    Offer.objects.update(publication=Publication.NEVER)
    upload = SimpleUploadedFile("loch.jpg", pictures.encoded(pictures.corners(), "JPEG"))
    send(client, photo=upload, description="Hier liegt etwas Geheimes.")
    report = Report.objects.get()
    photo = report.photos.get()
    for address in (
        "/",
        "/karte/liste",
        "/karte/liste?q=Geheimes",
        f"/karte/liste?q={report.code}",
        "/api/v1/reports/",
        "/api/v1/map/14/8584/5601/",
        f"/api/v1/reports/nearby/?lon={report.position.x}&lat={report.position.y}&category=schlagloch",
    ):
        answer = client.get(address)
        assert report.code not in answer.content.decode(), address
        assert "Geheimes" not in read(answer).replace("q=Geheimes", ""), address
    for address in (
        f"/meldung/{report.code}",
        f"/meldung/{report.code}/atom.xml",
        f"/meldung/{report.code}/betrifft",
        f"/api/v1/reports/{report.code}/",
        f"/foto/{photo.image_id}/full",
        f"/foto/{photo.image_id}/thumb",
    ):
        assert client.get(address).status_code == 404, address


def test_a_photo_is_gone_for_the_public_with_the_report_that_shows_it(
    client: Client, make_report: Callable[..., Report], pothole: Category
) -> None:
    upload = SimpleUploadedFile("loch.jpg", pictures.encoded(pictures.corners(), "JPEG"))
    send(client, photo=upload)
    report = Report.objects.get()
    photo = report.photos.get()
    report.photos.update(is_released=True)
    Report.objects.update(is_public=True)
    shown = client.get(f"/foto/{photo.image_id}/full")
    assert shown.status_code == 200
    assert b"".join(shown)
    Report.objects.update(is_public=False)
    for size in ("full", "thumb"):
        assert client.get(f"/foto/{photo.image_id}/{size}").status_code == 404


def test_a_category_that_closes_while_the_form_is_open_keeps_what_was_typed(
    client: Client, pothole: Category
) -> None:
    Offer.objects.all().delete()
    answer = send(client, email="uta@example.org")
    assert not Report.objects.exists()
    assert "Es gibt ein Problem" in read(answer)
    assert "Tiefes Loch vor der Bäckerei" in answer.content.decode()


def test_a_department_with_open_reports_can_not_vanish(
    make_report: Callable[..., Report],
) -> None:
    report = make_report()
    with pytest.raises(ProtectedError), transaction.atomic():
        report.department.delete()
    assert Department.objects.filter(pk=report.department_id).exists()


@pytest.mark.parametrize(
    ("night", "moments"),
    [
        ("summer begins", ("2026-03-29T00:59:00+00:00", "2026-03-29T01:01:00+00:00")),
        ("winter begins", ("2026-10-25T00:30:00+00:00", "2026-10-25T01:30:00+00:00")),
    ],
)
def test_in_the_nights_when_clocks_change_nothing_loses_its_order_or_its_day(
    client: Client, make_report: Callable[..., Report], night: str, moments: tuple[str, str]
) -> None:
    first, second = (make_report(received_at=dt.datetime.fromisoformat(each)) for each in moments)
    Report.objects.update(is_public=True)
    times = re.findall(
        r'<time datetime="([^"]+)"',
        client.get(f"/meldung/{first.code}").content.decode()
        + client.get(f"/meldung/{second.code}").content.decode(),
    )
    assert times
    assert first.received_at < second.received_at
    assert first.due_on == second.due_on


def test_a_point_on_the_border_belongs_to_one_town_and_one_outside_to_nobody(
    client: Client,
    pothole: Category,
    town: Municipality,
    make_municipality: Callable[..., Municipality],
) -> None:
    east = make_municipality("Lorsch", key="06431015", centre=(8.6606, 49.6811))
    Offer.objects.create(municipality=east, category=pothole)
    border = Point(8.6406, 49.6811, srid=4326)
    for _again in range(2):
        send(client, spot=f"{border.x:.6f},{border.y:.6f}")
    assert {report.municipality for report in Report.objects.all()} == {town}
    outside = send(client, spot="9.500000,50.500000")
    assert Report.objects.count() == 2
    assert "Es gibt ein Problem" in read(outside)


def test_what_was_sent_again_after_the_answer_was_lost_is_one_report(
    client: Client, pothole: Category
) -> None:
    client_id = str(uuid.uuid4())
    pages = [read(send(client, client_id=client_id)) for _try in range(3)]
    assert Report.objects.count() == 1
    assert len({re.sub(r"vor .*? Sek\w*", "", page) for page in pages}) == 1
