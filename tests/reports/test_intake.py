"""Handing in a report: once, whole, at its place."""

import datetime as dt
import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from geo.models import Area, Layer
from reports.deeds import publishing
from reports.models import Category, Contact, Event, Offer, Photo, Report, Submission
from reports.receiving import intake
from townhall import sites
from townhall.calendar import Calendar
from townhall.capabilities import digest, token_for
from townhall.models import Image, Letter, Municipality, User

Make = Callable[..., Any]
Drafts = Callable[..., intake.Draft]


def stage_image(**changes: Any) -> Image:
    changes.setdefault("id", uuid.uuid4())
    facts = {"digest": "0" * 64, "folder": f"images/{changes['id']}", "width": 1600}
    facts |= {"height": 1200, "thumb_width": 480, "thumb_height": 360}
    image: Image = Image.objects.create(**{**facts, **changes})
    return image


def test_a_report_is_taken_in_with_its_whole_story(make_draft: Drafts, town: Municipality) -> None:
    receipt = intake.submit(make_draft())
    report = receipt.report
    assert receipt.is_new
    assert report.status == "new"
    assert report.municipality == town
    assert report.department == town.fallback_department
    assert report.routing["fallback"] is True
    assert report.is_public
    assert not report.is_text_public
    assert list(report.events.values_list("kind", "visibility")) == [
        ("received", "public"),
        ("routed", "internal"),
    ]
    assert report.erase_on
    assert report.erase_contact_on


def test_the_same_submission_twice_is_one_report(make_draft: Drafts) -> None:
    draft = make_draft(email="uta@example.org")
    first, second = intake.submit(draft), intake.submit(draft)
    assert (second.is_new, second.report.code) == (False, first.report.code)
    assert second.token == first.token
    assert Report.objects.count() == 1
    assert Letter.objects.count() == 1


def test_a_used_id_with_other_content_is_refused(make_draft: Drafts) -> None:
    draft = make_draft()
    intake.submit(draft)
    with pytest.raises(intake.Conflict):
        intake.submit(replace(draft, description="Etwas ganz anderes, wirklich."))
    assert Report.objects.count() == 1


def test_an_erased_report_does_not_come_back(make_draft: Drafts) -> None:
    draft = make_draft()
    intake.submit(draft).report.delete()
    with pytest.raises(intake.Erased):
        intake.submit(draft)


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_with_one_id_make_one_report(make_draft: Drafts) -> None:
    draft = make_draft()
    receipts: list[intake.Receipt] = []

    def press_send() -> None:
        try:
            receipts.append(intake.submit(draft))
        finally:
            connection.close()

    threads = [threading.Thread(target=press_send) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(receipts) == 10
    assert sum(receipt.is_new for receipt in receipts) == 1
    assert len({receipt.report.code for receipt in receipts}) == 1


def test_a_refused_draft_leaves_nothing_and_its_id_free(make_draft: Drafts) -> None:
    draft = make_draft(description="kurz")
    with pytest.raises(intake.Refused):
        intake.submit(draft)
    assert not Submission.objects.exists()
    assert intake.submit(replace(draft, description="Jetzt lang genug beschrieben.")).is_new


def test_outside_every_area_nobody_is_promised_an_answer(make_draft: Drafts) -> None:
    with pytest.raises(intake.OutsideArea) as refused:
        intake.submit(make_draft(position=Point(7.0, 50.0, srid=4326)))
    assert refused.value.whereabouts is None
    assert not Report.objects.exists()


def test_an_area_that_nobody_serves_is_named(make_draft: Drafts) -> None:
    layer = Layer.objects.get(owner="bkg", slug="gemeinden")
    forest = Polygon.from_bbox((8.90, 49.40, 8.92, 49.42))
    Area.objects.create(
        layer=layer,
        key="06431200",
        name="Michelbuch",
        shape=MultiPolygon(forest),
        label_at=Point(8.91, 49.41),
    )
    with pytest.raises(intake.OutsideArea) as refused:
        intake.submit(make_draft(position=Point(8.91, 49.41, srid=4326)))
    assert "Michelbuch" in str(refused.value.errors["position"][0])


def test_a_category_that_the_town_does_not_take_is_refused(
    make_draft: Drafts, make_category: Make
) -> None:
    make_category("Flugzeugabsturz")
    with pytest.raises(intake.Refused) as refused:
        intake.submit(make_draft(category="flugzeugabsturz"))
    assert "category" in refused.value.errors


def test_a_category_closed_while_the_form_was_open_is_refused(
    make_draft: Drafts, pothole: Category
) -> None:
    draft = make_draft()
    Offer.objects.filter(category=pothole).update(is_active=False)
    with pytest.raises(intake.Refused):
        intake.submit(draft)


@pytest.fixture
def lamp(town: Municipality, make_category: Make, make_offer: Make) -> Category:
    category: Category = make_category(
        "Laterne",
        questions=[
            {
                "code": "danger",
                "kind": "yes_no",
                "text": "Gefahr?",
                "is_required": True,
                "hazard_answers": ["yes"],
            },
            {
                "code": "kind",
                "kind": "choice",
                "text": "Was?",
                "options": [{"key": "dark", "name": "dunkel"}],
            },
            {"code": "number", "kind": "text", "text": "Nummer am Mast"},
        ],
    )
    make_offer(town, category)
    return category


def test_a_required_question_must_be_answered(make_draft: Drafts, lamp: Category) -> None:
    with pytest.raises(intake.Refused) as refused:
        intake.submit(make_draft(category=lamp.code))
    assert set(refused.value.errors) == {"answers.danger"}


@pytest.mark.parametrize(
    "answers",
    [
        {"danger": "perhaps"},
        {"danger": "no", "kind": "pink"},
        {"danger": "no", "number": "x" * 301},
        {"danger": "no", "colour": "red"},
    ],
)
def test_nonsense_answers_are_refused(
    make_draft: Drafts, lamp: Category, answers: dict[str, str]
) -> None:
    with pytest.raises(intake.Refused):
        intake.submit(make_draft(category=lamp.code, answers=answers, source="api"))


def test_an_answer_can_make_a_hazard_and_alarm_the_department(
    make_draft: Drafts, lamp: Category, town: Municipality
) -> None:
    receipt = intake.submit(make_draft(category=lamp.code, answers={"danger": "yes"}))
    assert receipt.report.is_hazard
    alarm = Letter.objects.get(kind="hazard_alarm")
    assert alarm.to == town.fallback_department.email
    assert receipt.report.events.filter(kind="hazard").exists()
    assert receipt.report.events.get(kind="hazard_alarm").facts == {"sent": True}


def test_a_hazard_category_alarms_by_itself(
    make_draft: Drafts, make_category: Make, make_offer: Make, town: Municipality
) -> None:
    make_offer(town, make_category("Kanaldeckel fehlt", is_hazard=True))
    intake.submit(make_draft(category="kanaldeckel-fehlt"))
    assert Letter.objects.filter(kind="hazard_alarm").count() == 1


def test_the_reporter_gets_a_receipt_with_both_links(make_draft: Drafts) -> None:
    draft = make_draft(email="uta@example.org")
    receipt = intake.submit(draft)
    letter = Letter.objects.get(to="uta@example.org")
    assert receipt.report.shown_code in letter.subject
    assert token_for("view", draft.client_id) in letter.text
    assert token_for("confirm", draft.client_id) in letter.text
    assert draft.description not in letter.text  # the address may be somebody else's
    contact = Contact.objects.get()
    assert contact.confirmed_at is None


@pytest.mark.parametrize("left", [{"phone": "06251 12345"}, {"name": "Uta Meier"}])
def test_a_phone_number_or_a_name_is_contact_enough(
    make_draft: Drafts, left: dict[str, str]
) -> None:
    intake.submit(make_draft(**left))
    contact = Contact.objects.get()
    assert {"name": contact.name, "phone": contact.phone} == {"name": "", "phone": ""} | left
    assert contact.email == "" and contact.confirm_digest is None
    assert not Letter.objects.filter(kind="receipt").exists()


def test_many_may_leave_no_e_mail_address(make_draft: Drafts) -> None:
    for number in ("06251 1", "06251 2"):
        intake.submit(make_draft(phone=number))
    assert Contact.objects.filter(confirm_digest=None).count() == 2


def test_without_any_contact_nothing_is_stored(make_draft: Drafts) -> None:
    intake.submit(make_draft())
    assert not Contact.objects.exists()


def test_tokens_are_stored_only_as_digests(make_draft: Drafts) -> None:
    receipt = intake.submit(make_draft())
    assert receipt.report.capability_digest == digest(receipt.token)
    assert Report.objects.by_token(receipt.token) == receipt.report
    with pytest.raises(Report.DoesNotExist):
        Report.objects.by_token(receipt.token + "x")


def test_an_expired_capability_opens_nothing(make_draft: Drafts) -> None:
    receipt = intake.submit(make_draft())
    Report.objects.update(capability_expires_at=timezone.now() - dt.timedelta(seconds=1))
    with pytest.raises(Report.DoesNotExist):
        Report.objects.by_token(receipt.token)


def test_confirming_twice_confirms_once(make_draft: Drafts) -> None:
    draft = make_draft(email="uta@example.org")
    intake.submit(draft)
    token = token_for("confirm", draft.client_id)
    intake.confirm(token)
    intake.confirm(token)
    assert Event.objects.filter(kind="confirmed").count() == 1
    assert Contact.objects.get().confirmed_at


@pytest.mark.parametrize(
    ("publication", "email", "is_public"),
    [
        ("at_once", "", True),
        ("after_confirmation", "uta@example.org", False),
        ("after_confirmation", "", False),
        ("after_review", "", False),
        ("never", "", False),
    ],
)
def test_the_offer_decides_when_the_public_sees_it(
    make_draft: Drafts, pothole: Category, publication: str, email: str, is_public: bool
) -> None:
    Offer.objects.filter(category=pothole).update(publication=publication)
    assert intake.submit(make_draft(email=email)).report.is_public is is_public


def test_confirmation_publishes_what_waited_for_it(make_draft: Drafts, pothole: Category) -> None:
    Offer.objects.filter(category=pothole).update(publication="after_confirmation")
    draft = make_draft(email="uta@example.org")
    intake.submit(draft)
    assert intake.confirm(token_for("confirm", draft.client_id)).is_public


def test_confirming_locks_the_report_and_nothing_before_it(make_draft: Drafts) -> None:
    draft = make_draft(email="uta@example.org")
    intake.submit(draft)
    with CaptureQueriesContext(connection) as asked:
        intake.confirm(token_for("confirm", draft.client_id))
    locks = [each["sql"] for each in asked if "FOR UPDATE" in each["sql"]]
    assert [sql.partition(" OF ")[2] for sql in locks] == ['"reports_report"']


def test_confirmation_does_not_publish_what_staff_have_hidden(
    make_draft: Drafts, pothole: Category, dispatcher: User
) -> None:
    Offer.objects.filter(category=pothole).update(publication="after_confirmation")
    draft = make_draft(email="uta@example.org")
    publishing.publish(intake.submit(draft).report, by=dispatcher, is_public=False)
    assert not intake.confirm(token_for("confirm", draft.client_id)).is_public


def test_what_is_meant_for_the_town_hall_only_stays_there(make_draft: Drafts) -> None:
    report = intake.submit(make_draft(private=True)).report
    assert (report.publication, report.is_public) == ("never", False)


@pytest.mark.parametrize(
    ("public_place", "seen"),
    [("exact", (8.6206, 49.6811)), ("street", (8.621, 49.681)), ("locality", (8.62, 49.68))],
)
def test_the_public_place_is_as_coarse_as_the_category_says(
    make_draft: Drafts, pothole: Category, public_place: str, seen: tuple[float, float]
) -> None:
    Category.objects.filter(pk=pothole.pk).update(public_place=public_place)
    report = intake.submit(make_draft()).report
    assert report.public_position
    assert report.public_position.coords == pytest.approx(seen)


def test_a_category_without_public_place_has_no_pin(make_draft: Drafts, pothole: Category) -> None:
    Category.objects.filter(pk=pothole.pk).update(public_place="none")
    report = intake.submit(make_draft()).report
    assert report.public_position is None
    assert report.public_title == "Schlagloch"


def test_staged_photos_hang_on_the_report_in_order(make_draft: Drafts) -> None:
    images = [stage_image(), stage_image()]
    ids = tuple(image.pk for image in reversed(images))
    report = intake.submit(make_draft(photo_ids=ids, description="")).report
    assert tuple(Photo.objects.filter(report=report).values_list("image_id", flat=True)) == ids
    assert not Photo.objects.filter(is_released=True).exists()


def test_a_photo_that_never_arrived_refuses_the_whole(make_draft: Drafts) -> None:
    with pytest.raises(intake.Refused) as refused:
        intake.submit(make_draft(photo_ids=(uuid.uuid4(),)))
    assert "photos" in refused.value.errors
    assert not Report.objects.exists()


def test_one_photo_belongs_to_one_report(make_draft: Drafts) -> None:
    image = stage_image()
    intake.submit(make_draft(photo_ids=(image.pk,)))
    with pytest.raises(intake.Refused):
        intake.submit(make_draft(photo_ids=(image.pk,)))


def test_the_deadline_counts_working_days(make_draft: Drafts, town: Municipality) -> None:
    report = intake.submit(make_draft()).report
    received_on = timezone.localdate(report.received_at)
    assert report.due_on == Calendar.of(town).add_working_days(received_on, 5)


def test_taking_in_costs_at_most_twelve_statements(
    make_draft: Drafts, lamp: Category, make_rule: Make, town: Municipality
) -> None:
    make_rule(town.fallback_department)
    draft = make_draft(
        category=lamp.code,
        answers={"danger": "yes"},
        email="uta@example.org",
        photo_ids=(stage_image().pk, stage_image().pk),
    )
    sites.door_of(town)  # the request's middleware has read the doors
    with CaptureQueriesContext(connection) as statements, transaction.atomic():
        intake.submit(draft)
    spoken = [each["sql"] for each in statements if "SAVEPOINT" not in each["sql"]]
    assert len(spoken) <= 12, "\n".join(spoken)


def test_asking_for_the_road_costs_no_statement_more(
    make_draft: Drafts, make_rule: Make, town: Municipality, settings: Any
) -> None:
    settings.ROAD_LAYER = "hessen/strassen"
    draft = make_draft()
    with CaptureQueriesContext(connection) as without, transaction.atomic():
        intake.submit(draft)
    make_rule(town.fallback_department, road_class=["L"])
    with CaptureQueriesContext(connection) as asking, transaction.atomic():
        intake.submit(replace(draft, client_id=uuid.uuid4()))
    assert len(asking) <= len(without)


def test_emoji_html_and_line_breaks_are_kept_as_they_are(make_draft: Drafts) -> None:
    words = "Loch 🕳️ <b>tief</b>\r\nvor O'Neills & Söhne, Straße ß"
    assert intake.submit(make_draft(description=words)).report.description == words
