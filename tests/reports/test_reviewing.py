"""What waits for release is worked through one by one; every public text is kept."""

from __future__ import annotations

import uuid
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from PIL import Image as Picture

from reports.deeds import publishing, reviewing
from reports.deeds.work import NotAllowed, TooLate
from reports.models import EventKind, Photo, PublicText, RemarkKind, Report
from reports.voices import remarks
from townhall import photos
from townhall.models import Municipality, User

pytestmark = pytest.mark.django_db


def picture(colour: str) -> uuid.UUID:
    upload = BytesIO()
    Picture.new("RGB", (64, 48), colour).save(upload, "JPEG")
    upload.seek(0)
    return photos.stage(uuid.uuid4(), upload).pk


def test_text_and_photos_are_released_apart_and_the_next_one_comes(
    client: Client, make_report: Any, dispatcher: User, django_assert_max_num_queries: Any
) -> None:
    first = make_report(photo_ids=(picture("#8aa"), picture("#a88")))
    second = make_report(
        description="Zweite Meldung hier", publication="after_review", is_public=False
    )
    client.force_login(dispatcher)
    with django_assert_max_num_queries(14):
        page = client.get("/amt/freigabe").content.decode()
    assert first.shown_code in page
    _one, two = Photo.objects.filter(report=first)
    sent = {"code": first.code, "version": first.version, "step": "zeigen", "photos": [two.pk]}
    answer = client.post("/amt/freigabe", sent)
    assert second.shown_code in client.get(answer["Location"]).content.decode()
    first.refresh_from_db()
    assert (first.is_public, first.is_text_public) == (True, False)
    assert [each.is_released for each in Photo.objects.filter(report=first)] == [False, True]
    assert not reviewing.queue(dispatcher).filter(pk=first.pk).exists()
    sent = {"code": second.code, "version": second.version, "step": "nichts", "text": "on"}
    done = client.post("/amt/freigabe", sent)
    assert "Sie sind durch" not in client.get(done["Location"]).content.decode()
    second.refresh_from_db()
    assert (second.is_text_public, second.is_public) == (False, False)
    assert not reviewing.queue(dispatcher).exists()
    assert "freigabe" in client.get("/amt?ansicht=freigabe").content.decode()


def test_only_who_may_release_finds_anything_in_the_queue(
    client: Client, make_report: Any, dispatcher: User, caseworker: User, outsider: User
) -> None:
    report = make_report()
    for wrong in (caseworker, outsider):
        assert not reviewing.queue(wrong).exists()
        with pytest.raises(NotAllowed):
            reviewing.review(report, by=wrong, shows_text=True)
    client.force_login(outsider)
    sent = {"code": report.code, "step": "zeigen", "text": "on"}
    assert client.post("/amt/freigabe", sent).status_code == 404
    assert client.get(f"/amt/meldung/{report.code}/fassungen").status_code == 404
    client.logout()
    assert client.get("/amt/freigabe").status_code == 302
    client.force_login(dispatcher)
    assert client.post("/amt/freigabe", {"code": "'; --"}).status_code == 404
    assert client.post("/amt/freigabe", {"code": report.code, "step": "x"}).status_code == 303


def test_who_looked_at_other_words_looks_once_more(
    client: Client, make_report: Any, dispatcher: User
) -> None:
    report = make_report()
    publishing.release(report, by=dispatcher, text=True, public_text="Kollegin war schneller")
    client.force_login(dispatcher)
    sent = {"code": report.code, "version": report.version, "step": "zeigen", "text": "on"}
    answer = client.post("/amt/freigabe", sent)
    assert f"bei={report.code}" in answer["Location"]
    assert Report.objects.get().readable_text == "Kollegin war schneller"


def test_an_earlier_text_can_be_taken_up_again(
    client: Client, make_report: Any, dispatcher: User, caseworker: User
) -> None:
    report = make_report(description="Wie gesendet")
    for text in ("Erste Fassung", "Zweite Fassung"):
        publishing.release(report, by=dispatcher, text=True, public_text=text)
    first = PublicText.objects.get(text="Erste Fassung")
    with pytest.raises(NotAllowed):
        reviewing.restore(report, first.pk, by=caseworker)
    client.force_login(dispatcher)
    door = f"/amt/meldung/{report.code}/fassungen"
    shown = client.get(door).content.decode()
    assert all(text in shown for text in ("Wie gesendet", "Erste Fassung", "Zweite Fassung"))
    assert client.post(door, {"fassung": first.pk}).status_code == 303
    report.refresh_from_db()
    assert (report.public_description, report.description) == ("Erste Fassung", "Wie gesendet")
    assert report.events.filter(kind=EventKind.TEXT_RESTORED).count() == 1
    newest = PublicText.objects.first()
    assert newest is not None
    assert (newest.by, newest.is_restored) == (dispatcher, True)
    with pytest.raises(TooLate):
        reviewing.restore(report, first.pk, by=dispatcher)
    assert client.post(door, {"fassung": "x"}).status_code == 303


def test_what_staff_cleared_is_not_hidden_by_the_next_false_alarm(
    client: Client, make_report: Any, dispatcher: User
) -> None:
    Municipality.objects.update(hide_after_problems=1)
    report = make_report()
    publishing.publish(report, by=dispatcher, is_public=True)
    client.force_login(dispatcher)
    for answer in ("Das Foto zeigt ein Schild, keine Person.", ""):
        saying = remarks.Saying(uuid.uuid4(), RemarkKind.PROBLEM, reason="personal", sender=answer)
        remarks.say(report, saying)
        report.refresh_from_db()
        assert report.is_public is not bool(answer)  # hidden by the first alarm only
        sent = {"verborgen": "nein", "antwort": answer}
        assert client.post(f"/amt/meldung/{report.code}/probleme", sent).status_code == 303
        report.refresh_from_db()
        assert report.is_public
    said = report.events.public().filter(kind=EventKind.ANSWERED)
    assert [event.text for event in said] == ["Das Foto zeigt ein Schild, keine Person."]


def test_what_was_shown_on_arrival_stays_in_the_history(
    make_report: Any, client: Client, dispatcher: User
) -> None:
    report = make_report(description="Ruf 0171 2345678 an", is_text_public=True)
    shown = report.readable_text
    door = f"/amt/meldung/{report.code}/fassungen"
    client.force_login(dispatcher)
    assert "jetzt öffentlich" in client.get(door).text
    reviewing.review(report, by=dispatcher, shows_text=True, public_text="Loch im Weg")
    texts = list(PublicText.objects.filter(report=report).values_list("text", "by"))
    assert texts == [("Loch im Weg", dispatcher.pk), (shown, None)]
