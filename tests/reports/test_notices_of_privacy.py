"""What people are told about their data: where it is asked for, and on a page of its own."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from reports.models import Crew, Offer, Report
from reports.personal import retention
from reports.receiving.photo_terms import terms_in
from tests.townhall.pictures import corners, encoded
from townhall.authorities import AUTHORITIES
from townhall.models import Department, Municipality, PhotoLicence, User
from townhall.photos import stage


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_the_page_about_privacy_names_the_times_by_which_we_act(
    client: Client, pothole: Any, town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "CONTACT_AFTER_CLOSING", retention.CONTACT_AFTER_CLOSING * 2)
    Offer.objects.update(depublish_after_days=45)

    told = page(client, "/datenschutz")

    assert "bis 180 Tage nach Abschluss" in told
    assert "noch 45 Tage öffentlich" in told
    assert AUTHORITIES["HE"] in told
    assert town.email in told
    assert "Nur zum Zeigen mit der Meldung" in told


def test_the_page_about_privacy_tells_what_the_town_has_switched_on(
    client: Client, caseworker: User, town: Municipality
) -> None:
    told = page(client, "/datenschutz")
    for always in ("versiegeln wir Text und Fotos", "höchstens 365 Tage", "Prüfsummen", "Firma"):
        assert always in told
    assert "Kolonnen" not in told
    assert "wer in der Verwaltung eine Meldung geöffnet hat" not in told

    Crew.objects.create(name="Nord", department=Department.objects.get(name="Tiefbauamt"))
    Municipality.objects.update(keeps_reading_log=True, reading_log_days=30)
    told = page(client, "/datenschutz")
    assert "Die eigenen Kolonnen arbeiten nach einer Liste" in told
    assert "wird 30 Tage lang festgehalten, wer in der Verwaltung" in told


@pytest.mark.parametrize(
    ("licence", "words"),
    [
        (PhotoLicence.REPORT, "erlauben Bensheim, es zu dieser Meldung zu zeigen."),
        (PhotoLicence.CC_BY, "unter CC BY 4.0"),
        (PhotoLicence.CC0, "(CC0)"),
    ],
)
def test_beside_the_photo_stands_what_the_town_wants_to_do_with_it(
    client: Client, pothole: Any, town: Municipality, licence: str, words: str
) -> None:
    Municipality.objects.update(photo_licence=licence)
    assert words in page(client, "/melden")


def test_beside_a_shown_photo_stands_what_was_agreed_to_when_it_was_sent(
    client: Client, make_report: Callable[..., Report], town: Municipality
) -> None:
    for licence in (PhotoLicence.CC0, PhotoLicence.REPORT):
        Municipality.objects.update(photo_licence=licence)
        report = make_report(photo_ids=(stage(uuid.uuid4(), BytesIO(encoded(corners()))).pk,))
        report.photos.update(is_released=True)
        told = page(client, f"/meldung/{report.code}")
        assert ("creativecommons.org/publicdomain/zero" in told) == (licence == PhotoLicence.CC0)
        assert ("nicht zur Weiterverwendung" in told) == (licence == PhotoLicence.REPORT)
    Municipality.objects.update(photo_licence=PhotoLicence.CC_BY)
    assert "nicht zur Weiterverwendung" in page(client, f"/meldung/{report.code}")


def test_towns_of_different_minds_are_named_on_the_page_of_privacy(
    client: Client, make_municipality: Callable[..., Municipality]
) -> None:
    towns = [
        make_municipality(),
        make_municipality("Heppenheim", "06431011", (8.7, 49.6), photo_licence=PhotoLicence.CC0),
    ]
    assert "Einige erlauben auch anderen" in terms_in(towns)
    assert "Keine Rechte vorbehalten (CC0): Heppenheim" in page(client, "/datenschutz")


def test_where_data_are_asked_for_it_says_who_answers_for_them(
    client: Client, make_report: Callable[..., Report]
) -> None:
    report = make_report()
    link = 'href="/datenschutz"'
    town = report.municipality.full_name
    for address, words in (
        (reverse("report-form"), "Verantwortlich: die Gemeinde, in der der Ort liegt."),
        (reverse("follow", args=[report.code]), f"Verantwortlich: {town}."),
        (reverse("report-ergaenzung", args=[report.code]), f"Verantwortlich: {town}."),
    ):
        told = page(client, address)
        notice = told[told.index('class="meta data-notice"') :][:600]
        assert words in notice
        assert link in notice
