"""A loss and a find meet: at whichever counter, whoever came first."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.gis.geos import GeometryCollection, LineString, Point
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lostfound.identifiers import digest_of, tail_of
from lostfound.losing import hits
from lostfound.matching import schedule
from lostfound.matching.store import match_item, match_loss, matches_of
from lostfound.models import (
    EventKind,
    FoundItem,
    HiddenMark,
    Listing,
    LossEventKind,
    LossMark,
    LossReport,
    LossState,
    Match,
    MatchState,
    Office,
    Trace,
)
from lostfound.recording import record, record_loss
from lostfound.workflow import State
from townhall.codes import new_code
from townhall.models import Municipality

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 2)
IMEI = "490154203237518"


@pytest.fixture
def make_loss(town: Municipality, here: Point) -> Callable[..., LossReport]:
    def make(description: str = "", kind: str = "backpack", **changes: Any) -> LossReport:
        changes.setdefault("places", GeometryCollection(here, srid=4326))
        return LossReport.objects.create(
            **{
                "code": new_code(),
                "client_id": uuid4(),
                "digest": "",
                "kind": kind,
                "description": description,
                "lost_from": DAY,
                "lost_until": DAY,
                "municipality": town,
                "capability_digest": uuid4().hex,
                "capability_expires_at": timezone.now() + dt.timedelta(days=200),
                "reported_at": timezone.now(),
                "watch_until": DAY + dt.timedelta(days=180),
            }
            | changes
        )

    return make


@pytest.fixture
def make_find(make_item: Callable[..., FoundItem], here: Point) -> Callable[..., FoundItem]:
    def make(description: str = "", kind: str = "backpack", **changes: Any) -> FoundItem:
        changes.setdefault("found_at", Point(here.x + 0.004, here.y, srid=4326))
        return make_item(kind, description=description, **changes)

    return make


def listed(item: FoundItem, **changes: Any) -> Listing:
    return Listing.objects.create(
        **{
            "item": item,
            "code": item.code,
            "office": item.office,
            "municipality": item.office.municipality,
            "kind": item.kind,
            "colour": item.colour,
            "brand": item.brand,
            "found_on": item.found_on,
            "cell": item.found_at,
            "text": "",
            "published_at": timezone.now(),
        }
        | changes
    )


def jobs() -> list[tuple[str, dict[str, int]]]:
    with connection.cursor() as sql:
        sql.execute("SELECT task_name, args FROM procrastinate_jobs WHERE task_name LIKE 'match%'")
        return [(task, json.loads(arguments)) for task, arguments in sql.fetchall()]


# ── What is found ────────────────────────────────────────────────────────────────────────────
def test_two_descriptions_of_one_thing_meet_with_their_reasons(make_loss, make_find):
    loss = make_loss("Schwarzer Lederrucksack, Reißverschluss kaputt, darin Laptop")
    ours = make_find("Rucksack, dunkel, Leder, Verschluss defekt, enthält Notebook")
    make_find("Kinderrucksack rosa mit Prinzessin", colour="pink")

    match_loss(loss.pk)

    best = Match.objects.filter(loss=loss).order_by("-score").first()
    assert best.item == ours
    assert best.score > 0.8
    assert best.components["text"]["words"][:2] != []
    assert {"text", "kind", "colour", "details", "place", "days"} <= set(best.components)


def test_whoever_came_first_the_match_is_the_same(make_loss, make_find):
    loss = make_loss("blauer Wanderrucksack Deuter mit roter Flasche")
    item = make_find("Trekkingrucksack, marine, Deuter, Trinkflasche rot")

    match_loss(loss.pk)
    one = Match.objects.values("score", "components").get(loss=loss, item=item)
    Match.objects.all().delete()
    match_item(item.pk)

    assert Match.objects.values("score", "components").get(loss=loss, item=item) == one


def test_the_same_imei_finds_a_thing_of_another_kind_in_another_town(
    make_loss, make_find, other_office
):
    loss = make_loss("mein Handy", kind="phone")
    far = Point(13.4, 52.5, srid=4326)
    item = make_find("Gerät", kind="tool", found_at=far, office=other_office)
    for model, owner, text in (
        (LossMark, {"loss": loss}, f"IMEI {IMEI}"),
        (HiddenMark, {"item": item}, f"{IMEI[:14]}"),
    ):
        digest, tail = digest_of("imei", text), tail_of("imei", text)
        model.objects.create(kind="imei", digest=digest, tail=tail, **owner)

    match_item(item.pk)

    match = Match.objects.get(loss=loss)
    assert match.components["number"]["said"] == "same"
    assert match.score > 0.9
    assert match.public_score is None


def test_rare_words_find_a_thing_that_somebody_gave_another_kind(make_loss, make_find):
    loss = make_loss("Geige im schwarzen Geigenkasten mit Kolophonium", kind="instrument")
    item = make_find("Violine, schwarzer Koffer", kind="suitcase", colour="black")
    match_item(item.pk)

    match_loss(loss.pk)

    assert Match.objects.filter(loss=loss, item=item).exists()


def test_found_before_lost_is_held_against_it_not_dropped(make_loss, make_find):
    loss = make_loss("schwarzer Rucksack Eastpak mit Fußballanhänger")
    text = "Eastpak Rucksack schwarz, Anhänger Fußball"
    after = make_find(text)
    before = make_find(text, found_on=DAY - dt.timedelta(days=3))

    match_loss(loss.pk)

    scores = dict(Match.objects.filter(loss=loss).values_list("item", "score"))
    assert scores[after.pk] > scores[before.pk]
    row = Match.objects.get(item=before)
    assert row.components["days"] | {"points": 0} == row.components["days"] | {
        "said": "before",
        "days": 3,
        "points": 0,
    }


def test_it_may_have_been_lost_anywhere_on_the_way(make_loss, make_find, here):
    way = LineString((here.x - 0.1, here.y), (here.x + 0.1, here.y), srid=4326)
    loss = make_loss("Rucksack rot", places=GeometryCollection(way, srid=4326))
    item = make_find("Rucksack rot", found_at=Point(here.x + 0.05, here.y + 0.001, srid=4326))

    match_loss(loss.pk)

    assert Match.objects.get(item=item).components["place"]["metres"] == pytest.approx(111, abs=3)


def test_nothing_known_on_either_side_still_compares(make_loss, make_find):
    loss = make_loss("", places=None, municipality=None)
    item = make_find("", found_at=None)
    assert match_loss(loss.pk) + match_item(item.pk) >= 0


# ── What owners may know ─────────────────────────────────────────────────────────────────────
def test_owners_read_public_facts_in_the_public_ranking_only(make_loss, make_find, here):
    loss = make_loss("Rucksack schwarz mit Gravur „Tim“, Brotdose", colour="black", brand="Deuter")
    plain = make_find("Rucksack", colour="black", brand="Deuter")
    telling = make_find("Rucksack mit Brotdose, Gravur Tim", colour="black")
    listed(plain)
    listed(telling, cell=Point(here.x + 0.2, here.y, srid=4326))

    match_loss(loss.pk)

    found = hits.of_loss(loss)
    assert found[0].listing.code == plain.code
    said = {part for hit in found for part in hit.match.public_components}
    assert said <= {"kind", "colour", "brand", "place", "days"}
    assert "metres" not in str([hit.match.public_components for hit in found])


def test_words_of_the_intake_neither_make_nor_move_an_owners_hit(make_loss, make_find):
    loss = make_loss("Rucksack mit Brotdose und Gravur Tim", colour="black")
    item = make_find("Brotdose, Gravur Tim", colour="black")
    listed(item)
    match_loss(loss.pk)
    before = Match.objects.values_list("public_score", "public_components").get(item=item)

    FoundItem.objects.filter(pk=item.pk).update(description="ganz etwas anderes: Angelzeug, nass")
    match_item(item.pk)

    after = Match.objects.values_list("public_score", "public_components").get(item=item)
    assert after == before


def test_what_is_not_listed_is_no_hit_for_owners_and_rings_nobody(make_loss, make_find):
    loss = make_loss("Rucksack schwarz Deuter", colour="black", brand="Deuter")
    item = make_find("Rucksack schwarz Deuter", colour="black", brand="Deuter")

    match_loss(loss.pk)

    assert hits.of_loss(loss) == []
    assert not loss.events.filter(kind=LossEventKind.HIT).exists()
    assert [match.loss for match in matches_of(item)] == [loss]


# ── Again and again ──────────────────────────────────────────────────────────────────────────
def test_the_same_job_twice_changes_nothing(make_loss, make_find):
    loss = make_loss("Rucksack schwarz", colour="black")
    listed(make_find("Rucksack schwarz", colour="black"))
    match_loss(loss.pk)
    first = list(Match.objects.values())

    match_loss(loss.pk)

    assert list(Match.objects.values()) == first
    assert loss.events.filter(kind=LossEventKind.HIT).count() == 1


def test_what_is_published_later_is_news_for_the_owner(make_loss, make_find):
    loss = make_loss("Rucksack schwarz", colour="black")
    item = make_find("Rucksack schwarz", colour="black")
    match_item(item.pk)
    old = Match.objects.get().made_at

    listed(item)
    match_item(item.pk)

    assert Match.objects.get().made_at > old
    assert loss.events.get().kind == LossEventKind.HIT


def test_a_match_that_no_longer_fits_goes_but_an_answer_stays(make_loss, make_find):
    loss = make_loss("Rucksack rot mit Hasen")
    gone, kept = make_find("Rucksack rot, Hasen"), make_find("roter Rucksack mit Häschen")
    match_loss(loss.pk)
    Match.objects.filter(item=kept).update(state=MatchState.NOT_MINE)

    LossReport.objects.filter(pk=loss.pk).update(description="Angel", kind="sports")
    match_loss(loss.pk)

    assert list(Match.objects.values_list("item", flat=True)) == [kept.pk]
    assert gone.pk != kept.pk


def test_ended_searches_and_things_that_left_are_not_compared(make_loss, make_find):
    loss, item = make_loss("Rucksack rot"), make_find("Rucksack rot", state=State.RELEASED)
    match_loss(loss.pk)
    assert match_item(item.pk) == 0
    LossReport.objects.update(state=LossState.FOUND)
    assert match_loss(loss.pk) == 0
    assert not Match.objects.exists()


def test_a_loss_that_was_erased_meanwhile_is_no_trouble():
    assert match_loss(4711) == match_item(4711) == 0


# ── Jobs ─────────────────────────────────────────────────────────────────────────────────────
def test_each_intake_and_each_change_leaves_a_job(make_loss, make_find):
    loss, item = make_loss("Schal"), make_find("Schal")

    record(item, EventKind.RECEIVED, by=None)
    record_loss(loss, LossEventKind.REPORTED)
    record(item, EventKind.STOWED, by=None)  # where it lies makes no difference

    assert jobs() == [
        (schedule.MATCH_ITEM, {"item_id": item.pk}),
        (schedule.MATCH_LOSS, {"loss_id": loss.pk}),
    ]


def test_the_words_a_thing_was_found_by_go_when_it_goes(make_loss, make_find):
    loss, item = make_loss("Schlüssel mit Eiffelturm"), make_find("Schlüssel, Eiffelturm")
    match_item(item.pk)
    match_loss(loss.pk)
    assert Trace.objects.count() == 2

    item.state, item.closed_at = State.RELEASED, timezone.now()
    record(item, EventKind.HANDED_OVER, by=None)
    loss.state = LossState.ENDED
    record_loss(loss, LossEventKind.ENDED)

    assert not Trace.objects.exists()


def test_a_comparison_takes_few_statements_however_many_things_there_are(make_loss, make_find):
    loss = make_loss("Rucksack schwarz, Leder", colour="black")
    for number in range(6):
        listed(make_find(f"Rucksack schwarz Nr. {number}", colour="black"))
    with CaptureQueriesContext(
        connection,
    ) as statements:
        match_loss(loss.pk)
    assert len(statements) <= 25


def test_finds_of_every_office_are_compared(make_loss, make_find, other_office: Office):
    loss = make_loss("Hut mit Federn", kind="headwear")
    item = make_find("Filzhut, Federschmuck", kind="headwear", office=other_office)
    match_item(item.pk)
    assert Match.objects.get().loss == loss
