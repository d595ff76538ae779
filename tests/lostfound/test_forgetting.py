"""Forgetting: never too early, never a name left, and the proof names nobody."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.gis.geos import Point
from django.core.management import call_command
from django.db import connection, models
from django.test import Client
from django.utils import timezone

from lostfound.models import (
    ArchiveAnswer,
    ArchiveOffer,
    Claim,
    Claimant,
    ClaimEvent,
    ClaimState,
    ClaimTry,
    Custody,
    DataHandling,
    Deadline,
    Disclosure,
    Disposal,
    DisposalItem,
    Event,
    Finder,
    FindPhoto,
    FindReport,
    FindReporter,
    Forwarding,
    FoundErasure,
    FoundItem,
    Handover,
    HiddenMark,
    Inquiry,
    Listing,
    ListingPhoto,
    Loser,
    LossEvent,
    LossMark,
    LossReport,
    Match,
    Office,
    Photo,
    ProofQuestion,
    ReceiptCode,
    StockScan,
    Stocktaking,
    StoragePlace,
    Terms,
    Trace,
    Waiver,
)
from lostfound.personal import forgetting, keeping
from townhall.models import Image, Letter, Municipality, User

DAY = dt.timedelta(days=1)
NAME = "Zzyzx"
Make = Callable[..., FoundItem]

# Texts about the town, its house and its books: no resident stands in them.
_THE_TOWNS_OWN = {
    "Office", "Terms", "FindPlace", "StorageSite", "StoragePlace", "OtherKeeper", "Delivery",
    "LedgerLine", "Surcharge", "CashCount", "Closing", "FileNumber", "Notice", "NoticeItem",
    "Auction", "Lot", "Proceeds", "Stocktaking", "StockEntry", "ArchiveOffer", "FoundErasure",
    "ErasedLoss", "ClaimCount", "Takeover",
}  # fmt: skip
# Codes of ours in columns of text.
_CODES = {
    "kind", "language", "source", "wanted", "rule", "step", "steps", "cite", "certainty", "ground",
    "to", "fell_to", "kept_because", "digest", "code", "file_number", "withheld", "ended_because",
    "colour", "second_colour", "way", "place_kind",
}  # fmt: skip


def today() -> dt.date:
    return timezone.localdate()


def plant(model: type[models.Model], **given: Any) -> Any:
    """A row with the name in every text that is no code of ours."""
    values = dict(given)
    for field in model._meta.concrete_fields:
        if field.name not in values and not isinstance(field, models.AutoField):
            planted = _planted(field)
            if planted is not None:
                values[field.name] = planted
    return model._default_manager.create(**values)


def _planted(field: Any) -> Any:
    match field:
        case models.EmailField():
            return f"{NAME}@example.org"
        case models.CharField() | models.TextField() if not field.choices:
            if field.unique:
                return uuid.uuid4().hex[: field.max_length or 8]
            return "x" if field.name in _CODES else NAME[: field.max_length]
        case models.JSONField() if field.name not in _CODES:
            return [[NAME]]
        case models.UUIDField():
            return uuid.uuid4()
        case models.DateTimeField() if not field.null and not field.auto_now_add:
            return timezone.now()
        case models.DateField() if not field.null and not isinstance(field, models.DateTimeField):
            return today()
        case models.IntegerField() if not field.null and not field.has_default():
            return 1
        case models.FloatField() if not field.null:
            return 0.5
    return None


def where_it_stands() -> list[str]:
    """Every column of every table in which the name can be read."""
    found = []
    with connection.cursor() as sql:
        sql.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = "
            "'public' AND data_type IN ('text', 'character varying', 'jsonb', 'ARRAY')"
        )
        for table, column in sql.fetchall():
            sql.execute(
                f'SELECT count(*) FROM "{table}" WHERE "{column}"::text ILIKE %s', [f"%{NAME}%"]
            )
            if sql.fetchone()[0]:
                found.append(f"{table}.{column}")
    return found


@pytest.fixture
def closed(make_item: Make) -> FoundItem:
    """Given back long ago: its time is over."""
    long_ago = timezone.now() - dt.timedelta(days=5 * 366)
    item = make_item(
        state="released", closed_at=long_ago, regime="general", found_on=long_ago.date()
    )
    FoundItem.objects.filter(pk=item.pk).update(erase_on=keeping.kept_until(item))
    item.refresh_from_db()
    return item


@pytest.fixture
def town_without_archive(office: Office) -> Terms:
    return Terms.objects.create(
        municipality=office.municipality, settings={"offer_to_archive": False}
    )


def write_the_name_everywhere(item: FoundItem, place: StoragePlace, by: User) -> set[type]:
    """One row of each kind that hangs on the thing. Returns the kinds."""
    FoundItem.objects.filter(pk=item.pk).update(
        **{
            field.name: NAME
            for field in FoundItem._meta.concrete_fields
            if isinstance(field, (models.CharField, models.TextField))
            and not field.choices
            and not field.unique
            and field.name not in _CODES
        },
        found_at=Point(8.62, 49.68, srid=4326),
    )
    pictures = [plant(Image, folder=f"images/{n}", width=1, height=1) for n in range(3)]
    loss = plant(LossReport, kind="umbrella", lost_from=today(), lost_until=today())
    claim = plant(Claim, item=item, loss=loss, state=ClaimState.RELEASED)
    find = plant(
        FindReport, kind="umbrella", office=item.office, item=item, found_on=today(),
        found_in=item.office.municipality, spot="open", regime="general", whereabouts="brings",
        erase_on=today(),
    )  # fmt: skip
    disposal = plant(Disposal, office=item.office, way="gift", state="done", proposed_by=by)
    stocktaking = plant(Stocktaking, office=item.office, started_by=by, shelf="A")
    photo = plant(Photo, item=item, image=pictures[0])
    listing = plant(
        Listing, item=item, office=item.office, municipality=item.office.municipality
    )  # fmt: skip
    rows = [
        photo, listing, plant(ListingPhoto, listing=listing, source=photo, image=pictures[2]),
        plant(Finder, item=item), plant(HiddenMark, item=item), plant(ProofQuestion, item=item),
        plant(Custody, item=item, holder="owner"),
        plant(Event, item=item, kind="received"), plant(Match, item=item, loss=loss),
        plant(Trace, item=item, words=[NAME]), plant(Waiver, item=item, account="fee"),
        plant(Handover, item=item, claim=claim, receiver="owner", receipt="paper"),
        plant(Inquiry, item=item), plant(Forwarding, item=item), plant(Disclosure, item=item),
        plant(DataHandling, item=item), plant(DisposalItem, disposal=disposal, item=item),
        plant(Claimant, claim=claim), plant(ClaimTry, claim=claim), plant(ReceiptCode, claim=claim),
        plant(ClaimEvent, claim=claim, kind="received"), plant(FindReporter, find=find),
        plant(FindPhoto, find=find, image=pictures[1]),
        plant(StockScan, stocktaking=stocktaking, place=place, item=item),
        plant(Loser, loss=loss), plant(LossMark, loss=loss), plant(LossEvent, loss=loss, kind="x"),
        plant(Deadline, item=item, office=item.office), claim, find, disposal, loss, item,
    ]  # fmt: skip
    for about in (f"found:{item.code}", f"claim:{claim.code}", f"find:{find.code}"):
        Letter.objects.create(
            key=about, kind="x", about=about, to=f"{NAME}@example.org", subject=NAME, text=NAME
        )
    LossReport.objects.update(state="ended", closed_at=timezone.now(), erase_on=today())
    Image.objects.update(digest="")
    return {type(row) for row in rows}


# ── No name is left ──────────────────────────────────────────────────────────────────────────
def test_a_name_written_everywhere_is_nowhere_afterwards(
    closed: FoundItem, make_place: Callable[..., StoragePlace], clerk: User,
    town_without_archive: Terms,
) -> None:  # fmt: skip
    planted = write_the_name_everywhere(closed, make_place(), clerk)
    forgotten = {
        model.__name__
        for model in apps.get_app_config("lostfound").get_models()
        if model not in planted and model.__name__ not in _THE_TOWNS_OWN
    }
    assert forgotten == set(), "a table that nobody has thought of"
    assert len(where_it_stands()) > 40

    proof = forgetting.run()

    assert where_it_stands() == []
    assert (proof.items, proof.finders, proof.claims, proof.losses) == (1, 1, 1, 1)
    closed.refresh_from_db()
    assert (closed.erased_at is not None, closed.erase_on) == (True, None)
    assert closed.state == "released"
    again = forgetting.run()
    assert (again.items, again.losses, again.letters) == (0, 0, 0)


# ── Never too early ──────────────────────────────────────────────────────────────────────────
def test_nothing_goes_on_the_last_day_and_all_of_it_on_the_next(
    closed: FoundItem, town_without_archive: Terms
) -> None:
    Finder.objects.create(item=closed, name="Erika Musterfrau")
    last = closed.erase_on
    assert last
    assert forgetting.run(today=last).items == 0
    assert Finder.objects.exists()
    assert forgetting.run(today=last + DAY).items == 1
    assert not Finder.objects.exists()


def test_the_archive_is_asked_first_and_has_its_time(closed: FoundItem) -> None:
    first = forgetting.run()
    assert (first.offered, first.items) == (1, 0)
    offered = ArchiveOffer.objects.get()
    assert offered.until == today() + 28 * DAY
    assert forgetting.run(today=offered.until).items == 0
    assert forgetting.run(today=offered.until + DAY).items == 1


def test_an_answer_of_the_archive_shortens_the_wait(
    closed: FoundItem, clerk: User, stranger: User
) -> None:
    forgetting.run()
    pk = ArchiveOffer.objects.get().pk
    assert forgetting.answer([pk], ArchiveAnswer.NOTHING, by=stranger) == 0
    assert forgetting.answer([pk], ArchiveAnswer.NOTHING, by=clerk) == 1
    assert forgetting.answer([pk], ArchiveAnswer.TAKEN, by=clerk) == 0
    assert forgetting.run().items == 1


@pytest.mark.parametrize(
    ("state", "changes"),
    [
        ("held", {}),
        ("ready", {}),
        ("released", {"part_is_here": True}),
        ("released", {"claimed": True}),
    ],
)
def test_what_is_still_open_keeps_everything(
    make_item: Make, town_without_archive: Terms, state: str, changes: dict[str, bool]
) -> None:
    item = make_item(
        state=state,
        closed_at=timezone.now() if state == "released" else None,
        erase_on=today() - DAY,
    )
    if changes.get("part_is_here"):
        make_item("keys", part_of=item)
    if changes.get("claimed"):
        plant(Claim, item=item, state=ClaimState.REVIEW)
    assert forgetting.run().items == 0


@pytest.mark.parametrize(
    ("changes", "until"),
    [
        ({"state": "released"}, "2029-12-31"),  # §§ 195, 199: the third calendar year
        ({"state": "forwarded"}, "2029-12-31"),
        ({"state": "to_finder", "claims_ownership": True}, "2029-12-31"),
        ({"state": "sold", "found_on": dt.date(2025, 12, 1)}, "2029-12-31"),
    ],
)
def test_each_ending_has_its_day(make_item: Make, changes: dict[str, Any], until: str) -> None:
    ended = dt.datetime(2026, 8, 20, 12, tzinfo=dt.UTC)
    item = make_item(regime="general", value_cents=8000, closed_at=ended, **changes)
    assert keeping.kept_until(item) == dt.date.fromisoformat(until)


def test_what_nobody_reckoned_gets_its_day_in_the_night(make_item: Make) -> None:
    item = make_item(state="released", closed_at=timezone.now())
    forgetting.run()
    item.refresh_from_db()
    assert item.erase_on == dt.date(today().year + 3, 12, 31)


# ── The proof ────────────────────────────────────────────────────────────────────────────────
def test_the_proof_holds_numbers_and_days_alone() -> None:
    kinds = {type(field) for field in FoundErasure._meta.concrete_fields}
    assert kinds <= {
        models.BigAutoField,
        models.DateField,
        models.DateTimeField,
        models.PositiveIntegerField,
    }


def test_the_command_and_the_page_say_what_is_due_without_a_name(
    closed: FoundItem, clerk: User, client: Client, capsys: Any
) -> None:
    Finder.objects.create(item=closed, name=NAME)
    call_command("found_retention")
    assert "erase thing" in capsys.readouterr().out
    client.force_login(clerk)
    forgetting.run()
    page = client.get("/verwaltung/fundbuero/aufbewahrung").content.decode()
    assert NAME not in page
    assert closed.shown_code in page
    listed = client.get("/verwaltung/fundbuero/aufbewahrung/archiv.csv").content.decode()
    assert closed.shown_code in listed
    answered = client.post(
        "/verwaltung/fundbuero/aufbewahrung/archiv",
        {"angebot": [str(ArchiveOffer.objects.get().pk), "x", "9" * 30], "antwort": "nothing"},
    )
    assert answered.status_code == 303
    assert ArchiveOffer.objects.get().answer == "nothing"


def test_two_towns_keep_as_long_as_each_has_decided(
    make_item: Make, other_office: Office, office: Office
) -> None:
    def until(place: Office, town: Municipality, years: int) -> dt.date | None:
        Terms.objects.create(municipality=town, settings={"release_proof_years": years})
        item = make_item(office=place, state="released", closed_at=timezone.now())
        return keeping.kept_until(item)

    here = until(office, office.municipality, 3)
    there = until(other_office, other_office.municipality, 5)
    assert here
    assert there
    assert there.year - here.year == 2
