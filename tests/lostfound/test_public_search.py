"""What everybody can see of the finds, and what nobody can."""

from __future__ import annotations

import datetime as dt
import re
import secrets
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import GeometryCollection, Point
from django.db import IntegrityError, connection, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lostfound import live, recording
from lostfound.models import (
    EventKind,
    FoundItem,
    HiddenMark,
    Listing,
    Office,
    ProofQuestion,
    StateChoice,
    Terms,
)
from lostfound.searching import publishing
from tests import test_house
from townhall.codes import new_code
from townhall.models import Image, Municipality, Site, User

pytestmark = pytest.mark.django_db

SPOT = Point(8.6231234, 49.6817654, srid=4326)
NEXT_DOOR = Point(8.6232345, 49.6816543, srid=4326)  # in the same square
DAY = dt.date(2026, 3, 2)
NOTICE = dt.date(2026, 3, 7)
# What an office tells about itself, and what is made public on purpose.
PUBLIC_MODELS = {"Office", "Terms", "FindPlace", "Listing", "OtherKeeper"}
CURSOR = re.compile(rb'data-cursor="[^"]*"')
Items = Callable[..., FoundItem]


@pytest.fixture
def make_listed(make_item: Items) -> Callable[..., Listing]:
    """A thing in public view."""

    def make(kind: str = "backpack", **changes: Any) -> Listing:
        changes.setdefault("found_at", SPOT)
        item = make_item(kind, no_mark_visible=True, **changes)
        return publishing.publish(item, by=None)

    return make


def found_by(client: Client, query: str) -> list[str]:
    """Codes of the finds that the API gives for a query."""
    return [row["code"] for row in client.get(f"/api/v1/found/?{query}").json()["results"]]


# ── Publishing ───────────────────────────────────────────────────────────────────────────────
def test_the_public_reads_kind_colour_brand_day_and_area(make_listed: Any, client: Client) -> None:
    listing = make_listed(colour="black", brand="Deuter Trans Alpine 30, Nr. 77")
    assert listing.text == "Rucksack, schwarz, Deuter"
    assert listing.place == "Bensheim"
    page = client.get(f"/fundbuero/sache/{listing.shown_code}").content.decode()
    for said in (
        "Rucksack, schwarz, Deuter",
        "2. März 2026",
        "Fundbüro Bensheim",
        "Mo–Fr 8–12 Uhr",
    ):
        assert said in page
    assert "Alpine" not in page


@pytest.mark.parametrize("kind", ["identity_paper", "card", "cash", "weapon", "drugs"])
def test_some_kinds_are_never_listed(make_item: Items, kind: str) -> None:
    with pytest.raises(publishing.NotPublishable):
        publishing.publish(make_item(kind, no_mark_visible=True), by=None)


def test_nothing_is_listed_without_a_mark_or_the_word_that_there_is_none(make_item: Items) -> None:
    item = make_item("backpack")
    with pytest.raises(publishing.NotPublishable):
        publishing.publish(item, by=None)
    HiddenMark.objects.create(item=item, kind="inside", text="rotes Futter")
    assert publishing.publish(item, by=None).is_public


def test_a_part_is_never_listed(make_item: Items) -> None:
    part = make_item("keys", part_of=make_item("purse"), no_mark_visible=True)
    with pytest.raises(publishing.NotPublishable):
        publishing.publish(part, by=None)


def test_staff_can_hold_back_what_is_too_rare(make_item: Items) -> None:
    item = make_item("backpack", colour="gold", brand="Rimowa", found_at=SPOT, no_mark_visible=True)
    withheld = ["colour_group", "coarse_brand", "coarse_place", "nonsense"]
    listing = publishing.publish(item, by=None, withheld=withheld)
    assert (listing.text, listing.place, listing.cell) == ("Rucksack", "", None)


def test_what_is_changed_at_the_counter_changes_in_public(make_listed: Any) -> None:
    item = make_listed().item
    item.colour = "red"
    item.save()
    publishing.refresh(item)
    assert Listing.objects.get(item=item).text == "Rucksack, rot"
    item.kind = "card"
    item.save()
    assert publishing.refresh(item) is None
    assert not Listing.objects.public().exists()


def test_whatever_deed_ends_a_stay_ends_the_public_view(make_listed: Any, client: Client) -> None:
    item = make_listed().item
    for state, status in ((StateChoice.READY, 410), (StateChoice.HELD, 200)):
        item = recording.locked(item)
        item.state = state
        recording.record(item, EventKind.CHANGED, by=None)
        assert client.get(f"/fundbuero/sache/{item.code}").status_code == status
        assert client.get(f"/api/v1/found/{item.code}/").status_code == status
    publishing.unpublish(item, by=None, reason="Anruf")
    item.state = StateChoice.READY
    recording.record(item, EventKind.CHANGED, by=None)
    item.state = StateChoice.HELD
    recording.record(item, EventKind.CHANGED, by=None)
    assert client.get(f"/fundbuero/sache/{item.code}").status_code == 410  # staff said so


def test_the_counter_publishes_changes_and_takes_down(
    clerk: User, stranger: User, make_item: Items, client: Client
) -> None:
    item = make_item("backpack", brand="Anna Müller", no_mark_visible=True)
    door = f"/amt/fund/sache/{item.code}/anzeige"
    assert client.post(door).status_code == 403
    client.force_login(stranger)
    assert client.post(door).status_code == 404
    client.force_login(clerk)
    page = client.get(f"/amt/fund/sache/{item.code}").content.decode()
    assert "Nicht öffentlich" in page
    assert "„Anna Müller“ bleibt verborgen" in page
    client.post(door, {"withheld": ["coarse_place"]})
    assert Listing.objects.public().get(item=item).withheld == ["coarse_place"]
    client.post(f"{door}/ende", {"reason": "Anruf"})
    assert not Listing.objects.public().exists()
    assert item.events.filter(text="Anruf").count() == 1


def test_the_public_line_tells_that_something_is_new_and_not_what(
    make_item: Items, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[Any] = []
    monkeypatch.setattr(live, "ring", lambda *rings: rung.extend(rings))
    publishing.publish(make_item("backpack", no_mark_visible=True), by=None)
    assert [dict(ring.message) for ring in rung if "listings:all" in ring.topics] == [
        {"kind": "listings"}
    ]


# ── Searching ────────────────────────────────────────────────────────────────────────────────
def test_filters_choose_and_a_link_is_the_view(make_listed: Any, client: Client) -> None:
    bag = make_listed("backpack", colour="black", found_on=DAY)
    make_listed("handbag", colour="black", found_on=DAY - dt.timedelta(days=9))
    make_listed("umbrella", colour="red")
    assert found_by(client, "words=schwarzer+Lederrucksack") == [bag.code]
    assert found_by(client, "group=bag&since=2026-03-01") == [bag.code]
    assert len(found_by(client, "group=bag")) == 2
    assert len(found_by(client, "colour=red")) == 1
    assert found_by(client, "near=8.6231,49.6817&km=1&kind=backpack") == [bag.code]
    assert found_by(client, "near=9.2,49.9&km=25") == []
    page = client.get("/fundbuero?q=schwarzer+Rucksack&from=2026-03-01&show=tiles")
    assert b"1 Fundsache" in page.content
    assert b'value="2026-03-01"' in page.content
    assert bag.code.encode() in page.content


def test_a_number_leads_to_its_thing(make_listed: Any, client: Client) -> None:
    listing = make_listed()
    answer = client.get(f"/fundbuero?q={listing.shown_code.lower()}")
    assert answer["Location"] == f"/fundbuero/sache/{listing.code}"


def test_a_town_shows_its_own_first_and_others_on_demand(
    make_listed: Any, other_office: Office, town: Municipality, client: Client
) -> None:
    site = Site.objects.create(slug="bensheim", name="Bensheim")
    site.municipalities.add(town)
    make_listed()
    far = make_listed(office=other_office, found_at=None)
    own = client.get("/bensheim/fundbuero").content.decode()
    assert far.code not in own
    assert "Eine weitere in einer anderen Gemeinde" in own
    assert far.code in client.get("/bensheim/fundbuero?town=all").content.decode()
    assert far.code in client.get("/fundbuero").content.decode()


def test_pages_follow_each_other_without_a_hole(make_listed: Any, client: Client) -> None:
    codes = {make_listed(found_on=DAY - dt.timedelta(days=n % 3)).code for n in range(7)}
    seen: list[str] = []
    after = ""
    for _page in range(10):
        answer = client.get(f"/api/v1/found/?limit=2&after={after}").json()
        seen += [row["code"] for row in answer["results"]]
        after = answer["next"]
        if not after:
            break
    assert len(seen) == 7
    assert set(seen) == codes


def test_the_map_counts_squares_and_the_list_says_the_same(
    make_listed: Any, client: Client
) -> None:
    make_listed()
    make_listed(found_at=NEXT_DOOR)
    make_listed(found_at=None)
    page = client.get("/fundbuero?show=map")
    config = page.context["map_config"]
    assert [square["n"] for square in config["squares"]] == [2]
    assert [(each.part.place, each.part.count) for each in page.context["parts"]] == [
        ("Bensheim", 2),
        ("", 1),
    ]
    square = config["squares"][0]["square"]
    assert "2 Fundsachen" in client.get(f"/fundbuero?square={square}").content.decode()
    part = page.context["parts"][1].address
    assert "1 Fundsache" in client.get(f"/fundbuero{part}").content.decode()


def test_an_empty_page_says_what_to_do(client: Client, office: Office) -> None:
    page = client.get("/fundbuero?q=Rucksack").content.decode()
    for said in ("Noch nichts Passendes", "Fundservice der Deutschen Bahn", "116 116"):
        assert said in page
    assert (
        "Solche Sachen stehen nie in der Liste" in client.get("/fundbuero?q=Perso").content.decode()
    )


NONSENSE = """
    kind=x group=x colour=blau from=2026-02-30 to=x town=abc near=nan,1 km=3&near=8.6,49.6
    square=1,2,0 square=x after=x part=%07 near=8.6&km=5 limit=0
"""


@pytest.mark.parametrize("query", NONSENSE.split())
def test_nonsense_is_left_out_on_the_page_and_refused_by_the_api(
    client: Client, query: str
) -> None:
    assert client.get(f"/fundbuero?{query}").status_code == 200
    assert client.get(f"/fundbuero/liste?{query}").status_code in {200, 400}
    name = query.partition("=")[0]
    there = {"from": "since", "to": "until", "town": "municipality"}.get(name, name)
    if name not in {"square", "part"}:
        answer = client.get(f"/api/v1/found/?{query.replace(name, there, 1)}")
        assert answer.status_code == 400
        assert answer["Content-Type"] == "application/problem+json"


def test_an_unchanged_answer_costs_nothing(make_listed: Any, client: Client) -> None:
    make_listed()
    for door in ("/api/v1/found/", "/fundbuero/atom.xml"):
        tag = client.get(door)["ETag"]
        assert client.get(door, headers={"If-None-Match": tag}).status_code == 304


def test_pages_take_as_many_statements_for_many_finds_as_for_few(
    make_listed: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    doors = [
        "/fundbuero",
        "/fundbuero?show=map",
        "/fundbuero?q=Rucksack+Auerbach",
        "/api/v1/found/",
    ]

    monkeypatch.setattr("townhall.sites.KEPT_SECONDS", 3600)

    def statements() -> list[int]:
        counts = []
        for door in doors:
            client.get(door)  # what is kept for some seconds
            with CaptureQueriesContext(connection) as seen:
                client.get(door)
            counts.append(len(seen))
        return counts

    make_listed()
    few = statements()
    for _n in range(9):
        make_listed()
    assert statements() == few
    assert max(few) <= 8


# ── Nothing private is reachable ─────────────────────────────────────────────────────────────
class Planted:
    """Rows of every table that is not public, with a secret in each of its fields."""

    def __init__(self) -> None:
        self.secrets: list[str] = []
        self.rows: dict[type[models.Model], models.Model] = {}
        self.left_out: set[str] = set()

    def plant_all(self) -> None:
        waiting = [
            model
            for model in apps.get_app_config("lostfound").get_models()
            if model not in self.rows and model.__name__ not in PUBLIC_MODELS
        ]
        while waiting:
            ready = [model for model in waiting if self._can(model)]
            if not ready:
                break
            for model in ready:
                self.plant(model)
                waiting.remove(model)
        self.left_out |= {model.__name__ for model in waiting}

    def plant(self, model: type[models.Model], **facts: Any) -> Any:
        before = len(self.secrets)
        values = {
            field.name: facts.get(field.name, self._value(field))
            for field in model._meta.concrete_fields
            if not field.primary_key and (field.name in facts or self._value(field) is not None)
        }
        try:
            with transaction.atomic():
                self.rows[model] = model._default_manager.create(**values)
        except IntegrityError:
            self.left_out.add(model.__name__)
            del self.secrets[before:]
        return self.rows.get(model)

    def secret(self) -> str:
        self.secrets.append(f"zq{len(self.secrets):03d}xv")
        return self.secrets[-1]

    def _can(self, model: type[models.Model]) -> bool:
        return all(
            field.null or field.related_model in self.rows
            for field in model._meta.concrete_fields
            if field.is_relation
        )

    def _value(self, field: Any) -> Any:
        if field.is_relation:
            return self.rows.get(field.related_model) if field.name != "part_of" else None
        if field.choices or isinstance(field, models.BooleanField):
            return field.choices[0][0] if field.choices and not field.blank else None
        match field:
            case models.EmailField():
                return f"{self.secret()}@geheim.example"
            case models.SlugField():
                return "backpack"
            case models.CharField(name="code" | "wanted"):
                return new_code()
            case models.CharField(name="language"):
                return "de"
            case models.CharField() | models.TextField() if (field.max_length or 99) >= 8:
                unique = secrets.token_hex(12) if field.unique else ""
                return (self.secret() + unique)[: field.max_length or 99]
            case models.JSONField():
                return [{"question": self.secret(), "answer": self.secret()}]
            case models.UUIDField():
                return uuid.uuid4()
            case GeometryField():
                return GeometryCollection(SPOT, srid=4326) if "COLL" in field.geom_type else SPOT
            case models.DateTimeField():
                return None if field.null else timezone.now()
            case models.DateField():
                return None if field.null else NOTICE
            case models.FloatField() if not field.null:
                return 0.5
            case models.IntegerField() if not field.has_default() and not field.null:
                return 1
        return None


@pytest.fixture
def planted(office: Office, clerk: User, town: Municipality) -> Planted:
    """A find with all that hangs on it, in public view, and one that is not."""
    garden = Planted()
    image = Image.objects.create(id=uuid.uuid4(), **_image_facts())
    garden.rows |= {Office: office, User: clerk, Municipality: town, Image: image}
    item = garden.plant(
        FoundItem,
        kind="backpack",
        colour="black",
        found_on=DAY,
        notice_on=NOTICE,
        handed_over_on=NOTICE,
        found_at=SPOT,
        state="held",
        value_cents=7654321,
    )
    assert item is not None
    garden.plant(ProofQuestion, text="Welche Farbe hat das Futter?")  # who claims it is asked
    garden.plant_all()
    item.no_mark_visible = False
    publishing.publish(item, by=clerk)
    return garden


def _image_facts() -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for field in Image._meta.concrete_fields:
        if field.primary_key or field.has_default() or field.null or field.is_relation:
            continue
        facts[field.name] = {
            models.DateTimeField: timezone.now(),
            models.CharField: "#808080"[: field.max_length or 7],
        }.get(type(field), 1)
    return facts


def public_doors(codes: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Every address about finds and losses, for each of the codes, and the front pages."""
    yield from (
        "/",
        "/karte/liste",
        "/fundbuero?show=map",
        "/fundbuero?show=tiles",
        "/en/fundbuero",
    )
    yield "/fundbuero?q=Rucksack&town=all&from=2026-01-01"
    for code in codes:
        monkeypatch.setitem(test_house.SAMPLES, "str", code)
        for path in test_house.addresses():
            if "fundbuero" in path or "/api/v1/found" in path or "/api/v1/loss" in path:
                yield path


def test_nothing_private_stands_behind_any_public_door(
    planted: Planted, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {model.__name__ for model in planted.rows}
    assert {
        "Finder",
        "HiddenMark",
        "ProofQuestion",
        "Custody",
        "Event",
        "LossReport",
        "Loser",
    } <= names
    assert {"LossMark", "Claim", "Claimant", "ClaimTry", "Match"} <= names
    assert len(planted.secrets) > 80
    codes = {getattr(row, "code", None) for row in planted.rows.values()} - {None}
    told = {*planted.secrets, "8.6231", "49.6817", "7654321", "76.543", "2026-03-07", "7. März"}
    seen = 0
    for door in dict.fromkeys(public_doors(sorted(map(str, codes)), monkeypatch)):
        answer = client.get(door)
        if "7K3F9QMX" in door or answer.status_code == 302:
            continue
        text = answer.getvalue() if answer.streaming else answer.content
        told_here = {secret for secret in told if secret.encode() in text}
        assert not told_here, f"{door} tells {told_here}"
        seen += answer.status_code == 200
    assert seen > 10


@pytest.mark.parametrize(
    "door", ["/fundbuero", "/fundbuero/liste", "/fundbuero/atom.xml", "/api/v1/found/"]
)
def test_words_of_private_text_find_what_nonsense_finds(
    planted: Planted, client: Client, door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same answer and the same number of statements: nothing to learn, not even from time."""

    def answer(word: str, name: str) -> tuple[int, bytes, int]:
        with CaptureQueriesContext(connection) as seen:
            got = client.get(door, {name: word})
        said = CURSOR.sub(b"", got.content.replace(word.encode(), b"*"))
        return got.status_code, said, len(seen)

    monkeypatch.setattr("townhall.sites.KEPT_SECONDS", 3600)
    client.get(door, {"q": "zq999xw"})
    for name in ("q", "words", "place", "part", "kind", "colour", "brand", "sort", "ordering"):
        nonsense = answer("zq999xw", name)
        for secret in planted.secrets[:: 30 if name in {"q", "words"} else 90]:
            assert answer(secret, name) == nonsense, name


def test_moving_the_spot_within_its_square_moves_nothing_in_public(
    make_listed: Any, client: Client
) -> None:
    item = make_listed().item
    doors = [f"/api/v1/found/?near=8.6{n},49.68&km=1" for n in (19, 21, 23, 25)]
    doors += ["/fundbuero?show=map", f"/fundbuero/sache/{item.code}", f"/api/v1/found/{item.code}/"]
    before = [CURSOR.sub(b"", client.get(door).content) for door in doors]
    item.found_at = NEXT_DOOR
    item.save()
    publishing.refresh(item)
    assert [CURSOR.sub(b"", client.get(door).content) for door in doors] == before


def test_no_square_is_finer_than_the_law_of_the_house(make_listed: Any, town: Municipality) -> None:
    Terms.objects.create(municipality=town, settings={"public_grid_m": 1000})
    assert make_listed().cell_m == 1000
    listing = make_listed(found_at=Point(8.6299, 49.6899, srid=4326))
    assert listing.cell.distance(listing.item.found_at) > 0


def test_a_hidden_thing_answers_like_one_that_does_not_exist(
    make_item: Items, client: Client
) -> None:
    hidden = make_item("backpack").code
    for door in ("/fundbuero/sache/{}", "/api/v1/found/{}/"):
        answers = []
        for code in (hidden, new_code()):
            answer = client.get(door.format(code))
            answers.append((answer.status_code, answer.content.replace(code.encode(), b"")))
        assert answers[0] == answers[1]
        assert answers[0][0] == 404
