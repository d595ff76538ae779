"""Counts from afar always equal a plain count, whoever writes, folds or rebuilds meanwhile."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import StringIO
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.contrib.gis.geos import Point
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone, translation

from geo.boxes import tile_at
from reports import live
from reports.deeds import alarms, publishing, triage, work
from reports.models import (
    EVER,
    Category,
    Lately,
    Publication,
    PublicPlace,
    PyramidCell,
    PyramidDay,
    PyramidDelta,
    Report,
)
from reports.publicity import mapping, pyramid
from reports.queries import Selection
from reports.receiving import intake
from reports.tasks import fold_pyramid, keep_up_lately
from reports.workflow import CLOSED, MOVES, OPEN, Status
from tests.conftest import BENSHEIM
from townhall.capabilities import token_for
from townhall.models import Municipality, User

Make = Callable[..., Any]
LON, LAT = BENSHEIM
BERLIN = ZoneInfo("Europe/Berlin")
CURRENT = Selection()
EVERYTHING = Selection(statuses=frozenset(Status))
HERE, THERE = "06431002", "06431015"
SELECTIONS = [
    EVERYTHING,
    CURRENT,
    Selection(statuses=OPEN),
    Selection(statuses=frozenset({Status.DONE, Status.DUPLICATE})),
    Selection(statuses=frozenset(Status), months=2),
    Selection(months=1),
    Selection(group="wege"),
    Selection(group="licht", statuses=frozenset(Status), months=5),
    Selection(group="gibt-es-nicht"),
    Selection(municipalities=(HERE,)),
    Selection(municipalities=(THERE, "00000000"), statuses=frozenset(Status)),
]


# ── The plain count: no SQL but for reading the rows ─────────────────────────────────────────
def fits(report: Report, selection: Selection) -> bool:
    day = report.changed_at.astimezone(BERLIN).date()
    group = report.category.group
    if selection.group and (group is None or group.code != selection.group):
        return False
    if selection.municipalities and report.municipality.key not in selection.municipalities:
        return False
    first = selection.first_month(timezone.localdate())
    if first and day < first:
        return False
    if selection.statuses is not None:
        return report.status in selection.statuses
    is_late = report.status in CLOSED - {Status.DUPLICATE} and day >= Lately.objects.get().since
    return report.status in OPEN or is_late


def plain_count(zoom: int, selection: Selection) -> dict[str, Counter[str]]:
    """Cell of zoom + 2 → status → number of public reports."""
    cells: dict[str, Counter[str]] = {}
    for report in Report.objects.public().select_related("category__group", "municipality"):
        if report.public_position and fits(report, selection):
            cell = cells.setdefault(tile_at(report.public_position, zoom + 2), Counter())
            cell[report.status] += 1
    return cells


def map_count(zoom: int, selection: Selection) -> dict[str, Counter[str]]:
    """The same from the tiles' answers, for all tiles in which anything is."""
    cells: dict[str, Counter[str]] = {}
    places = Report.objects.values_list("public_position", flat=True)
    for name in {tile_at(place, zoom) for place in places if place}:
        told = look(name, selection)
        assert not told["cut"]
        for mark in [*told["clusters"], *told["reports"]]:
            cell = cells.setdefault(tile_at(Point(*mark["at"]), zoom + 2), Counter())
            cell.update(mark.get("by") or {mark["status"]: 1})
    return cells


def look(name: str, selection: Selection = CURRENT) -> dict[str, Any]:
    """What a tile's answer says; `name`: "12/2145/1391"."""
    z, x, y = map(int, name.split("/"))
    told: dict[str, Any] = json.loads(mapping.tile(z, x, y, selection).body)
    return told


def at(zoom: int) -> str:
    """The tile in the middle of Bensheim."""
    return tile_at(Point(LON, LAT), zoom)


def listed(selection: Selection) -> int:
    return Report.objects.public().exclude(public_position=None).selected(selection).count()


def assert_equal(*, zooms: tuple[int, ...] = (0, 5, 9, 12, 13, 14, 16)) -> None:
    assert list(pyramid.differences()) == []
    for selection in SELECTIONS:
        for zoom in zooms:
            counted = map_count(zoom, selection)
            assert counted == plain_count(zoom, selection), (zoom, selection)
            assert sum(map(Counter.total, counted.values())) == listed(selection)


# ── Life in a town, by the dice ──────────────────────────────────────────────────────────────
class Life:
    """Random deeds of residents and staff."""

    def __init__(self, rng: Random, towns: list[Municipality], staff: User) -> None:
        self.rng = rng
        self.towns = towns
        self.staff = staff
        self.codes = list(Category.objects.exclude(group=None).values_list("code", flat=True))
        self.unconfirmed: list[str] = []

    def step(self) -> None:
        deeds = [self.report, self.report, self.move, self.move, self.show, self.confirm]
        self.rng.choice([*deeds, self.age, self.erase, self.shift, self.cede, self.night])()

    def report(self) -> None:
        place = Point(LON + self.rng.uniform(-0.019, 0.019), LAT + self.rng.uniform(-0.019, 0.019))
        draft = intake.Draft(
            client_id=UUID(int=self.rng.getrandbits(128), version=4),
            category=self.rng.choice(self.codes),
            position=place,
            description="Wie gewürfelt: hier stimmt etwas nicht.",
            email=self.rng.choice(["", "uta@example.org"]),
            private=self.rng.random() < 0.1,
        )
        intake.submit(draft)
        if draft.email:
            self.unconfirmed.append(token_for("confirm", draft.client_id))

    def confirm(self) -> None:
        if self.unconfirmed:
            with suppress(Report.DoesNotExist):  # erased since
                intake.confirm(self.unconfirmed.pop())

    def move(self) -> None:
        if report := self._any():
            goal = self.rng.choice(sorted(MOVES[Status(report.status)]))
            with suppress(work.NotAllowed):  # ceded
                triage.set_status(report, goal, by=self.staff, text="Weil es so ist.")

    def show(self) -> None:
        if report := self._any():
            with suppress(work.NotAllowed):  # the reporter wants it so
                publishing.publish(report, by=self.staff, is_public=self.rng.random() < 0.6)

    def age(self) -> None:
        """Time passes for some: as a bulk update, which no deed is."""
        some = [report.pk for report in Report.objects.all() if self.rng.random() < 0.2]
        then = timezone.now() - dt.timedelta(days=self.rng.randrange(0, 70))
        Report.objects.filter(pk__in=some).update(changed_at=then)

    def erase(self) -> None:
        if report := self._any():
            report.delete()

    def shift(self) -> None:
        """The place is put right, by a few metres or into another cell."""
        if report := self._any():
            far = self.rng.choice([0.00001, 0.01])
            report.public_position = Point(LON + self.rng.uniform(-far, far), LAT, srid=4326)
            report.save()

    def cede(self) -> None:
        """It was the other town's."""
        if report := self._any():
            report.municipality = self.rng.choice(self.towns)
            report.save()

    def night(self) -> None:
        """The day moves on, or back; the job may be late by any number of days."""
        pyramid.keep_up(timezone.localdate() + dt.timedelta(days=self.rng.randrange(-3, 40)))

    def _any(self) -> Report | None:
        reports = list(Report.objects.order_by("pk"))
        return self.rng.choice(reports) if reports else None


@pytest.fixture
def towns(
    town: Municipality, make_municipality: Make, make_category: Make, make_offer: Make
) -> list[Municipality]:
    """One category for each way to publish and to show the place; a neighbour beside the town."""
    kinds = [
        ("Wege", Publication.AT_ONCE, PublicPlace.EXACT),
        ("Wege", Publication.AT_ONCE, PublicPlace.STREET),
        ("Licht", Publication.AT_ONCE, PublicPlace.LOCALITY),
        ("Licht", Publication.AT_ONCE, PublicPlace.NONE),
        ("Licht", Publication.AFTER_CONFIRMATION, PublicPlace.EXACT),
        ("Wege", Publication.AFTER_REVIEW, PublicPlace.EXACT),
        ("Wege", Publication.NEVER, PublicPlace.EXACT),
    ]
    for number, (group, publication, place) in enumerate(kinds):
        category = make_category(f"Art {number}", group, public_place=place)
        make_offer(town, category, publication=publication)
    return [town, make_municipality("Lorsch", THERE, centre=(8.57, 49.65))]


@pytest.mark.parametrize("seed", range(2))
def test_the_map_counts_what_the_list_lists_whatever_was_done(
    seed: int, towns: list[Municipality], dispatcher: User
) -> None:
    rng = Random(seed)
    life = Life(rng, towns, dispatcher)
    for _part in range(4):
        for _deed in range(14):
            life.step()
            if rng.random() < 0.15:
                pyramid.fold()
        assert_equal(zooms=(rng.choice([0, 5, 9]), 12, rng.choice([13, 14, 17])))
    pyramid.fold()
    assert not PyramidDelta.objects.exists()
    assert not PyramidCell.objects.filter(n__lte=0).exists()
    assert not PyramidDay.objects.filter(n__lte=0).exists()
    assert_equal(zooms=(0, 11, 13, 15))
    assert pyramid.rebuild() == 0


def test_a_tile_shows_four_by_four_cells(make_report: Make) -> None:
    for east in (0, 0.0001, 0.016):
        make_report(position=Point(LON + east, LAT, srid=4326))
    told = look(at(12))
    (cluster,) = told["clusters"]
    assert cluster == {"at": [round(LON + 0.00005, 6), LAT], "n": 2, "by": {"new": 2}}
    assert [card["at"][0] for card in told["reports"]] == [round(LON + 0.016, 6)]


def test_a_ring_is_the_same_before_and_after_folding(make_report: Make) -> None:
    for _each in range(3):
        make_report()
    before = look(at(10))
    assert pyramid.fold() == 3
    after = look(at(10))
    assert before["clusters"] == after["clusters"] != []


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("place", PublicPlace)
def test_a_pin_says_what_its_postcard_says(
    place: PublicPlace, language: str, make_report: Make, pothole: Category
) -> None:
    pothole.public_place = place
    pothole.translations = {"en": "Pothole"}
    pothole.save()
    report = make_report(is_hazard=True, street="", locality="Auerbach")
    Report.objects.filter(pk=report.pk).update(public_position=report.position)
    make_report(position=Point(LON - 0.018, LAT, srid=4326), street="Lindenweg")
    Report.objects.filter(public_position=None).update(public_position=F("position"))
    with translation.override(language):
        cards = {each.code: live.postcard(each) for each in Report.objects.with_faces()}
        for card in cards.values():
            near, far = (look(tile_at(Point(*card["at"]), zoom)) for zoom in (15, 13))
            assert near["reports"] == far["reports"] == [card]


def test_where_pins_would_be_too_many_rings_count_all(
    make_report: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mapping, "MAX_POINTS", 3)
    for east in range(4):
        make_report(position=Point(LON + east * 0.00001, LAT, srid=4326))
    (ring,) = look(at(14))["clusters"]
    assert ring["n"] == 4
    near = look(at(16))
    assert (len(near["reports"]), near["cut"]) == (3, True)


def test_what_the_map_does_not_tell_leaves_no_delta(make_report: Make, dispatcher: User) -> None:
    report = make_report()
    pyramid.fold()
    triage.note(report, by=dispatcher, text="Nur für uns.")
    alarms.flag_hazard(report, by=dispatcher, is_hazard=True)
    assert not PyramidDelta.objects.exists()


def closed_on(make_report: Make, day: dt.date, *, hour: int = 0) -> Report:
    moment = dt.datetime.combine(day, dt.time(hour, 0, 1), tzinfo=BERLIN)
    report: Report = make_report(status=Status.DONE, changed_at=moment, closed_at=moment)
    return report


def test_lately_begins_with_the_stored_day_near_and_far(make_report: Make) -> None:
    since = Lately.objects.get().since
    shown = closed_on(make_report, since)
    closed_on(make_report, since - dt.timedelta(days=1), hour=23)
    for zoom in (9, 15):
        assert [card["code"] for card in look(at(zoom))["reports"]] == [shown.code]
    assert list(Report.objects.selected(CURRENT)) == [shown]


def test_a_late_night_is_late_for_map_and_list_alike(make_report: Make) -> None:
    """Three nights without a worker; then the day moves on, for all at once."""
    since = Lately.objects.get().since
    for day in range(4):
        closed_on(make_report, since + dt.timedelta(days=day))
    pyramid.fold()
    assert_equal(zooms=(9, 15))
    assert listed(CURRENT) == 4
    today = timezone.localdate() + dt.timedelta(days=3)
    assert pyramid.keep_up(today) == since + dt.timedelta(days=3)
    assert listed(CURRENT) == 1
    assert_equal(zooms=(9, 15))
    assert PyramidDay.objects.count() == 1


def test_what_was_closed_before_the_day_moved_may_be_folded_after_it(make_report: Make) -> None:
    closed_on(make_report, Lately.objects.get().since)
    pyramid.keep_up(timezone.localdate() + dt.timedelta(days=1))
    assert_equal(zooms=(9, 15))
    pyramid.fold()
    assert_equal(zooms=(9, 15))
    assert not PyramidDay.objects.exists()


def test_a_clock_set_back_has_everything_counted_anew(make_report: Make) -> None:
    closed_on(make_report, Lately.objects.get().since)
    pyramid.fold()
    pyramid.keep_up(timezone.localdate() + dt.timedelta(days=400))
    assert listed(CURRENT) == 0
    pyramid.keep_up()
    assert listed(CURRENT) == 1
    assert_equal(zooms=(9, 15))


def test_the_worker_moves_the_day(make_report: Make) -> None:
    Lately.objects.update(since=dt.date(2020, 1, 1))
    keep_up_lately(timestamp=0)
    assert Lately.objects.get().since == timezone.localdate() - dt.timedelta(days=30)


@pytest.mark.parametrize(
    ("months", "today", "first"),
    [
        (1, "2026-11-22", "2026-11-01"),
        (3, "2026-01-31", "2025-11-01"),
        (12, "2026-12-01", "2026-01-01"),
    ],
)
def test_a_period_counts_calendar_months(months: int, today: str, first: str) -> None:
    told = Selection(months=months).first_month(dt.date.fromisoformat(today))
    assert told == dt.date.fromisoformat(first)


def test_a_category_takes_its_reports_into_its_new_group(
    make_report: Make, pothole: Category, make_category: Make
) -> None:
    make_report()
    pyramid.fold()
    make_report()
    lamp = make_category("Laterne", "Licht")
    pothole.group = lamp.group
    pothole.save()
    assert map_count(9, Selection(group="licht")) == plain_count(9, EVERYTHING) != {}
    assert map_count(9, Selection(group="wege")) == {}
    assert_equal()


def test_rows_in_bulk_are_counted_once(make_report: Make) -> None:
    model = make_report()
    copies = []
    for number in range(50):
        copy = Report.objects.get(pk=model.pk)
        copy.pk = None
        copy.code, copy.capability_digest = f"BULK{number:04d}", f"{number:064d}"
        copies.append(copy)
    before = PyramidDelta.objects.count()
    Report.objects.bulk_create(copies)
    assert PyramidDelta.objects.count() == before + 1  # one cell, one group, one month
    assert_equal()
    Report.objects.all().delete()
    pyramid.fold()
    assert not PyramidCell.objects.exists()


def test_check_names_what_is_wrong_and_rebuild_mends_it(make_report: Make) -> None:
    make_report()
    pyramid.fold()
    make_report()
    call_command("pyramid", check=True, stdout=StringIO())
    everywhere = PyramidCell.objects.filter(month=EVER, municipality=0)
    everywhere.filter(level=9).update(n=7)
    everywhere.filter(level=11).delete()
    PyramidDay.objects.update(n=4)
    out = StringIO()
    with pytest.raises(CommandError, match="3 rows"):
        call_command("pyramid", check=True, stdout=out)
    assert "level 9" in out.getvalue()
    assert ": 8 instead of 2 reports" in out.getvalue()  # seven in the cell and one in a delta
    call_command("pyramid", rebuild=True, stdout=StringIO())
    call_command("pyramid", check=True, stdout=StringIO())
    assert not PyramidDelta.objects.exists()
    assert_equal()


def test_the_worker_folds(make_report: Make) -> None:
    make_report()
    fold_pyramid(timestamp=0)
    assert not PyramidDelta.objects.exists()
    towns_apart = pyramid.FINEST + 1 - pyramid.TOWNS_FROM
    rows = 2 * (2 * len(pyramid.LEVELS) - towns_apart)  # month and ever; town and, far off, all
    assert PyramidCell.objects.count() == rows


# ── Others at work at the same time ──────────────────────────────────────────────────────────
@contextmanager
def another() -> Iterator[psycopg.Connection[Any]]:
    """A second connection to the tests' database; its transactions end by hand."""
    facts = connection.get_connection_params()
    wanted = {key: facts[key] for key in ("dbname", "user", "host", "port") if key in facts}
    with psycopg.connect(**wanted) as line:
        yield line


HIDE = "UPDATE reports_report SET is_public = false WHERE id = %s"


@pytest.mark.django_db(transaction=True)
def test_who_began_first_may_end_last(make_report: Make) -> None:
    first, second = make_report(), make_report()
    pyramid.fold()
    with another() as slow, another() as quick:
        slow.execute(HIDE, [first.pk])
        quick.execute(HIDE, [second.pk])
        assert pyramid.fold() == 0
        assert_equal(zooms=(9,))
        quick.commit()
        assert_equal(zooms=(9,))
        assert pyramid.fold() == 1
        assert_equal(zooms=(9,))
        slow.commit()
        assert_equal(zooms=(9,))
        assert pyramid.fold() == 1
    assert not PyramidCell.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_was_never_counted(make_report: Make) -> None:
    report = make_report()
    with another() as line:
        line.execute(HIDE, [report.pk])
        pyramid.fold()
        line.rollback()
    assert_equal(zooms=(9,))
    assert sum(map_count(9, EVERYTHING).values(), Counter()) == {"new": 1}


@pytest.mark.django_db(transaction=True)
def test_deeds_go_on_while_the_pyramid_is_rebuilt(make_report: Make) -> None:
    before, meanwhile = make_report(), make_report()
    pyramid.fold()
    make_report()
    PyramidCell.objects.all().update(n=5)
    with another() as line:
        line.execute(HIDE, [before.pk])
        with transaction.atomic():
            assert pyramid.rebuild() > 0
            line.commit()  # after the rebuild has counted, before it is to be seen
            line.execute(HIDE, [meanwhile.pk])
            line.commit()
    assert_equal(zooms=(9,))
    assert pyramid.fold() == 2
    assert_equal(zooms=(9,))


@pytest.mark.django_db(transaction=True)
def test_while_one_folds_another_leaves_it_alone(make_report: Make) -> None:
    make_report()
    with another() as line:
        line.execute("SELECT pg_advisory_xact_lock(%s)", [pyramid._FOLDING])
        assert pyramid.fold() == 0
        assert_equal(zooms=(9,))
        line.rollback()
    assert pyramid.fold() == 1
    assert_equal(zooms=(9,))


@pytest.mark.django_db(transaction=True)
def test_a_reader_in_the_middle_of_folding_counts_once(make_report: Make) -> None:
    """A reader's snapshot shows deltas or cells, whichever the folding left it."""
    for _each in range(3):
        make_report()
    counted = "SELECT sum(n) FROM (SELECT n FROM reports_pyramidcell WHERE level = 15 "
    counted += f"AND month = '{EVER}' UNION ALL SELECT n FROM reports_pyramiddelta) AS parts"
    with another() as line:
        with transaction.atomic():
            pyramid.fold()
            assert line.execute(counted).fetchone() == (3,)
        assert line.execute(counted).fetchone() == (3,)
