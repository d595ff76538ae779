"""What staff do to a report, and what everybody else sees of it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from reports.deeds import alarms, publishing, triage, work
from reports.models import Contact, Event, Photo, Report
from reports.personal import retention
from reports.receiving import intake
from reports.workflow import IllegalMove, ReasonMissing, Status
from tests.reports.test_intake import stage_image
from townhall.capabilities import token_for
from townhall.models import Department, DepartmentKind, Letter, Municipality, Role, User

Make = Callable[..., Any]


@pytest.fixture
def report(caseworker: User, make_report: Make) -> Report:
    """A new report in the hands of the Tiefbauamt."""
    made: Report = make_report()
    assert made.department.slug == "tiefbauamt"
    return made


def kinds(report: Report) -> list[str]:
    return list(report.events.order_by("id").values_list("kind", flat=True))


def test_accepting_takes_it_into_work_in_person(report: Report, caseworker: User) -> None:
    row = triage.accept(report, by=caseworker)
    assert (row.status, row.assignee) == ("in_progress", caseworker)
    assert row.version == report.version + 1
    assert kinds(row)[-1] == "accepted"


def test_a_dispatcher_accepts_for_the_department(report: Report, dispatcher: User) -> None:
    assert triage.accept(report, by=dispatcher).assignee is None


def test_the_whole_way_to_done_is_told_in_public(report: Report, caseworker: User) -> None:
    triage.accept(report, by=caseworker)
    row = triage.set_status(report, Status.DONE, by=caseworker, text="Das Loch ist zu.")
    assert row.closed_at
    assert row.depublish_on
    told = row.events.public().order_by("id").values_list("status", "text")
    assert list(told) == [("new", ""), ("in_progress", ""), ("done", "Das Loch ist zu.")]


def test_no_action_without_a_reason_changes_nothing(report: Report, caseworker: User) -> None:
    with pytest.raises(ReasonMissing):
        triage.reject(report, by=caseworker, reason=" ")
    report.refresh_from_db()
    assert (report.status, report.version) == ("new", 1)


def test_reopening_takes_the_dates_of_closing_back(report: Report, caseworker: User) -> None:
    triage.set_status(report, Status.DONE, by=caseworker)
    row = triage.reopen(report, by=caseworker, reason="Es bröckelt wieder.")
    assert (row.status, row.closed_at, row.depublish_on) == ("new", None, None)
    assert (row.erase_contact_on, row.erase_on) == (report.erase_contact_on, report.erase_on)


def test_closing_late_keeps_nothing_longer_than_promised_at_receipt(
    make_report: Make, caseworker: User
) -> None:
    long_ago = timezone.now() - retention.CONTACT_AT_MOST
    report = make_report(received_at=long_ago, erase_contact_on=timezone.localdate())
    row = triage.set_status(report, Status.DONE, by=caseworker)
    assert row.erase_contact_on == timezone.localdate()


def test_an_illegal_move_is_refused(report: Report, caseworker: User) -> None:
    triage.set_status(report, Status.DONE, by=caseworker)
    with pytest.raises(IllegalMove):
        triage.set_status(report, Status.ON_HOLD, by=caseworker, text="Später")


def test_who_comes_too_late_hears_what_changed(
    report: Report, caseworker: User, dispatcher: User
) -> None:
    seen = report.version
    triage.accept(report, by=caseworker, version=seen)
    with pytest.raises(work.TooLate) as late:
        triage.set_status(report, Status.ON_HOLD, by=dispatcher, text="Warten", version=seen)
    assert [(change.kind, change.actor) for change in late.value.changes] == [
        ("accepted", caseworker)
    ]
    report.refresh_from_db()
    assert report.status == "in_progress"


def test_a_colleagues_note_does_not_stand_in_the_way(
    report: Report, caseworker: User, dispatcher: User
) -> None:
    seen = report.version
    triage.note(report, by=dispatcher, text="Bitte vor dem Markt.")
    assert triage.accept(report, by=caseworker, version=seen).status == "in_progress"


def test_forwarding_inside_changes_hands_not_status(
    report: Report, dispatcher: User, make_department: Make, town: Municipality
) -> None:
    depot: Department = make_department("Bauhof", serves=[town])
    row = triage.forward(report, by=dispatcher, department=depot, reason="Gehweg")
    assert (row.department, row.status, row.assignee) == (depot, "new", None)
    assert Letter.objects.get(kind="forwarded").to == depot.email
    assert row.events.last().visibility == "internal"


def test_forwarding_outside_tells_the_public_where(
    report: Report, dispatcher: User, make_department: Make, town: Municipality
) -> None:
    outside = make_department("Hessen Mobil", kind=DepartmentKind.OUTSIDE, serves=[town])
    row = triage.forward(report, by=dispatcher, department=outside, reason="Landesstraße")
    assert (row.status, row.forwarded_to) == ("forwarded", "Hessen Mobil")
    assert "@example.org" not in Letter.objects.get(kind="forwarded").text


def test_forwarding_nowhere_is_refused(report: Report, dispatcher: User) -> None:
    with pytest.raises(triage.Nowhere):
        triage.forward(report, by=dispatcher)


def test_a_department_that_does_not_work_for_the_town_gets_nothing(
    report: Report, dispatcher: User, make_department: Make, town: Municipality
) -> None:
    elsewhere = make_department("Bauhof Heppenheim")
    closed = make_department("Altes Amt", serves=[town], is_active=False)
    for department in (elsewhere, closed, report.department):
        with pytest.raises(triage.Nowhere):
            triage.forward(report, by=dispatcher, department=department)


def test_a_hazard_that_changes_hands_alarms_the_new_ones(
    report: Report, dispatcher: User, make_department: Make, town: Municipality
) -> None:
    depot = make_department("Bauhof", serves=[town])
    alarms.flag_hazard(report, by=dispatcher, is_hazard=True)
    triage.forward(report, by=dispatcher, department=depot)
    alarmed = Letter.objects.filter(kind="hazard_alarm").values_list("to", flat=True)
    assert set(alarmed) == {report.department.email, depot.email}


def test_a_hazard_without_any_mailbox_says_so_to_staff(
    report: Report, dispatcher: User, town: Municipality
) -> None:
    Department.objects.update(email="")
    Municipality.objects.update(email="")
    alarms.flag_hazard(report, by=dispatcher, is_hazard=True)
    assert Event.objects.get(kind="hazard_alarm").facts == {"sent": False}
    assert not Letter.objects.exists()


def test_the_field_crew_does_not_see_who_reported(
    make_report: Make, make_user: Make, make_department: Make, town: Municipality
) -> None:
    report = make_report(email="uta@example.org")
    crew = make_user("bauhof", report.department, Role.FIELD_CREW)
    with pytest.raises(work.NotAllowed):
        triage.unveil_contact(report, by=crew)


def test_a_person_of_another_department_cannot_be_assigned(
    report: Report, dispatcher: User, outsider: User, caseworker: User
) -> None:
    assert triage.assign(report, by=dispatcher, to=caseworker).assignee == caseworker
    with pytest.raises(work.NotAllowed):
        triage.assign(report, by=dispatcher, to=outsider)


@pytest.mark.parametrize(
    "deed",
    [
        lambda report, by: triage.accept(report, by=by),
        lambda report, by: triage.set_status(report, Status.DONE, by=by),
        lambda report, by: triage.reject(report, by=by, reason="Nein"),
        lambda report, by: triage.forward(report, by=by, outside="Bahn"),
        lambda report, by: triage.note(report, by=by, text="Hallo"),
        lambda report, by: publishing.release(report, by=by, text=True),
        lambda report, by: alarms.flag_hazard(report, by=by, is_hazard=True),
        lambda report, by: publishing.publish(report, by=by, is_public=False),
        lambda report, by: triage.unveil_contact(report, by=by),
    ],
)
def test_an_outsider_and_a_reader_do_nothing(
    report: Report,
    outsider: User,
    make_user: Make,
    town: Municipality,
    deed: Callable[[Report, User], Any],
) -> None:
    reader = make_user("liest", town.fallback_department, Role.READ_ONLY)
    for stranger in (outsider, reader):
        with pytest.raises(work.NotAllowed):
            deed(report, stranger)
    report.refresh_from_db()
    assert report.version == 1


def test_releasing_shows_text_and_photo(dispatcher: User, make_report: Make) -> None:
    report = make_report(photo_ids=(stage_image().pk, stage_image().pk))
    first, second = Photo.objects.filter(report=report)
    row = publishing.release(report, by=dispatcher, text=True, photos=[first.pk])
    assert row.public_description
    assert list(Photo.objects.filter(is_released=True)) == [first]
    publishing.release(report, by=dispatcher, text=False, hidden_photos=[first.pk])
    report.refresh_from_db()
    assert report.public_description == ""
    assert not Photo.objects.filter(is_released=True).exists()
    assert second.is_released is False


def test_a_foreign_photo_is_not_released_by_its_number(dispatcher: User, make_report: Make) -> None:
    report, other = make_report(), make_report(photo_ids=(stage_image().pk,))
    publishing.release(report, by=dispatcher, photos=[other.photos.get().pk])
    assert not Photo.objects.filter(is_released=True).exists()


def test_what_is_never_public_can_not_be_released(dispatcher: User, make_report: Make) -> None:
    report = make_report(private=True)
    with pytest.raises(work.NotAllowed):
        publishing.release(report, by=dispatcher, text=True)
    with pytest.raises(work.NotAllowed):
        publishing.publish(report, by=dispatcher, is_public=True)


def test_marking_what_is_marked_changes_nothing(report: Report, caseworker: User) -> None:
    alarms.flag_hazard(report, by=caseworker, is_hazard=False)
    report.refresh_from_db()
    assert report.version == 1


def test_a_hazard_marked_by_staff_alarms_at_once(report: Report, caseworker: User) -> None:
    alarms.flag_hazard(report, by=caseworker, is_hazard=True, reason="Deckel fehlt")
    alarms.flag_hazard(report, by=caseworker, is_hazard=True)
    assert Letter.objects.filter(kind="hazard_alarm").count() == 1


def test_only_a_confirmed_address_hears_of_changes(caseworker: User, make_draft: Make) -> None:
    drafts = [make_draft(email="uta@example.org"), make_draft(email="ali@example.org")]
    reports = [intake.submit(draft).report for draft in drafts]
    intake.confirm(token_for("confirm", drafts[0].client_id))
    for report in reports:
        triage.set_status(report, Status.DONE, by=caseworker, text="Repariert.")
    letter = Letter.objects.get(kind="status")
    assert letter.to == "uta@example.org"
    assert "Repariert." in letter.text
    assert letter.subject.startswith("Erledigt")


def test_looking_at_the_contact_is_written_down(caseworker: User, make_report: Make) -> None:
    report = make_report(email="uta@example.org")
    contact = triage.unveil_contact(report, by=caseworker)
    assert isinstance(contact, Contact)
    assert contact.email == "uta@example.org"
    event = Event.objects.get(kind="unveiled")
    assert (event.actor, event.visibility) == (caseworker, "internal")


def test_a_deed_costs_few_statements(
    report: Report, caseworker: User, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(12):
        triage.accept(report, by=caseworker)


def test_each_event_knows_its_transaction(report: Report) -> None:
    with connection.cursor() as sql:
        sql.execute("SELECT pg_current_xact_id()::text")
        (now,) = sql.fetchone()
    assert {event.xid for event in report.events.all()} == {int(now)}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            lambda report, by: publishing.publish(report, by=by, is_public=False),
            lambda report, by: publishing.release(report, by=by, text=True, version=report.version),
        ),
        (
            lambda report, by: publishing.release(report, by=by, text=True),
            lambda report, by: publishing.publish(
                report, by=by, is_public=False, version=report.version
            ),
        ),
        (
            lambda report, by: alarms.flag_hazard(report, by=by, is_hazard=True),
            lambda report, by: alarms.flag_hazard(
                report, by=by, is_hazard=False, version=report.version
            ),
        ),
    ],
)
def test_publication_and_hazard_are_not_decided_past_a_colleague(
    dispatcher: User, make_report: Make, first: Any, second: Any
) -> None:
    report = make_report()
    triage.note(report, by=dispatcher, text="Stört niemanden.")
    first(report, dispatcher)
    with pytest.raises(work.TooLate):
        second(report, dispatcher)
