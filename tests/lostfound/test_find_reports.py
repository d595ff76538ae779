"""„Fund melden“: what a finder does from home, and what the counter makes of it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lostfound import law, live, topics
from lostfound.finders import desk as find_desk
from lostfound.finders import finds, stops
from lostfound.finders import paper as find_paper
from lostfound.models import (
    Consent,
    Custody,
    Finder,
    FindPlace,
    FindReport,
    FindReporter,
    FindState,
    FoundItem,
    Holder,
    Office,
    Operator,
    PlaceKind,
    Spot,
    Value,
    Whereabouts,
)
from lostfound.personal import disclosure
from lostfound.receiving import origins
from lostfound.receiving.forms import IntakeForm
from lostfound.releasing import dues
from lostfound.workflow import State
from townhall.capabilities import token_for
from townhall.live import cursor
from townhall.models import Letter, Municipality, User

pytestmark = pytest.mark.django_db

HERE, THERE = "8.62,49.68", "8.64,49.64"  # in the office's town, and in its neighbour

FIRST: dict[str, Any] = {
    "kind": "umbrella",
    "colour": "red",
    "value": "estimate",
    "value_cents": "25,00",
    "spot": "open",
    "place_text": "Lindenstraße, an der Haltestelle",
    "whereabouts": "brings",
}
SECOND: dict[str, Any] = {
    "reward": "yes",
    "expenses": "no",
    "ownership": "no",
    "consent": "given",
    "name": "Ute Gärtner",
    "email": "ute@example.org",
    "postal_address": "Am Weg 1, 64625 Bensheim",
}


@pytest.fixture
def neighbour(make_municipality: Callable[..., Municipality]) -> Municipality:
    """Without an office of its own."""
    return make_municipality("Heppenheim", key="06431011", centre=(8.64, 49.64))


@pytest.fixture
def finder(office: Office) -> Client:
    return Client()


@pytest.fixture
def fill(office: Office) -> Callable[..., dict[str, Any]]:
    def make(**changes: Any) -> dict[str, Any]:
        start = {"client_id": uuid.uuid4(), "office": office.slug, "found_on": timezone.localdate()}
        return {**start, **FIRST, "action": "next", **changes}

    return make


@pytest.fixture
def make_find(office: Office) -> Callable[..., FindReport]:
    def make(**changes: Any) -> FindReport:
        given = {
            "client_id": uuid.uuid4(),
            "office": office,
            "kind": "umbrella",
            "spot": Spot.OPEN,
            "place_text": "Lindenstraße",
            "found_on": timezone.localdate(),
            "whereabouts": Whereabouts.KEEPS,
            "value": Value.ESTIMATE,
            "value_cents": 2500,
            "claims_reward": True,
            "claims_expenses": False,
            "claims_ownership": True,
            "consent": Consent.GIVEN,
            "who": finds.Who(
                name="Ute Gärtner", postal_address="Am Weg 1, Bensheim", email="ute@example.org"
            ),
        }
        return finds.submit(finds.Draft(**{**given, **changes})).find

    return make


def begin(finder: Client, data: dict[str, Any]) -> Any:
    return finder.post(reverse("find-form"), data)


def report(finder: Client, first: dict[str, Any], **second: Any) -> Any:
    """Both pages, past the hint if there is one."""
    step = begin(finder, first)
    assert step.status_code == 303, step.content.decode()
    token = step["Location"].rsplit("/", 1)[1]
    return finder.post(reverse("find-rechte", args=[token]), {**SECOND, **second})


# ── The form ─────────────────────────────────────────────────────────────────────────────────
def test_a_finder_reports_and_gets_a_number_with_a_code(
    finder: Client, fill: Callable[..., dict[str, Any]]
) -> None:
    answer = report(finder, fill())

    assert answer.status_code == 303
    page = finder.get(answer["Location"])
    find = FindReport.objects.get()
    assert find.shown_code in page.content.decode()
    assert "Danke. Ihr Fund ist gemeldet." in page.content.decode()
    assert 'class="qr"' in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    assert (find.claims_reward, find.claims_expenses, find.claims_ownership) == (True, False, False)
    assert find.regime == "general"
    assert Letter.objects.get().kind == "receipt"
    assert "Regenschirm" not in Letter.objects.get().subject


@pytest.mark.parametrize(("typed", "needs_hint"), [("10,00", True), ("10,01", False)])
def test_up_to_ten_euros_nobody_must_report(
    finder: Client, fill: Callable[..., dict[str, Any]], typed: str, needs_hint: bool
) -> None:
    answer = begin(finder, fill(value_cents=typed))

    assert ("hinweis" in answer["Location"]) is needs_hint
    page = finder.get(answer["Location"]).content.decode()
    assert ("Sie müssen es nicht anzeigen." in page) is needs_hint
    assert ("Trotzdem melden" in page) is needs_hint


@pytest.mark.parametrize("spot", ["transport", "authority", "school"])
def test_what_is_found_in_a_bus_is_handed_in_there_at_once(
    finder: Client, fill: Callable[..., dict[str, Any]], spot: str
) -> None:
    answer = begin(finder, fill(spot=spot, value="small"))

    page = finder.get(answer["Location"]).content.decode()
    assert "Bitte geben Sie es gleich dort ab" in page
    assert "§ 978 Abs. 1 BGB" in page


def test_under_paragraph_978_only_the_reward_is_asked(
    finder: Client, fill: Callable[..., dict[str, Any]]
) -> None:
    answer = report(finder, fill(spot="transport"), ownership="yes", expenses="yes")

    find = FindReport.objects.get()
    assert answer.status_code == 303
    assert find.claims_reward is True
    assert find.claims_ownership is None
    assert find.claims_expenses is None
    assert find.consent == Consent.NONE


def test_the_register_of_places_knows_better_than_a_guess(
    finder: Client, fill: Callable[..., dict[str, Any]], office: Office
) -> None:
    FindPlace.objects.create(
        municipality=office.municipality,
        name="Stadtbad",
        kind=PlaceKind.POOL,
        operator=Operator.MUNICIPALITY,
    )
    assert "Stadtbad" in finder.get(reverse("find-form")).content.decode()

    report(finder, fill(spot="pool", place_text="stadtbad"))

    find = FindReport.objects.get()
    assert find.regime == "verkehrsfund"
    assert find.find_place is not None


@pytest.mark.parametrize("kind", ["weapon", "animal", "medicine", "drugs"])
def test_some_things_stop_at_the_door_with_a_number_to_call(
    finder: Client, fill: Callable[..., dict[str, Any]], kind: str
) -> None:
    page = begin(finder, fill(kind=kind, place_text="")).content.decode()

    assert 'href="tel:110"' in page
    assert "nichts gespeichert" in page
    assert not FindReport.objects.exists()
    assert stops.stop_for(kind) is not None


def test_without_a_name_all_is_waived_and_nothing_kept(
    finder: Client, fill: Callable[..., dict[str, Any]]
) -> None:
    report(finder, fill(), anonymous="1", may_be_named="1")

    find = FindReport.objects.get()
    assert find.is_anonymous
    assert find.claims_reward is find.claims_expenses is find.claims_ownership is False
    assert find.consent == Consent.GIVEN
    assert not find.may_be_named
    assert not FindReporter.objects.exists()
    assert not Letter.objects.exists()


def test_a_minor_who_wants_the_reward_names_a_guardian(
    finder: Client, fill: Callable[..., dict[str, Any]]
) -> None:
    first = fill()
    refused = report(finder, first, is_minor="1")
    assert refused.status_code == 422
    assert "erziehungsberechtigte Person" in refused.content.decode()

    waived = report(finder, first, is_minor="1", reward="no")
    assert waived.status_code == 303
    assert FindReport.objects.get().claims_reward is False


def test_a_bad_second_page_keeps_what_was_typed(
    finder: Client, fill: Callable[..., dict[str, Any]]
) -> None:
    answer = report(finder, fill(), reward="", email="keine Adresse")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Es gibt ein Problem" in page
    assert "keine Adresse" in page
    assert "Ute Gärtner" in page
    assert not FindReport.objects.exists()


def test_papers_cannot_be_kept_at_home_nor_owned(
    finder: Client, fill: Callable[..., dict[str, Any]]
) -> None:
    kept = begin(finder, fill(kind="identity_paper", whereabouts="keeps"))
    assert kept.status_code == 422

    report(finder, fill(kind="identity_paper"), ownership="yes")
    assert FindReport.objects.get().claims_ownership is None


def test_the_same_form_twice_is_one_report(
    finder: Client, fill: Callable[..., dict[str, Any]], make_find: Callable[..., FindReport]
) -> None:
    first = fill()
    once = report(finder, first)
    token = token_for("find form", first["client_id"])
    again = finder.post(reverse("find-rechte", args=[token]), SECOND)

    assert again["Location"].split("?")[0] == once["Location"].split("?")[0]
    assert FindReport.objects.count() == 1
    client_id = uuid.uuid4()
    find = make_find(client_id=client_id)
    assert make_find(client_id=client_id) == find
    with pytest.raises(finds.Conflict):
        make_find(client_id=client_id, brand="Knirps")


def test_other_websites_and_impatient_clients_are_refused(
    finder: Client, fill: Callable[..., dict[str, Any]], settings: Any
) -> None:
    foreign = finder.post(reverse("find-form"), fill(), headers={"sec-fetch-site": "cross-site"})
    assert foreign.status_code == 403

    settings.LIMITS = settings.LIMITS | {"finds": (1, 3600)}
    assert report(finder, fill()).status_code == 303
    second = report(finder, fill())
    assert second.status_code == 429
    assert int(second["Retry-After"]) > 0
    assert FindReport.objects.count() == 1


def test_a_program_that_fills_every_field_is_marked(
    finder: Client, fill: Callable[..., dict[str, Any]]
) -> None:
    report(finder, fill(), website="https://spam.example")
    assert FindReport.objects.get().is_suspect


@pytest.mark.parametrize(
    "nonsense",
    [
        {"found_on": "31.02.2026"},
        {"found_on": "2999-01-01"},
        {"kind": "ufo"},
        {"office": "atlantis"},
        {"value_cents": "viel"},
        {"spot": "<script>"},
        {"client_id": "x"},
        {"photos": "nein", "found_on": ""},
        {"place_text": "\x00"},
    ],
)
def test_nonsense_is_answered_in_sentences(
    finder: Client, fill: Callable[..., dict[str, Any]], nonsense: dict[str, Any]
) -> None:
    answer = begin(finder, fill(**nonsense))
    assert answer.status_code in {303, 422}
    assert not FindReport.objects.exists()


def test_a_door_without_any_office_names_the_town_halls(town: Municipality) -> None:
    Municipality.objects.update(phone="06251 14-0")
    page = Client().get(reverse("find-form"))
    assert page.status_code == 404
    assert 'href="tel:06251140"' in page.content.decode()


def test_a_town_without_an_office_is_told_apart_with_its_town_hall(
    finder: Client, fill: Callable[..., dict[str, Any]], neighbour: Municipality
) -> None:
    Municipality.objects.filter(pk=neighbour.pk).update(phone="06252 13-0")
    assert f'value="{neighbour.key}"' in finder.get(reverse("find-form")).content.decode()

    answer = begin(finder, fill(office=neighbour.key, kind="backpack"))

    assert answer.status_code == 200
    page = answer.content.decode()
    assert f"Rathaus {neighbour.name}" in page
    assert 'href="tel:06252130"' in page
    assert "Von Ihren Angaben wurde nichts gespeichert." in page
    assert not FindReport.objects.exists()


def test_an_office_that_serves_two_towns_takes_the_finds_of_both(
    finder: Client, fill: Callable[..., dict[str, Any]], office: Office, neighbour: Municipality
) -> None:
    office.department.serves.add(neighbour)
    assert report(finder, fill(office=neighbour.key)).status_code == 303
    find = FindReport.objects.get()
    assert (find.office, find.found_in) == (office, neighbour)


def test_a_spot_from_the_map_counts_for_its_words_and_in_its_town(
    finder: Client, fill: Callable[..., dict[str, Any]], neighbour: Municipality
) -> None:
    words = "Lindenweg 4"
    taken = {"place_text": words, "place_text_name": words, "place_text_spot": HERE}
    assert report(finder, fill(**taken)).status_code == 303
    assert (find := FindReport.objects.get()).found_at
    assert f"{find.found_at.x},{find.found_at.y}" == HERE

    elsewhere = begin(finder, fill(**{**taken, "place_text_spot": THERE}))
    assert elsewhere.status_code == 422
    assert f"Dieser Punkt liegt in {neighbour.name}." in elsewhere.content.decode()
    for stale in ({"place_text": "Bahnhof"}, {"place_text_spot": "nan,1"}):
        assert (
            begin(finder, fill(**{**taken, "place_text_spot": THERE, **stale})).status_code == 303
        )


@pytest.mark.django_db(transaction=True)  # a cursor doesn't tell what its own transaction wrote
def test_a_counter_that_was_away_hears_of_finders_reports(
    office: Office, clerk: User, make_find: Callable[..., FindReport]
) -> None:
    counter, away = topics.Offices(), [office.slug]
    before = cursor()
    find = make_find()
    assert counter.missed(before, away, clerk) == [live.find_bell(find)]
    assert counter.missed(before, ["elsewhere"], clerk) == []
    between = cursor()
    assert counter.missed(between, away, clerk) == []
    finds.withdraw(token_for("find", find.client_id))
    find.refresh_from_db()
    assert counter.missed(between, away, clerk) == [live.find_bell(find)]
    assert find.version == 2


# ── The finder's page ────────────────────────────────────────────────────────────────────────
def test_a_letters_link_confirms_by_a_button_only(
    finder: Client, make_find: Callable[..., FindReport]
) -> None:
    find = make_find()
    link = reverse("find-confirm", args=[token_for("find-confirm", find.client_id)])

    finder.get(link)
    assert FindReporter.objects.get().confirmed_at is None
    assert finder.post(link).status_code == 303
    assert FindReporter.objects.get().confirmed_at is not None
    assert finder.post(link).status_code == 303

    FindReporter.objects.update(
        confirmed_at=None, confirm_expires_at=timezone.now() - dt.timedelta(seconds=1)
    )
    assert finder.post(link).status_code == 404


def test_the_sheet_carries_the_code_and_no_name(
    finder: Client, make_find: Callable[..., FindReport]
) -> None:
    find = make_find()
    token = token_for("find", find.client_id)
    sheet = finder.get(reverse("find-sheet", args=[token]))
    assert sheet.content.startswith(b"%PDF")
    assert "no-store" in sheet["Cache-Control"]
    page = finder.get(reverse("find", args=[token])).content.decode()
    assert "Mo–Fr 8–12 Uhr" in page
    assert finder.get(reverse("find", args=["falsch"])).status_code == 404


def test_question_answer_and_taking_back(
    finder: Client, clerk: User, make_find: Callable[..., FindReport]
) -> None:
    find = make_find()
    FindReporter.objects.update(confirmed_at=timezone.now())
    token = token_for("find", find.client_id)
    find_desk.ask_back(find, by=clerk, question="Welche Größe?")
    assert "Welche Größe?" in finder.get(reverse("find", args=[token])).content.decode()
    assert Letter.objects.filter(kind="query").count() == 1

    finder.post(reverse("find-answer", args=[token]), {"text": "Klein, faltbar."})
    find.refresh_from_db()
    assert (find.state, find.answer) == (FindState.WAITING, "Klein, faltbar.")

    finder.post(reverse("find-withdrawal", args=[token]))
    find.refresh_from_db()
    assert find.state == FindState.WITHDRAWN
    assert finder.post(reverse("find-withdrawal", args=[token])).status_code == 409


# ── At the counter ───────────────────────────────────────────────────────────────────────────
def test_the_finder_may_keep_it_at_home(clerk: User, make_find: Callable[..., FindReport]) -> None:
    find = make_find()
    item = find_desk.leave_at_home(find, by=clerk)

    find.refresh_from_db()
    assert (find.state, find.item) == (FindState.KEPT, item)
    assert item.state == State.WITH_FINDER
    assert item.notice_on == timezone.localdate(find.reported_at)
    assert item.claims_ownership
    assert item.finder.name == "Ute Gärtner"
    assert Custody.objects.get(item=item).holder == Holder.FINDER
    with pytest.raises(finds.TooLate):
        find_desk.leave_at_home(find, by=clerk)


def test_who_works_elsewhere_or_nowhere_sees_no_report(
    clerk: User,
    stranger: User,
    make_find: Callable[..., FindReport],
) -> None:
    find = make_find()
    pages = [reverse("fund-find", args=[find.code]), reverse("fund-finds")]
    here, there, nobody = Client(), Client(), Client()
    here.force_login(clerk)
    there.force_login(stranger)

    assert here.get(pages[0]).status_code == 200
    assert find.shown_code in here.get(pages[1]).content.decode()
    assert there.get(pages[0]).status_code == 404
    assert find.shown_code not in there.get(pages[1]).content.decode()
    assert nobody.get(pages[0]).status_code == 302
    refusal = reverse("fund-find-refusal", args=[find.code])
    assert there.post(refusal, {"text": "Nein"}).status_code == 404
    assert here.post(refusal, {"text": ""}).status_code == 422
    assert here.post(refusal, {"text": "Das gehört in den Laden."}).status_code == 303
    find.refresh_from_db()
    assert find.state == FindState.REJECTED
    assert here.post(refusal, {"text": "Noch einmal"}).status_code == 409


def test_the_list_of_reports_asks_the_same_few_questions_whatever_its_length(
    clerk: User,
    make_find: Callable[..., FindReport],
    django_assert_max_num_queries: Any,
) -> None:
    desk = Client()
    desk.force_login(clerk)
    for number in range(5):
        make_find(who=finds.Who(name=f"F {number}", phone="1"))
    desk.get(reverse("fund-finds"))
    with django_assert_max_num_queries(12):
        desk.get(reverse("fund-finds"))


def test_the_law_behind_the_words() -> None:
    assert finds.regime_of(Spot.OPEN) is law.Regime.GENERAL
    assert finds.regime_of(Spot.SHOP) is law.Regime.KLAERUNG
    assert finds.regime_of(Spot.HOME) is law.Regime.KEIN_FUND
    assert not finds.may_keep("umbrella", regime=law.Regime.VERKEHRSFUND)
    assert finds.may_keep("umbrella", regime=law.Regime.GENERAL)
    assert finds.photo_is_welcome("umbrella")
    assert not finds.photo_is_welcome("card")


def test_one_scan_fills_the_intake_and_the_finder_hears_of_it(
    clerk: User, make_find: Callable[..., FindReport]
) -> None:
    find = make_find(whereabouts=Whereabouts.BRINGS)
    FindReporter.objects.update(confirmed_at=timezone.now())
    desk = Client()
    desk.force_login(clerk)
    scanned = desk.get(reverse("fund-desk"), {"q": find_paper.address_of(find)})
    assert scanned["Location"] == reverse("fund-find", args=[find.code])

    begun = origins.prefill(f"find:{find.code}", clerk)
    form = IntakeForm.blank(find.office, first={**begun, "no_mark_visible": "on"})
    page = desk.get(reverse("fund-intake"), {"aus": f"find:{find.code}"}).content.decode()
    assert "Ute Gärtner" in page
    done = desk.post(reverse("fund-intake"), {**dict(form.data.items()), "action": "save"})

    assert done.status_code == 303, done.content.decode()
    find.refresh_from_db()
    assert find.state == FindState.TAKEN_IN
    assert find.item is not None
    assert find.item.notice_on == timezone.localdate(find.reported_at)
    assert (find.item.claims_reward, find.item.claims_ownership) == (True, True)
    assert Letter.objects.filter(kind="taken_in").count() == 1


def test_what_the_counter_leaves_with_the_finder_is_told_so(
    clerk: User, make_find: Callable[..., FindReport], make_item: Callable[..., FoundItem]
) -> None:
    find = make_find()
    FindReporter.objects.update(confirmed_at=timezone.now())
    item = make_item(state=State.WITH_FINDER)

    find_desk.adopt(find, item, by=clerk)

    find.refresh_from_db()
    assert find.state == FindState.KEPT
    assert Letter.objects.filter(kind="kept").count() == 1
    assert not Letter.objects.filter(kind="taken_in").exists()


@pytest.mark.parametrize("agreed", [True, False])
def test_a_finder_is_named_to_the_owner_only_as_agreed_at_the_report(
    make_find: Callable[..., FindReport],
    make_item: Callable[..., FoundItem],
    clerk: User,
    *,
    agreed: bool,
) -> None:
    whole = make_item("purse", claims_reward=True, regime="general", value_cents=8000)
    part = make_item("card", part_of=whole, claims_reward=True)
    Finder.objects.create(item=whole, name="Ute Gärtner")
    find_desk.adopt(make_find(may_be_named=agreed), whole, by=clerk)
    owed = dues.dues_of(whole, on=timezone.localdate())
    assert disclosure.may_tell(whole, owed).allowed is agreed
    assert disclosure.may_tell(part, owed).allowed is agreed


# ── Thinking again ───────────────────────────────────────────────────────────────────────────
def test_a_finder_thinks_again_about_being_named_and_about_rights(
    client: Client, make_find: Callable[..., FindReport], make_item: Callable[..., FoundItem]
) -> None:
    item = make_item(claims_reward=True, claims_expenses=True, claims_ownership=True)
    person = Finder.objects.create(item=item, name="Ute Gärtner", may_be_named=False)
    find = make_find(claims_expenses=True)
    FindReport.objects.filter(pk=find.pk).update(item=item)
    token = token_for("find", find.client_id)
    door = f"/fundbuero/fund/stand/{token}/rechte"
    assert client.post(door, {"named": "ja"}).status_code == 303
    client.post(door, {"waives": ["ownership"]})
    item.refresh_from_db()
    person.refresh_from_db()
    assert (person.may_be_named, item.claims_ownership, item.claims_reward) == (True, False, True)
    page = client.get(f"/fundbuero/fund/stand/{token}").content.decode()
    assert "Ich verzichte auf das Eigentum" in page
    assert "Ich möchte nicht genannt werden" in page
    told = item.events.filter(kind="finder_changed")
    assert [each.facts["fields"] for each in told] == [["may_be_named"], ["claims_ownership"]]
    client.post(door, {"waives": ["reward", "expenses", "ownership"]})
    item.refresh_from_db()
    assert (item.claims_reward, item.consent) == (False, "given")  # § 976: everything waived
    for nonsense in ({}, {"named": "x"}, {"waives": ["alles"]}):
        assert client.post(door, nonsense).status_code == 422
    FoundItem.objects.filter(pk=item.pk).update(state="released")
    assert client.post(door, {"named": "nein"}).status_code == 409
    assert client.post(f"{door[:-7]}x/rechte", {"named": "ja"}).status_code == 404


def test_before_the_intake_a_finder_changes_the_report_itself(
    client: Client, make_find: Callable[..., FindReport]
) -> None:
    find = make_find(claims_ownership=False, may_be_named=True)
    door = f"/fundbuero/fund/stand/{token_for('find', find.client_id)}/rechte"
    client.post(door, {"named": "nein", "waives": ["reward"]})
    find.refresh_from_db()
    assert (find.may_be_named, find.claims_reward, find.consent) == (False, False, "given")
    FindReport.objects.filter(pk=find.pk).update(state="rejected")
    assert client.post(door, {"named": "ja"}).status_code == 409


def test_the_counter_notes_what_a_finder_says_later(
    client: Client, make_item: Callable[..., FoundItem], clerk: User, stranger: User
) -> None:
    item = make_item(claims_reward=True, claims_ownership=True, has_finder=True)
    Finder.objects.create(item=item, name="Ute Gärtner")
    door = f"/amt/fund/sache/{item.code}/finder"
    assert client.post(door, {"named": "nein"}).status_code == 403
    client.force_login(stranger)
    assert client.post(door, {"named": "nein"}).status_code == 404
    client.force_login(clerk)
    client.post(door, {"named": "nein", "waives": ["reward"]})
    page = client.get(f"/amt/fund/sache/{item.code}").content.decode()
    assert "Finder hat sich anders entschieden" in page
    assert "Nennung gegenüber dem Eigentümer" in page
    item.refresh_from_db()
    assert (item.claims_reward, item.finder.may_be_named) == (False, False)
