"""What reporters do to their own report: change it while fresh, take it back, be forgotten."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.test import Client
from django.utils import timezone

from reports.deeds import alarms, publishing, triage, work
from reports.models import Contact, Event, Photo, Report
from reports.personal import retention
from reports.receiving import intake
from reports.receiving.drafts import Draft, Refused
from reports.voices import amending
from reports.workflow import Status
from townhall.capabilities import token_for
from townhall.letters.erasing import forget_passing
from townhall.models import Image, Letter, Municipality, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(make_draft: Callable[..., Draft]) -> tuple[Draft, Report, str]:
    draft = make_draft(email="Uta@Example.org", name="Uta Beispiel")
    report = intake.submit(draft).report
    intake.confirm(token_for("confirm", draft.client_id))
    return draft, report, token_for("view", draft.client_id)


@pytest.fixture
def make_image(db: None) -> Callable[[], Image]:
    def make() -> Image:
        facts = {"digest": "d", "folder": "f", "width": 8, "height": 6, "colour": "#888888"}
        return Image.objects.create(id=uuid.uuid4(), thumb_width=4, thumb_height=3, **facts)

    return make


def fresh(report: Report) -> Report:
    return Report.objects.with_faces().get(pk=report.pk)


def grow_old(report: Report) -> None:
    received = timezone.now() - retention.OWN_CHANGES
    Report.objects.filter(pk=report.pk).update(received_at=received)


def kinds(report: Report) -> list[str]:
    return list(report.events.order_by("id").values_list("kind", flat=True))


def test_new_words_are_there_at_once_and_nobody_has_read_them_yet(
    sent: tuple[Draft, Report, str], dispatcher: User
) -> None:
    draft, report, token = sent
    publishing.release(report, by=dispatcher, text=True)
    words = "Das Loch ist tiefer als gedacht, etwa 20 cm."
    amending.change(token, replace(draft, description=words), version=report.version)
    after = fresh(report)
    assert after.description == words
    assert after.is_public and not after.is_text_public
    changed = after.events.get(kind="changed")
    assert (changed.visibility, changed.facts) == ("reporter", {"fields": ["description"]})


def test_nothing_new_changes_nothing(sent: tuple[Draft, Report, str]) -> None:
    draft, report, token = sent
    version = fresh(report).version
    amending.change(token, draft, version=version)
    assert fresh(report).version == version


def test_photos_are_taken_out_added_and_put_in_order(
    make_draft: Callable[..., Draft], make_image: Callable[..., Image]
) -> None:
    first, second, third = (make_image().pk for _ in range(3))
    draft = make_draft(photo_ids=(first, second))
    report = intake.submit(draft).report
    token = token_for("view", draft.client_id)
    Photo.objects.filter(image=second).update(is_released=True)
    wanted = replace(draft, photo_ids=(third, second))
    amending.change(token, wanted, version=report.version)
    left = list(Photo.objects.order_by("position").values_list("image", "is_released"))
    assert left == [(third, False), (second, True)]


def test_another_category_goes_to_another_department_with_its_terms(
    sent: tuple[Draft, Report, str],
    town: Municipality,
    make_category: Callable[..., Any],
    make_offer: Callable[..., Any],
    make_department: Callable[..., Any],
    make_rule: Callable[..., Any],
) -> None:
    draft, report, token = sent
    lamp = make_category("Laterne", "Licht", public_place="none")
    make_offer(town, lamp, days_to_answer=9, publication="after_review")
    works = make_department("Stadtwerke", mails_new_reports=True)
    make_rule(works, municipality=town, category=lamp)
    amending.change(token, replace(draft, category="laterne"), version=report.version)
    after = fresh(report)
    assert (after.department, after.category) == (works, lamp)
    assert after.due_on and report.due_on and after.due_on > report.due_on
    assert not after.is_public and after.public_position is None
    assert (
        after.events.get(kind="routed", version=after.version).facts["from"]
        == "burgerburo-bensheim"
    )
    assert Letter.objects.filter(kind="new_report", to=works.email).exists()


def test_what_becomes_a_danger_rings_and_never_falls_silent_by_itself(
    sent: tuple[Draft, Report, str],
    town: Municipality,
    make_category: Callable[..., Any],
    make_offer: Callable[..., Any],
) -> None:
    draft, report, token = sent
    make_offer(town, make_category("Ölspur", "Gefahren", is_hazard=True))
    after = amending.change(token, replace(draft, category="olspur"), version=report.version)
    assert after.is_hazard and after.alarms.count() == 1
    assert Letter.objects.filter(kind="hazard_alarm").exists()
    amending.change(token, draft, version=after.version)
    assert fresh(report).is_hazard


def test_another_place_in_the_town_is_rung_here_and_there(
    sent: tuple[Draft, Report, str], here: Point
) -> None:
    draft, report, token = sent
    there = Point(here.x + 0.015, here.y, srid=4326)
    amending.change(token, replace(draft, position=there), version=report.version)
    after = fresh(report)
    assert after.position.x == pytest.approx(there.x)
    assert after.public_position and after.public_position.x == pytest.approx(there.x)


def test_another_town_needs_another_report(sent: tuple[Draft, Report, str], outsider: User) -> None:
    draft, report, token = sent
    there = Point(8.70, 49.60, srid=4326)
    with pytest.raises(Refused) as refused:
        amending.change(token, replace(draft, position=there), version=report.version)
    assert "Heppenheim" in str(refused.value.errors["position"])


def test_once_staff_have_begun_words_may_change_but_not_the_place(
    sent: tuple[Draft, Report, str], dispatcher: User, here: Point
) -> None:
    draft, report, token = sent
    triage.accept(report, by=dispatcher)
    moved = replace(draft, position=Point(here.x + 0.01, here.y, srid=4326))
    with pytest.raises(amending.BegunOn):
        amending.change(token, moved, version=report.version)
    words = replace(draft, description="Zwei Löcher, nicht nur eines.")
    amending.change(token, words, version=report.version)
    assert fresh(report).description == words.description


def test_of_two_windows_the_second_is_told(sent: tuple[Draft, Report, str]) -> None:
    draft, report, token = sent
    seen = fresh(report).version
    amending.change(token, replace(draft, description="Aus dem ersten Fenster."), version=seen)
    with pytest.raises(amending.ChangedMeanwhile) as told:
        amending.change(token, replace(draft, description="Aus dem zweiten."), version=seen)
    assert told.value.version == fresh(report).version


@pytest.mark.parametrize("deed", ["change", "withdraw"])
def test_after_half_an_hour_it_is_over(sent: tuple[Draft, Report, str], deed: str) -> None:
    draft, report, token = sent
    grow_old(report)
    with pytest.raises(amending.OverNow):
        if deed == "withdraw":
            amending.withdraw(token)
        else:
            amending.change(token, replace(draft, description="Zu spät." * 3), version=1)


def test_a_withdrawn_report_is_gone_from_view_and_from_nobodys_desk(
    sent: tuple[Draft, Report, str], dispatcher: User, client: Client
) -> None:
    draft, report, token = sent
    for _ in range(2):
        amending.withdraw(token)
    after = fresh(report)
    assert (after.is_public, after.publication, after.status) == (False, "never", "new")
    assert not Contact.objects.exists()
    assert kinds(report).count("withdrawn") == 1
    assert client.get(f"/meldung/{report.code}").status_code == 410
    with pytest.raises(work.NotAllowed):
        publishing.publish(after, by=dispatcher, is_public=True)
    triage.set_status(after, Status.DONE, by=dispatcher, text="Verfüllt.")
    assert not Letter.objects.filter(kind="status").exists()
    assert intake.submit(draft).report == report  # a repeat finds it, and brings nothing back


def test_the_last_letter_goes_to_a_confirmed_address_and_is_forgotten(
    sent: tuple[Draft, Report, str],
) -> None:
    _draft, _report, token = sent
    amending.erase(token)
    left = Letter.objects.exclude(to="")
    assert [letter.kind for letter in left] == ["farewell"]
    assert left[0].to == "Uta@Example.org"
    assert "gelöscht" in left[0].subject
    assert forget_passing("farewell") == 0  # it still waits
    left.update(state="sent")
    assert forget_passing("farewell") == 1
    assert not Letter.objects.filter(text__contains="Uta").exists()


def test_an_unconfirmed_address_gets_no_last_letter(make_draft: Callable[..., Draft]) -> None:
    draft = make_draft(email="uta@example.org")
    intake.submit(draft)
    amending.erase(token_for("view", draft.client_id))
    assert not Letter.objects.exclude(to="").exists()


def test_whoever_asks_for_erasure_is_erased_soon_after_it_is_settled(
    sent: tuple[Draft, Report, str], dispatcher: User
) -> None:
    _draft, report, token = sent
    grow_old(report)
    amending.erase(token)
    triage.set_status(fresh(report), Status.DONE, by=dispatcher, text="Verfüllt.")
    after = fresh(report)
    today = timezone.localdate()
    assert after.erase_on == today + retention.REPORT_AFTER_REQUEST
    assert after.erasure_asked_at is not None


def test_of_a_settled_report_erasure_shortens_the_time_and_never_lengthens_it(
    sent: tuple[Draft, Report, str], dispatcher: User
) -> None:
    _draft, report, token = sent
    triage.set_status(report, Status.DONE, by=dispatcher, text="Verfüllt.")
    soon = timezone.localdate() + dt.timedelta(days=3)
    Report.objects.filter(pk=report.pk).update(erase_on=soon)
    amending.erase(token)
    assert fresh(report).erase_on == soon


def test_other_readers_letters_are_left_alone(
    sent: tuple[Draft, Report, str], dispatcher: User
) -> None:
    _draft, report, token = sent
    alarms.flag_hazard(report, by=dispatcher, is_hazard=True)
    amending.erase(token)
    assert Letter.objects.filter(kind="hazard_alarm").exclude(to="").exists()


def test_nobody_releases_words_that_were_exchanged_meanwhile(
    sent: tuple[Draft, Report, str], dispatcher: User
) -> None:
    draft, report, token = sent
    seen = fresh(report).version
    amending.change(token, replace(draft, description="Etwas ganz anderes."), version=seen)
    with pytest.raises(work.TooLate):
        publishing.release(report, by=dispatcher, text=True, version=seen)
    assert not fresh(report).is_text_public


def test_a_name_is_shown_where_wished_confirmed_and_released(
    make_draft: Callable[..., Draft], dispatcher: User, client: Client
) -> None:
    draft = make_draft(email="uta@example.org", name="Uta Beispiel", name_is_public=True)
    report = intake.submit(draft).report
    page = f"/meldung/{report.code}"
    for deed in (
        lambda: publishing.release(fresh(report), by=dispatcher, text=True),
        lambda: intake.confirm(token_for("confirm", draft.client_id)),
    ):
        assert "Uta Beispiel" not in client.get(page).content.decode()
        deed()
    assert "von Uta Beispiel" in client.get(page).content.decode()
    own = f"/r/{token_for('view', draft.client_id)}"
    assert "„Uta Beispiel“ ist öffentlich" in client.get(own).content.decode()
    for _again in range(2):  # whoever gave leave may take it back, at any time
        assert client.post(f"{own}/name").status_code == 303
    assert "Uta" not in client.get(page).content.decode()
    assert "Name nicht mehr öffentlich" in client.get(own).content.decode()
    assert kinds(report).count("changed") == 1
    assert client.post("/r/unbekannt/name").status_code == 404


# ── The pages ────────────────────────────────────────────────────────────────────────────────
def page_of(client: Client, token: str, **changes: Any) -> dict[str, Any]:
    """The form's fields as the page shows them, with changes."""
    response = client.get(f"/r/{token}/aendern")
    assert response.status_code == 200
    form = response.context["form"]
    fields: dict[str, Any] = dict(form.contents())
    fields |= {"client_id": str(uuid.uuid4()), "version": response.context["report"].version}
    return fields | {"action": "save"} | changes


def test_the_page_changes_words_and_leads_back(
    sent: tuple[Draft, Report, str], client: Client
) -> None:
    _draft, report, token = sent
    fields = page_of(client, token, description="Ein Fahrrad passt hinein.")
    answer = client.post(f"/r/{token}/aendern", fields)
    assert answer.status_code == 303
    assert answer["Location"] == f"/r/{token}?dank=geaendert#dank"
    page = client.get(answer["Location"]).content.decode()
    assert "Ihre Änderungen sind gespeichert." in page
    assert "Von Ihnen geändert: Text" in page
    assert fresh(report).description == "Ein Fahrrad passt hinein."


def test_the_page_keeps_what_was_typed_when_something_is_wrong(
    sent: tuple[Draft, Report, str], client: Client
) -> None:
    _draft, _report, token = sent
    answer = client.post(f"/r/{token}/aendern", page_of(client, token, description="kurz"))
    assert answer.status_code == 422
    assert "kurz" in answer.content.decode()
    looked = page_of(client, token, action="find-place", place="Lindenweg", description="Neu " * 5)
    assert "Neu Neu" in client.post(f"/r/{token}/aendern", looked).content.decode()


def test_the_page_says_when_it_is_too_late_and_gives_the_words_back(
    sent: tuple[Draft, Report, str], client: Client
) -> None:
    _draft, report, token = sent
    fields = page_of(client, token, description="Noch ein langer Satz.")
    grow_old(report)
    answer = client.post(f"/r/{token}/aendern", fields)
    assert answer.status_code == 409
    assert "Noch ein langer Satz." in answer.content.decode()
    assert client.get(f"/r/{token}/zurueckziehen").status_code == 409
    assert client.get(f"/r/{token}/loeschen").status_code == 200


@pytest.mark.parametrize("page", ["aendern", "zurueckziehen", "loeschen"])
def test_looking_changes_nothing_and_strangers_see_nothing(
    sent: tuple[Draft, Report, str], client: Client, page: str
) -> None:
    _draft, report, token = sent
    version = fresh(report).version
    answer = client.get(f"/r/{token}/{page}")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert not client.cookies
    assert client.get(f"/r/{'x' * 43}/{page}").status_code == 404
    foreign = client.post(f"/r/{token}/{page}", headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    assert fresh(report).version == version


@pytest.mark.parametrize(
    "nonsense",
    [
        {"version": "99999999999999999999", "spot": "nan,nan"},
        {"category": "\x00", "description": "x" * 5000},
        {"photos": ["no-uuid", str(uuid.uuid4())], "version": "-1"},
        {"client_id": "", "spot": ""},
    ],
)
def test_nonsense_is_no_failure_of_ours(
    sent: tuple[Draft, Report, str], client: Client, nonsense: dict[str, Any]
) -> None:
    _draft, _report, token = sent
    answer = client.post(f"/r/{token}/aendern", page_of(client, token, **nonsense))
    assert answer.status_code in {303, 409, 422}


def test_buttons_withdraw_and_erase(sent: tuple[Draft, Report, str], client: Client) -> None:
    _draft, report, token = sent
    assert client.post(f"/r/{token}/zurueckziehen").status_code == 303
    assert fresh(report).withdrawn_at is not None
    assert client.post(f"/r/{token}/loeschen").status_code == 303
    assert fresh(report).erasure_asked_at is not None
    assert client.get(f"/r/{token}").status_code == 200
    assert Event.objects.filter(kind="erasure_asked").count() == 1
