"""What the desk's filters, orders, heaps and saved views find, and for whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from geo.models import Area, Layer
from reports.desk import saved
from reports.desk.monday import heaps
from reports.desk.rows import page_of
from reports.desk.wish import Wish
from reports.models import Report, SavedView
from tests.conftest import square
from townhall.calendar import BERLIN, Calendar
from townhall.models import ClosingDay, Department, Municipality, User

pytestmark = pytest.mark.django_db

MONDAY = dt.date(2026, 11, 23)
Make = Callable[..., Report]


def fresh(user: User) -> User:
    """As another request reads them: what they know by heart is read anew."""
    return User.objects.get(pk=user.pk)


def found(user: User, typed: str, *, view: str = "alle", today: dt.date = MONDAY) -> set[str]:
    wish = Wish.parse({"ansicht": view, "q": typed})
    assert wish.troubles(user, today=today) == []
    return {row.report.code for row in page_of(wish, user, today=today).rows}


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    def enter(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return enter


# ── Filters ──────────────────────────────────────────────────────────────────────────────────
def test_each_filter_finds_what_its_name_says_and_a_minus_the_rest(
    caseworker: User,
    dispatcher: User,
    make_report: Make,
    make_category: Any,
    make_offer: Any,
    town: Municipality,
) -> None:
    make_offer(town, make_category("Wilder Müll", "Abfall"))
    one = make_report(
        status="in_progress",
        assignee=dispatcher,
        locality="Auerbach",
        is_hazard=True,
        priority=4,
        source="phone",
        due_on=dt.date(2026, 11, 24),
        received_at=dt.datetime(2026, 11, 20, 9, tzinfo=BERLIN),
        position=Point(8.63, 49.69, srid=4326),
    )
    other = make_report(
        category="wilder-mull",
        due_on=dt.date(2026, 12, 4),
        received_at=dt.datetime(2026, 11, 2, 9, tzinfo=BERLIN),
        position=Point(8.61, 49.67, srid=4326),
    )
    fallback = town.fallback_department
    assert fallback
    Report.objects.filter(pk=other.pk).update(department=fallback, routing={"fallback": True})
    for typed in (
        "status:arbeit",
        "kategorie:schlagloch",
        "kategorie:wege",
        "amt:tiefbauamt",
        "bearbeiter:ich",
        "bereich:auerbach",
        "frist:<2t",
        "frist:<=24.11.2026",
        "eingang:>=2026-11-20",
        "eingang:<7t",
        "prio:dringend",
        "gefahr:ja",
        "quelle:phone",
        "karte:8.62,49.68,8.64,49.70",
    ):
        assert found(dispatcher, typed) == {one.code}, typed
        assert found(dispatcher, f"-{typed}") == {other.code}, typed
    for typed in (
        "amt:keins",
        "bearbeiter:niemand",
        "status:neu",
        "kategorie:müll",
        "foto:nein prio:normal",
    ):
        assert found(dispatcher, typed) == {other.code}, typed
    assert found(dispatcher, "gemeinde:bensheim kategorie:schlagloch,müll") == {
        one.code,
        other.code,
    }
    assert found(dispatcher, "bereich:bensheim") == {other.code}
    assert found(dispatcher, "-bäckerei") == set()


def test_working_days_are_the_towns_own(
    caseworker: User, dispatcher: User, make_report: Make, town: Municipality
) -> None:
    report = make_report(due_on=dt.date(2026, 11, 25))
    assert found(dispatcher, "frist:<2t") == set()
    ClosingDay.objects.create(municipality=town, day=dt.date(2026, 11, 24))
    assert found(fresh(dispatcher), "frist:<2t") == {report.code}


def test_an_area_of_the_map_finds_what_lies_in_it(
    dispatcher: User, make_report: Make, here: Point
) -> None:
    from_park = make_report()
    make_report(position=Point(here.x + 0.015, here.y, srid=4326))
    layer = Layer.objects.create(owner="bensheim", slug="parks", name="Parks")
    shape = square((here.x, here.y), half=0.005)
    Area.objects.create(layer=layer, key="1", name="Stadtpark", shape=shape, label_at=here)
    assert found(dispatcher, "bereich:stadtpark") == {from_park.code}


def test_a_name_that_nobody_has_finds_nothing_and_says_who_is_there(
    dispatcher: User, make_report: Make
) -> None:
    make_report()
    wish = Wish.parse({"q": "amt:quatsch"})
    assert page_of(wish, dispatcher, today=MONDAY).rows == []
    [trouble] = wish.troubles(dispatcher, today=MONDAY)
    assert "„quatsch“ ist hier nicht bekannt." in trouble.sentence
    assert "Bürgerbüro Bensheim" in trouble.sentence


# ── Orders ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("sort", ["neu", "alt", "frist", "prio", "geändert"])
def test_every_order_is_paged_without_gap_or_repeat(
    dispatcher: User, make_report: Make, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.desk.rows.PAGE", 2)
    days = [None, dt.date(2026, 12, 1), None, dt.date(2026, 11, 24), dt.date(2026, 12, 1)]
    reports = [make_report(due_on=day, priority=1 + n % 3) for n, day in enumerate(days)]
    Report.objects.update(received_at=reports[0].received_at, changed_at=reports[0].changed_at)
    wish: Wish | None = Wish.parse({"ansicht": "alle", "q": f"sort:{sort}"})
    seen: list[Report] = []
    while wish:
        page = page_of(Wish.of(wish.query), dispatcher, today=MONDAY)
        seen += [row.report for row in page.rows]
        wish = page.next
    assert sorted(report.code for report in seen) == sorted(report.code for report in reports)
    if sort == "frist":
        dues = [report.due_on or dt.date.max for report in seen]
        assert dues == sorted(dues)
    if sort == "prio":
        assert [report.priority for report in seen] == [3, 2, 2, 1, 1]


def test_a_torn_page_address_begins_at_the_front(dispatcher: User, make_report: Make) -> None:
    make_report()
    for after in ("~", "x~1", "2026-13-01~1", "~~~", "9~2026-01-01~1", "1~2026-01-01T00:00:00~9"):
        wish = Wish.parse({"ansicht": "alle", "q": "sort:prio", "nach": after})
        assert wish.is_lost
        assert len(page_of(wish, dispatcher, today=MONDAY).rows) == 1


# ── Since closing time ───────────────────────────────────────────────────────────────────────
def test_monday_begins_with_what_came_since_friday_afternoon(town: Municipality) -> None:
    calendar = Calendar.of(Municipality.objects.get(pk=town.pk))
    friday = dt.datetime(2026, 11, 20, 16, tzinfo=BERLIN)
    assert calendar.last_closing(MONDAY) == friday
    assert calendar.last_closing(dt.date(2026, 11, 22)) == friday
    assert calendar.last_closing(dt.date(2026, 11, 24)).date() == MONDAY
    christmas = dt.datetime(2026, 12, 24, 16, tzinfo=BERLIN)
    assert calendar.last_closing(dt.date(2026, 12, 28)) == christmas


def test_hazards_first_then_heaps_by_kind_and_place_then_what_is_alone(
    dispatcher: User, make_report: Make
) -> None:
    saturday = dt.datetime(2026, 11, 21, 12, tzinfo=BERLIN)
    old = saturday - dt.timedelta(days=9)
    danger = make_report(is_hazard=True, received_at=old)
    alone = make_report(locality="Zell", received_at=saturday)
    second = make_report(street="Weg", house_number="12", received_at=saturday)
    first = make_report(street="Weg", house_number="3", received_at=saturday)
    make_report(received_at=old)
    make_report(received_at=saturday, status="done", closed_at=saturday)
    page = page_of(Wish.parse({"ansicht": "montag"}), dispatcher, today=MONDAY)
    heaped = [[row.report.code for row in heap.rows] for heap in heaps(page.rows)]
    assert heaped == [[danger.code], [first.code, second.code], [alone.code]]


def test_a_whole_heap_can_be_ticked(client_of: Any, dispatcher: User, make_report: Make) -> None:
    codes = {make_report().code, make_report().code}
    text = client_of(dispatcher).get("/amt?ansicht=montag").content.decode()
    assert "Gefahren zuerst, dann was seit Dienstschluss" in text
    assert "Alle 2 Meldungen dieses Stapels auswählen" in text
    assert all(f'name="codes" value="{code}" form="auswahl"' in text for code in codes)


# ── Saved views ──────────────────────────────────────────────────────────────────────────────
def test_a_list_is_kept_counted_renamed_ordered_and_dropped(
    client_of: Any, dispatcher: User, make_report: Make
) -> None:
    make_report()
    client = client_of(dispatcher)
    asks = "ansicht=alle&q=status%3Aneu+sort%3Afrist"
    for name in ("Neues", "Zweite"):
        done = client.post("/amt/ansichten/gemerkt", {"name": name, "asks": asks})
        assert (done.status_code, done["Location"]) == (303, f"/amt?{asks}")
    first, second = SavedView.objects.order_by("position")
    counters = client.get("/amt/ansichten").context["saved_counters"]
    assert [(each.saved.name, each.words) for each in counters] == [("Neues", "1"), ("Zweite", "1")]
    client.post(f"/amt/ansichten/gemerkt/{second.pk}/platz", {"richtung": "hoch"})
    client.post(f"/amt/ansichten/gemerkt/{first.pk}", {f"v{first.pk}-name": "Frisch"})
    assert [view.name for view in saved.own_views(dispatcher)] == ["Zweite", "Frisch"]
    taken = client.post(f"/amt/ansichten/gemerkt/{first.pk}", {f"v{first.pk}-name": "Zweite"})
    assert taken.status_code == 422
    assert "Eine andere Ihrer Ansichten heißt schon so." in taken.content.decode()
    client.post(f"/amt/ansichten/gemerkt/{first.pk}/entfernung")
    assert SavedView.objects.get().name == "Zweite"


def test_a_shared_view_shows_nobody_more_than_they_may_see(
    client_of: Any,
    caseworker: User,
    dispatcher: User,
    outsider: User,
    make_report: Make,
    make_user: Any,
    make_department: Any,
    town: Municipality,
) -> None:
    office = Department.objects.get(name="Tiefbauamt")
    mine, other = make_report(), make_report()
    Report.objects.filter(pk=other.pk).update(department=make_department("Grünamt", serves=[town]))
    saved.keep(dispatcher, name="Alles", asks="ansicht=alle&q=status:neu", department=office)
    assert found(dispatcher, "status:neu") == {mine.code, other.code}

    client = client_of(caseworker)
    [counter] = client.get("/amt/ansichten").context["saved_counters"]
    assert (counter.saved.name, counter.count) == ("Alles", 1)
    assert found(caseworker, "status:neu") == {mine.code}
    pk = counter.saved.pk
    for door in ("", "/entfernung", "/platz"):
        assert client.post(f"/amt/ansichten/gemerkt/{pk}{door}", {"name": "x"}).status_code == 404
    foreign = client_of(outsider)
    assert foreign.get("/amt/ansichten").context["saved_counters"] == []
    assert foreign.post(f"/amt/ansichten/gemerkt/{pk}/entfernung").status_code == 404
    refused = foreign.post(
        "/amt/ansichten/gemerkt", {"name": "Fremd", "asks": "q=x", "department": office.pk}
    )
    assert refused.status_code == 422
    assert "Wählen Sie ein Amt aus der Liste." in refused.content.decode()
    assert Client().get("/amt/ansichten/gemerkt").status_code == 302


def test_nobody_keeps_more_views_than_can_be_counted(
    dispatcher: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved, "MOST", 1)
    saved.keep(dispatcher, name="Eine", asks="q=a", department=None)
    saved.keep(dispatcher, name="Eine", asks="q=b", department=None)
    assert SavedView.objects.get().asks == "q=b"
    with pytest.raises(saved.TooMany):
        saved.keep(dispatcher, name="Zwei", asks="q=a", department=None)


# ── What it costs ────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "query",
    [
        "ansicht=montag",
        "ansicht=alle&q=kanal status:offen -amt:bürgerbüro bereich:zell frist:<9t sort:prio",
    ],
)
def test_lists_take_eight_statements_whatever_is_asked(
    client_of: Any, dispatcher: User, make_report: Make, query: str
) -> None:
    saved.keep(dispatcher, name="Laternen", asks="q=laterne status:neu", department=None)
    for _each in range(4):
        make_report(description="Ein Kanal.", locality="Zell", received_at=timezone.now())
    client = client_of(dispatcher)
    client.get(f"/amt?{query}")
    with CaptureQueriesContext(connection) as caught:
        assert client.get(f"/amt?{query}").status_code == 200
    assert len(caught) <= 8
