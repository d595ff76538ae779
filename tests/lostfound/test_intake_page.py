"""The counter's pages: the form without a script, a thing's page, its papers, the scan."""

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
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from lostfound import law
from lostfound.models import Event, FindPlace, FoundItem, Office, StoragePlace
from lostfound.receiving.forms import IntakeForm
from tests.conftest import PASSWORD
from tests.townhall.pictures import corners, encoded
from townhall.models import Municipality, User

pytestmark = pytest.mark.django_db
INTAKE = "/amt/fund/annahme"


@pytest.fixture
def counter(client: Client, clerk: User) -> Client:
    client.force_login(clerk)
    return client


def fields(**changes: Any) -> dict[str, Any]:
    """A complete form of an umbrella."""
    today = timezone.localdate().isoformat()
    return {
        "client_id": str(uuid.uuid4()),
        "kind": "umbrella",
        "colour": "red",
        "where": "kind:street",
        "place": "Marktplatz",
        "found_on": today,
        "notice_on": today,
        "circumstance": "lost",
        "value": "small",
        "finder": "anonymous",
        "kept": "delivered",
        "mark_damage": "Griff gesprungen",
        "source": "counter",
        "publish": "on",
        "action": "save",
        **changes,
    }


def page(answer: Any) -> str:
    return str(answer.content.decode())


# ── The form ─────────────────────────────────────────────────────────────────────────────────
def test_a_plain_form_takes_a_thing_in(counter: Client, office: Office) -> None:
    answer = counter.post(INTAKE, fields())
    item = FoundItem.objects.get()
    assert (answer.status_code, answer["Location"]) == (
        303,
        f"/amt/fund/sache/{item.code}?neu",
    )
    assert (item.office, item.title) == (office, "Regenschirm, rot")
    again = counter.get(answer["Location"])
    assert f"Angenommen als {item.file_number}" in page(again)


def test_every_field_that_is_read_stands_in_the_form(counter: Client) -> None:
    """What a page leaves out would be forgotten by the next press of a button."""
    first = fields(finder="named", is_minor="on", spot="8.6206,49.6811", action="look")
    text = page(counter.post(INTAKE, first))
    text += page(counter.post(INTAKE, fields(finder="named", consent="conditional", action="look")))
    text += page(counter.post(INTAKE, fields(finder="named", where="", action="look")))
    elsewhere = {"despite", "version", "is_staff_of_place", "marks", "parts"}
    for name in set(IntakeForm.base_fields) - elsewhere:
        assert f'name="{name}"' in text, name


def test_one_after_the_other_and_each_label_is_at_hand(counter: Client) -> None:
    answer = counter.post(INTAKE, fields(action="save-next"))
    item = FoundItem.objects.get()
    text = page(counter.get(answer["Location"]))
    assert f"Angenommen: {item.file_number}" in text
    assert url(item, "label") in text
    assert 'id="id_kind"' in text


def test_sent_twice_it_is_one_thing_and_changed_it_asks(counter: Client) -> None:
    once = fields()
    first = counter.post(INTAKE, once)
    assert counter.post(INTAKE, once)["Location"] == first["Location"]
    changed = counter.post(INTAKE, {**once, "colour": "blue"})
    assert changed.status_code == 409
    assert "Aus diesem Formular ist schon" in page(changed)
    assert FoundItem.objects.count() == 1


def test_errors_name_their_fields_and_nothing_typed_is_lost(counter: Client) -> None:
    given = fields(value="estimate", amount="zwölf", place="", mark_damage="Beule links")
    given["question_text"], given["question_answer"] = "Wie ist der Griff?", "Holz"
    answer = counter.post(INTAKE, given)
    text = page(answer)
    assert answer.status_code == 422
    assert '<a href="#id_amount">' in text
    assert '<a href="#id_place">' in text
    assert "<title>Fehler: " in text
    for typed in ("zwölf", "Beule links", "Wie ist der Griff?", "Holz", given["client_id"]):
        assert typed in text
    assert not FoundItem.objects.exists()


def test_a_comma_counts_and_the_limit_of_the_law_is_told(counter: Client) -> None:
    text = page(counter.post(INTAKE, fields(value="estimate", amount="10,50", action="look")))
    assert "Nahe an 10,00" in text
    assert "§ 965" in text
    counter.post(INTAKE, fields(value="estimate", amount="10,01"))
    assert FoundItem.objects.get().value_cents == 1001


def test_the_kind_brings_its_marks_questions_and_stop(counter: Client) -> None:
    phone = page(counter.post(INTAKE, fields(kind="phone", action="look")))
    assert 'name="mark_imei"' in phone
    assert "letzten vier Ziffern der IMEI" in phone
    weapon = page(counter.post(INTAKE, fields(kind="weapon", action="save")))
    assert "rufen Sie die Polizei" in weapon
    assert "110" in weapon
    paper = page(counter.post(INTAKE, fields(kind="identity_paper", action="look")))
    assert "Kein Foto von Ausweisen" in paper
    assert not FoundItem.objects.exists()


def test_a_mark_is_offered_as_the_answer_to_its_question(counter: Client) -> None:
    lining = "Wie sieht das Futter aus?"
    typed = fields(kind="jacket", mark_inside="kariert", action="look")
    offered = page(counter.post("/amt/fund/annahme", typed))
    assert offered.count('value="kariert"') == 2
    assert f'name="answer_offered" value="{lining}"' in offered
    no = {"question_text": [lining], "question_answer": [""], "answer_offered": [lining]}
    assert page(counter.post("/amt/fund/annahme", typed | no)).count('value="kariert"') == 1
    saved = counter.post("/amt/fund/annahme", typed | {"action": "save"})
    assert saved.status_code == 303
    item = FoundItem.objects.get()
    assert item.questions.get(text=lining).answer == "kariert"
    item.questions.update(answer="")
    shown = page(counter.get(url(item)))
    assert "keine Antwort hinterlegt" in shown
    assert 'value="kariert"' in shown  # offered in the form there, too


def test_the_place_decides_which_rights_are_asked(counter: Client, town: Municipality) -> None:
    bus = FindPlace.objects.create(municipality=town, name="Bus 675", kind="bus")
    street = page(counter.post(INTAKE, fields(finder="named", action="look")))
    for right in ("reward", "expenses", "ownership"):
        assert f'name="claims_{right}"' in street
    in_bus = page(counter.post(INTAKE, fields(finder="named", where=str(bus.pk), action="look")))
    assert 'name="claims_reward"' in in_bus
    assert 'name="claims_ownership"' not in in_bus
    assert "Bus 675" in in_bus
    assert "Ich verzichte auf Finderlohn" in page(counter.post(INTAKE, fields(action="look")))


def test_what_is_not_asked_at_the_moment_goes_along(counter: Client) -> None:
    """A wrong click on „bleibt anonym“ costs nobody an address."""
    given = fields(finder="anonymous", finder_name="Eva Muster", action="look")
    assert '<input type="hidden" name="finder_name" value="Eva Muster">' in page(
        counter.post(INTAKE, given)
    )
    counter.post(INTAKE, {**given, "action": "save"})
    assert not hasattr(FoundItem.objects.get(), "finder")


def test_a_photo_is_kept_with_the_form_and_private(
    counter: Client, stranger: User, client: Client
) -> None:
    upload = SimpleUploadedFile("a.png", encoded(corners(), "PNG"), "image/png")
    broken = SimpleUploadedFile("b.png", b"kein Bild", "image/png")
    looked = counter.post(INTAKE, fields(action="look", photo=[upload, broken]))
    (image_id,) = re.findall(r'name="photos" value="([^"]+)"', page(looked))
    assert "b.png" in page(looked)
    counter.post(INTAKE, fields(photos=image_id))
    photo = FoundItem.objects.get().photos.get()
    assert str(photo.image_id) == image_id
    url = reverse("fund-photo", args=[image_id, "thumb"])
    answer = counter.get(url)
    assert answer.getvalue()  # to its end, which closes the file
    client.force_login(stranger)
    assert client.get(url).status_code == 404


def test_the_same_number_twice_is_told_before_it_is_taken_in(counter: Client) -> None:
    phone = {"kind": "phone", "mark_imei": "490154203237518", "mark_damage": ""}
    counter.post(INTAKE, fields(**phone))
    warned = counter.post(INTAKE, fields(**phone))
    assert warned.status_code == 422
    assert "gleiche Nummer" in page(warned)
    assert counter.post(INTAKE, fields(**phone, despite="on")).status_code == 303


def test_a_form_outlives_the_session(client: Client, clerk: User, office: Office) -> None:
    given = fields(place="Unter der Linde")
    refused = client.post(INTAKE, given)
    assert refused.status_code == 403
    (draft,) = re.findall(r'name="draft" value="([^"]+)"', page(refused))
    signed_in = client.post(
        reverse("sign-in"),
        {"username": clerk.username, "password": PASSWORD, "draft": draft, "next": INTAKE},
    )
    text = page(client.get(signed_in["Location"]))
    assert "Unter der Linde" in text
    assert "noch nicht gespeichert" in text


def test_the_form_costs_alike_however_much_there_is(
    counter: Client, town: Municipality, make_item: Callable[..., FoundItem]
) -> None:
    counter.get(INTAKE)
    with CaptureQueriesContext(connection) as few:
        counter.get(INTAKE)
    for number in range(8):
        FindPlace.objects.create(municipality=town, name=f"Bus {number}", kind="bus")
        make_item()
    with CaptureQueriesContext(connection) as many:
        counter.get(INTAKE)
    assert len(many) <= len(few) <= 8


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "x"},
        {"where": "kind:moon"},
        {"where": "99999999999999999999"},
        {"spot": "nan,nan"},
        {"part_kind": ["cash", "moon"], "part_amount": ["1e9", "\x00"]},
        {"amount": "9" * 40},
        {"found_on": "0000-00-00"},
        {"photos": ["x", str(uuid.uuid4())]},
        {"kind": ""},
    ],
)
def test_nonsense_is_no_failure_of_ours(counter: Client, changes: dict[str, Any]) -> None:
    for action in ("look", "save"):
        assert counter.post(INTAKE, fields(action=action, **changes)).status_code < 500


# ── A thing's page ───────────────────────────────────────────────────────────────────────────
@pytest.fixture
def umbrella(counter: Client) -> FoundItem:
    counter.post(INTAKE, fields())
    return FoundItem.objects.get()


def url(item: FoundItem, name: str = "item") -> str:
    return reverse(f"fund-{name}", args=[item.code])


def test_another_office_and_nobody_see_nothing(
    client: Client, umbrella: FoundItem, stranger: User, dispatcher: User
) -> None:
    doors = [url(umbrella, each) for each in ("item", "change", "label", "certificate")]
    for user, status in ((stranger, 404), (dispatcher, 403)):
        client.force_login(user)
        assert {client.get(door).status_code for door in doors} == {status}
        for name in ("change", "parts", "marks", "photos"):
            assert client.post(url(umbrella, name)).status_code == status
    client.logout()
    assert {client.get(door).status_code for door in doors} == {302}


def test_two_people_at_once_do_not_write_over_each_other(
    counter: Client, umbrella: FoundItem
) -> None:
    seen = umbrella.version
    first = fields(colour="blue", version=str(seen))
    assert counter.post(url(umbrella, "change"), first).status_code == 303
    second = counter.post(url(umbrella, "change"), fields(brand="Knirps", version=str(seen)))
    assert second.status_code == 409
    text = page(second)
    assert "inzwischen jemand geändert" in text
    assert "Knirps" in text
    umbrella.refresh_from_db()
    assert (umbrella.colour, umbrella.brand) == ("blue", "")
    again = fields(brand="Knirps", version=str(umbrella.version))
    assert counter.post(url(umbrella, "change"), again).status_code == 303
    facts = Event.objects.filter(item=umbrella, kind="changed").values_list("facts", flat=True)
    assert {"fields": ["colour"]} in facts


def test_the_change_form_shows_what_is_known(counter: Client, umbrella: FoundItem) -> None:
    text = page(counter.get(url(umbrella, "change")))
    assert 'value="umbrella" ' in text
    assert "Marktplatz" in text
    version = str(umbrella.version)
    assert counter.post(url(umbrella, "change"), fields(version=version)).status_code == 303
    umbrella.refresh_from_db()
    assert umbrella.version == int(version)  # nothing was changed, nothing is told


def test_parts_marks_and_photos_come_later_too(counter: Client, umbrella: FoundItem) -> None:
    version = str(umbrella.version)
    parts = {"version": version, "action": "save", "part_kind": ["cash", ""]}
    parts |= {"part_text": ["lose", ""], "part_amount": ["12,50", ""]}
    assert counter.post(url(umbrella, "parts"), parts).status_code == 303
    assert counter.post(url(umbrella, "parts"), parts).status_code == 409
    part = umbrella.parts.get()
    assert (part.file_number, part.value_cents) == (f"{umbrella.file_number}/1", 1250)
    umbrella.refresh_from_db()
    bare = counter.post(url(umbrella, "marks"), {"version": str(umbrella.version)})
    assert bare.status_code == 422
    marks = {"version": str(umbrella.version), "mark_other": "Aufkleber", "question_text": "Was?"}
    assert counter.post(url(umbrella, "marks"), marks).status_code == 303
    assert [mark.text for mark in umbrella.marks.all()] == ["Aufkleber"]
    umbrella.refresh_from_db()
    upload = SimpleUploadedFile("a.png", encoded(corners(), "PNG"), "image/png")
    photo = {"version": str(umbrella.version), "photo": upload}
    assert counter.post(url(umbrella, "photos"), photo).status_code == 303
    kept = umbrella.photos.get()
    umbrella.refresh_from_db()
    gone = reverse("fund-photo-removal", args=[umbrella.code, kept.image_id])
    assert counter.post(gone, {"version": str(umbrella.version)}).status_code == 303
    assert not umbrella.photos.exists()
    law = page(counter.get(url(part, "change")))
    assert url(umbrella, "change") in law  # where the law of its parts is changed
    assert "nur dort zu ändern" in page(counter.get(url(part)))
    changed = {"kind": "cash", "amount": "13", "version": str(part.version)}
    assert counter.post(url(part, "change"), changed).status_code == 303
    part.refresh_from_db()
    assert part.value_cents == 1300


def test_a_thing_costs_alike_however_long_its_life(counter: Client, umbrella: FoundItem) -> None:
    counter.get(url(umbrella))
    with CaptureQueriesContext(connection) as few:
        counter.get(url(umbrella))
    for brand in ("Knirps", "Doppler", "Knirps"):
        umbrella.refresh_from_db()
        counter.post(url(umbrella, "change"), fields(brand=brand, version=str(umbrella.version)))
    with CaptureQueriesContext(connection) as many:
        counter.get(url(umbrella))
    assert len(many) <= len(few)


# ── Papers ───────────────────────────────────────────────────────────────────────────────────
def text_of(answer: Any) -> str:
    assert answer["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return " ".join(" ".join(each.extract_text().split()) for each in pages)


def test_a_label_has_number_code_and_deadline_and_no_name(counter: Client) -> None:
    named = {"finder": "named", "finder_name": "Eva Muster", "waives_all": "on"}
    counter.post(INTAKE, fields(part_kind=["cash"], **named))
    item = FoundItem.objects.get(part_of=None)
    answer = counter.get(f"{url(item, 'label')}?teile")
    label = text_of(answer)
    width = PdfReader(io.BytesIO(answer.content)).pages[0].mediabox.width
    assert round(float(width) / 72 * 25.4) == 62
    due = law.last_day(item.found_on)
    for said in (item.file_number, item.shown_code, f"{due:%d.%m.%Y}", f"{item.file_number}/1"):
        assert said in label
    assert "Muster" not in label


def test_the_finders_receipt_says_rights_and_days_in_plain_words(counter: Client) -> None:
    named = {
        "finder": "named",
        "finder_name": "Eva Muster",
        "finder_address": "Weg 1, 64625 Bensheim",
        "claims_reward": "yes",
        "claims_expenses": "no",
        "claims_ownership": "yes",
        "consent": "conditional",
        "consent_condition": "Finderlohn gezahlt",
        "found_on": "2025-08-30",
        "notice_on": "2025-08-31",
        "value": "exact",
        "amount": "100",
    }
    counter.post(INTAKE, fields(**named))
    receipt = text_of(counter.get(url(FoundItem.objects.get(), "certificate")))
    assert "Eva Muster" in receipt
    assert "28. Februar 2026" in receipt
    assert "ab dem 1. März 2026 Ihnen" in receipt
    assert "5,00" in receipt
    assert "Auslagen verzichtet" in receipt
    assert "Finderlohn gezahlt" in receipt
    assert "Griff gesprungen" not in receipt


# ── The start page ───────────────────────────────────────────────────────────────────────────
def test_a_scan_leads_to_what_was_scanned(
    counter: Client, umbrella: FoundItem, make_place: Callable[..., StoragePlace]
) -> None:
    place = make_place()
    scans = {
        f"https://fund.example/amt/fund/sache/{umbrella.code}": url(umbrella),
        umbrella.shown_code.lower(): url(umbrella),
        umbrella.file_number.replace("-", " "): url(umbrella),
        place.code: reverse("fund-place", args=[place.code]),
    }
    for text, goal in scans.items():
        assert counter.get(reverse("fund-desk"), {"q": text})["Location"] == goal


def test_an_unknown_label_is_offered_for_intake(counter: Client, umbrella: FoundItem) -> None:
    text = page(counter.get(reverse("fund-desk"), {"q": "https://x.example/sache/ABCD1234"}))
    assert "Neue Annahme?" in text
    assert INTAKE in text


def test_words_find_things_of_ones_own_counters_only(
    counter: Client, client: Client, umbrella: FoundItem, stranger: User
) -> None:
    for words in ("roter Schirm", "Regenschirm Markt", umbrella.file_number[:7]):
        assert url(umbrella) in page(counter.get(reverse("fund-desk"), {"q": words}))
    client.force_login(stranger)
    assert url(umbrella) not in page(client.get(reverse("fund-desk"), {"q": "roter Schirm"}))


def test_the_start_page_counts_alike_and_gives_its_piece(
    counter: Client, make_item: Callable[..., FoundItem]
) -> None:
    counter.get(reverse("fund-desk"))
    with CaptureQueriesContext(connection) as few:
        counter.get(reverse("fund-desk"))
    for _ in range(8):
        make_item()
    with CaptureQueriesContext(connection) as many:
        piece = counter.get(reverse("fund-desk"), headers={"X-Fragment": "1"})
    assert len(many) <= len(few)
    assert "<html" not in page(piece)
    assert "heute angenommen" in page(piece)
