"""„Darf ich das herausgeben?“: every rule of the gate through the counter's pages."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from lostfound.claiming import deciding
from lostfound.law.fees import MAGDEBURG, Extra, ExtraCharge, Payer
from lostfound.models import (
    Account,
    Claim,
    ClaimState,
    Custody,
    DataHandling,
    Disclosure,
    Finder,
    FoundItem,
    Handover,
    HiddenMark,
    Inquiry,
    LedgerLine,
    Listing,
    Method,
    Office,
    Party,
    Terms,
    Waiver,
)
from lostfound.money import cash
from lostfound.releasing import dues, handing_over
from lostfound.releasing.forms import _is_signature
from lostfound.searching import publishing
from lostfound.terms import schedule_json
from townhall.models import Letter, User

pytestmark = pytest.mark.django_db
Items = Callable[..., FoundItem]
SIGNED = "[[100,100,200,120,300,90,420,140,500,80]]"


@pytest.fixture
def desk(client: Client, clerk: User) -> Client:
    client.force_login(clerk)
    return client


@pytest.fixture
def backpack(make_item: Items) -> FoundItem:
    """A general find worth 80 euros; the finder is known, wants a reward, and has agreed."""
    today = timezone.localdate()
    item = make_item(
        "backpack",
        colour="black",
        regime="general",
        value="estimate",
        value_cents=8000,
        found_on=today - dt.timedelta(days=3),
        has_finder=True,
        claims_reward=True,
        claims_expenses=False,
        claims_ownership=True,
        consent="given",
        consent_on=today,
    )
    Finder.objects.create(
        item=item, name="Fritz Finder", postal_address="Am Markt 1", email="fritz@example.org"
    )
    return item


def owned(item: FoundItem, by: User, **changes: Any) -> Claim:
    """Claimed by somebody at the counter whose identity was checked."""
    who = deciding.WalkIn("Erika Muster", "kennt den Inhalt", **changes)
    return deciding.confirm_at_counter(item, who, by=by)


def page(client: Client, item: FoundItem, query: str = "") -> str:
    answer = client.get(f"/amt/fund/herausgabe/{item.code}{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def hand_over(client: Client, item: FoundItem, **changes: Any) -> Any:
    fields = {
        "client_id": str(uuid.uuid4()),
        "receiver": "owner",
        "name": "Erika Muster",
        "receipt": "signature",
        "signature": SIGNED,
        **changes,
    }
    return client.post(f"/amt/fund/herausgabe/{item.code}/herausgabe", fields)


def change(item: FoundItem, **fields: Any) -> FoundItem:
    FoundItem.objects.filter(pk=item.pk).update(**fields)
    return FoundItem.objects.get(pk=item.pk)


# ── The gate ─────────────────────────────────────────────────────────────────────────────────
def test_an_owner_with_everything_gets_it_with_its_parts(
    desk: Client, backpack: FoundItem, clerk: User, make_item: Items
) -> None:
    HiddenMark.objects.create(item=backpack, kind="inside", text="rot")
    publishing.publish(backpack, by=clerk)
    card = make_item("identity_paper", part_of=backpack, regime="general")
    claim = owned(backpack, clerk, email="erika@example.org")
    assert FoundItem.objects.get(pk=backpack.pk).state == "ready"
    shown = page(desk, backpack)
    assert "Ja" in shown
    assert "§ 975 S. 3 BGB" in shown
    assert hand_over(desk, backpack).status_code == 303
    for thing in (backpack, card):
        row = FoundItem.objects.get(pk=thing.pk)
        assert row.state == "released"
        assert row.closed_at
        assert Custody.objects.filter(item=thing).last().holder == "owner"  # type: ignore[union-attr]
    assert Claim.objects.get(pk=claim.pk).state == ClaimState.RELEASED
    assert not Listing.objects.filter(item=backpack, ended_at=None).exists()
    handover = Handover.objects.get()
    assert [each["code"] for each in handover.facts["things"]] == [backpack.code, card.code]
    assert handover.ground == "§ 975 S. 3 BGB"
    assert [event.kind for event in backpack.events.all()][-1] == "handed_over"


REFUSALS: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"consent": "none"}, "Die Zustimmung der Finderin", "§ 975 S. 3 BGB"),
    ({"consent": "refused"}, "Die Zustimmung der Finderin", "§ 975 S. 3 BGB"),
    ({"consent": "conditional"}, "Bedingung, die noch nicht erfüllt", "§ 975 S. 3 BGB"),
    ({"regime": "klaerung"}, "nicht geklärt, welches Recht", "BGH VIII ZR 379/86"),
    ({"regime": "schatz"}, "Denkmalbehörde", "§ 984 BGB"),
    ({"kind": "weapon"}, "zur Polizei", "§ 3 Abs. 2 FundV (BY)"),
    ({"state": "with_finder"}, "liegt bei der Finderin", "§ 969 BGB"),
    ({"missing_since": timezone.now()}, "nicht an ihrem Platz", "§ 975 S. 3 BGB"),
)


def test_no_says_the_paragraph_and_what_is_missing(
    desk: Client, backpack: FoundItem, clerk: User
) -> None:
    owned(backpack, clerk)
    before = {"consent": "given", "regime": "general", "kind": "backpack", "state": "ready"}
    for fields, sentence, cite in REFUSALS:
        item = change(backpack, **{**before, "missing_since": None, **fields})
        refused = hand_over(desk, item)
        assert refused.status_code == 409
        shown = refused.content.decode()
        assert "Nein, noch nicht" in shown
        assert sentence in shown
        assert cite in shown
    assert not Handover.objects.exists()


def test_nobody_verified_no_identity_paper_no_release(
    desk: Client, backpack: FoundItem, clerk: User
) -> None:
    assert "Eigentum ist noch nicht nachgewiesen" in page(desk, backpack)
    assert hand_over(desk, backpack).status_code == 409
    claim = owned(backpack, clerk)
    deciding.see_identity(claim, by=clerk, seen=False)
    assert "Eigentum ist noch nicht nachgewiesen" in page(desk, backpack)
    assert hand_over(desk, backpack).status_code == 409
    desk.post(f"/amt/fund/ansprueche/{claim.code}/ausweis", {"gesehen": "1"})
    assert hand_over(desk, backpack).status_code == 303


def test_another_undecided_claim_holds_it(desk: Client, backpack: FoundItem, clerk: User) -> None:
    rival = owned(backpack, clerk)
    Claim.objects.filter(pk=rival.pk).update(state=ClaimState.SUBMITTED)
    owned(change(backpack, state="held"), clerk)
    assert "Noch jemand sagt" in page(desk, backpack)
    assert hand_over(desk, backpack).status_code == 409
    deciding.reject(Claim.objects.get(pk=rival.pk), by=clerk, reason="Nein.")
    assert hand_over(desk, backpack).status_code == 303


def test_what_became_the_finders_is_not_the_owners_any_more(
    desk: Client, backpack: FoundItem, clerk: User
) -> None:
    """The claim came after the six months: it stops nothing (§ 973), only § 977 is left."""
    year_ago = timezone.localdate() - dt.timedelta(days=400)
    owned(change(backpack, found_on=year_ago, notice_on=year_ago), clerk)
    shown = page(desk, backpack)
    assert "§ 977 BGB" in shown
    assert hand_over(desk, backpack).status_code == 409


def test_a_claim_stops_the_clock_on_the_day_it_came_in_not_when_it_was_decided(
    backpack: FoundItem, clerk: User
) -> None:
    claim = owned(backpack, clerk)
    Claim.objects.filter(pk=claim.pk).update(
        state=ClaimState.SUBMITTED, received_at=timezone.now() - dt.timedelta(days=9)
    )
    change(backpack, state="held", registered_on=None)
    deciding.confirm(Claim.objects.get(pk=claim.pk), by=clerk)
    backpack.refresh_from_db()
    assert backpack.registered_on == timezone.localdate() - dt.timedelta(days=9)


def test_in_a_bus_nobody_asks_the_finder_but_tells_them(
    desk: Client, backpack: FoundItem, clerk: User
) -> None:
    item = change(backpack, regime="verkehrsfund", consent="none")
    owned(item, clerk)
    assert "§ 978 BGB" in page(desk, item)
    assert hand_over(desk, item).status_code == 303
    assert "§ 978 Abs. 2 BGB" in Letter.objects.get(kind="found_handed_over").text


# ── Money ────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def fees(office: Office) -> None:
    Terms.objects.create(municipality=office.municipality, fees={"sample": "magdeburg"})


@pytest.mark.usefixtures("fees")
def test_fee_reward_and_expenses_are_lines_of_their_own(
    desk: Client, backpack: FoundItem, clerk: User
) -> None:
    item = change(backpack, claims_expenses=True, expenses_cents=350)
    owned(item, clerk)
    shown = page(desk, item)
    for amount in ("8,00\u00a0€", "4,00\u00a0€", "3,50\u00a0€"):  # 10 %, 5 %, as noted
        assert amount in shown
    assert "15,50" not in shown
    assert "Die Gebühr ist nicht bezahlt." in shown
    pay = {"client_id": str(uuid.uuid4()), "account": "fee", "method": "card", "party": "owner"}
    door = f"/amt/fund/herausgabe/{item.code}/zahlung"
    assert desk.post(door, pay | {"amount": "5,00"}).status_code == 303
    assert desk.post(door, pay | {"amount": "5,00"}).status_code == 303  # sent twice
    assert desk.post(door, pay | {"amount": "6,00"}).status_code == 409
    assert LedgerLine.objects.get().cents == 500
    assert "3,00\u00a0€ offen" in page(desk, item)
    rest = pay | {"client_id": str(uuid.uuid4()), "amount": "3", "method": "cash"}
    assert desk.post(door, rest).status_code == 303
    assert "Die Gebühr ist nicht bezahlt." not in page(desk, item)
    assert hand_over(desk, item).status_code == 303
    told = {each["account"]: each["paid"] for each in Handover.objects.get().facts["money"]}
    assert told == {"fee": 800, "reward": 0, "expenses": 0}


@pytest.mark.usefixtures("fees")
def test_a_fee_is_let_off_with_a_reason_and_nothing_else_is(
    desk: Client, backpack: FoundItem, clerk: User
) -> None:
    owned(backpack, clerk)
    door = f"/amt/fund/herausgabe/{backpack.code}/erlass"
    assert desk.post(door, {"account": "fee", "reason": ""}).status_code == 422
    assert desk.post(door, {"account": "reward", "reason": "so"}).status_code == 422
    assert desk.post(door, {"account": "fee", "reason": "Härtefall"}).status_code == 303
    assert Waiver.objects.get().cents == 800
    assert hand_over(desk, backpack).status_code == 303


def test_what_is_charged_besides_is_a_line_of_its_own_on_page_receipt_and_in_the_ledger(
    desk: Client, backpack: FoundItem, clerk: User, office: Office
) -> None:
    schedule = replace(
        MAGDEBURG,
        extras={
            Extra.TRANSPORT: ExtraCharge(1250, Payer.OWNER),
            Extra.POSTAGE: ExtraCharge(380, Payer.OWNER),
            Extra.DATA_WIPE: ExtraCharge(3570, Payer.FINDER),
        },
    )
    fees = schedule_json(schedule)
    Terms.objects.create(municipality=office.municipality, fees=fees)
    owned(backpack, clerk, email="erika@example.org")
    door = f"/amt/fund/herausgabe/{backpack.code}"
    shown = page(desk, backpack)
    assert "Transport, zum Beispiel eines Fahrrads" in shown
    assert "Datenlöschung" not in shown  # the finder's, and the owner is here

    for extra, amount in (("transport", "12,50"), ("postage", "4,20")):
        added = desk.post(f"{door}/zuschlag", {"extra": extra, "amount": amount, "an": "owner"})
        assert added.status_code == 303
    assert desk.post(f"{door}/zuschlag", {"extra": "data_wipe", "amount": "1"}).status_code == 422
    assert desk.post(f"{door}/zuschlag", {"extra": "research", "amount": "-1"}).status_code == 422
    assert desk.post(f"{door}/zuschlag-ende", {"account": "postage"}).status_code == 303

    owed = dues.dues_of(backpack, on=timezone.localdate())
    assert {due.account.value: due.cents for due in owed.shown if due.is_offices} == {
        "fee": 800,
        "transport": 1250,
    }
    assert owed.office_cents == 2050
    assert not owed.fees_settled
    assert hand_over(desk, backpack).status_code == 409

    pay = {"method": "cash", "party": "owner", "client_id": str(uuid.uuid4())}
    for account, amount in (("fee", "8,00"), ("transport", "12,50")):
        booked = desk.post(f"{door}/zahlung", pay | {"account": account, "amount": amount})
        assert booked.status_code == 303
    assert desk.post(f"{door}/zuschlag-ende", {"account": "transport"}).status_code == 409
    assert hand_over(desk, backpack).status_code == 303
    lines = LedgerLine.objects.filter(item=backpack).values_list("account", "cents")
    assert set(lines) == {("fee", 800), ("transport", 1250)}
    paper = desk.get(f"{door}/quittung.pdf").content
    words = " ".join(PdfReader(io.BytesIO(paper)).pages[0].extract_text().split())
    assert "Transport, zum Beispiel eines Fahrrads 12,50 € 12,50 € bezahlt" in words
    assert "Zusammen an das Fundbüro 20,50 € 20,50 €" in words
    assert desk.post(f"{door}/zuschlag", {"extra": "postage", "amount": "1"}).status_code == 409


@pytest.mark.usefixtures("fees")
def test_a_value_that_nobody_knows_has_no_fee_yet(
    desk: Client, backpack: FoundItem, clerk: User
) -> None:
    item = change(backpack, value="unknown", value_cents=None)
    owned(item, clerk)
    shown = page(desk, item)
    assert "Wert noch nicht geschätzt" in shown
    assert "Die Gebühr ist nicht bezahlt." in shown


def test_what_is_dear_to_one_person_only_is_rewarded_by_discretion(
    desk: Client, backpack: FoundItem, clerk: User
) -> None:
    item = change(backpack, value="dear", value_cents=None)
    owned(item, clerk)
    assert "nach Billigkeit" in page(desk, item)
    reward = dues.dues_of(item, on=timezone.localdate())[Account.REWARD]
    assert reward.cents is None
    assert not reward.is_settled


def test_the_finder_is_paid_out_no_more_than_came_in(
    desk: Client, backpack: FoundItem, clerk: User
) -> None:
    dues.pay(backpack, Account.REWARD, 400, method=Method.CASH, by=clerk, client_id=uuid.uuid4())
    door = f"/amt/fund/herausgabe/{backpack.code}/zahlung"
    pay = {"account": "reward", "method": "cash", "party": "finder", "to_finder": "on"}
    too_much = pay | {"client_id": str(uuid.uuid4()), "amount": "4,01"}
    assert desk.post(door, too_much).status_code == 409
    assert desk.post(door, pay | {"client_id": str(uuid.uuid4()), "amount": "4"}).status_code == 303
    assert cash.held(backpack, Account.REWARD) == {}
    assert LedgerLine.objects.last().party == Party.FINDER  # type: ignore[union-attr]


# ── The finder's word ────────────────────────────────────────────────────────────────────────
def test_paying_is_no_consent_but_may_be_its_condition(
    desk: Client, backpack: FoundItem, clerk: User
) -> None:
    item = change(backpack, consent="none")
    owned(item, clerk)
    door = f"/amt/fund/herausgabe/{item.code}"
    dues.pay(item, Account.REWARD, 400, method=Method.CASH, by=clerk, client_id=uuid.uuid4())
    assert hand_over(desk, item).status_code == 409
    agrees = {"consent": "conditional", "condition": ""}
    assert desk.post(f"{door}/zustimmung", agrees).status_code == 422
    agrees["condition"] = "Das Fundbüro zieht den Finderlohn ein"
    assert desk.post(f"{door}/zustimmung", agrees).status_code == 303
    assert hand_over(desk, item).status_code == 409
    assert desk.post(f"{door}/bedingung").status_code == 303
    assert hand_over(desk, item).status_code == 303


def test_a_silent_finder_brings_the_case_back_on_a_working_day(
    desk: Client, backpack: FoundItem, clerk: User
) -> None:
    item = change(backpack, consent="none")
    assert (
        desk.post(f"/amt/fund/herausgabe/{item.code}/nachfrage", {"note": "Anruf"}).status_code
        == 303
    )
    row = Inquiry.objects.get()
    assert row.resubmit_on >= timezone.localdate() + dt.timedelta(days=14)
    assert row.resubmit_on.weekday() < 5
    assert "Wiedervorlage" in page(desk, item)
    handing_over.note_consent(item, "given", by=clerk, on=timezone.localdate())  # type: ignore[arg-type]
    assert not Inquiry.objects.exists()


def test_addresses_are_told_on_paper_for_an_open_reward_and_for_that_alone(
    desk: Client, backpack: FoundItem, clerk: User, make_item: Items, sheets: list[Any]
) -> None:
    owned(backpack, clerk, email="erika@example.org", postal_address="Ringstraße 5")
    assert hand_over(desk, backpack).status_code == 303
    for kind, secret in (
        ("found_handed_over", "Ringstraße 5"),
        ("claim_handed_over", "Am Markt 1"),
    ):
        told = Letter.objects.get(kind=kind).text
        assert secret not in told  # a mistyped mailbox is a stranger's
        assert "in einem Brief oder am Schalter" in told
    assert not Disclosure.objects.exists()
    for to in ("finder", "owner"):
        door = f"/amt/fund/herausgabe/{backpack.code}/brief/{to}"
        assert door in page(desk, backpack)
        assert desk.post(door).status_code == 200
    assert "Ringstraße 5" in " ".join(sheets[0].paragraphs)
    assert "Am Markt 1" in " ".join(sheets[1].paragraphs)
    assert Disclosure.objects.count() == 2
    paid = make_item("bag", regime="general", value="estimate", value_cents=8000, consent="given")
    paid = old(paid, days=3)
    Finder.objects.create(item=paid, name="Frieda Fund", email="frieda@example.org")
    paid = change(paid, claims_reward=True, has_finder=True)
    owned(paid, clerk, email="erika@example.org", postal_address="Ringstraße 5")
    dues.pay(paid, Account.REWARD, 400, method=Method.CASH, by=clerk, client_id=uuid.uuid4())
    assert hand_over(desk, paid).status_code == 303
    assert Disclosure.objects.count() == 2
    for letter in Letter.objects.filter(about__contains=paid.code):
        assert "einem Brief" not in letter.text


@pytest.fixture
def sheets(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Papers as they go to the printer."""
    printed: list[Any] = []

    def press(sheet: Any) -> bytes:
        printed.append(sheet)
        return b"%PDF-1.7"

    monkeypatch.setattr("lostfound.releasing.letters.print_sheet", press)
    return printed


def test_who_has_no_mailbox_gets_the_letter_on_paper(
    desk: Client, backpack: FoundItem, clerk: User, sheets: list[Any]
) -> None:
    Finder.objects.update(email="")
    owned(backpack, clerk, postal_address="Ringstraße 5")
    door = f"/amt/fund/herausgabe/{backpack.code}"
    assert desk.post(f"{door}/brief/finder").status_code == 404
    hand_over(desk, backpack)
    assert not Letter.objects.filter(kind="found_handed_over").exists()
    assert "Brief an die Finderin" in page(desk, backpack)
    for to in ("finder", "owner"):
        assert desk.post(f"{door}/brief/{to}").status_code == 200
    to_finder, to_owner = sheets
    assert to_finder.to == ["Fritz Finder", "Am Markt 1"]
    assert "Ringstraße 5" in " ".join(to_finder.paragraphs)
    assert "§ 978" not in " ".join(to_finder.paragraphs)
    assert "Am Markt 1" in " ".join(to_owner.paragraphs)
    assert Disclosure.objects.count() == 2


def test_who_chose_einfache_sprache_gets_it_by_mail_and_on_paper(
    desk: Client, backpack: FoundItem, clerk: User, sheets: list[Any]
) -> None:
    Finder.objects.update(language="de-simple")
    claim = owned(backpack, clerk, email="erika@example.org", postal_address="Ringstraße 5")
    Claim.objects.filter(pk=claim.pk).update(language="de-simple")
    hand_over(desk, backpack)
    for kind, words in (
        ("found_handed_over", "Sie möchten Finder-Lohn."),
        ("claim_handed_over", "Ihre Sache wurde heute abgeholt."),
    ):
        assert words in Letter.objects.get(kind=kind).text
    for to in ("finder", "owner"):
        desk.post(f"/amt/fund/herausgabe/{backpack.code}/brief/{to}")
    to_finder, to_owner = (" ".join(each.paragraphs) for each in sheets)
    assert "Die Person, der es gehört, hat es abgeholt." in to_finder
    assert "Eine Person hat Ihre Sache gefunden." in to_owner


# ── To the finder, a proxy, an authority ─────────────────────────────────────────────────────
def old(item: FoundItem, days: int = 400, **more: Any) -> FoundItem:
    day = timezone.localdate() - dt.timedelta(days=days)
    return change(item, found_on=day, notice_on=day, **more)


def test_after_six_months_the_finder_gets_it_without_the_papers_in_it(
    desk: Client, backpack: FoundItem, make_item: Items
) -> None:
    item = old(backpack)
    card = make_item("identity_paper", part_of=item, regime="general")
    shown = page(desk, item)  # nobody claims it: the page proposes the finder
    assert "§ 973 Abs. 1 BGB" in shown
    to_finder = {"receiver": "finder", "name": "Fritz Finder"}
    assert hand_over(desk, item, **to_finder).status_code == 422  # no tick
    done = hand_over(desk, item, identity_checked="on", **to_finder)
    assert done.status_code == 303
    assert FoundItem.objects.get(pk=item.pk).state == "to_finder"
    assert FoundItem.objects.get(pk=card.pk).state == "held"
    assert not Letter.objects.filter(kind="found_handed_over").exists()


def test_not_every_finder_becomes_owner(desk: Client, backpack: FoundItem) -> None:
    before: dict[str, Any] = {"claims_ownership": True, "regime": "general", "concealed": False}
    for fields in ({"claims_ownership": False}, {"regime": "verkehrsfund"}, {"concealed": True}):
        item = old(backpack, **{**before, **fields})
        answer = hand_over(
            desk, item, receiver="finder", name="Fritz Finder", identity_checked="on"
        )
        assert answer.status_code == 409
        assert "Sie gehört nicht der Finderin" in answer.content.decode()


def test_before_the_end_and_with_an_open_claim_the_finder_waits(
    desk: Client, backpack: FoundItem, clerk: User
) -> None:
    item = old(backpack, days=100)
    assert hand_over(desk, item, receiver="finder", identity_checked="on").status_code == 409
    item = old(backpack, days=200)
    claim = owned(item, clerk)
    in_time = timezone.now() - dt.timedelta(days=60)
    Claim.objects.filter(pk=claim.pk).update(state=ClaimState.QUERY, received_at=in_time)
    change(item, state="held", registered_on=None)
    assert hand_over(desk, item, receiver="finder", identity_checked="on").status_code == 409


def test_data_are_dealt_with_before_a_phone_is_the_finders(
    desk: Client, backpack: FoundItem
) -> None:
    phone = old(backpack, kind="phone")
    to_finder = {"receiver": "finder", "name": "Fritz Finder", "identity_checked": "on"}
    answer = hand_over(desk, phone, **to_finder)
    assert answer.status_code == 409
    assert "Daten, um die sich noch niemand" in answer.content.decode()
    DataHandling.objects.create(item=phone, step="erase", at=timezone.now())
    assert hand_over(desk, phone, **to_finder).status_code == 303


def test_a_proxy_shows_the_authorisation_and_an_authority_its_file(
    desk: Client, backpack: FoundItem, clerk: User, make_item: Items
) -> None:
    owned(backpack, clerk)
    proxy = {"receiver": "proxy", "name": "Paul Muster", "identity_checked": "on"}
    assert hand_over(desk, backpack, **proxy).status_code == 422
    assert hand_over(desk, backpack, authorisation_seen="on", **proxy).status_code == 303
    other = make_item("bag", regime="general")
    police = {"receiver": "authority", "name": "PHK Weber", "identity_checked": "on"}
    assert hand_over(desk, other, **police).status_code == 422
    assert hand_over(desk, other, reference="VNr 12/26", **police).status_code == 303
    assert FoundItem.objects.get(pk=other.pk).state == "forwarded"


# ── Receipts ─────────────────────────────────────────────────────────────────────────────────
def test_without_a_receipt_nothing_leaves(desk: Client, backpack: FoundItem, clerk: User) -> None:
    owned(backpack, clerk)
    for changes in (
        {"signature": ""},
        {"signature": "[[1,2]]"},
        {"signature": '[["<script>", 1]]'},
        {"signature": "[" * 5000},
        {"receipt": "paper"},
        {"receipt": "code", "code": "123456"},
        {"receipt": "telepathy"},
        {"client_id": "x"},
        {"version": "99999999999999"},
    ):
        assert hand_over(desk, backpack, **changes).status_code == 422, changes
    assert hand_over(desk, backpack, receipt="paper", on_paper="on").status_code == 303


def test_a_code_by_mail_stands_for_a_signature(
    desk: Client, backpack: FoundItem, clerk: User
) -> None:
    owned(backpack, clerk, email="erika@example.org")
    desk.post(f"/amt/fund/herausgabe/{backpack.code}/code")
    letter = Letter.objects.get(kind="claim_code")
    code = letter.text.partition("Code: ")[2][:6]
    assert code not in letter.subject
    wrong = "000000" if code != "000000" else "111111"
    for _attempt in range(4):
        assert hand_over(desk, backpack, receipt="code", code=wrong).status_code == 422
    assert (
        hand_over(desk, backpack, receipt="code", code=f" {code[:3]} {code[3:]}").status_code == 303
    )
    assert Handover.objects.get().signature == []


def test_five_wrong_codes_end_the_code(desk: Client, backpack: FoundItem, clerk: User) -> None:
    owned(backpack, clerk, email="erika@example.org")
    desk.post(f"/amt/fund/herausgabe/{backpack.code}/code")
    code = Letter.objects.get(kind="claim_code").text.partition("Code: ")[2][:6]
    wrong = "000000" if code != "000000" else "111111"
    for _attempt in range(5):
        hand_over(desk, backpack, receipt="code", code=wrong)
    assert hand_over(desk, backpack, receipt="code", code=code).status_code == 422


def test_signatures_are_whole_numbers_and_nothing_else() -> None:
    assert _is_signature([[1, 2, 3, 4]])
    for nonsense in ([[1]], [[1.5, 2]], [[True, 1]], [[-1, 2]], [[2000, 1]], {"a": 1}, [1, 2]):
        assert not _is_signature(nonsense)
    assert not _is_signature([[0, 0] * 6001])


def test_the_sheet_and_the_receipt_are_papers(
    desk: Client, backpack: FoundItem, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[Any] = []

    def press(paper: Any) -> bytes:
        printed.append(paper)
        return b"%PDF-1.7"

    monkeypatch.setattr("lostfound.releasing.paper.print_paper", press)
    owned(backpack, clerk)
    door = f"/amt/fund/herausgabe/{backpack.code}/quittung.pdf"
    assert desk.get(door)["Content-Type"] == "application/pdf"
    hand_over(desk, backpack)
    assert desk.get(door).status_code == 200
    sheet, receipt = printed
    assert sheet.facts["is_draft"]
    assert not receipt.facts["is_draft"]
    assert receipt.facts["money"] == [
        ["Finderlohn", "4,00\u00a0€", "0,00\u00a0€", "offen, unter den Beteiligten"]
    ]
    assert b"M100 100 L200 120" in receipt.pictures["signature.svg"]
    assert "Fritz" not in str(receipt.facts)


# ── Once, undone, by whom ────────────────────────────────────────────────────────────────────
def test_sent_twice_is_handed_over_once(desk: Client, backpack: FoundItem, clerk: User) -> None:
    owned(backpack, clerk, email="erika@example.org")
    same = {"client_id": str(uuid.uuid4())}
    for _attempt in range(3):
        assert hand_over(desk, backpack, **same).status_code == 303
    assert Handover.objects.count() == 1
    assert Letter.objects.filter(kind="claim_handed_over").count() == 1
    assert hand_over(desk, backpack).status_code == 409


def test_who_was_slower_hears_of_it(desk: Client, backpack: FoundItem, clerk: User) -> None:
    owned(backpack, clerk)
    seen = FoundItem.objects.get(pk=backpack.pk).version
    handing_over.note_consent(backpack, "given", by=clerk, on=timezone.localdate())  # type: ignore[arg-type]
    late = hand_over(desk, backpack, version=seen)
    assert late.status_code == 409
    assert "Inzwischen wurde etwas geändert" in late.content.decode()
    assert hand_over(desk, backpack, version=seen + 1).status_code == 303


def test_undone_within_the_day_with_a_reason(
    desk: Client, backpack: FoundItem, clerk: User, make_item: Items
) -> None:
    card = make_item("card", part_of=backpack, regime="general")
    claim = owned(backpack, clerk)
    hand_over(desk, backpack)
    door = f"/amt/fund/herausgabe/{backpack.code}/ruecknahme"
    assert desk.post(door, {"reason": ""}).status_code == 422
    assert desk.post(door, {"reason": "Falsche Tasche"}).status_code == 303
    assert desk.post(door, {"reason": "Falsche Tasche"}).status_code == 404
    back = FoundItem.objects.get(pk=backpack.pk)
    assert (back.state, back.closed_at, back.erase_on) == ("ready", None, None)
    assert FoundItem.objects.get(pk=card.pk).state == "held"
    assert Claim.objects.get(pk=claim.pk).state == ClaimState.CONFIRMED
    last = Custody.objects.filter(item=backpack).last()
    assert last is not None
    assert (last.holder, last.reason) == ("counter", "Herausgabe rückgängig gemacht")
    log = desk.get(f"/amt/fund/sache/{backpack.code}").content.decode()
    assert '<b>Schalter</b><span class="meta">' in log
    assert hand_over(desk, backpack).status_code == 303
    Handover.objects.filter(undone_at=None).update(at=timezone.now() - dt.timedelta(days=1))
    assert desk.post(door, {"reason": "Zu spät"}).status_code == 409


DOORS = (
    ("get", ""),
    ("get", "/quittung.pdf"),
    *(
        ("post", f"/{each}")
        for each in (
            "herausgabe",
            "schalter",
            "zustimmung",
            "bedingung",
            "nachfrage",
            "zahlung",
            "erlass",
            "code",
            "ruecknahme",
        )
    ),
)


def test_the_counter_of_the_office_alone_opens(
    client: Client, backpack: FoundItem, stranger: User, dispatcher: User
) -> None:
    for who, answers in ((None, {302, 403}), (dispatcher, {403}), (stranger, {404})):
        if who is not None:
            client.force_login(who)
        for method, door in DOORS:
            answer = getattr(client, method)(f"/amt/fund/herausgabe/{backpack.code}{door}")
            assert answer.status_code in answers, (who, door)


def test_the_pickup_code_opens_the_page_at_its_own_counter(
    client: Client, backpack: FoundItem, clerk: User, stranger: User
) -> None:
    claim = owned(backpack, clerk)
    code = claim.pickup_code or ""
    assert len(code) == 6
    client.force_login(clerk)
    found = client.get("/amt/fund", {"q": f" {code[:3].lower()} {code[3:]}"})
    assert found["Location"].startswith(f"/amt/fund/herausgabe/{backpack.code}")
    client.force_login(stranger)
    assert client.get("/amt/fund", {"q": code}).status_code == 200


def test_the_page_asks_a_bounded_number_of_questions(
    desk: Client, backpack: FoundItem, clerk: User, make_item: Items
) -> None:
    owned(backpack, clerk)
    page(desk, backpack)
    with CaptureQueriesContext(connection) as few:
        page(desk, backpack)
    for _n in range(8):
        make_item("keys", part_of=backpack, regime="general")
    with CaptureQueriesContext(connection) as many:
        page(desk, backpack)
    assert len(many) == len(few) <= 36
