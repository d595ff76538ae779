"""What became of the reports: counted for those whose work it is, by place and subject only."""

from __future__ import annotations

import csv
import datetime as dt
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from reports.deeds import merging, triage
from reports.models import Event, Report
from reports.numbers import charts
from reports.numbers.measures import NOTHING, Group, measure
from reports.numbers.reading import lapse
from reports.numbers.spans import BadSpan, Span
from reports.workflow import Status
from townhall.models import User

TODAY = dt.date(2026, 11, 22)  # a Sunday


# ── The time ─────────────────────────────────────────────────────────────────────────────────
def test_lately_are_whole_weeks_from_a_monday_on() -> None:
    span = Span.lately(TODAY)
    assert span.first == dt.date(2026, 8, 31)
    assert (span.first.weekday(), span.last, len(span.steps)) == (0, TODAY, 12)


def test_the_time_before_is_as_long_and_ends_the_day_before() -> None:
    span = Span(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
    assert span.before == Span(dt.date(2026, 1, 29), dt.date(2026, 2, 28))


def test_a_long_time_is_told_by_months() -> None:
    span = Span(dt.date(2025, 12, 15), TODAY)
    assert span.step == "month"
    assert (span.steps[0], span.steps[-1]) == (dt.date(2025, 12, 1), dt.date(2026, 11, 1))


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"von": "gestern"}, "von"),
        ({"von": "2026-02-30"}, "von"),
        ({"bis": "0001-01-01"}, "bis"),
        ({"bis": "9999-12-31"}, "bis"),
        ({"von": "2026-05-01", "bis": "2026-04-01"}, "bis"),
        ({"von": "2001-01-01", "bis": "2026-04-01"}, "von"),
    ],
)
def test_a_time_that_cannot_be_names_its_field(query: dict[str, str], field: str) -> None:
    with pytest.raises(BadSpan) as refused:
        Span.parse(query, today=TODAY)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("most", "top"), [(0, 4), (1, 4), (5, 5), (6, 10), (11, 20), (99, 100), (5001, 10000)]
)
def test_a_scale_ends_at_a_number_that_reads_well(most: int, top: int) -> None:
    chart = charts.columns([most], [0])
    assert chart.top == top
    assert chart.first[0].height == round(100 * most / top, 2)


# ── The measures ─────────────────────────────────────────────────────────────────────────────
def _received(report: Report, *, days_ago: float) -> Report:
    """As if it had come in so many days ago, and was due two days later."""
    moment = timezone.now() - dt.timedelta(days=days_ago)
    due = timezone.localdate(moment) + dt.timedelta(days=2)
    Report.objects.filter(pk=report.pk).update(received_at=moment, due_on=due)
    Event.objects.filter(report=report).update(at=moment)
    report.refresh_from_db()
    return report


def _span() -> Span:
    return Span.lately(timezone.localdate())


@pytest.mark.django_db
def test_times_run_from_receipt_to_the_first_answer_and_to_the_end(
    make_report: Any, caseworker: User, dispatcher: User
) -> None:
    for days in (2, 4, 9):
        report = _received(make_report(), days_ago=days)
        triage.accept(report, by=caseworker)
        triage.note(report, by=caseworker, text="only for colleagues")
        triage.set_status(report, Status.DONE, by=caseworker)
    _received(make_report(), days_ago=1)
    numbers = measure(Report.objects.in_care_of(dispatcher), _span())
    line = numbers[Group.ALL][()]
    assert (line.received, line.done, line.answered.count, line.unanswered) == (4, 3, 3, 1)
    assert line.finished.median == pytest.approx(4 * 24, abs=0.1)
    assert line.answered.most == pytest.approx(8 * 24, abs=0.1)  # between the second and third
    assert (line.due, line.kept) == (3, 1)
    assert sum(each.received for each in numbers[Group.STEP].values()) == 4


@pytest.mark.django_db
def test_an_internal_note_is_no_answer(make_report: Any, caseworker: User) -> None:
    report = _received(make_report(), days_ago=1)
    triage.note(report, by=caseworker, text="looks bad")
    line = measure(Report.objects.all(), _span())[Group.ALL][()]
    assert (line.answered.count, line.unanswered) == (0, 1)


@pytest.mark.django_db
def test_a_reopened_report_is_counted_as_such(make_report: Any, caseworker: User) -> None:
    report = make_report()
    triage.set_status(report, Status.DONE, by=caseworker)
    triage.reopen(report, by=caseworker, reason="still broken")
    line = measure(Report.objects.all(), _span())[Group.ALL][()]
    assert (line.reopened, line.done) == (1, 0)


@pytest.mark.django_db
def test_a_report_that_came_back_in_two_weeks_is_one_that_came_back(
    make_report: Any, caseworker: User
) -> None:
    report = make_report()
    for days in (0, 14):
        triage.set_status(report, Status.DONE, by=caseworker)
        triage.reopen(report, by=caseworker, reason="still broken")
        last = Event.objects.filter(report=report, kind="status").latest("id")
        Event.objects.filter(pk=last.pk).update(at=timezone.now() - dt.timedelta(days=days))
    numbers = measure(Report.objects.all(), _span())
    assert numbers[Group.ALL][()].reopened == 1
    assert [line.reopened for line in numbers[Group.STEP].values()] == [1, 1]


@pytest.mark.parametrize(
    ("hours", "words"),
    [(0.4, "unter 1 Std."), (45.9, "46 Std."), (24 * 8.96, "9,0 Tage"), (24 * 14.94, "15 Tage")],
)
def test_lapses_are_rounded_and_not_cut(hours: float, words: str) -> None:
    assert lapse(hours) == words


@pytest.mark.django_db
def test_a_duplicate_is_received_but_owes_no_answer(make_report: Any, dispatcher: User) -> None:
    main, copy = make_report(), make_report()
    merging.merge(copy, into=main, by=dispatcher)
    line = measure(Report.objects.all(), _span())[Group.ALL][()]
    assert (line.received, line.duplicates, line.unanswered) == (2, 1, 1)


@pytest.mark.django_db
def test_nothing_received_is_no_error(town: Any) -> None:
    numbers = measure(Report.objects.all(), _span())
    assert numbers[Group.ALL][()] == NOTHING
    assert numbers[Group.CATEGORY] == {}


# ── The doors ────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_the_page_counts_what_is_in_ones_care(
    client: Client, make_report: Any, dispatcher: User, outsider: User
) -> None:
    make_report()
    client.force_login(dispatcher)
    assert "<b>1</b>" in client.get("/amt/zahlen").text
    client.force_login(outsider)
    assert "gibt es nichts zu zählen" in client.get("/amt/zahlen").text


@pytest.mark.django_db
def test_nobody_is_led_to_the_sign_in(client: Client) -> None:
    for address in ("/amt/zahlen", "/amt/zahlen/tabelle.csv", "/amt/zahlen/ortsteil.pdf"):
        assert client.get(address).headers["Location"].startswith("/amt/anmelden")


@pytest.mark.django_db
def test_no_person_is_ever_ranked(
    client: Client, make_report: Any, caseworker: User, dispatcher: User
) -> None:
    caseworker.first_name, caseworker.last_name = "Walburga", "Fleissig"
    caseworker.save()
    triage.accept(make_report(), by=caseworker)
    client.force_login(dispatcher)
    for address in ("/amt/zahlen", "/amt/zahlen/tabelle.csv"):
        text = client.get(address).content.decode()
        assert "Fleissig" not in text
        assert caseworker.username not in text.replace("tiefbauamt", "")


@pytest.mark.django_db
def test_the_page_costs_the_same_whatever_is_counted(
    client: Client,
    make_report: Any,
    dispatcher: User,
    django_assert_max_num_queries: Any,
) -> None:
    for _ in range(3):
        make_report()
    client.force_login(dispatcher)
    with django_assert_max_num_queries(20):
        assert client.get("/amt/zahlen").status_code == 200


@pytest.mark.django_db
def test_a_wrong_time_is_told_beside_its_field(client: Client, dispatcher: User) -> None:
    client.force_login(dispatcher)
    answer = client.get("/amt/zahlen?von=2026-05-01&bis=2026-04-01")
    assert answer.status_code == 422
    assert 'aria-describedby="bis-fehler"' in answer.text
    assert 'value="2026-04-01"' in answer.text


@pytest.mark.django_db
def test_the_table_file_opens_in_a_spreadsheet_and_runs_nothing(
    client: Client, make_report: Any, pothole: Any, dispatcher: User
) -> None:
    type(pothole).objects.filter(pk=pothole.pk).update(name='=HYPERLINK("x")')
    make_report()
    client.force_login(dispatcher)
    answer = client.get("/amt/zahlen/tabelle.csv")
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:3] == ["Gegliedert nach", "Welche", "Eingegangen"]
    assert rows[1][:3] == ["Insgesamt", "Insgesamt", "1"]
    assert [row[1] for row in rows if row[0] == "Kategorie"] == ['\'=HYPERLINK("x")']


@pytest.mark.django_db
def test_an_ortsteil_fits_on_one_page(
    client: Client, make_report: Any, town: Any, dispatcher: User, outsider: User
) -> None:
    report = make_report()
    Report.objects.filter(pk=report.pk).update(locality="Auerbach")
    address = f"/amt/zahlen/ortsteil.pdf?gemeinde={town.key}&ort=Auerbach"
    client.force_login(dispatcher)
    paper = PdfReader(BytesIO(client.get(address).content))
    assert len(paper.pages) == 1
    assert "Auerbach" in paper.pages[0].extract_text()
    client.force_login(outsider)
    assert client.get(address).status_code == 404
