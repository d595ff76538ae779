"""What staff write: to everybody, to the reporter alone, to each other. And asking back."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reports.deeds import answering
from reports.deeds.work import NotAllowed, TooLate
from reports.letters import asking
from reports.letters.links import own_token
from reports.models import (
    Contact,
    Event,
    EventKind,
    Photo,
    Report,
    Snippet,
    StaffPhoto,
    Visibility,
)
from reports.workflow import IllegalMove, Status
from tests.reports.test_remark_pages import picture
from townhall import photos
from townhall.models import Letter, Role, User

pytestmark = pytest.mark.django_db

SECRET = "Nur unter uns: der Schlüssel liegt beim Nachbarn."


@pytest.fixture
def desk(dispatcher: User) -> Client:
    client = Client()
    client.force_login(dispatcher)
    return client


@pytest.fixture
def known(make_report: Callable[..., Report]) -> Report:
    """Public, and its reporter gets letters."""
    report = make_report(email="elif@example.org", name="Elif Cordes")
    Contact.objects.filter(report=report).update(confirmed_at=timezone.now())
    return report


def address(report: Report, slug: str = "antwort") -> str:
    return f"/amt/meldung/{report.code}/{slug}"


def own_page(report: Report, rest: str = "") -> str:
    return f"/r/{own_token(report)}{rest}"


def send(client: Client, report: Report, **fields: Any) -> Any:
    report.refresh_from_db()
    fields.setdefault("visibility", "internal")
    return client.post(address(report), {"version": report.version, **fields})


def seen(client: Client, path: str) -> int:
    """The status of a picture's address; its file is read to the end."""
    answer = client.get(path)
    if answer.streaming:  # a file
        b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    return answer.status_code


def letters_to(report: Report, kind: str) -> list[Letter]:
    return list(Letter.objects.filter(about=f"report:{report.code}", kind=kind))


# ── Three audiences ──────────────────────────────────────────────────────────────────────────
def test_nothing_chosen_is_for_colleagues_only(desk: Client, known: Report) -> None:
    page = desk.get(address(known, "")[:-1]).content.decode()

    assert 'value="internal" checked' in page
    assert send(desk, known, text="Bauhof fährt morgen hin.").status_code == 303
    assert known.events.filter(kind=EventKind.NOTE).exists()
    assert not letters_to(known, "answer")


def test_what_goes_to_everybody_is_asked_for_once(desk: Client, known: Report) -> None:
    words = {"visibility": "public", "text": "Wir kommen am Montag."}

    asked = send(desk, known, **words)

    assert asked.status_code == 200
    assert "Das können gleich alle lesen." in asked.content.decode()
    assert "zu Ihrer Meldung" in asked.content.decode() or "Ihre Meldung" in asked.content.decode()
    assert not known.events.filter(kind=EventKind.ANSWERED).exists()

    assert send(desk, known, **words, sicher="1").status_code == 303
    assert "Wir kommen am Montag." in Client().get(f"/meldung/{known.code}").content.decode()
    assert "Wir kommen am Montag." in letters_to(known, "answer")[0].text


def test_a_status_goes_along_in_the_same_deed(desk: Client, known: Report) -> None:
    before = known.version

    send(desk, known, visibility="reporter", text="Danke für den Tipp.", status="done")

    known.refresh_from_db()
    assert (known.status, known.version) == (Status.DONE, before + 1)
    assert [each.visibility for each in known.events.filter(version=known.version)] == [
        "public",
        "reporter",
    ]
    letter = letters_to(known, "answer")[0]
    assert "Danke für den Tipp." in letter.text
    assert "Erledigt" in letter.text
    assert not letters_to(known, "status")


def test_what_is_for_the_reporter_alone_is_nowhere_else(desk: Client, known: Report) -> None:
    image = photos.stage(uuid.uuid4(), picture()).pk
    answering.write(
        known,
        answering.Answer(SECRET, Visibility.REPORTER, photo_ids=(image,)),
        by=User.objects.get(username="disposition"),
    )
    answering.ask(known, f"Frage: {SECRET}", by=User.objects.get(username="disposition"))
    everybody = Client()

    doors = [
        f"/meldung/{known.code}",
        f"/meldung/{known.code}?teil=meldung",
        f"/meldung/{known.code}/atom.xml",
        f"/api/v1/reports/{known.code}/",
        "/api/v1/reports/",
        "/karte/liste",
        f"/karte/meldung/{known.code}",
    ]
    for door in doors:
        answer = everybody.get(door)
        assert answer.status_code == 200, door
        assert "Nur unter uns" not in answer.content.decode(), door
        assert str(image) not in answer.content.decode(), door
    assert seen(everybody, f"/foto/{image}/full") == 404
    mine = everybody.get(own_page(known)).content.decode()
    assert mine.count("Nur unter uns") == 3  # the answer, the question, and the question on top
    assert seen(everybody, own_page(known, f"/foto/{image}/thumb")) == 200
    assert "Nur unter uns" in letters_to(known, "answer")[0].text


def test_words_between_us_ring_no_public_page(
    desk: Client, known: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[str] = []
    monkeypatch.setattr(
        "reports.live.ring", lambda *rings: rung.extend(t for r in rings for t in r.topics)
    )

    send(desk, known, visibility="reporter", text=SECRET)

    assert sorted({each.split(":")[0] for each in rung}) == ["reporter", "staff", "team"]


def test_an_internal_photo_is_for_staff_only(desk: Client, known: Report) -> None:

    assert send(desk, known, text="So sieht es aus.", photo=picture()).status_code == 303

    photo = StaffPhoto.objects.get(report=known)
    assert seen(desk, f"/amt/foto/{photo.image_id}/full") == 200
    assert seen(Client(), f"/foto/{photo.image_id}/full") == 404
    assert seen(Client(), own_page(known, f"/foto/{photo.image_id}/full")) == 404
    assert str(photo.image_id) not in Client().get(own_page(known)).content.decode()


def test_a_public_photo_stands_in_the_timeline(desk: Client, known: Report) -> None:

    send(desk, known, visibility="public", text="Fertig.", photo=picture(), sicher="1")

    photo = StaffPhoto.objects.get(report=known)
    assert (
        f"/foto/{photo.image_id}/thumb" in Client().get(f"/meldung/{known.code}").content.decode()
    )
    assert seen(Client(), f"/foto/{photo.image_id}/thumb") == 200
    Report.objects.filter(pk=known.pk).update(is_public=False)
    assert seen(Client(), f"/foto/{photo.image_id}/thumb") == 404


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": ""}, "Schreiben Sie etwas auf"),
        ({"visibility": "quatsch", "text": "x"}, "Wählen Sie, wer es lesen darf."),
        ({"text": "Bis {{zieltermni}}."}, "Für {{zieltermni}} gibt es keinen Wert."),
        ({"text": "Bis {{zieltermin}."}, "Für {{ gibt es keinen Wert."),
        ({"visibility": "public", "text": "Hallo {{name}}"}, "Für {{name}} gibt es keinen Wert."),
        ({"status": "on_hold", "text": "Frost"}, "braucht einen öffentlichen Grund."),
        ({"status": "forwarded", "text": "x"}, "Dieser Status ist von hier nicht mehr"),
        ({"vorlage": "Gibt es nicht", "einsetzen": "1"}, "Einen Textbaustein mit diesem Namen"),
    ],
)
def test_what_is_missing_is_said_before_anything_leaves(
    desk: Client, known: Report, fields: dict[str, str], sentence: str
) -> None:
    before = known.version

    answer = send(desk, known, **fields)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    known.refresh_from_db()
    assert known.version == before


# ── Who may ──────────────────────────────────────────────────────────────────────────────────
def test_each_role_writes_to_whom_it_may(
    known: Report, town: Any, outsider: User, make_user: Any
) -> None:
    office = known.department
    crew = make_user("bauhof", office, Role.FIELD_CREW)
    reader = make_user("leser", town.fallback_department, Role.READ_ONLY)
    words = answering.Answer("Erledigt.", Visibility.REPORTER)

    answering.write(known, words, by=crew)
    for nobody in (reader, outsider):
        with pytest.raises(NotAllowed):
            answering.write(known, words, by=nobody)
        with pytest.raises(NotAllowed):
            answering.write(known, answering.Answer("x"), by=nobody)
    for no_caseworker in (crew, reader, outsider):
        with pytest.raises(NotAllowed):
            answering.ask(known, "Welche Nummer?", by=no_caseworker)


@pytest.mark.parametrize("slug", ["antwort", "rueckfrage", "vorschau"])
def test_other_towns_and_the_anonymous_find_no_door(
    known: Report, outsider: User, slug: str
) -> None:
    stranger = Client()
    stranger.force_login(outsider)

    assert stranger.post(address(known, slug), {"text": "x"}).status_code == 404
    assert Client().post(address(known, slug), {"text": "x"}).status_code == 403


def test_two_answers_to_one_resident_do_not_cross(known: Report, dispatcher: User) -> None:
    words = answering.Answer("Wir kommen.", Visibility.REPORTER)
    answering.write(known, words, by=dispatcher, version=known.version)

    with pytest.raises(TooLate):
        answering.write(known, words, by=dispatcher, version=known.version)
    answering.write(known, answering.Answer("Notiz"), by=dispatcher, version=known.version)


def test_who_is_overtaken_sees_both_sides_and_may_save_anyway(desk: Client, known: Report) -> None:
    seen = known.version
    send(desk, known, visibility="reporter", text="Wir kommen am Montag.")

    late = send(desk, known, visibility="reporter", text="Wir kommen am Dienstag.", version=seen)

    page = late.content.decode()
    assert late.status_code == 409
    assert "Was sich geändert hat" in page
    assert "Wir kommen am Montag." in page
    assert page.count("Wir kommen am Dienstag.") >= 2  # beside it, and in its field
    assert 'form="antwort-form">Trotzdem speichern' in page
    assert not known.events.filter(text="Wir kommen am Dienstag.").exists()


# ── Words kept ready ─────────────────────────────────────────────────────────────────────────
def test_words_kept_ready_are_filled_in(desk: Client, known: Report, town: Any) -> None:
    Snippet.objects.create(
        title="Danke",
        municipality=town,
        visibility="reporter",
        goal="in_progress",
        text="Guten Tag {{name}}, {{amt}} prüft {{ nummer }} bis {{zieltermin}}.",
    )

    page = send(desk, known, vorlage="danke", einsetzen="1").content.decode()

    filled = f"{known.department.name} prüft {known.shown_code} bis "
    assert f"Guten Tag {{{{name}}}}, {filled}" in page
    assert "{{zieltermin}}" not in page
    assert 'value="in_progress" selected' in page
    assert 'value="reporter" checked' in page

    send(desk, known, visibility="reporter", text=f"Guten Tag {{{{name}}}}, {filled} bald.")
    assert f"Guten Tag Elif Cordes, {filled}" in letters_to(known, "answer")[0].text
    assert "Elif Cordes" in Client().get(own_page(known)).content.decode()
    assert "Elif Cordes" not in desk.get(address(known, "")[:-1]).content.decode()


def test_a_name_that_nobody_knows_leaves_no_gap(known: Report, desk: Client) -> None:
    send(desk, known, visibility="reporter", text="Guten Tag {{name}}, wir kommen.")
    Contact.objects.filter(report=known).delete()

    assert "Guten Tag, wir kommen." in Client().get(own_page(known)).content.decode()


def test_only_fitting_words_are_offered(
    known: Report, town: Any, make_category: Any, make_municipality: Any
) -> None:
    other = make_category("Laterne")
    kind = Snippet.objects.create(title="Kind", municipality=town, text="x")
    kind.categories.add(known.category)
    Snippet.objects.create(title="Jede", municipality=town, text="x")
    Snippet.objects.create(title="Fertig", municipality=town, text="x", statuses=["done"])
    Snippet.objects.create(title="Amt", department=known.department, text="x", statuses=["new"])
    Snippet.objects.create(title="Weg", municipality=town, text="x", is_active=False)
    Snippet.objects.create(title="Laterne", municipality=town, text="x").categories.add(other)

    titles = [each.title for each in Snippet.objects.for_report(known)]

    assert titles == ["Amt", "Kind", "Jede"]


# ── Asking back ──────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def asked(known: Report, dispatcher: User) -> Report:
    return answering.ask(known, "Welche Lampe ist es?", by=dispatcher)


def test_a_question_makes_the_report_wait_and_travels_by_letter(
    desk: Client, asked: Report
) -> None:
    letter = letters_to(asked, "question")[0]

    assert asked.waiting_since is not None
    assert own_page(asked, "/antwort") in letter.text
    assert asked.shown_code in desk.get("/amt?ansicht=rueckfragen").content.decode()
    assert "Wartet auf Melder" in desk.get(address(asked, "")[:-1]).content.decode()
    assert "Welche Lampe ist es?" in Client().get(own_page(asked)).content.decode()


def test_the_reply_lands_in_the_timeline_and_ends_the_waiting(desk: Client, asked: Report) -> None:
    form = {"client_id": str(uuid.uuid4()), "text": "Die dritte von links."}
    files = {"photo": picture()}
    resident = Client()

    answer = resident.post(own_page(asked, "/antwort"), {**form, **files})
    again = resident.post(own_page(asked, "/antwort"), {**form, "photos": []})

    assert answer.status_code == 303
    assert again.status_code == 409  # other content: the photo is missing
    asked.refresh_from_db()
    assert asked.waiting_since is None
    assert asked.replied_at is not None
    page = desk.get(address(asked, "")[:-1]).content.decode()
    photo = Photo.objects.get(remark__report=asked)
    assert "Die dritte von links." in page
    assert f"/amt/foto/{photo.image_id}/thumb" in page
    assert "Die dritte" not in Client().get(f"/meldung/{asked.code}").content.decode()
    assert seen(Client(), f"/foto/{photo.image_id}/full") == 404
    assert f"/foto/{photo.image_id}/thumb" in resident.get(own_page(asked)).content.decode()

    send(desk, asked, text="Gelesen.")
    asked.refresh_from_db()
    assert asked.replied_at is None


def test_a_reply_sent_twice_is_one(asked: Report) -> None:
    form = {"client_id": str(uuid.uuid4()), "text": "Die dritte von links."}

    first, second = (Client().post(own_page(asked, "/antwort"), form) for _ in range(2))

    assert (first.status_code, second.status_code) == (303, 303)
    assert asked.events.filter(kind=EventKind.REPLIED).count() == 1


@pytest.mark.parametrize("text", ["", "x", "y" * 1001])
def test_an_empty_or_endless_reply_is_refused_kindly(asked: Report, text: str) -> None:
    form = {"client_id": str(uuid.uuid4()), "text": text}

    assert Client().post(own_page(asked, "/antwort"), form).status_code == 422


def test_nobody_answers_what_is_not_asked(known: Report) -> None:
    form = {"client_id": str(uuid.uuid4()), "text": "Die dritte von links."}

    answer = Client().post(own_page(known, "/antwort"), form)

    assert answer.status_code == 409
    assert "Die dritte von links." in answer.content.decode()
    assert Client().get("/r/falsch/antwort").status_code == 404


def test_without_a_mailbox_the_desk_says_so_and_offers_the_phone(
    desk: Client, make_report: Any
) -> None:
    report = make_report(phone="06251 4711")

    page = desk.get(address(report, "rueckfrage")).content.decode()
    refused = desk.post(address(report, "rueckfrage"), {"text": "Welche?", "via": "mail"})
    phoned = desk.post(address(report, "rueckfrage"), {"text": "Welche?", "via": "phone"})

    assert "Es gibt keine E-Mail-Adresse." in page
    assert refused.status_code == 422
    assert phoned.status_code == 303
    report.refresh_from_db()
    assert report.waiting_since is not None


def test_what_was_said_on_the_phone_is_written_down(desk: Client, asked: Report) -> None:
    answer = desk.post(address(asked, "rueckfrage-ende"), {"text": "Die vierte."})

    assert answer.status_code == 303
    asked.refresh_from_db()
    assert asked.waiting_since is None
    event = asked.events.get(kind=EventKind.REPLIED)
    assert (event.kind, event.text, event.visibility) == ("replied", "Die vierte.", "internal")


def test_what_is_closed_or_waits_is_not_asked_about(asked: Report, dispatcher: User) -> None:
    with pytest.raises(IllegalMove):
        answering.ask(asked, "Noch eine?", by=dispatcher)

    done = answering.Answer("", Visibility.INTERNAL, Status.DONE)
    closed = answering.write(asked, done, by=dispatcher)

    assert closed.waiting_since is None
    with pytest.raises(IllegalMove):
        answering.ask(asked, "Und jetzt?", by=dispatcher)


def test_after_a_week_one_reminder_goes_out(asked: Report) -> None:
    now = timezone.now()

    assert asking.remind_all(now=now + dt.timedelta(days=6)) == 0
    assert asking.remind_all(now=now + dt.timedelta(days=7, hours=1)) == 1
    assert asking.remind_all(now=now + dt.timedelta(days=9)) == 0
    assert "Welche Lampe ist es?" in letters_to(asked, "question_reminder")[0].text


def test_the_page_takes_as_many_statements_with_many_entries(desk: Client, known: Report) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as caught:
            desk.get(address(known, "")[:-1], headers={"X-Fragment": "1"})
        return len(caught)

    statements()
    before = statements()
    for n in range(4):
        send(desk, known, text=f"Notiz {n}")
    send(desk, known, text="Mit Bild", photo=picture())

    assert statements() == before
    assert Event.objects.filter(report=known, kind=EventKind.NOTE).count() == 5
