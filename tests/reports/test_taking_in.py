"""Reports taken in by staff, for people without internet."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image as Picture
from pypdf import PdfReader

from geo.models import Place, PlaceKind
from geo.wording import search_text
from reports.models import Contact, Event, EventKind, Report, Visibility
from reports.views.sheet import Hit
from reports.views.taking_in import TakingInSheet
from townhall.models import Department, Municipality, Role, User

pytestmark = pytest.mark.django_db
PAGE = "/amt/annahme"


@pytest.fixture
def clerk() -> Callable[[User], Client]:
    def enter(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return enter


@pytest.fixture
def filled(make_draft: Callable[..., Any]) -> Callable[..., dict[str, str]]:
    """The form as a clerk sends it, for a place and a category that are there."""

    def fill(**changes: str) -> dict[str, str]:
        draft = make_draft()
        fields = {
            "client_id": str(uuid.uuid4()),
            "action": "save",
            "spot": f"{draft.position.x},{draft.position.y}",
            "category": draft.category,
            "description": "Anrufer sagt: tiefes Loch vor der Schule",
            "via": "phone",
            "name": "Erna Vogel",
            "postal_address": "Lindenweg 4, 64625 Bensheim",
        }
        return fields | changes

    return fill


def test_what_a_caller_says_becomes_a_report_with_number_and_receipt(
    clerk: Any, filled: Any, caseworker: User
) -> None:
    client = clerk(caseworker)

    answer = client.post(PAGE, filled())

    report = Report.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"{PAGE}/{report.code}")
    assert report.source == "staff"
    assert report.contact.postal_address == "Lindenweg 4\n64625 Bensheim"
    note = report.events.get(kind=EventKind.TAKEN_IN)
    assert (note.actor, note.visibility) == (caseworker, Visibility.INTERNAL)
    assert note.facts == {"via": "phone"}
    assert report.shown_code in client.get(answer["Location"]).content.decode()
    paper = client.get(f"{answer['Location']}/beleg.pdf")
    assert "mit der Post" in PdfReader(BytesIO(paper.content)).pages[0].extract_text()
    assert "Am Telefon angenommen" in client.get(f"/amt/meldung/{report.code}").content.decode()


def test_a_clerk_of_another_department_takes_it_in_but_has_it_not_on_the_desk(
    clerk: Any,
    filled: Any,
    caseworker: User,
    town: Municipality,
    make_department: Callable[..., Department],
    make_user: Callable[..., User],
) -> None:
    other = make_user("buero", make_department("Bürgerbüro", serves=[town]), Role.CASEWORKER)
    client = clerk(other)

    answer = client.post(PAGE, filled())

    report = Report.objects.get()
    assert report.department.name == "Tiefbauamt"
    assert report.shown_code in client.get(answer["Location"]).content.decode()
    assert client.get(f"/amt/meldung/{report.code}").status_code == 404
    assert clerk(caseworker).get(answer["Location"]).status_code == 404


@pytest.mark.parametrize("role", [Role.READ_ONLY, Role.FUNDBUERO, Role.FIELD_CREW])
def test_who_does_not_write_to_residents_takes_nothing_in(
    clerk: Any, filled: Any, town: Municipality, make_user: Callable[..., User], role: Role
) -> None:
    client = clerk(make_user("leser", town.fallback_department, role))

    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, filled()).status_code == 403
    assert not Report.objects.exists()


def test_nobody_is_asked_to_sign_in(filled: Any) -> None:
    assert Client().get(PAGE)["Location"].startswith("/amt/anmelden")
    Client().post(PAGE, filled())
    assert not Report.objects.exists()


def test_sent_twice_it_is_one_report_and_changed_it_asks(
    clerk: Any, filled: Any, dispatcher: User
) -> None:
    client, fields = clerk(dispatcher), filled()

    first, second = client.post(PAGE, fields), client.post(PAGE, fields)

    assert first["Location"] == second["Location"]
    assert Event.objects.filter(kind=EventKind.TAKEN_IN).count() == 1
    changed = client.post(PAGE, fields | {"description": "Doch etwas ganz anderes"})
    assert changed.status_code == 409
    assert "Doch etwas ganz anderes" in changed.content.decode()
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"spot": ""},
        {"spot": "9,1e400"},
        {"category": "gibt-es-nicht"},
        {"via": "taube"},
        {"email": "kein"},
        {"postal_address": "nur Straße"},
        {"client_id": "x"},
        {"description": "kurz"},
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    clerk: Any, filled: Any, dispatcher: User, wrong: dict[str, str]
) -> None:
    answer = clerk(dispatcher).post(PAGE, filled(**wrong))

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Erna Vogel" in text
    assert 'class="error' in text or "error-summary" in text
    assert not Report.objects.exists()
    assert not Contact.objects.exists()


def test_the_page_asks_little_of_the_database(clerk: Any, filled: Any, dispatcher: User) -> None:
    client, fields = clerk(dispatcher), filled()
    client.post(PAGE, fields | {"action": "look"})

    with CaptureQueriesContext(
        connection,
    ) as looking:
        client.post(PAGE, fields | {"action": "look"})
    with CaptureQueriesContext(connection) as saving:
        client.post(PAGE, fields)

    assert len(looking) <= 14, [each["sql"][:90] for each in looking]
    assert len(saving) <= 30, [each["sql"][:90] for each in saving]


def test_what_is_known_already_gets_one_more_voice_and_no_second_report(
    clerk: Any, filled: Any, dispatcher: User, make_report: Callable[..., Report]
) -> None:
    known, client = make_report(), clerk(dispatcher)
    Report.objects.filter(pk=known.pk).update(is_public=True)
    fields = filled()
    assert "Schon bekannt?" in client.post(PAGE, fields | {"action": "look"}).content.decode()

    for _ in range(2):
        client.post(PAGE, fields | {"same": known.code})

    assert known.supporters.count() == 1
    assert Report.objects.count() == 1


def test_without_a_script_an_address_with_several_hits_is_asked_once_more(
    clerk: Any, filled: Any, dispatcher: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    spot = filled()["spot"]
    hits = [Hit(spot, "Lindenweg", "Auerbach"), Hit("8.7,49.6", "Lindenweg", "Fehlheim")]
    monkeypatch.setattr(TakingInSheet, "hits", hits)
    client, fields = clerk(dispatcher), filled(place="Lindenweg", spot="")

    asked = client.post(PAGE, fields)
    taken = client.post(PAGE, fields | {"place_before": "Lindenweg", "spot": spot})

    assert asked.status_code == 422
    assert "Welcher ist es?" in asked.content.decode()
    assert taken.status_code == 303


def test_a_house_number_that_the_directory_lacks_is_said_and_kept(
    clerk: Any, filled: Any, caseworker: User, town: Municipality
) -> None:
    spot = filled()["spot"]
    street = {"area_key": town.key, "area_name": town.name, "source": "test"}
    street["search_text"] = search_text("Lindenweg", locality="", area_name=town.name)
    longitude, latitude = map(float, spot.split(","))
    Place.objects.create(
        kind=PlaceKind.STREET,
        name="Lindenweg",
        position=Point(longitude, latitude, srid=4326),
        **street,
    )
    client = clerk(caseworker)
    typed = filled(place="Lindenweg 5a, Bensheim", spot="")

    looked = client.post(PAGE, typed | {"action": "look"}).content.decode()
    done = client.post(PAGE, typed)

    assert "Hausnummer 5a steht nicht im Verzeichnis" in looked
    report = Report.objects.get()
    assert (report.street, report.house_number) == ("Lindenweg", "5a")
    paper = client.get(f"{done['Location']}/beleg.pdf")
    assert "Lindenweg 5a" in PdfReader(BytesIO(paper.content)).pages[0].extract_text()


def test_photos_are_kept_on_a_complaint_and_wait_for_their_release(
    clerk: Any, filled: Any, caseworker: User
) -> None:
    client, fields = clerk(caseworker), filled(description="", via="")
    files = [_photo("red"), SimpleUploadedFile("brief.jpg", b"no picture", "image/jpeg")]

    refused = client.post(PAGE, fields | {"photo": files})
    kept = refused.context["form"].photo_ids

    assert refused.status_code == 422
    assert "brief.jpg" in refused.content.decode()
    assert len(kept) == 1
    assert str(kept[0]) in refused.content.decode()
    assert client.post(PAGE, fields | {"via": "mail", "photos": kept}).status_code == 303
    (photo,) = Report.objects.get().photos.all()
    assert (photo.image_id, photo.is_released) == (kept[0], False)


def _photo(colour: str) -> SimpleUploadedFile:
    file = BytesIO()
    Picture.new("RGB", (64, 48), colour).save(file, "JPEG")
    return SimpleUploadedFile(f"{colour}.jpg", file.getvalue(), "image/jpeg")
