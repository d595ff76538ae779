"""The same thing reported twice: joined, told once, and parted again."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from reports.deeds import alarms, merging, planning, triage, work
from reports.letters import news
from reports.models import Contact, Event, Follower, Merging, Report, Supporter
from reports.voices import follow, support
from reports.workflow import IllegalMove, Status
from townhall.models import Letter, LetterState, User

Make = Callable[..., Any]


@pytest.fixture
def two(make_report: Make) -> tuple[Report, Report]:
    """A main report and its double, each with a confirmed reporter."""
    made = make_report(email="uta@example.org"), make_report(email="olaf@example.org")
    Contact.objects.update(confirmed_at=timezone.now() - dt.timedelta(hours=1))
    Letter.objects.all().delete()
    return made


def follow_it(report: Report, email: str) -> Follower:
    follow.ask(report.code, email=email, client_id=uuid4())
    row = Follower.objects.get(report=report, email=email)
    return follow.confirm(news.confirm_token(row))


def readers() -> list[str]:
    """Whose mailboxes hear of the last thing that everybody sees."""
    news.tell(Event.objects.public().latest("pk").pk)
    told = list(Letter.objects.order_by("to").values_list("to", flat=True))
    Letter.objects.all().delete()
    return told


def test_people_move_without_doubling_and_come_back(
    two: tuple[Report, Report], dispatcher: User
) -> None:
    main, copy = two
    both = follow_it(main, "both@example.org"), follow_it(copy, "both@example.org")
    one = follow_it(copy, "one@example.org")
    support.support(copy.code, client_id=uuid4())
    row = merging.merge(copy, into=main, by=dispatcher)
    assert (row.status, row.duplicate_of) == ("duplicate", main)
    moved = set(Follower.objects.filter(report=main).values_list("pk", flat=True))
    assert moved == {both[0].pk, one.pk}
    assert Supporter.objects.get().report_id == main.pk
    back = merging.separate(row, by=dispatcher)
    assert (back.status, back.duplicate_of) == ("new", None)
    assert Follower.objects.get(pk=one.pk).report_id == copy.pk
    assert Supporter.objects.get().report_id == copy.pk
    with pytest.raises(IllegalMove):
        merging.separate(back, by=dispatcher)


def test_everybody_is_told_once(two: tuple[Report, Report], dispatcher: User) -> None:
    main, copy = two
    follow_it(copy, "one@example.org")
    follow_it(main, "olaf@example.org")  # who reported the copy
    Follower.objects.update(confirmed_at=timezone.now() - dt.timedelta(hours=1))
    Letter.objects.all().delete()
    merging.merge(copy, into=main, by=dispatcher)
    assert readers() == ["olaf@example.org", "one@example.org"]
    triage.set_status(main, Status.DONE, by=dispatcher, text="Verfüllt.")
    assert readers() == ["olaf@example.org", "one@example.org", "uta@example.org"]


def test_who_was_not_told_yet_hears_nothing_of_it(
    two: tuple[Report, Report], dispatcher: User
) -> None:
    main, copy = two
    row = merging.merge(copy, into=main, by=dispatcher)
    row = merging.separate(row, by=dispatcher)
    assert not Letter.objects.exclude(state=LetterState.WITHDRAWN).exists()
    row = merging.merge(row, into=main, by=dispatcher)
    Letter.objects.update(state=LetterState.SENT)
    merging.separate(row, by=dispatcher)
    assert Letter.objects.filter(state=LetterState.WAITING, to="olaf@example.org").count() == 1


def test_after_a_day_it_stays(two: tuple[Report, Report], dispatcher: User) -> None:
    main, copy = two
    row = merging.merge(copy, into=main, by=dispatcher)
    Merging.objects.update(at=timezone.now() - dt.timedelta(hours=25))
    assert not merging.can_separate(row)
    with pytest.raises(IllegalMove):
        merging.separate(row, by=dispatcher)


def test_a_danger_does_not_end_by_joining(
    two: tuple[Report, Report], dispatcher: User, outsider: User
) -> None:
    main, copy = two
    alarms.flag_hazard(copy, by=dispatcher, is_hazard=True)
    with pytest.raises(work.NotAllowed):
        merging.merge(copy, into=main, by=outsider)
    merging.merge(copy, into=main, by=dispatcher)
    main.refresh_from_db()
    assert main.is_hazard
    assert main.alarms.filter(ended_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_join_them_crosswise_make_one_main(
    two: tuple[Report, Report], dispatcher: User
) -> None:
    started = threading.Barrier(2, timeout=60)
    outcomes: list[str] = []

    def join(report: Report, into: Report) -> None:
        started.wait()
        try:
            merging.merge(report, into=into, by=User.objects.get(pk=dispatcher.pk))
            outcomes.append("joined")
        except IllegalMove:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=join, args=pair) for pair in (two, two[::-1])]
    for each in threads:
        each.start()
    for each in threads:
        each.join(timeout=60)
    assert sorted(outcomes) == ["joined", "refused"]
    assert Report.objects.filter(duplicate_of=None).count() == 1


def test_the_page_shows_them_side_by_side_and_joins(
    two: tuple[Report, Report], dispatcher: User, client: Client
) -> None:
    main, copy = two
    client.force_login(dispatcher)
    page = f"/amt/meldung/{copy.code}/zusammenfuehrung"
    assert main.shown_code in client.get(page).content.decode()
    compared = client.get(page, {"mit": main.code})
    assert compared.status_code == 200
    planning.set_deadline(
        copy, timezone.localdate() + dt.timedelta(days=9), by=dispatcher, reason="Später."
    )
    fields = {"mit": main.code, "haupt": main.code, f"version-{copy.code}": str(copy.version)}
    assert client.post(page, fields).status_code == 409
    fields[f"version-{copy.code}"] = ""
    assert client.post(page, fields).status_code == 303
    assert copy.shown_code in client.get(f"/amt/meldung/{main.code}").content.decode()
    assert client.post(page, {"mit": "nonsense"}).status_code == 404
    assert client.post(f"/amt/meldung/{copy.code}/trennung", {}).status_code == 303
