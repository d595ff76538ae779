"""What open pages hear of reports, and what they never hear."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.gis.geos import Point
from django.db import connection, transaction
from django.utils import translation

from geo.boxes import tile_at
from reports import topics
from reports.deeds import publishing, triage
from reports.models import Category, Offer, Report
from reports.receiving import intake
from reports.workflow import Status
from tests.conftest import BENSHEIM
from townhall.capabilities import digest
from townhall.live import cursor
from townhall.live.ringing import CHANNEL
from townhall.models import Municipality, User

Make = Callable[..., Any]
NOBODY = AnonymousUser()


class Ears:
    """What arrives on the channel, as the hubs hear it."""

    def __init__(self, line: Any) -> None:
        self.line = line

    def heard(self) -> dict[str, list[dict[str, Any]]]:
        """Topic → messages, in the order of commits. Waits only for what has been sent."""
        told: dict[str, list[dict[str, Any]]] = {}
        for note in self.line.notifies(timeout=0.2):
            for names, message in json.loads(note.payload)["rings"]:
                for name in names:
                    told.setdefault(name, []).append(message)
        return told


@contextmanager
def _listening() -> Iterator[Ears]:
    facts = connection.get_connection_params()
    wanted = {key: facts[key] for key in ("dbname", "user", "host", "port") if key in facts}
    with psycopg.connect(**wanted, autocommit=True) as line:
        line.execute(f"LISTEN {CHANNEL}")
        yield Ears(line)


@pytest.fixture
def ears(transactional_db: None) -> Iterator[Ears]:
    with _listening() as found:
        yield found


def tile() -> str:

    return f"tile:{tile_at(Point(*BENSHEIM))}"


def test_a_new_report_sends_postcards_to_all_and_bells_to_staff(
    ears: Ears, make_draft: Make, town: Municipality
) -> None:
    receipt = intake.submit(make_draft(email="uta@example.org", description="Sehr geheimer Text."))
    report = receipt.report
    told = ears.heard()
    bell = {"kind": "bell", "code": report.code, "version": 1}
    assert told[f"staff:{town.key}"] == [bell]
    assert told[f"team:{report.department.slug}"] == [bell]
    assert told[f"reporter:{digest(receipt.token)}"] == [bell]
    assert told[tile()] == told[f"report:{report.code}"]
    (card,) = told[tile()]
    assert set(card) == {
        "kind", "code", "version", "municipality", "status", "hazard", "group", "category",
        "title", "at",
    }  # fmt: skip
    everything = json.dumps(told)
    for private in ("uta@", "geheim", receipt.token):
        assert private not in everything


def test_an_unpublished_report_rings_staff_only(ears: Ears, make_draft: Make) -> None:
    intake.submit(make_draft(private=True))
    assert {name.partition(":")[0] for name in ears.heard()} == {"staff", "team", "reporter"}


def test_what_leaves_the_public_is_gone(ears: Ears, make_report: Make, dispatcher: User) -> None:
    report = make_report()
    ears.heard()
    publishing.publish(report, by=dispatcher, is_public=False)
    gone = {"kind": "gone", "code": report.code, "version": 2}
    told = ears.heard()
    assert told[tile()] == told[f"report:{report.code}"] == [gone]


def test_what_staff_do_among_themselves_rings_nobody_else(
    ears: Ears, make_report: Make, caseworker: User, dispatcher: User
) -> None:
    report = make_report()
    ears.heard()
    triage.note(report, by=caseworker, text="Bitte vor dem Markt.")
    triage.assign(report, by=dispatcher, to=caseworker)
    triage.unveil_contact(report, by=caseworker)
    assert {name.partition(":")[0] for name in ears.heard()} == {"staff", "team"}


def test_a_rolled_back_deed_rings_nobody(ears: Ears, make_report: Make, caseworker: User) -> None:
    report = make_report()
    ears.heard()
    with pytest.raises(RuntimeError), transaction.atomic():
        triage.accept(report, by=caseworker)
        raise RuntimeError
    assert ears.heard() == {}


def test_the_team_that_hands_over_is_rung_too(
    ears: Ears,
    make_report: Make,
    caseworker: User,
    dispatcher: User,
    make_department: Make,
    town: Municipality,
) -> None:
    report = make_report()
    ears.heard()
    triage.forward(report, by=dispatcher, department=make_department("Bauhof", serves=[town]))
    assert {"team:tiefbauamt", "team:bauhof"} <= set(ears.heard())


@pytest.mark.django_db(transaction=True)
def test_a_page_that_was_away_reads_what_it_missed(make_report: Make, caseworker: User) -> None:
    before, changed, hidden = make_report(), make_report(), make_report(private=True)
    since = cursor()
    triage.accept(changed, by=caseworker)
    triage.accept(hidden, by=caseworker)
    new = make_report()
    cards = topics.Tiles().missed(since, [tile().partition(":")[2]], NOBODY)
    assert {card["code"] for card in cards} == {changed.code, new.code}
    assert topics.Tiles().missed(cursor(), [tile().partition(":")[2]], NOBODY) == []
    assert topics.Tiles().missed(since, ["12/1/1"], NOBODY) == []
    bells = topics.Teams().missed(since, ["tiefbauamt"], caseworker)
    assert {bell["code"] for bell in bells} == {changed.code, hidden.code, new.code}
    assert topics.Reports().missed(since, [before.code], NOBODY) == []


@pytest.mark.django_db(transaction=True)
def test_a_page_that_was_away_learns_what_is_gone(make_report: Make, dispatcher: User) -> None:
    shown, never = make_report(), make_report(private=True)
    since = cursor()
    publishing.publish(shown, by=dispatcher, is_public=False)
    triage.accept(never, by=dispatcher)
    cards = topics.Tiles().missed(since, [tile().partition(":")[2]], NOBODY)
    assert [(card["kind"], card["code"]) for card in cards] == [("gone", shown.code)]


@pytest.mark.django_db(transaction=True)
def test_a_release_after_review_reaches_who_was_away(
    make_draft: Make, pothole: Category, dispatcher: User
) -> None:
    Offer.objects.filter(category=pothole).update(publication="after_review")
    report = intake.submit(make_draft()).report
    since = cursor()
    publishing.publish(report, by=dispatcher, is_public=True)
    (card,) = topics.Tiles().missed(since, [tile().partition(":")[2]], NOBODY)
    assert (card["kind"], card["code"]) == ("report", report.code)


def test_who_may_listen_to_what(
    make_draft: Make, caseworker: User, dispatcher: User, outsider: User, town: Municipality
) -> None:
    receipt = intake.submit(make_draft())
    hidden = intake.submit(make_draft(private=True)).report
    reporters = topics.Reporters()
    assert reporters.may_join(NOBODY, reporters.canonical(receipt.token))
    assert not reporters.may_join(NOBODY, reporters.canonical("x" * 43))
    assert topics.Reports().may_join(NOBODY, receipt.report.code)
    assert not topics.Reports().may_join(NOBODY, hidden.code)
    assert not topics.Reports().may_join(outsider, hidden.code)
    assert topics.Staff().may_join(dispatcher, town.key)
    for stranger in (NOBODY, outsider, caseworker):
        assert not topics.Staff().may_join(stranger, town.key)
    assert topics.Teams().may_join(caseworker, "tiefbauamt")
    for stranger in (NOBODY, outsider, dispatcher):
        assert not topics.Teams().may_join(stranger, "tiefbauamt")


@pytest.mark.parametrize(
    ("name", "fits"),
    [("12/2145/1391", True), ("11/1/1", False), ("12/9999/1", False), ("12/x/1", False)],
)
def test_only_tiles_of_zoom_twelve_are_topics(name: str, fits: bool) -> None:
    assert topics.Tiles().may_join(NOBODY, name) is fits


def test_a_deed_in_english_rings_in_german(
    ears: Ears, pothole: Category, make_report: Make
) -> None:
    Category.objects.update(translations={"en": "Pothole"})
    with translation.override("en"):
        make_report()
    (card,) = ears.heard()[tile()]
    assert card["title"].startswith("Schlagloch")


def test_done_is_rung_with_its_status(ears: Ears, make_report: Make, caseworker: User) -> None:
    report: Report = make_report()
    triage.set_status(report, Status.DONE, by=caseworker, text="Repariert.")
    assert [card["status"] for card in ears.heard()[tile()]] == ["new", "done"]
