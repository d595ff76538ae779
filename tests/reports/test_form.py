"""`/melden` as it works everywhere: one plain form, no script, no cookie."""

from __future__ import annotations

import html
import io
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image as Picture

from geo.models import Place, PlaceKind
from reports.models import Category, Contact, Offer, Photo, Report
from tests.townhall import pictures
from townhall.models import Municipality

SPOT = "8.620600,49.681100"
WORDS = "Tiefes Loch vor der Bäckerei, gut 10 cm."


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def fill(client: Client, pothole: Category) -> Callable[..., Any]:
    """Press a button of the form; a complete report unless `changes` say otherwise."""
    client_id = str(uuid.uuid4())

    def press(action: str = "send", **changes: Any) -> Any:
        fields = {
            "client_id": client_id,
            "spot": SPOT,
            "category": pothole.code,
            "description": WORDS,
            "action": action,
        }
        fields |= changes
        return shown(client, {key: value for key, value in fields.items() if value is not None})

    return press


def shown(client: Client, fields: dict[str, Any]) -> Any:
    """What a browser shows after a press: it goes on to the step that the answer leads to."""
    response = client.post("/melden", fields)
    goal = response.headers.get("Location", "/danke")
    return response if goal.endswith("/danke") else client.get(goal)


def photo(colour: str = "red", name: str = "loch.jpg") -> SimpleUploadedFile:
    file = io.BytesIO()
    Picture.new("RGB", (80, 60), colour).save(file, "JPEG")
    return SimpleUploadedFile(name, file.getvalue(), "image/jpeg")


def text_of(response: Any) -> str:
    """The page as one reads it."""
    words = re.sub(
        r"<(script|style|template|svg).*?</\1>", " ", response.content.decode(), flags=re.DOTALL
    )
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", words)).split())


def value_of(response: Any, name: str) -> list[str]:
    """Values of the inputs called `name`."""
    page = response.content.decode()
    return [
        html.unescape(found[1])
        for tag in re.findall(r"<input[^>]*>", page)
        if f'name="{name}"' in tag and (found := re.search(r'value="([^"]*)"', tag))
    ]


# ── Opening it ───────────────────────────────────────────────────────────────────────────────
def test_the_empty_form_says_first_whom_to_call(client: Client, pothole: Category) -> None:
    response = client.get("/melden")
    words = text_of(response)
    assert response.status_code == 200
    assert "110" in words and "112" in words
    assert words.index("112") < words.index("Adresse oder Ort")


def test_no_cookie_is_set_on_the_way_to_a_report(client: Client, fill: Callable[..., Any]) -> None:
    client.get("/melden")
    fill("preview")
    fill("send", description="kurz")
    response = fill()
    client.get(response["Location"])
    assert not client.cookies


def test_each_opened_form_carries_an_id_of_its_own(client: Client, pothole: Category) -> None:
    first, second = (value_of(client.get("/melden"), "client_id")[0] for _ in range(2))
    assert uuid.UUID(first) != uuid.UUID(second)


def test_a_link_may_bring_the_place_along(client: Client, pothole: Category) -> None:
    response = client.get("/melden", {"lat": "49.6811", "lon": "8.6206"})
    assert value_of(response, "spot") == [SPOT]
    assert "Bensheim" in text_of(response)


@pytest.mark.parametrize(
    "query", ["lat=x&lon=y", "lat=99&lon=8", "lat=nan&lon=8", "lat=1e999&lon=8"]
)
def test_nonsense_in_the_link_opens_the_empty_form(
    client: Client, pothole: Category, query: str
) -> None:
    response = client.get(f"/melden?{query}")
    assert response.status_code == 200
    assert value_of(response, "spot") == []


# ── The whole way ────────────────────────────────────────────────────────────────────────────
def test_a_report_is_taken_in_and_the_answer_leads_to_the_thanks(
    client: Client, fill: Callable[..., Any]
) -> None:
    response = fill()
    report = Report.objects.get()
    assert response.status_code == 303
    assert report.description == WORDS
    thanks = client.get(response["Location"])
    assert report.shown_code in text_of(thanks)
    assert "Danke" in text_of(thanks)


def test_a_report_can_be_made_button_by_button_without_a_script(
    client: Client, town: Municipality, make_category: Callable[..., Category], make_offer: Any
) -> None:
    lamp = make_category(
        "Laterne",
        questions=[
            {
                "code": "dunkel",
                "kind": "yes_no",
                "text": "Ist es dort ganz dunkel?",
                "is_required": True,
            }
        ],
    )
    make_offer(town, lamp)
    Place.objects.create(
        kind=PlaceKind.STREET,
        name="Lindenweg",
        area_key=town.key,
        area_name=town.name,
        position=Point(8.6206, 49.6811),
        source="test",
        search_text="lindenweg bensheim",
    )
    start = client.get("/melden")
    kept: dict[str, Any] = {"client_id": value_of(start, "client_id")[0]}

    found = shown(client, kept | {"action": "find-place", "place": "Lindenweg"})
    assert "Lindenweg" in text_of(found)
    kept["spot"] = value_of(found, "spot")[0]

    with_photo = shown(client, kept | {"action": "add-photo", "photo": photo()})
    assert "Foto 1 hochgeladen" in text_of(with_photo)
    kept["photos"] = value_of(with_photo, "photos")
    assert value_of(with_photo, "spot") == [kept["spot"]]

    kept["category"] = "laterne"
    asked = shown(client, kept | {"action": "choose-category"})
    assert "Ist es dort ganz dunkel?" in text_of(asked)
    kept["answer.laterne.dunkel"] = "yes"

    preview = shown(client, kept | {"action": "preview"})
    assert "Laterne, Lindenweg" in text_of(preview)
    assert "Geht an: Bürgerbüro Bensheim" in text_of(preview)
    assert "Üblich: 5 Arbeitstage, keine Zusage" in text_of(preview)

    sent = shown(client, kept | {"action": "send"})
    assert sent.status_code == 303
    report = Report.objects.get()
    assert report.answers == {"dunkel": "yes"}
    assert report.photos.count() == 1


def test_pressing_send_twice_makes_one_report(fill: Callable[..., Any]) -> None:
    first, second = fill(), fill()
    assert second.status_code == 303
    assert first["Location"] == second["Location"]
    assert Report.objects.count() == 1


def test_a_photo_inside_the_form_sent_twice_makes_one_report(fill: Callable[..., Any]) -> None:
    first, second = fill(photo=photo()), fill(photo=photo())
    assert first["Location"] == second["Location"]
    assert Photo.objects.count() == 1


def test_changing_a_sent_report_and_sending_it_again_asks_first(fill: Callable[..., Any]) -> None:
    fill()
    again = fill(description="Noch ein Loch, etwas weiter oben.")
    assert again.status_code == 409
    assert "schon gesendet" in text_of(again)
    assert Report.objects.count() == 1
    once_more = fill(
        description="Noch ein Loch, etwas weiter oben.", client_id=value_of(again, "client_id")[0]
    )
    assert once_more.status_code == 303
    assert Report.objects.count() == 2


def test_an_erased_report_does_not_come_back(fill: Callable[..., Any]) -> None:
    fill()
    Report.objects.get().delete()
    assert fill().status_code == 410
    assert not Report.objects.exists()


def test_enter_in_the_address_field_looks_for_the_address(
    client: Client, fill: Callable[..., Any]
) -> None:
    response = fill("go-on", place="Nirgendwo", spot=None)
    assert "nichts gefunden" in text_of(response)
    assert not Report.objects.exists()


def test_coordinates_are_an_address_too(fill: Callable[..., Any]) -> None:
    response = fill("find-place", place="49,6811 8,6206", spot=None)
    assert value_of(response, "spot") == [SPOT]


# ── Photos ───────────────────────────────────────────────────────────────────────────────────
def test_a_refused_photo_leaves_the_rest_of_the_form_alive(fill: Callable[..., Any]) -> None:
    bad = SimpleUploadedFile("brief.pdf", b"%PDF-1.4 nichts", "application/pdf")
    response = fill("send", photo=[photo(), bad], name="Jörg")
    words = text_of(response)
    assert response.status_code == 422
    assert "brief.pdf" in words
    assert "Fehler:" in words
    assert len(value_of(response, "photos")) == 1
    assert WORDS in words
    assert value_of(response, "name") == ["Jörg"]
    assert not Report.objects.exists()


def test_a_photo_can_be_taken_out_again(fill: Callable[..., Any]) -> None:
    ids = value_of(fill("add-photo", photo=photo()), "photos")
    response = fill("", photos=ids, remove=ids[0])
    assert value_of(response, "photos") == []


def test_a_photo_makes_words_optional(fill: Callable[..., Any]) -> None:
    assert fill(photo=photo(), description="").status_code == 303


def test_the_sixth_photo_is_left_out_in_a_sentence(fill: Callable[..., Any]) -> None:
    colours = ["red", "green", "blue", "black", "white", "grey"]
    response = fill("add-photo", photo=[photo(colour) for colour in colours])
    assert response.status_code == 422
    assert "höchstens fünf" in text_of(response)
    assert len(value_of(response, "photos")) == 5


def taken_in_bensheim() -> SimpleUploadedFile:
    """With the place where it was taken, and much else that nobody keeps."""
    return SimpleUploadedFile("ort.jpg", pictures.telling("JPEG"), content_type="image/jpeg")


def test_the_place_of_a_photo_is_offered_while_there_is_none(
    client: Client, fill: Callable[..., Any]
) -> None:
    offering = fill("add-photo", photo=taken_in_bensheim(), spot="")
    assert "Diesen Ort übernehmen?" in text_of(offering)
    assert value_of(offering, "spot") == []
    (kept,) = value_of(offering, "photo_spot")
    again = fill("preview", spot="", photo_spot=kept)
    assert "Diesen Ort übernehmen?" in text_of(again)
    taken = fill("", spot=kept, photo_spot=kept)
    assert value_of(taken, "spot") == [kept] == ["8.620556,49.681111"]
    assert "Diesen Ort übernehmen?" not in text_of(taken)


def test_a_place_that_was_chosen_is_left_alone(fill: Callable[..., Any]) -> None:
    response = fill("add-photo", photo=taken_in_bensheim())
    assert "Diesen Ort übernehmen?" not in text_of(response)
    assert value_of(response, "photo_spot") == []


def test_a_report_goes_where_the_resident_says_not_where_the_photo_was(
    fill: Callable[..., Any],
) -> None:
    fill(photo=taken_in_bensheim())
    report = Report.objects.get()
    assert (report.position.x, report.position.y) != (8.620556, 49.681111)


@pytest.mark.parametrize(
    "spot", ["", "nan,nan", "0,0", "9.99,51.0", "999,999", "49.681111,8.620556", "x"]
)
def test_a_place_of_a_photo_that_makes_no_sense_is_not_offered(
    fill: Callable[..., Any], spot: str
) -> None:
    response = fill("preview", spot="", photo_spot=spot)
    assert response.status_code == 200
    assert "Diesen Ort übernehmen?" not in text_of(response)


def test_an_unknown_photo_is_named_and_forgotten(fill: Callable[..., Any]) -> None:
    response = fill(photos=[str(uuid.uuid4())])
    assert response.status_code == 422
    assert "nicht angekommen" in text_of(response)
    assert value_of(response, "photos") == []
    assert fill().status_code == 303


# ── What is missing or wrong ─────────────────────────────────────────────────────────────────
def test_an_empty_form_is_told_everything_at_once(client: Client, pothole: Category) -> None:
    response = client.post("/melden", {"action": "send"})
    words = text_of(response)
    assert response.status_code == 422
    assert response.content.decode().count("<title>Fehler: ") == 1
    assert "Es gibt ein Problem" in words
    for sentence in ("Geben Sie eine Adresse ein", "Wählen Sie aus, was", "mindestens 10 Zeichen"):
        assert sentence in words
    for anchor in ("#place", "#category", "#description"):
        assert f'href="{anchor}"' in response.content.decode()
        assert f'id="{anchor[1:]}"' in response.content.decode()


def test_a_question_that_must_be_answered_is_shown_with_its_complaint(
    fill: Callable[..., Any], pothole: Category
) -> None:
    pothole.questions.create(
        code="tief",
        kind="choice",
        text="Wie tief?",
        is_required=True,
        options=[{"key": "mehr", "name": "Mehr als 10 cm"}],
    )
    response = fill()
    assert response.status_code == 422
    assert 'href="#answer-tief"' in response.content.decode()
    assert "Mehr als 10 cm" in text_of(response)
    assert fill(**{"answer.schlagloch.tief": "mehr"}).status_code == 303


def test_answers_to_another_categorys_questions_do_no_harm(fill: Callable[..., Any]) -> None:
    assert fill(**{"answer.laterne.dunkel": "yes"}).status_code == 303
    assert Report.objects.get().answers == {}


def test_too_long_a_text_is_kept_and_counted(fill: Callable[..., Any]) -> None:
    response = fill(description="ä" * 1007)
    assert response.status_code == 422
    assert "um 7 Zeichen" in text_of(response)
    assert "ä" * 1007 in text_of(response)


def test_line_breaks_count_once_and_stay(fill: Callable[..., Any]) -> None:
    assert fill(description="a\r\n" * 500).status_code == 303
    assert Report.objects.get().description.count("\n") == 499


@pytest.mark.parametrize(
    "words",
    [
        "Loch 🕳️ vor dem Haus 🏠",
        "<script>alert(1)</script> & <b>fett</b>",
        "Zeile 1\r\nZeile 2\r\n\r\nZeile 4",
    ],
)
def test_whatever_people_write_comes_back_as_they_wrote_it(
    client: Client, fill: Callable[..., Any], words: str
) -> None:
    response = fill("preview", description=words)
    assert html.escape(
        words.replace("\r\n", "\r\n"), quote=True
    ) in response.content.decode().replace("&#x27;", "&#x27;")
    sent = fill(description=words)
    own = client.get(sent["Location"].removesuffix("/danke")).content.decode()
    assert "<script>alert" not in own
    assert Report.objects.get().description == words.replace("\r\n", "\n")


def test_names_keep_their_letters(fill: Callable[..., Any]) -> None:
    fill(name="Seán O’Brien-Groß d'Ávila", email="sean@beispiel.de", phone="06251 / 12-34")
    assert Contact.objects.get().name == "Seán O’Brien-Groß d'Ávila"


@pytest.mark.parametrize(("source", "is_told"), [("demo", True), ("ags", False)])
def test_made_up_addresses_are_called_demo_addresses(
    fill: Callable[..., Any], town: Municipality, source: str, is_told: bool
) -> None:
    Place.objects.create(
        kind=PlaceKind.STREET,
        name="Lindenweg",
        area_key=town.key,
        area_name=town.name,
        position=Point(8.6206, 49.6811),
        source=source,
        search_text="lindenweg bensheim",
    )
    found = text_of(fill("find-place", place="Lindenweg", spot=None))
    assert "Lindenweg" in found
    assert ("Demo-Adressen" in found) is is_told


def test_a_phone_number_alone_will_do(client: Client, fill: Callable[..., Any]) -> None:
    response = fill(phone="06251 12345")
    assert response.status_code == 303
    assert Contact.objects.get().phone == "06251 12345"
    thanks = text_of(client.get(response["Location"]))
    assert "per E-Mail" not in thanks
    assert "So kommen Sie zurück" in thanks
    assert "12345" not in text_of(client.get(response["Location"].removesuffix("/danke")))


def test_a_wrong_address_is_explained_by_example(fill: Callable[..., Any]) -> None:
    response = fill(email="jörg at web")
    assert response.status_code == 422
    assert "name@example.org" in text_of(response)
    assert value_of(response, "email") == ["jörg at web"]


def test_a_category_that_closed_meanwhile_is_said_and_the_rest_kept(
    fill: Callable[..., Any], pothole: Category
) -> None:
    Offer.objects.update(is_active=False)
    response = fill()
    assert response.status_code == 422
    assert "Bensheim" in text_of(response)
    assert 'href="#category"' in response.content.decode()
    assert WORDS in text_of(response)


def test_outside_the_area_nothing_is_taken_in_but_the_way_is_shown(
    fill: Callable[..., Any],
) -> None:
    response = fill(spot="9.500000,50.500000")
    assert response.status_code == 422
    assert "115" in text_of(response)
    assert not Report.objects.exists()


def test_an_area_that_nobody_serves_is_called_by_its_name(
    fill: Callable[..., Any], make_municipality: Callable[..., Municipality]
) -> None:
    make_municipality("Michelbuch", key="06431200", centre=(8.9, 49.4)).delete()
    response = fill("preview", spot="8.900000,49.400000")
    assert "Michelbuch" in text_of(response)


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "kaputt"},
        {"spot": "1,2,3"},
        {"spot": "inf,nan"},
        {"category": "gibt es nicht"},
        {"category": "x" * 500},
        {"photos": "kein-uuid"},
        {"accuracy": "-5"},
        {"place": "x" * 5000},
        {"description": "Null\x00zeichen im Text, das ist nicht gut"},
    ],
)
def test_nonsense_is_answered_with_the_form(fill: Callable[..., Any], changes: Any) -> None:
    for action in ("send", "preview", "find-place", "choose-category", "unbekannt"):
        assert fill(action, **changes).status_code in {200, 303, 422}


def test_whoever_is_sent_here_by_another_site_is_refused(client: Client, pothole: Category) -> None:
    fields = {
        "client_id": str(uuid.uuid4()),
        "spot": SPOT,
        "category": pothole.code,
        "description": WORDS,
        "action": "send",
    }
    response = client.post("/melden", fields, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403
    assert not Report.objects.exists()
    assert (
        client.post("/melden", fields, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303
    )


def test_no_token_is_asked_for_because_there_is_no_session(pothole: Category) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/melden", {"action": "preview"})
    assert strict.get(response["Location"]).status_code == 200


# ── What a script asks for ───────────────────────────────────────────────────────────────────
def test_a_script_gets_the_parts_it_names_and_nothing_else(
    client: Client, pothole: Category
) -> None:
    response = client.post(
        "/melden?teil=preview,place,nonsense", {"action": "preview", "spot": SPOT}
    )
    page = response.content.decode()
    assert 'id="part-preview"' in page and 'id="part-place"' in page
    assert "<html" not in page


def test_a_script_learns_where_the_thanks_are(client: Client, pothole: Category) -> None:
    fields = {
        "client_id": str(uuid.uuid4()),
        "spot": SPOT,
        "category": pothole.code,
        "description": WORDS,
        "action": "send",
    }
    response = client.post("/melden?teil=errors", fields)
    assert response.status_code == 201
    assert response["Location"].endswith("/danke")


def test_a_step_is_checked_by_itself(client: Client, pothole: Category) -> None:
    response = client.post("/melden?teil=errors", {"action": "next", "step": "ort"})
    assert response.status_code == 422
    assert "Geben Sie eine Adresse ein" in text_of(response)
    assert "Wählen Sie" not in text_of(response)
    fine = client.post("/melden?teil=errors", {"action": "next", "step": "ort", "spot": SPOT})
    assert fine.status_code == 200


def test_a_hazard_shows_the_number_to_call_before_and_after(
    client: Client, fill: Callable[..., Any], pothole: Category
) -> None:
    Category.objects.filter(pk=pothole.pk).update(is_hazard=True)
    assert "06251 23125 99" in text_of(fill("choose-category"))
    thanks = client.get(fill()["Location"])
    assert "Rufen Sie bitte auch an" in text_of(thanks)
    assert "06251 23125 99" in text_of(thanks)
