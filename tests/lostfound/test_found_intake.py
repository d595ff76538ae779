"""The deed behind the counter's form: once, whole, and as the law asks."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lostfound import file_numbers
from lostfound.law.rights import Right
from lostfound.models import (
    Consent,
    Finder,
    FindPlace,
    FoundItem,
    HiddenMark,
    Holder,
    Listing,
    Office,
    Value,
)
from lostfound.receiving import intake
from lostfound.receiving.intake import Conflict, Draft, Facts, Mark, Part, Person, Problem, Refused
from townhall.models import Municipality, User

pytestmark = pytest.mark.django_db
EVA = Person("Eva Muster", "Weg 1, 64625 Bensheim")
ALL = dict.fromkeys(Right, True)
NOBODY = uuid.UUID(int=1)


def facts(**changes: Any) -> Facts:
    today = timezone.localdate()
    known = {
        "kind": "umbrella",
        "found_on": today,
        "notice_on": today,
        "place_text": "Marktplatz",
        "place_kind": "street",
        "value": Value.SMALL,
        "finder": EVA,
        "claims": ALL,
        "consent": Consent.GIVEN,
    }
    return Facts(**{**known, **changes})


def draft(*, of: Facts | None = None, **changes: Any) -> Draft:
    changes.setdefault("client_id", uuid.uuid4())
    changes.setdefault("marks", (Mark("damage", "Griff gesprungen"),))
    return Draft(facts=of or facts(), **changes)


@pytest.fixture
def take_in(office: Office, clerk: User) -> Callable[..., FoundItem]:
    def take(given: Draft) -> FoundItem:
        return intake.take_in(given, office=office, by=clerk).item

    return take


def problems(given: Draft) -> dict[str, Problem]:
    today = timezone.localdate()
    return {each.field: each.problem for each in intake.objections_to(given, today=today)}


# ── Exactly once ─────────────────────────────────────────────────────────────────────────────
def test_the_same_form_sent_twice_is_one_thing(take_in: Callable[..., FoundItem]) -> None:
    once = draft()
    assert take_in(once) == take_in(once)
    assert FoundItem.objects.count() == 1


def test_a_form_that_was_changed_meanwhile_is_no_repetition(
    take_in: Callable[..., FoundItem],
) -> None:
    known = take_in(draft(client_id=NOBODY))
    with pytest.raises(Conflict) as conflict:
        take_in(draft(client_id=NOBODY, of=facts(kind="helmet")))
    assert conflict.value.item == known


def test_file_numbers_run_for_each_office_and_year(
    office: Office, other_office: Office, take_in: Callable[..., FoundItem]
) -> None:
    year = timezone.localdate().year
    first = [take_in(draft()).file_number for _ in range(3)]
    assert first == [file_numbers.written(year, number) for number in (1, 2, 3)]
    with transaction.atomic():
        assert file_numbers.next_number(other_office, year) == file_numbers.written(year, 1)
        assert file_numbers.next_number(office, year + 1).endswith("-0001")


def test_a_number_that_came_with_an_import_is_passed_over(
    make_item: Callable[..., FoundItem], take_in: Callable[..., FoundItem]
) -> None:
    year = timezone.localdate().year
    make_item(file_number=file_numbers.written(year, 1))
    assert take_in(draft()).file_number == file_numbers.written(year, 2)


def test_a_refused_intake_leaves_no_hole(take_in: Callable[..., FoundItem]) -> None:
    with pytest.raises(Refused):
        take_in(draft(photo_ids=(uuid.uuid4(),)))
    assert take_in(draft()).file_number.endswith("-0001")
    assert FoundItem.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_counters_at_once_get_two_numbers_and_one_form_one_thing(
    office: Office, clerk: User
) -> None:
    same = draft()
    drafts = [same, same, draft(), draft()]
    gate = threading.Barrier(len(drafts))
    taken: list[FoundItem] = []

    def work(given: Draft) -> None:
        gate.wait()
        taken.append(intake.take_in(given, office=office, by=clerk).item)
        connection.close()

    threads = [threading.Thread(target=work, args=(each,)) for each in drafts]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(taken) == 4
    numbers = sorted(FoundItem.objects.values_list("file_number", flat=True))
    assert [number[-4:] for number in numbers] == ["0001", "0002", "0003"]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("F-26-0210", "F-26-0210"),
        ("f 26 210", "F-26-0210"),
        ("F26/210", "F-26-0210"),
        ("F-26-0210/2", "F-26-0210/2"),
        ("Rucksack", None),
    ],
)
def test_numbers_are_read_as_people_type_them(typed: str, number: str | None) -> None:
    assert file_numbers.read(typed) == number


# ── What is kept ─────────────────────────────────────────────────────────────────────────────
def test_an_intake_begins_the_log_and_the_public_record(take_in: Callable[..., FoundItem]) -> None:
    item = take_in(draft())
    assert list(item.custody.values_list("number", "holder")) == [
        (1, Holder.FINDER),
        (2, Holder.COUNTER),
    ]
    assert Listing.objects.get(item=item).is_public
    assert item.deadline.item == item


def test_a_purse_has_parts_with_numbers_and_fates_of_their_own(
    take_in: Callable[..., FoundItem],
) -> None:
    given = draft(
        of=facts(kind="purse"),
        marks=(Mark("contents", "Passfoto"),),
        parts=(Part("cash", "", 6240), Part("identity_paper", "Ausweis")),
    )
    item = take_in(given)
    parts = list(item.parts.order_by("pk"))
    assert [part.file_number for part in parts] == [
        f"{item.file_number}/1",
        f"{item.file_number}/2",
    ]
    assert [part.value_cents for part in parts] == [6240, None]
    assert {part.regime for part in parts} == {"general"}
    assert not Listing.objects.filter(item__in=parts).exists()


def test_of_an_anonymous_finder_nothing_is_kept_and_all_is_waived(
    take_in: Callable[..., FoundItem],
) -> None:
    item = take_in(draft(of=facts(finder=None, is_anonymous=True, claims={}, consent="")))
    assert not Finder.objects.exists()
    assert (item.has_finder, item.claims_reward, item.claims_expenses, item.claims_ownership) == (
        False,
        False,
        False,
        False,
    )
    assert item.consent == Consent.GIVEN


def test_a_number_is_kept_as_hash_and_last_four(take_in: Callable[..., FoundItem]) -> None:
    item = take_in(draft(of=facts(kind="phone"), marks=(Mark("imei", "49 015420 323751 8"),)))
    mark = HiddenMark.objects.get(item=item)
    assert (mark.text, mark.tail, len(mark.digest)) == ("", "7518", 64)


def test_up_to_ten_euros_is_a_small_find_for_the_law(take_in: Callable[..., FoundItem]) -> None:
    assert take_in(draft()).value_cents == 1000
    assert take_in(draft(of=facts(value=Value.DEAR, value_cents=99))).value_cents is None


def test_an_intake_costs_a_bounded_number_of_statements(office: Office, clerk: User) -> None:
    given = draft()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        intake.take_in(given, office=office, by=clerk)
    sql = [q["sql"] for q in queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(sql) <= 50


# ── What the law asks ────────────────────────────────────────────────────────────────────────
def test_the_register_proposes_the_law_and_staff_may_decide_otherwise(
    town: Municipality, take_in: Callable[..., FoundItem]
) -> None:
    bus = FindPlace.objects.create(municipality=town, name="Bus 675", kind="bus")
    item = take_in(draft(of=facts(find_place=bus, place_kind="")))
    assert (item.regime, item.found_in) == ("verkehrsfund", town)
    assert (item.claims_reward, item.claims_ownership) == (True, None)
    decided = facts(find_place=bus, place_kind="", regime="general")
    assert problems(draft(of=decided)) == {"regime_reason": Problem.REASON_MISSING}
    decided = facts(find_place=bus, regime="general", regime_reason="Privater Reisebus")
    item = take_in(draft(of=decided))
    assert (item.regime, item.regime_reason) == ("general", "Privater Reisebus")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"kind": "weapon"}, {"kind": Problem.STOPPED}),
        ({"kind": "animal"}, {"kind": Problem.STOPPED}),
        ({"kind": "nonsense"}, {"kind": Problem.UNKNOWN_KIND}),
        ({"place_text": ""}, {"place": Problem.NO_PLACE}),
        ({"value": Value.ESTIMATE}, {"amount": Problem.NO_AMOUNT}),
        ({"finder": Person("", "Weg 1")}, {"finder_name": Problem.FINDER_NAME}),
        ({"finder": Person("Eva")}, {"finder_address": Problem.FINDER_ADDRESS}),
        ({"finder": Person("Eva"), "claims": dict.fromkeys(Right, False)}, {}),
        ({"finder": Person("Eva", "Weg 1", is_minor=True)}, {"guardian": Problem.GUARDIAN}),
        (
            {"claims": {**ALL, Right.EXPENSES: None}},
            {"claims_expenses": Problem.RIGHT_NOT_ASKED},
        ),
        ({"finder": Person("Eva"), "claims": {}}, {"finder_address": Problem.FINDER_ADDRESS}),
        ({"consent": ""}, {"consent": Problem.CONSENT_NOT_ASKED}),
        ({"consent": Consent.CONDITIONAL}, {"consent_condition": Problem.CONDITION}),
        ({"notice_on": dt.date(2020, 1, 1)}, {"notice_on": Problem.DAYS_OUT_OF_ORDER}),
        ({"found_on": dt.date(2999, 1, 1)}, {"found_on": Problem.FUTURE}),
    ],
)
def test_what_is_missing_is_named_at_its_field(
    changes: dict[str, Any], expected: dict[str, Problem]
) -> None:
    found = problems(draft(of=facts(**changes)))
    assert expected.items() <= found.items()
    assert bool(found) == bool(expected)


def test_a_mark_or_the_word_that_there_is_none() -> None:
    assert problems(draft(marks=())) == {"marks": Problem.NO_MARK}
    assert problems(draft(of=facts(no_mark_visible=True), marks=())) == {}
    assert problems(draft(of=facts(kind="identity_paper"), marks=())) == {}
    short = draft(of=facts(kind="phone"), marks=(Mark("imei", "12"),))
    assert problems(short) == {"marks:0": Problem.MARK_TOO_SHORT}


def test_a_finder_may_keep_an_umbrella_but_no_passport(take_in: Callable[..., FoundItem]) -> None:
    item = take_in(draft(kept_by_finder=True))
    assert item.state == "with_finder"
    assert list(item.custody.values_list("holder", flat=True)) == [Holder.FINDER]
    passport = draft(of=facts(kind="identity_paper"), kept_by_finder=True)
    assert problems(passport) == {"kept": Problem.MUST_DELIVER}
    in_bus = draft(of=facts(place_kind="bus"), kept_by_finder=True)
    assert problems(in_bus) == {"kept": Problem.MUST_DELIVER}
    nobody = draft(of=facts(finder=None, is_anonymous=True), kept_by_finder=True)
    assert problems(nobody) == {"kept": Problem.KEEPER_UNKNOWN}


def test_a_knife_in_a_bag_is_stopped_too() -> None:
    bag = draft(of=facts(kind="bag"), parts=(Part("weapon"),))
    assert problems(bag) == {"parts:0": Problem.STOPPED}
