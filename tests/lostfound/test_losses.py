"""A loss: reported once, looked for over months, told by letter, ended and erased."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.test import Client
from django.utils import timezone

from lostfound.losing import losses, telling
from lostfound.losing.elsewhere import others
from lostfound.losing.losses import Answer, Draft
from lostfound.models import (
    ErasedLoss,
    FoundItem,
    KeeperKind,
    Listing,
    Loser,
    LossEventKind,
    LossMark,
    LossReport,
    LossState,
    Match,
    MatchState,
    Office,
    OtherKeeper,
    Terms,
)
from townhall.belongings import kinds
from townhall.capabilities import token_for
from townhall.letters.erasing import erase_about
from townhall.mailboxes import Mailbox
from townhall.models import Letter, LetterState, Municipality, User
from townhall.privacy import chapters

pytestmark = pytest.mark.django_db
IMEI = "490154203237518"
THROUGH_TOWN = (Point(8.62, 49.68, srid=4326), Point(8.63, 49.69, srid=4326))


def draft(**changes: Any) -> Draft:
    today = timezone.localdate()
    facts: dict[str, Any] = {
        "client_id": uuid.uuid4(),
        "kind": "phone",
        "lost_from": today - dt.timedelta(days=2),
        "lost_until": today,
        "colour": "black",
        "brand": "Fairphone",
        "email": "uta@example.org",
    }
    return Draft(**(facts | changes))


@pytest.fixture
def make_match(make_item: Callable[..., FoundItem]) -> Callable[..., Match]:
    """A published find that fits a loss, told a moment after now."""

    def make(loss: LossReport, **changes: Any) -> Match:
        item = make_item("phone", colour="black")
        Listing.objects.create(
            item=item,
            code=item.code,
            office=item.office,
            municipality=item.office.municipality,
            kind="phone",
            colour="black",
            found_on=item.found_on,
            text="Handy, schwarz",
            published_at=timezone.now(),
        )
        facts: dict[str, Any] = {
            "score": 0.8,
            "components": {"kind": {"said": "same", "score": 1.0, "points": 1.2}},
            "public_score": 0.8,
            "public_components": {"kind": {"said": "same", "score": 0.3}},
            "made_at": timezone.now() + dt.timedelta(seconds=1),
        }
        return Match.objects.create(loss=loss, item=item, **(facts | changes))

    return make


def confirmed(loss: LossReport) -> LossReport:
    return losses.confirm(token_for("loss confirm 0", loss.client_id))


def letters(kind: str) -> list[Letter]:
    return list(Letter.objects.filter(kind=kind).order_by("created_at"))


def test_a_loss_that_is_sent_twice_is_one(town: Municipality) -> None:
    first = draft()
    receipt = losses.report(first)
    again = losses.report(first)
    assert receipt.is_new and not again.is_new
    assert (again.loss.pk, again.token) == (receipt.loss.pk, receipt.token)
    with pytest.raises(losses.Conflict):
        losses.report(draft(client_id=first.client_id, brand="Nokia"))
    assert len(letters("loss_receipt")) == 1


def test_an_erased_loss_does_not_come_back(town: Municipality) -> None:
    once = draft()
    receipt = losses.report(once)
    losses.erase(receipt.loss)
    with pytest.raises(losses.Erased):
        losses.report(once)
    assert not LossReport.objects.exists() and not Loser.objects.exists()
    assert ErasedLoss.objects.filter(pk=once.client_id).exists()
    assert letters("loss_receipt")[0].to == ""


def test_numbers_are_kept_as_hash_and_last_four(town: Municipality) -> None:
    loss = losses.report(draft(marks={"imei": IMEI, "damage": "Sprung im Glas"})).loss
    number, words = LossMark.objects.filter(loss=loss).order_by("kind").reverse()
    assert (number.kind, number.text, number.tail) == ("imei", "", IMEI[-4:])
    assert len(number.digest) == 64 and IMEI not in number.digest + loss.digest
    assert words.text == "Sprung im Glas"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "dragon"}, "kind"),
        ({"colour": "ultraviolet"}, "colour"),
        ({"lost_until": timezone.localdate() + dt.timedelta(days=2)}, "lost_until"),
        ({"lost_from": dt.date(1999, 1, 1)}, "lost_from"),
        ({"marks": {"imei": "12"}}, "marks.imei"),
        ({"marks": {"horn": "x"}}, "marks"),
        ({"description": "x" * 1001}, "description"),
        ({"points": (Point(8.6, 49.6, srid=4326),) * 4}, "points"),
        ({"town": "99999999"}, "town"),
    ],
)
def test_nonsense_is_refused_by_its_name(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(losses.Refused) as refused:
        losses.report(draft(**changes))
    assert field in refused.value.errors
    assert not LossReport.objects.exists()


def test_the_place_says_which_town_it_is(town: Municipality, office: Office, clerk: User) -> None:
    here = Point(8.62, 49.68, srid=4326)
    loss = losses.report(draft(way=(here, Point(8.63, 49.69, srid=4326)))).loss
    assert loss.municipality == town
    assert loss.places is not None and loss.places[0].geom_type == "LineString"
    assert LossReport.objects.visible_to(clerk).get() == loss


def test_the_town_decides_how_long_we_look(town: Municipality) -> None:
    Terms.objects.create(municipality=town, settings={"open_loss_months": 3})
    loss = losses.report(draft(town=town.key)).loss
    assert 88 <= (loss.watch_until - timezone.localdate()).days <= 93


# ── Letters ──────────────────────────────────────────────────────────────────────────────────
def test_one_letter_tells_of_all_new_hits_once(make_match: Callable[..., Match]) -> None:
    loss = losses.report(draft()).loss
    make_match(loss, made_at=timezone.now() - dt.timedelta(minutes=5))
    assert telling.tell_all() == 0  # nobody has confirmed the address
    confirmed(loss)
    assert telling.tell_all() == 0  # what was there then stands on the page
    make_match(loss), make_match(loss), make_match(loss, public_score=0.4)
    assert telling.tell_all() == 1
    (letter,) = letters("loss_hits")
    assert "2 Funde" in letter.subject and "schwarz" not in letter.subject
    assert letter.text.count("* Handy, schwarz") == 2 and "gleiche Art" in letter.text
    assert letter.unsubscribe.endswith(token_for("loss letters", loss.client_id))
    make_match(loss)
    assert telling.tell_all() == 0  # one letter a day
    assert telling.tell_all(now=timezone.now() + telling.APART + dt.timedelta(minutes=1)) == 1


def test_a_letter_keeps_the_language_of_the_report(make_match: Callable[..., Match]) -> None:
    loss = losses.report(draft(language="en")).loss
    confirmed(loss)
    make_match(loss)
    telling.tell_all()
    (letter,) = letters("loss_hits")
    assert letter.subject.startswith("Loss report") and "/en/fundbuero/verlust/" in letter.text


def test_who_wants_no_letters_gets_none(make_match: Callable[..., Match]) -> None:
    loss = losses.report(draft()).loss
    confirmed(loss)
    stop = token_for("loss letters", loss.client_id)
    losses.stop_letters(stop)
    losses.stop_letters(stop)
    make_match(loss)
    assert telling.tell_all() == 0
    losses.resume_letters(stop)
    assert telling.tell_all() == 1
    kinds_ = [event.kind for event in loss.events.all()]
    assert kinds_.count(LossEventKind.LETTERS) == 2


def test_people_without_a_mailbox_are_told_by_hand(
    make_match: Callable[..., Match], clerk: User
) -> None:
    loss = losses.report(draft(email="", phone="06251 1", name="Uta")).loss
    make_match(loss)
    assert telling.untold(LossReport.objects.all()).count() == 1
    assert telling.tell_by_hand(loss, by=clerk, way="phone") == 1
    assert telling.untold(LossReport.objects.all()).count() == 0
    assert loss.events.get(kind=LossEventKind.TOLD).facts == {"hits": 1, "way": "phone"}


def test_a_program_sends_no_letters_to_strangers(town: Municipality) -> None:
    loss = losses.report(draft(is_suspect=True)).loss
    assert letters("loss_receipt") == []
    losses.renew_confirmation(loss)
    assert len(letters("loss_confirmation")) == 1


# ── Answers and the end ──────────────────────────────────────────────────────────────────────
def test_an_answer_to_a_hit_can_be_taken_back(make_match: Callable[..., Match]) -> None:
    receipt = losses.report(draft())
    code = make_match(receipt.loss).item.code
    assert losses.answer(receipt.token, code, Answer.NOT_MINE).state == MatchState.NOT_MINE
    assert losses.answer(receipt.token, code, Answer.OPEN).decided_at is None
    with pytest.raises(losses.Unknown):
        losses.answer(receipt.token, "ZZZZZZZZ", Answer.IS_IT)


def test_what_staff_rejected_is_gone_for_the_owner(
    make_match: Callable[..., Match], clerk: User
) -> None:
    receipt = losses.report(draft())
    match = make_match(receipt.loss)
    losses.reject(match, by=clerk)
    with pytest.raises(losses.Unknown):
        losses.answer(receipt.token, match.item.code, Answer.IS_IT)


def test_a_search_ends_goes_on_and_is_erased_by_rule(town: Municipality) -> None:
    receipt = losses.report(draft())
    loss, today = confirmed(receipt.loss), timezone.localdate()
    LossReport.objects.filter(pk=loss.pk).update(watch_until=today + dt.timedelta(days=10))
    assert losses.to_be_asked(today) == [loss]
    losses.ask_to_go_on(loss)
    losses.ask_to_go_on(loss)
    assert len(letters("loss_asked")) == 1 and losses.to_be_asked(today) == []
    assert losses.go_on(loss).watch_until > today + dt.timedelta(days=100)
    ended = losses.end(loss)
    assert ended.state == LossState.ENDED
    assert losses.to_be_erased(today) == []
    due = today + losses.AFTER_THE_END
    assert losses.to_be_erased(due) == [loss]
    assert losses.found(receipt.token).state == LossState.ENDED  # it has ended already
    losses.go_on(loss)
    assert losses.to_be_erased(due) == []


# ── Elsewhere ────────────────────────────────────────────────────────────────────────────────
def test_who_else_may_have_it_follows_thing_line_and_town(town: Municipality) -> None:
    first = others(None, kind="umbrella", line="RE 60")[0]
    assert first.kind == KeeperKind.RAILWAY and first.is_likely
    assert others(None, kind="umbrella", line="Bus 640")[0].kind == KeeperKind.TRANSPORT
    assert {each.kind for each in others(None, kind="animal")} == {
        KeeperKind.SHELTER,
        KeeperKind.POLICE,
    }
    assert others(None, kind="identity_paper")[0].kind == KeeperKind.PAPERS
    OtherKeeper.objects.create(
        municipality=town, kind="transport", name="VRN-Fundbüro", lines="6*, 7"
    )
    OtherKeeper.objects.create(municipality=town, kind="taxi", name="–", is_active=False)
    names = [str(each.name) for each in others(town, kind="umbrella", line="Bus 640")]
    assert names[0] == "VRN-Fundbüro" and "Taxi" not in names
    assert "VRN-Fundbüro" not in [each.name for each in others(town, kind="umbrella", line="RE 1")]


# ── Rights of the person concerned ───────────────────────────────────────────────────────────
def test_everything_about_a_mailbox_is_shown_copied_and_erased(
    town: Municipality, make_match: Callable[..., Match]
) -> None:
    loss = losses.report(draft(town=town.key, marks={"imei": IMEI}, name="Uta")).loss
    losses.report(draft(email="else@example.org"))
    mailbox = Mailbox.of("UTA@example.org")
    (tab,) = [kind for kind in kinds() if kind.slug == "fundbuero"]
    assert tab.count(mailbox) == 1
    known = tab.known(mailbox)
    assert known is not None and known.sender == town.name
    (sheet,) = tab.copy(mailbox)
    assert sheet.records[0]["code"] == loss.shown_code
    assert sheet.records[0]["marks"][0]["text"].endswith(IMEI[-4:])
    assert IMEI not in str(sheet.records)
    assert tab.forget(mailbox) == 1
    assert LossReport.objects.count() == 1 and tab.known(mailbox) is None


def test_the_page_about_privacy_says_how_long(town: Municipality) -> None:
    Terms.objects.create(municipality=town, settings={"open_loss_months": 9})
    (chapter,) = [each for each in chapters([town]) if each["template"] == "lostfound/privacy.html"]
    assert chapter["facts"]["loss_months"] == "9"


def test_letters_of_an_erased_loss_name_nobody(town: Municipality) -> None:
    loss = losses.report(draft()).loss
    assert erase_about(f"loss:{loss.code}") == 1
    assert letters("loss_receipt")[0].state == LetterState.WITHDRAWN


def test_the_counters_of_the_town_hear_of_a_loss_without_its_words(
    town: Municipality, office: Office, other_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: dict[str, Any] = {}

    def ring(*rings: Any) -> None:
        rung.update({topic: each.message for each in rings for topic in each.topics})

    monkeypatch.setattr("lostfound.live.ring", ring)
    loss = losses.report(draft(description="Sehr geheim", way=THROUGH_TOWN)).loss
    assert rung[f"found:{office.slug}"] == {"kind": "lost", "code": loss.code, "version": 1}
    assert f"found:{other_office.slug}" not in rung


@pytest.mark.parametrize("page", ["verluste?ansicht=offen", "ansprueche", "fundanzeigen"])
def test_lists_of_the_counter_join_its_line_and_come_alone(
    client: Client, clerk: User, town: Municipality, page: str
) -> None:
    loss = losses.report(draft(way=THROUGH_TOWN)).loss
    client.force_login(clerk)
    whole = client.get(f"/amt/fund/{page}").content.decode()
    assert 'data-topic="found:bensheim"' in whole
    piece = client.get(f"/amt/fund/{page}", headers={"X-Fragment": "1"}).content.decode()
    assert piece.strip().startswith('<div id="part-list">')
    assert (loss.shown_code in piece) is page.startswith("verluste")
