"""The board of deadlines and the settings: who sees what, what it says, how much it asks."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lostfound import terms
from lostfound.ending import deadlines
from lostfound.law.fees import fee
from lostfound.models import (
    Auction,
    Disposal,
    Finder,
    FindPlace,
    FoundItem,
    Notice,
    Office,
    Proceeds,
    Terms,
)
from lostfound.setup_forms import PolicyForm
from townhall.models import Role, User

DAY = dt.timedelta(days=1)
BOARD = "/amt/fund/fristen"
Make = Callable[..., FoundItem]


def today() -> dt.date:
    return timezone.localdate()


@pytest.fixture
def stock(make_item: Make) -> list[FoundItem]:
    """One the town's own for long, one found in a bus, one of today."""
    items = [
        make_item(found_on=today() - 200 * DAY, regime="general", value_cents=8000),
        make_item("jacket", found_on=today() - 20 * DAY, regime="verkehrsfund"),
        make_item("bag", found_on=today(), regime="general"),
    ]
    deadlines.reckon_all()
    return items


@pytest.fixture
def desk(client: Client, clerk: User) -> Client:
    client.force_login(clerk)
    return client


def rows(page: str) -> list[str]:
    return re.findall(r'id="wahl-(\w{8})"', page)


# ── The board ────────────────────────────────────────────────────────────────────────────────
def test_the_board_says_what_is_late_with_rule_paragraph_and_certainty(
    desk: Client, stock: list[FoundItem]
) -> None:
    page = desk.get(BOARD).content.decode()
    assert rows(page) == [stock[0].code, stock[1].code]
    assert "§ 976 Abs. 1 BGB" in page
    assert "Gesetz" in page
    assert "Spenden" in page
    every = desk.get(BOARD, {"frist": "alle"}).content.decode()
    assert rows(every) == [each.code for each in stock]
    assert f'value="{stock[2].code}" id="wahl-{stock[2].code}"' in every
    waiting = every.split(f"wahl-{stock[2].code}")[1].split("</tr>")[0]
    assert "disabled" in waiting  # nothing can be done to it but wait


def test_filters_and_nonsense_in_the_address(desk: Client, stock: list[FoundItem]) -> None:
    def found(**query: str) -> list[str]:
        return rows(desk.get(BOARD, {"frist": "alle"} | query).content.decode())

    assert found(schritt="publish_notice") == [stock[1].code]
    assert found(art="clothing") == [stock[1].code]
    assert found(recht="verkehrsfund") == [stock[1].code]
    assert found(suche=stock[2].shown_code.lower()) == [stock[2].code]
    for nonsense in ({"nach": "x.y"}, {"nach": "2026-13-40.99999999999999999999"}, {"art": "%00"}):
        assert desk.get(BOARD, nonsense).status_code == 200


def test_the_next_page_goes_on_where_this_one_ended(
    desk: Client, make_item: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lostfound.ending.board.PAGE", 2)
    made = [make_item(found_on=today(), regime="general").code for _ in range(5)]
    deadlines.reckon_all()
    seen: list[str] = []
    url: str | None = f"{BOARD}?frist=alle"
    while url and len(seen) < 9:
        page = desk.get(url).content.decode()
        seen += rows(page)
        more = re.search(r'href="([^"]*nach=[^"]*)">Nächste', page)
        url = more[1].replace("&amp;", "&") if more else None
    assert seen == made


def test_the_board_asks_eight_times_however_long_it_is(
    desk: Client, make_item: Make, django_assert_max_num_queries: Any
) -> None:
    for _ in range(30):
        make_item(found_on=today() - 200 * DAY, regime="general")
    deadlines.reckon_all()
    with django_assert_max_num_queries(8):
        assert len(rows(desk.get(BOARD).content.decode())) == 30


def test_counters_come_alone_for_the_live_line(desk: Client, stock: list[FoundItem]) -> None:
    piece = desk.get(BOARD, headers={"X-Fragment": "1"}).content.decode()
    assert piece.strip().startswith("<nav")
    assert "data-tabs" in piece


def test_the_file_holds_the_same_rows_and_runs_nothing(
    desk: Client, stock: list[FoundItem]
) -> None:
    FoundItem.objects.filter(pk=stock[0].pk).update(brand="=HYPERLINK(1)")
    sent = desk.get(f"{BOARD}.csv", {"frist": "alle"})
    text = b"".join(sent.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.count("\r\n") == 4
    assert ";=HYPERLINK" not in text


# ── Rights ───────────────────────────────────────────────────────────────────────────────────
PAGES = [
    BOARD,
    f"{BOARD}.csv",
    "/amt/fund/bekanntmachungen",
    "/amt/fund/versteigerungen",
    "/amt/fund/verwertungen",
    "/verwaltung/fundbuero",
    "/verwaltung/fundbuero/gebuehren",
    "/verwaltung/fundbuero/orte",
    "/verwaltung/fundbuero/bueros",
    "/verwaltung/fundbuero/aufbewahrung",
]


@pytest.mark.parametrize("page", PAGES)
def test_nobody_else_gets_in(
    client: Client, stock: list[FoundItem], stranger: User, dispatcher: User, page: str
) -> None:
    assert client.get(page).status_code == 302
    client.force_login(dispatcher)
    assert client.get(page).status_code == 403
    client.force_login(stranger)
    shown = client.get(page)
    body = b"".join(shown.streaming_content) if shown.streaming else shown.content  # type: ignore[attr-defined]
    assert shown.status_code == 200
    assert not any(item.code.encode() in body for item in stock)


def test_another_offices_rows_are_as_if_they_were_not_there(
    client: Client, office: Office, clerk: User, stranger: User, stock: list[FoundItem]
) -> None:
    now = timezone.now()
    notice = Notice.objects.create(
        office=office, year=2026, number=1, posted_on=today(), ends_on=today() + DAY, made_at=now
    )
    sale = Auction.objects.create(office=office, name="x", held_on=today(), place="x", made_at=now)
    gift = Disposal.objects.create(office=office, way="gift", proposed_at=now, proposed_by=clerk)
    client.force_login(stranger)
    item = stock[0].code
    for page in (
        f"/amt/fund/bekanntmachungen/{notice.pk}",
        f"/amt/fund/bekanntmachungen/{notice.pk}.pdf",
        f"/amt/fund/versteigerungen/{sale.pk}",
        f"/amt/fund/verwertungen/{gift.pk}",
        f"/amt/fund/sache/{item}/finderbrief.pdf",
    ):
        assert client.get(page).status_code == 404, page
    for deed in (
        f"/amt/fund/verwertungen/{gift.pk}/freigabe",
        f"/amt/fund/sache/{item}/frist/verlangen",
        f"/amt/fund/sache/{item}/anschrift/finder",
    ):
        assert client.post(deed).status_code == 404, deed
    answer = client.post(f"{BOARD}/spende", {"sache": item, "reason": "x", "receiver": "x"})
    assert answer.status_code == 200
    assert not Disposal.objects.exclude(pk=gift.pk).exists()


# ── Many at once ─────────────────────────────────────────────────────────────────────────────
def test_many_things_at_once_have_a_result_each(desk: Client, stock: list[FoundItem]) -> None:
    codes = [each.code for each in stock]
    chosen = desk.get("/amt/fund/fristen/auswahl", {"tat": "spende", "sache": codes})
    assert chosen.status_code == 302
    shown = desk.get(chosen["Location"]).content.decode()
    assert "1 Sache kann weiter" in shown
    refused = desk.post(f"{BOARD}/spende", {"sache": codes, "reason": ""})
    assert refused.status_code == 422
    done = desk.post(
        f"{BOARD}/spende", {"sache": codes, "reason": "gut erhalten", "receiver": "Kleiderkammer"}
    ).content.decode()
    assert done.count("Das Recht erlaubt es jetzt nicht.") == 2
    assert Disposal.objects.get().entries.get().item == stock[0]


def test_a_notice_from_the_board_hangs_out_on_the_web_and_for_the_board(
    desk: Client, client: Client, stock: list[FoundItem]
) -> None:
    posted = desk.post(
        f"{BOARD}/bekanntmachung", {"sache": [stock[1].code], "posted_on": f"{today():%d.%m.%Y}"}
    )
    notice = Notice.objects.get()
    assert f"/amt/fund/bekanntmachungen/{notice.pk}" in posted.content.decode()
    paper = desk.get(f"/amt/fund/bekanntmachungen/{notice.pk}.pdf")
    assert paper.content.startswith(b"%PDF")
    public = Client().get("/fundbuero/bekanntmachung")
    assert stock[1].shown_code in public.content.decode()
    assert not public.cookies
    Notice.objects.update(posted_on=today() - 50 * DAY, ends_on=today() - DAY)
    assert stock[1].shown_code not in Client().get("/fundbuero/bekanntmachung").content.decode()


def test_four_eyes_through_the_pages(
    desk: Client, colleague: User, clerk: User, stock: list[FoundItem]
) -> None:
    desk.post(f"{BOARD}/verkauf", {"sache": [stock[0].code], "reason": "kaputt"})
    row = Disposal.objects.get()
    page = f"/amt/fund/verwertungen/{row.pk}"
    desk.post(f"{page}/freigabe")
    row.refresh_from_db()
    assert row.state == "proposed"
    other = Client()
    other.force_login(colleague)
    other.post(f"{page}/freigabe")
    entry = row.entries.get()
    given = {"done_on": f"{today():%Y-%m-%d}", "witness": str(colleague.pk), "method": "cash"}
    wrong = desk.post(f"{page}/ausfuehrung", given | {f"erloes-{entry.pk}": "viel"})
    assert wrong.status_code == 422
    alone = desk.post(f"{page}/ausfuehrung", given | {"witness": str(clerk.pk)})
    assert alone.status_code == 422
    desk.post(f"{page}/ausfuehrung", given | {f"erloes-{entry.pk}": "12,50"})
    assert FoundItem.objects.get(pk=stock[0].pk).state == "sold"
    assert Proceeds.objects.get().settled_on == today()  # the town's own
    assert desk.get(f"{page}.pdf").content.startswith(b"%PDF")


def test_an_address_is_shown_by_a_button_only_and_noted(
    desk: Client, stock: list[FoundItem]
) -> None:
    Finder.objects.create(item=stock[0], name="Erika Musterfrau", postal_address="Gasse 1, Ort")
    address = f"/amt/fund/sache/{stock[0].code}/anschrift/finder"
    assert desk.get(address).status_code == 303  # a reload shows nothing
    assert "Musterfrau" in desk.post(address).content.decode()
    told = desk.post(address, {"weitergabe": "ja"})
    assert (told.status_code, "Musterfrau" in told.content.decode()) == (409, False)
    assert stock[0].disclosures.count() == 1


# ── Settings ─────────────────────────────────────────────────────────────────────────────────
def sent_policy(**changes: str) -> dict[str, str]:
    form = PolicyForm(policy=terms.read_policy({}))
    sent = {
        name: str(field.initial if field.initial is not None else "")
        for name, field in form.fields.items()
        if field.initial is not False
    }
    return sent | changes


def test_only_what_differs_is_kept_and_marked(desk: Client, office: Office) -> None:
    page = desk.get("/verwaltung/fundbuero").content.decode()
    assert "fehlt, vor dem Livegang prüfen" in page  # Hessen
    assert "§ 976 Abs. 2 BGB" in page
    assert desk.post("/verwaltung/fundbuero", sent_policy(collection_days="35")).status_code == 303
    assert Terms.objects.get().settings == {"collection_days": 35}
    assert terms.policy_of(office.municipality).collection_days == 35
    assert "weicht ab" in desk.get("/verwaltung/fundbuero").content.decode()


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("public_grid_m", "100", "Mindestens 250 Meter"),
        ("notice_days", "0", "Mindestens 1"),
        ("notice_days", "viele", "ganze Zahl"),
        ("data_media", "egal", "egal"),
        ("online_auction_from", "gestern", "22.11.2026"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    desk: Client, setting: str, value: str, words: str
) -> None:
    answer = desk.post("/verwaltung/fundbuero", sent_policy(**{setting: value}))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Terms.objects.exists()


def test_a_fee_table_of_ones_own_counts_line_by_line(desk: Client, office: Office) -> None:
    desk.post("/verwaltung/fundbuero/gebuehren/muster", {"muster": "magdeburg"})
    page = desk.get("/verwaltung/fundbuero/gebuehren").content.decode()
    assert "Muster: Magdeburg" in page
    desk.post(
        "/verwaltung/fundbuero/gebuehren/muster", {"muster": "magdeburg", "uebernehmen": "ja"}
    )
    own = terms.schedule_of(office.municipality)
    sample = terms.SAMPLES["magdeburg"]
    assert (own.sample, own.name) == (False, "Bensheim")
    for value in (499, 500, 2500, 2501, 50_000, 50_001, 600_000):
        for days in (28, 29):
            facts = {"value_cents": value, "days": days, "kind": "other"}
            assert fee(own, **facts) == fee(sample, **facts)  # type: ignore[arg-type]
    cost = desk.get(
        "/verwaltung/fundbuero/gebuehren", {"value_cents": "100", "days": "29", "kind": "other"}
    )
    assert "15,00" in cost.content.decode()


def test_what_is_charged_besides_is_the_towns_to_say(desk: Client, office: Office) -> None:
    url = "/verwaltung/fundbuero/gebuehren"
    sample = {"muster": "magdeburg", "uebernehmen": "ja"}
    desk.post(f"{url}/muster", sample)
    assert 'name="extra-data_wipe-cents" value="35,70"' in desk.get(url).content.decode()
    sent = {"zeile-0-cents": "5", "extra-certificate-cents": "2,60", "extra-data_wipe-cents": "40"}
    assert desk.post(url, sent | {"extra-data_wipe-payer": "owner"}).status_code == 303
    extras = terms.schedule_of(office.municipality).extras
    said = {str(name): (each.cents, str(each.payer)) for name, each in extras.items()}
    assert said == {"certificate": (260, "owner"), "data_wipe": (4000, "owner")}
    assert "zahlt Eigentümerin oder Eigentümer" in desk.get(url).content.decode()
    assert desk.post(url, sent | {"extra-certificate-cents": "viel"}).status_code == 422


def test_lines_are_changed_and_nonsense_is_refused(desk: Client, office: Office) -> None:
    url = "/verwaltung/fundbuero/gebuehren"
    line = {"zeile-0-cents": "7,50", "zeile-0-to_cents": "100", "owner_pays": "on"}
    assert desk.post(url, line | {"name": "Satzung 2026"}).status_code == 303
    own = terms.schedule_of(office.municipality)
    assert fee(own, value_cents=10_000, days=1, kind="other") == 750
    assert fee(own, value_cents=10_001, days=1, kind="other") == 0
    assert {str(payer) for payer in own.payers} == {"owner"}
    assert desk.post(url, {"zeile-0-cents": "sieben"}).status_code == 422
    assert desk.post(url, {"zeile-0-from_cents": "9", "zeile-0-to_cents": "5"}).status_code == 422


def test_a_place_shows_which_law_follows_and_why(desk: Client, office: Office) -> None:
    given = {
        "name": "Bus 675",
        "kind": "bus",
        "operator": "company",
        "serves_public": "on",
        "is_active": "on",
    }
    assert desk.post("/verwaltung/fundbuero/orte/neu", given).status_code == 303
    place = FindPlace.objects.get(name="Bus 675")
    page = desk.get("/verwaltung/fundbuero/orte").content.decode()
    assert "§ 978 Abs. 1 BGB" in page
    assert desk.post("/verwaltung/fundbuero/orte/neu", given).status_code == 422
    assert desk.get(f"/verwaltung/fundbuero/orte/{place.pk}").status_code == 200


def test_administrators_set_up_too(
    client: Client, office: Office, make_user: Callable[..., User]
) -> None:
    admin = make_user("admin", office.municipality.fallback_department, Role.ADMINISTRATOR)
    client.force_login(admin)
    assert client.get("/verwaltung/fundbuero").status_code == 200
    checked = client.post("/verwaltung/fundbuero/pruefung", {"checked_on": "2026-11-20"})
    assert checked.status_code == 303
    assert Terms.objects.get().checked_on == dt.date(2026, 11, 20)
