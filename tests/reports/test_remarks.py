"""What residents say about a report afterwards, and what staff make of it."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image as Picture

from reports.deeds import merging, publishing, triage, work
from reports.desk import desk
from reports.desk.rows import page_of
from reports.desk.wish import Wish
from reports.models import (
    Event,
    EventKind,
    Offer,
    Photo,
    Remark,
    RemarkKind,
    RemarkState,
    Report,
    Visibility,
)
from reports.receiving.drafts import Refused
from reports.voices import moderation, remarks
from reports.voices.remarks import Saying
from reports.workflow import IllegalMove, Status
from townhall import photos
from townhall.models import Department, Letter, Municipality, User

Say = Callable[..., remarks.Heard]


@pytest.fixture
def staged() -> uuid.UUID:
    file = io.BytesIO()
    Picture.new("RGB", (80, 60), "green").save(file, "JPEG")
    upload = SimpleUploadedFile("loch.jpg", file.getvalue(), "image/jpeg")
    return photos.stage(uuid.uuid4(), upload).pk


@pytest.fixture
def report(make_report: Callable[..., Report]) -> Report:
    return make_report()


@pytest.fixture
def done(report: Report, dispatcher: User) -> Report:
    triage.set_status(report, Status.DONE, by=dispatcher, text="Das Loch ist verfüllt.")
    return now(report)


@pytest.fixture
def say() -> Say:
    def tell(report: Report, kind: RemarkKind, **more: Any) -> remarks.Heard:
        more.setdefault("client_id", uuid.uuid4())
        return remarks.say(report, Saying(kind=kind, **more))

    return tell


def now(report: Report) -> Report:
    return Report.objects.with_faces().get(pk=report.pk)


def kinds(report: Report) -> list[str]:
    return list(report.events.values_list("kind", flat=True))


# ── More ─────────────────────────────────────────────────────────────────────────────────────
def test_what_is_added_waits_until_staff_have_read_it(
    report: Report, say: Say, staged: uuid.UUID
) -> None:
    heard = say(report, RemarkKind.MORE, text="Es ist jetzt tiefer.", photo_ids=(staged,))
    assert heard.remark.state == RemarkState.WAITING
    told = Event.objects.get(kind=EventKind.MORE_SENT)
    assert told.visibility == Visibility.INTERNAL
    assert told.text == ""
    assert not Photo.objects.get(image=staged).is_released


def test_the_same_sending_twice_is_one(report: Report, say: Say) -> None:
    client_id = uuid.uuid4()
    first = say(report, RemarkKind.MORE, client_id=client_id, text="Tiefer.")
    again = say(report, RemarkKind.MORE, client_id=client_id, text="Tiefer.")
    assert (first.is_new, again.is_new) == (True, False)
    assert Remark.objects.count() == 1
    assert kinds(report).count(EventKind.MORE_SENT) == 1
    with pytest.raises(remarks.Conflict):
        say(report, RemarkKind.MORE, client_id=client_id, text="Anders.")


@pytest.mark.parametrize(
    "bad",
    [
        {"kind": RemarkKind.MORE},
        {"kind": RemarkKind.MORE, "text": " a "},
        {"kind": RemarkKind.MORE, "text": "x" * 1001},
        {"kind": RemarkKind.MORE, "text": "Foto fehlt", "photo_ids": (uuid.UUID(int=5),)},
        {"kind": RemarkKind.PROBLEM, "text": "Ohne Grund"},
        {"kind": RemarkKind.PROBLEM, "reason": "erfunden"},
    ],
)
def test_an_empty_or_broken_sending_is_refused_and_leaves_nothing(
    report: Report, say: Say, bad: dict[str, Any]
) -> None:
    with pytest.raises(Refused):
        say(report, **bad)
    assert not Remark.objects.exists()
    assert now(report).version == report.version


def test_staff_show_it_in_their_own_words_or_not_at_all(
    report: Report, say: Say, staged: uuid.UUID, dispatcher: User
) -> None:
    heard = say(report, RemarkKind.MORE, text="Ruf an: 0151 123", photo_ids=(staged,))
    photo = Photo.objects.get(image=staged)
    moderation.release_remark(
        report, heard.remark.pk, by=dispatcher, text="Es ist tiefer.", photos=[photo.pk]
    )
    shown = Event.objects.get(kind=EventKind.MORE)
    assert (shown.visibility, shown.text) == (Visibility.PUBLIC, "Es ist tiefer.")
    photo.refresh_from_db()
    assert photo.is_released
    assert photo.event == shown
    with pytest.raises(work.TooLate):
        moderation.refuse_remark(report, heard.remark.pk, by=dispatcher)

    other = say(report, RemarkKind.MORE, text="Werbung für Zäune")
    moderation.refuse_remark(report, other.remark.pk, by=dispatcher)
    assert kinds(report).count(EventKind.MORE) == 1
    assert kinds(report).count(EventKind.MORE_REFUSED) == 1


def test_to_release_nothing_is_no_release(report: Report, say: Say, dispatcher: User) -> None:
    heard = say(report, RemarkKind.MORE, text="Tiefer.")
    with pytest.raises(moderation.NothingToShow):
        moderation.release_remark(report, heard.remark.pk, by=dispatcher, text=" ")
    assert Remark.objects.get().state == RemarkState.WAITING


def test_who_may_not_release_decides_on_nothing(
    report: Report, say: Say, make_user: Callable[..., User], outsider: User
) -> None:
    heard = say(report, RemarkKind.MORE, text="Tiefer.")
    clerk = make_user("sachbearbeitung", report.department)
    for user in (clerk, outsider):
        with pytest.raises(work.NotAllowed):
            moderation.release_remark(report, heard.remark.pk, by=user, text="Tiefer.")


def test_a_remark_of_another_report_is_not_shown_with_this_one(
    make_report: Callable[..., Report], say: Say, dispatcher: User
) -> None:
    one, other = make_report(), make_report()
    heard = say(other, RemarkKind.MORE, text="Gehört woanders hin.")
    with pytest.raises(work.TooLate):
        moderation.release_remark(one, heard.remark.pk, by=dispatcher, text="Tiefer.")


def test_what_was_decided_on_is_forgotten_in_time(
    report: Report, say: Say, staged: uuid.UUID, dispatcher: User
) -> None:
    heard = say(report, RemarkKind.MORE, text="Mein Nachbar war es.", photo_ids=(staged,))
    moderation.release_remark(report, heard.remark.pk, by=dispatcher, text="Jemand war es.")
    open_one = say(report, RemarkKind.MORE, text="Wartet noch.").remark
    assert remarks.forget_due(now=timezone.now()) == 0
    assert remarks.forget_due(now=timezone.now() + dt.timedelta(days=91)) == 1
    assert set(Remark.objects.values_list("text", flat=True)) == {"", open_one.text}
    assert not Photo.objects.filter(image=staged).exists()
    assert Event.objects.filter(text="Jemand war es.").exists()


# ── Fixed, or not ────────────────────────────────────────────────────────────────────────────
def test_a_yes_is_counted_once_and_told_to_everybody(done: Report, say: Say) -> None:
    client_id = uuid.uuid4()
    say(done, RemarkKind.FIXED, client_id=client_id)
    say(done, RemarkKind.FIXED, client_id=client_id)
    say(done, RemarkKind.FIXED)
    yes = done.events.filter(kind=EventKind.FIXED)
    assert [each.visibility for each in yes] == [Visibility.PUBLIC] * 2
    assert now(done).status == Status.DONE


def test_a_no_opens_the_report_again(done: Report, say: Say) -> None:
    heard = say(done, RemarkKind.NOT_FIXED, text="Das Loch ist noch da.")
    assert heard.is_reopened
    row = now(done)
    assert (row.status, row.closed_at, row.depublish_on) == (Status.NEW, None, None)
    told = row.events.last()
    assert told and (told.kind, told.status) == (EventKind.STATUS, Status.NEW)
    assert told.text == ""  # nobody has read the words yet
    with pytest.raises(remarks.NotNow):
        say(row, RemarkKind.NOT_FIXED, text="Noch einer sagt es.")


def test_a_department_without_a_desk_hears_of_a_no_by_mail(
    done: Report, say: Say, django_assert_max_num_queries: Any
) -> None:
    Department.objects.update(mails_new_reports=True)
    with django_assert_max_num_queries(24):
        say(done, RemarkKind.NOT_FIXED, text="Geheim bis zur Freigabe.")
    letter = Letter.objects.get(kind="reopened")
    assert letter.to == done.department.email
    assert done.shown_code in letter.text
    assert "Geheim" not in letter.text


def test_the_same_no_again_is_answered_alike_though_the_report_is_open(
    done: Report, say: Say
) -> None:
    client_id = uuid.uuid4()
    for _ in range(2):
        heard = say(done, RemarkKind.NOT_FIXED, client_id=client_id, text="Noch da.")
        assert heard.is_reopened
    assert kinds(done).count(EventKind.STATUS) == 2


@pytest.mark.parametrize("because", ["late", "never", "program"])
def test_a_late_or_suspect_no_is_for_staff_to_decide(done: Report, say: Say, because: str) -> None:
    if because == "late":
        long_ago = timezone.now() - dt.timedelta(days=31)
        Report.objects.filter(pk=done.pk).update(closed_at=long_ago)
    if because == "never":
        Offer.objects.update(reopen_within_days=0)
        Report.objects.filter(pk=done.pk).update(closed_at=timezone.now() - dt.timedelta(hours=1))
    heard = say(done, RemarkKind.NOT_FIXED, text="Noch da.", is_suspect=because == "program")
    assert not heard.is_reopened
    assert now(done).status == Status.DONE
    assert kinds(done)[-1] == EventKind.NOT_FIXED


def test_nobody_asks_whether_an_open_report_is_fixed(report: Report, say: Say) -> None:
    with pytest.raises(remarks.NotNow):
        say(report, RemarkKind.FIXED)
    assert not Remark.objects.exists()


# ── Problems ─────────────────────────────────────────────────────────────────────────────────
def test_problems_hide_nothing_by_themselves(report: Report, say: Say) -> None:
    for n in range(5):
        say(report, RemarkKind.PROBLEM, reason="insult", sender=str(n))
    assert now(report).is_public


def test_so_many_different_people_hide_a_report_where_the_town_wants_it(
    report: Report, say: Say, town: Municipality
) -> None:
    Municipality.objects.update(hide_after_problems=3)
    for sender in ("a", "a", "b"):
        say(report, RemarkKind.PROBLEM, reason="personal", sender=sender)
    say(report, RemarkKind.PROBLEM, reason="personal", sender="c", is_suspect=True)
    assert now(report).is_public
    say(report, RemarkKind.PROBLEM, reason="personal", sender="d")
    assert not now(report).is_public


def test_unfounded_problems_bring_the_report_back(
    report: Report, say: Say, dispatcher: User
) -> None:
    Municipality.objects.update(hide_after_problems=1)
    say(report, RemarkKind.PROBLEM, reason="advert", sender="a")
    assert not now(report).is_public
    moderation.settle_problems(report, by=dispatcher, is_hidden=False)
    assert now(report).is_public
    assert Remark.objects.get().sender == ""


def test_staff_hide_what_has_a_problem_and_say_why(
    report: Report, say: Say, dispatcher: User
) -> None:
    say(report, RemarkKind.PROBLEM, reason="personal", sender="a")
    moderation.settle_problems(report, by=dispatcher, is_hidden=True)
    assert not now(report).is_public
    hidden = report.events.get(kind=EventKind.DEPUBLISHED)
    assert hidden.facts == {"because": "problem", "reason": "personal"}
    with pytest.raises(work.TooLate):
        moderation.settle_problems(report, by=dispatcher, is_hidden=False)


def test_what_the_town_hid_itself_stays_hidden_when_a_problem_is_unfounded(
    report: Report, say: Say, dispatcher: User
) -> None:
    say(report, RemarkKind.PROBLEM, reason="other", sender="a")
    publishing.publish(report, by=dispatcher, is_public=False)
    moderation.settle_problems(report, by=dispatcher, is_hidden=False)
    assert not now(report).is_public


# ── Merging ──────────────────────────────────────────────────────────────────────────────────
def test_a_merged_report_takes_its_own_duplicates_along(
    make_report: Callable[..., Report], dispatcher: User
) -> None:
    first, second, main = make_report(), make_report(), make_report()
    merging.merge(first, into=second, by=dispatcher)
    merging.merge(second, into=main, by=dispatcher)
    assert [now(each).duplicate_of for each in (first, second)] == [main, main]
    assert now(second).status == Status.DUPLICATE
    for circle in (second, main):
        with pytest.raises(IllegalMove):
            merging.merge(main, into=circle, by=dispatcher)


# ── At the desk ──────────────────────────────────────────────────────────────────────────────
def test_what_waits_stands_in_a_view_of_its_own(
    make_report: Callable[..., Report], say: Say, dispatcher: User
) -> None:
    waiting, decided, _quiet = make_report(), make_report(), make_report()
    say(waiting, RemarkKind.PROBLEM, reason="other", sender="a")
    say(waiting, RemarkKind.MORE, text="Zweimal in der Liste? Nein.")
    heard = say(decided, RemarkKind.MORE, text="Schon gelesen.")
    moderation.refuse_remark(decided, heard.remark.pk, by=dispatcher)
    today = timezone.localdate()
    wish = Wish.parse({"ansicht": "pruefen"})
    page = page_of(wish, dispatcher, today=today)
    assert [row.report for row in page.rows] == [waiting]
    counts = {
        each.view.slug: each.count for each in desk.overview(dispatcher, today=today).counters
    }
    assert counts["pruefen"] == 1
