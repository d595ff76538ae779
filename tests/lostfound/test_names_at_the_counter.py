"""Nobody's name stands open at the counter: „Anzeigen“ shows it once, and every look is noted."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from lostfound.models import (
    Claim,
    Claimant,
    Disclosure,
    Finder,
    FindReport,
    FindReporter,
    FoundItem,
    Loser,
    LossReport,
    Office,
)
from lostfound.personal import disclosure
from townhall.models import User

NAME, ADDRESS = "Erika Musterfrau", "Geheimgasse 7, 64625 Bensheim"
PERSON = {"name": NAME, "postal_address": ADDRESS, "email": "e@example.org", "phone": "06251 1"}


@dataclass
class Case:
    """A page, the door that shows whose name, and whom the look is noted of."""

    page: str
    door: str
    whose: str


@pytest.fixture
def cases(make_item: Callable[..., FoundItem], office: Office) -> list[Case]:
    now, item = timezone.now(), make_item(has_finder=True)
    own = {"capability_expires_at": now, "client_id": uuid.uuid4(), "code": item.code}
    Finder.objects.create(item=item, **PERSON)
    claim = Claim.objects.create(
        item=item, wanted=item.code, received_at=now, capability_digest="c", **own
    )
    Claimant.objects.create(claim=claim, **PERSON)
    day = timezone.localdate()
    loss = LossReport.objects.create(
        kind="umbrella",
        lost_from=day,
        lost_until=day,
        municipality=office.municipality,
        reported_at=now,
        watch_until=day,
        capability_digest="l",
        **own,
    )
    Loser.objects.create(loss=loss, **PERSON)
    find = FindReport.objects.create(
        office=office,
        kind="umbrella",
        found_on=day,
        spot="open",
        found_in=office.municipality,
        regime="general",
        whereabouts="keeps",
        reported_at=now,
        erase_on=day,
        capability_digest="f",
        **own,
    )
    FindReporter.objects.create(find=find, **PERSON)
    desk, code = "/amt/fund", item.code
    return [
        Case(f"{desk}/sache/{code}", f"{desk}/sache/{code}/anschrift/finder", "finder"),
        Case(f"{desk}/ansprueche/{code}", f"{desk}/ansprueche/{code}/kontakt", "claim"),
        Case(f"{desk}/verluste/{code}", f"{desk}/verluste/{code}/kontakt", "loser"),
        Case(f"{desk}/fundanzeigen/{code}", f"{desk}/fundanzeigen/{code}/kontakt", "finder"),
    ]


def says(client: Client, page: str) -> bool:
    shown = client.get(page).content.decode()
    return any(words in shown for words in (NAME, "Geheimgasse", "e@example.org"))


def test_a_name_is_shown_by_a_press_and_the_look_is_noted(
    client: Client, cases: list[Case], clerk: User
) -> None:
    client.force_login(clerk)
    for list_page in ("ansprueche", "verluste?ansicht=offen", "fundanzeigen", "fristen"):
        assert not says(client, f"/amt/fund/{list_page}")
    for case in cases:
        assert not says(client, case.page)
        assert client.get(case.door).status_code == 303
    assert not Disclosure.objects.exists()
    for case in cases:
        shown = client.post(case.door).content.decode()
        assert NAME in shown
        assert "Geheimgasse" in shown
        assert not says(client, case.page)
    noted = Disclosure.objects.order_by("pk")
    assert [each.whose for each in noted] == [case.whose for case in cases]
    assert {(each.by, each.to) for each in noted} == {(clerk, "staff")}


def test_nobody_else_gets_to_see_a_name(
    client: Client, cases: list[Case], stranger: User, dispatcher: User
) -> None:
    for case in cases:
        assert client.post(case.door).status_code == 403
    client.force_login(dispatcher)
    for case in cases:
        assert client.post(case.door).status_code == 403
    client.force_login(stranger)
    for case in cases:
        assert client.post(case.door).status_code == 404
    assert not Disclosure.objects.exists()


def test_what_cannot_do_without_a_name_notes_its_reader_once_a_day(
    client: Client, cases: list[Case], clerk: User, colleague: User
) -> None:
    change = f"{cases[0].page}/angaben"
    for reader in (clerk, clerk, colleague):
        client.force_login(reader)
        assert NAME in client.get(change).content.decode()
    item = FoundItem.objects.get()
    assert {each.by for each in disclosure.looks_at(item)} == {clerk, colleague}
    assert item.disclosures.count() == 2
    assert NAME in client.get(f"/amt/fund/herausgabe/{item.code}").content.decode()
    assert item.disclosures.filter(whose="claim", by=colleague).count() == 1


def test_a_look_belongs_to_one_case(cases: list[Case]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Disclosure.objects.create(whose="finder", to="staff", cite="x", at=timezone.now())
