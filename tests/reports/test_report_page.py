"""What the public, the reporter and a stranger see of a report."""

from __future__ import annotations

import html
import io
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image as Picture

from frontend.templatetags.frontend import tel
from reports.deeds import publishing, triage
from reports.models import Contact, Event, Photo, Report
from reports.receiving import intake
from reports.templatetags.reports import is_with, when_read
from reports.workflow import Status
from townhall import photos
from townhall.capabilities import token_for
from townhall.models import User

WORDS = "Tiefes Loch vor der Bäckerei, gut 10 cm."


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def staged() -> uuid.UUID:
    file = io.BytesIO()
    Picture.new("RGB", (80, 60), "green").save(file, "JPEG")
    upload = SimpleUploadedFile("loch.jpg", file.getvalue(), "image/jpeg")
    return photos.stage(uuid.uuid4(), upload).pk


@pytest.fixture
def receive(make_draft: Callable[..., intake.Draft]) -> Callable[..., intake.Receipt]:
    def make(**changes: Any) -> intake.Receipt:
        return intake.submit(make_draft(description=WORDS, **changes))

    return make


def text_of(response: Any) -> str:
    words = re.sub(
        r"<(script|style|template|svg).*?</\1>", " ", response.content.decode(), flags=re.DOTALL
    )
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", words)).split())


def look_at(client: Client, address: str) -> Any:
    """The answer to a photo's address, with its file read and closed."""
    response = client.get(address)
    if response.streaming:
        assert b"".join(response)
    return response


# ── The public page ──────────────────────────────────────────────────────────────────────────
def test_a_public_report_shows_what_where_and_who(
    client: Client, receive: Callable[..., intake.Receipt]
) -> None:
    report = receive().report
    response = client.get(f"/meldung/{report.code}")
    words = text_of(response)
    assert response.status_code == 200
    assert report.shown_code in words
    assert "Schlagloch" in words and "Bürgerbüro Bensheim" in words
    assert "Eingegangen" in words and "Meldung eingegangen" in words


def test_unreleased_words_and_photos_stay_inside(
    client: Client, receive: Callable[..., intake.Receipt], staged: uuid.UUID
) -> None:
    report = receive(photo_ids=(staged,)).report
    response = client.get(f"/meldung/{report.code}")
    assert WORDS not in text_of(response)
    assert str(staged) not in response.content.decode()
    assert "werden noch geprüft" in text_of(response)
    assert look_at(client, f"/foto/{staged}/full").status_code == 404


def test_a_released_photo_and_text_appear(
    client: Client, receive: Callable[..., intake.Receipt], staged: uuid.UUID, dispatcher: User
) -> None:
    report = receive(photo_ids=(staged,)).report
    publishing.release(report, by=dispatcher, text=True, photos=[report.photos.get().pk])
    response = client.get(f"/meldung/{report.code}")
    assert WORDS in text_of(response)
    assert f"/foto/{staged}/full" in response.content.decode()
    picture = look_at(client, f"/foto/{staged}/full")
    assert picture["Content-Type"] == "image/webp"
    assert picture["Cache-Control"] == "public, max-age=300"


def test_a_hidden_photo_is_gone_even_for_those_who_know_its_address(
    client: Client, receive: Callable[..., intake.Receipt], staged: uuid.UUID
) -> None:
    report = receive(photo_ids=(staged,)).report
    Photo.objects.update(is_released=True)
    assert look_at(client, f"/foto/{staged}/thumb").status_code == 200
    Report.objects.filter(pk=report.pk).update(is_public=False)
    assert look_at(client, f"/foto/{staged}/thumb").status_code == 404
    assert look_at(client, f"/foto/{staged}/original").status_code == 404
    assert look_at(client, f"/foto/{uuid.uuid4()}/full").status_code == 404


@pytest.mark.parametrize("shape", ["{0}-{1}", "{0}{1}", "{0} {1}"])
def test_a_number_may_be_typed_as_it_is_read_out(
    client: Client, receive: Callable[..., intake.Receipt], shape: str
) -> None:
    code = receive().report.code
    typed = shape.format(code[:4].lower(), code[4:].lower())
    response = client.get(f"/meldung/{typed}", follow=True)
    assert response.status_code == 200
    assert response.request["PATH_INFO"] == f"/meldung/{code}"


def test_unpublished_and_unknown_get_the_same_answer(
    client: Client, receive: Callable[..., intake.Receipt]
) -> None:
    hidden = receive(private=True).report
    answers = [client.get(f"/meldung/{code}") for code in (hidden.code, "00000000", "nonsense!")]
    assert {answer.status_code for answer in answers} == {404}
    assert text_of(answers[0]) == text_of(answers[1])


def test_a_withdrawn_report_says_that_it_was_withdrawn(
    client: Client, receive: Callable[..., intake.Receipt]
) -> None:
    report = receive().report
    Report.objects.filter(pk=report.pk).update(is_public=False, withdrawn_at=timezone.now())
    Event.objects.filter(report=report).update(was_public=True)
    response = client.get(f"/meldung/{report.code}")
    assert response.status_code == 410
    assert "zurückgezogen" in text_of(response)


def test_a_withdrawn_report_that_never_was_public_stays_unknown(
    client: Client, receive: Callable[..., intake.Receipt]
) -> None:
    report = receive(private=True).report
    Report.objects.filter(pk=report.pk).update(withdrawn_at=timezone.now())
    assert client.get(f"/meldung/{report.code}").status_code == 404


def test_a_duplicate_leads_to_the_main_report_and_says_so(
    client: Client, receive: Callable[..., intake.Receipt]
) -> None:
    main, other = receive().report, receive().report
    Report.objects.filter(pk=other.pk).update(status="duplicate", duplicate_of=main)
    response = client.get(f"/meldung/{other.code}", follow=True)
    assert response.redirect_chain[0][1] == 303
    assert main.shown_code in text_of(response)
    assert f"{other.shown_code} wurde mit dieser zusammengeführt" in text_of(response)


def test_the_towns_words_stand_in_the_timeline_newest_first(
    client: Client, receive: Callable[..., intake.Receipt], dispatcher: User
) -> None:
    report = receive().report
    triage.accept(report, by=dispatcher)
    triage.set_status(report, Status.ON_HOLD, by=dispatcher, text="Wir warten auf den Frost.")
    triage.note(report, by=dispatcher, text="Der Melder ruft jeden Tag an.")
    words = text_of(client.get(f"/meldung/{report.code}"))
    assert words.index("Wir warten auf den Frost.") < words.index("Meldung eingegangen")
    assert "ruft jeden Tag an" not in words


def test_a_fragment_brings_only_what_may_have_changed(
    client: Client, receive: Callable[..., intake.Receipt]
) -> None:
    page = client.get(f"/meldung/{receive().report.code}?teil=meldung").content.decode()
    assert 'id="part-status"' in page and 'id="part-timeline"' in page
    assert "<html" not in page and "part-publicity" not in page


def test_contact_data_are_on_no_public_page(
    client: Client, receive: Callable[..., intake.Receipt]
) -> None:
    report = receive(email="geheim@beispiel.de", name="Frau Geheim", phone="0815").report
    page = client.get(f"/meldung/{report.code}").content.decode()
    assert "geheim" not in page.lower() and "0815" not in page


# ── The reporter's own page ──────────────────────────────────────────────────────────────────
def test_the_reporter_sees_all_they_sent_and_what_is_public(
    client: Client, receive: Callable[..., intake.Receipt], staged: uuid.UUID
) -> None:
    receipt = receive(photo_ids=(staged,), private=True)
    response = client.get(f"/r/{receipt.token}")
    words = text_of(response)
    assert WORDS in words
    assert "nur für die Verwaltung" in words
    picture = look_at(client, f"/r/{receipt.token}/foto/{staged}/thumb")
    assert picture.status_code == 200
    assert picture["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("page", ["", "/danke", "/bestaetigen"])
def test_capability_pages_are_kept_by_nobody(
    client: Client, receive: Callable[..., intake.Receipt], page: str
) -> None:
    receipt = receive(email="a@beispiel.de")
    response = client.get(f"/r/{receipt.token}{page}")
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert not client.cookies


def test_a_wrong_or_expired_capability_opens_nothing(
    client: Client, receive: Callable[..., intake.Receipt], staged: uuid.UUID
) -> None:
    receipt = receive(photo_ids=(staged,))
    assert client.get("/r/falsch").status_code == 404
    assert client.get(f"/r/falsch/foto/{staged}/full").status_code == 404
    other = receive()
    assert client.get(f"/r/{other.token}/foto/{staged}/full").status_code == 404
    Report.objects.update(capability_expires_at=timezone.now())
    assert client.get(f"/r/{receipt.token}").status_code == 404
    assert client.get(f"/r/{receipt.token}/danke").status_code == 404


def test_only_the_button_confirms_an_address(
    client: Client, make_draft: Callable[..., intake.Draft]
) -> None:
    draft = make_draft(email="a@beispiel.de")
    intake.submit(draft)
    address = f"/r/{token_for('confirm', draft.client_id)}/bestaetigen"
    assert "Ja, bestätigen" in text_of(client.get(address))
    assert Contact.objects.get().confirmed_at is None
    foreign = client.post(address, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    assert Contact.objects.get().confirmed_at is None
    done = client.post(address, follow=True)
    assert "ist bestätigt" in text_of(done)
    assert Contact.objects.get().confirmed_at is not None
    assert client.post(address).status_code == 303
    assert mail.outbox == []


def test_an_old_confirmation_link_says_that_it_is_old(
    client: Client, make_draft: Callable[..., intake.Draft]
) -> None:
    draft = make_draft(email="a@beispiel.de")
    intake.submit(draft)
    Contact.objects.update(confirm_expires_at=timezone.now())
    address = f"/r/{token_for('confirm', draft.client_id)}/bestaetigen"
    assert client.get(address).status_code == 410
    assert client.post(address).status_code == 410
    assert Contact.objects.get().confirmed_at is None
    assert client.get("/r/unbekannt/bestaetigen").status_code == 404


def test_the_thanks_ask_to_confirm_the_address_and_keep_the_place(
    client: Client, receive: Callable[..., intake.Receipt]
) -> None:
    receipt = receive(email="a@beispiel.de")
    response = client.get(f"/r/{receipt.token}/danke")
    assert "Bitte bestätigen Sie Ihre E-Mail-Adresse" in text_of(response)
    assert "lat=49.681100&amp;lon=8.620600" in response.content.decode()


# ── Words ────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("department", "sentence"),
    [
        ("Tiefbauamt Bensheim", "Ihre Meldung ist beim Tiefbauamt Bensheim."),
        ("Stadtgärtnerei", "Ihre Meldung ist bei der Stadtgärtnerei."),
        ("Hessen Mobil", "Ihre Meldung ist angekommen. Zuständig: Hessen Mobil."),
    ],
)
def test_departments_get_the_article_they_want(department: str, sentence: str) -> None:
    assert is_with(department) == sentence


def test_when_it_is_read_is_said_as_one_speaks() -> None:
    friday = timezone.datetime(2026, 3, 6, 18, 0, tzinfo=timezone.get_default_timezone())
    monday = friday.replace(day=9, hour=8)
    assert when_read(monday, friday) == "Diese Meldung lesen wir erst Montag ab 8 Uhr."
    half_past = friday.replace(day=7, hour=7, minute=30)
    assert when_read(half_past, friday) == "Diese Meldung lesen wir erst morgen ab 7:30 Uhr."
    assert when_read(friday, friday) == "Diese Meldung lesen wir noch heute."


def test_a_phone_link_has_digits_only() -> None:
    assert tel("+49 (0)6251 / 231-25") == "tel:+49625123125"


def test_a_small_map_is_only_there_where_the_public_may_know_the_place(
    client: Client, receive: Callable[..., intake.Receipt]
) -> None:
    report = receive().report
    assert "<small-map" in client.get(f"/meldung/{report.code}").content.decode()
    Report.objects.update(public_position=None)
    assert "<small-map" not in client.get(f"/meldung/{report.code}").content.decode()
