"""The pages of a loss: five steps, the owner's own page, and the counter's."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from lostfound.losing import losses
from lostfound.models import LossReport, LossState, Match, MatchState
from tests.lostfound.test_losses import IMEI, confirmed, draft, make_match
from townhall.capabilities import token_for
from townhall.models import Letter, Municipality, Unsent, User

pytestmark = pytest.mark.django_db
__all__ = ["make_match"]  # a fixture
STEP = re.compile(r"/fundbuero/verlust/formular/(?P<token>[\w-]{43})/(?P<step>\w+)$")
FORM = "/fundbuero/verlust"


def filled(**changes: Any) -> dict[str, Any]:
    """What the form's inputs hold: everything that a loss needs."""
    facts = {
        "client_id": str(uuid.uuid4()),
        "step": "kontakt",
        "group": "purse",
        "kind-purse": "purse",
        "colour": "brown",
        "brand": "Fossil",
        "description": "Leder",
        "mark-contents": "Büchereiausweis",
        "when": "today",
        "daytime": "evening",
        "where": "unknown",
        "reach": "mail",
        "email": "uta@example.org",
        "name": "Uta",
    }
    return facts | changes


def send(client: Client, **changes: Any) -> Any:
    return client.post(FORM, filled(**changes) | {"action": "send"})


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


# ── The form ─────────────────────────────────────────────────────────────────────────────────
def test_each_step_has_an_address_and_nothing_is_lost(client: Client, town: Municipality) -> None:
    form = filled()
    for step, following in (("was", "merkmale"), ("merkmale", "wann"), ("wann", "wo")):
        answer = client.post(FORM, form | {"step": step, "action": "next"})
        found = STEP.search(answer["Location"])
        assert answer.status_code == 303 and found and found["step"] == following
    page = client.get(answer["Location"])
    assert page["Cache-Control"] == "private, no-store"
    for word in ("Fossil", "Büchereiausweis", "uta@example.org"):
        assert word in text_of(page)
    back = client.post(answer["Location"], form | {"step": "wo", "action": "back"})
    assert back["Location"].endswith("/wann")
    assert not client.cookies


def test_a_step_says_what_is_wrong_with_it(client: Client, town: Municipality) -> None:
    answer = client.post(FORM, {"step": "was", "action": "next"})
    assert answer.status_code == 422
    assert 'href="#kind"' in text_of(answer) and "<title>Fehler:" in text_of(answer)
    short = client.post(
        FORM,
        filled(step="merkmale", group="phone", **{"kind-phone": "phone"})
        | {"action": "next", "mark-imei": "12"},
    )
    assert short.status_code == 422 and 'href="#mark-imei"' in text_of(short)


@pytest.mark.parametrize(
    ("changes", "anchor"),
    [
        ({"when": ""}, "when"),
        ({"when": "range", "lost_from": "31.02.2026"}, "lost_from"),
        ({"when": "range", "lost_from": "2999-01-01"}, "lost_until"),
        ({"where": "places"}, "p1"),
        ({"where": "way", "from": "Lindenweg"}, "to"),
        ({"where": "line"}, "line"),
        ({"email": "uta"}, "email"),
        ({"reach": "post"}, "phone"),
        ({"reach": "post", "phone": "06251 1", "name": ""}, "name"),
        ({"kind-purse": "\x00dragon"}, "kind"),
        ({"group": "x", "client_id": "y", "where": "z", "reach": "\x00"}, "kind"),
    ],
)
def test_sending_shows_the_field_that_lacks(
    client: Client, town: Municipality, changes: dict[str, Any], anchor: str
) -> None:
    answer = send(client, **changes)
    assert answer.status_code == 422
    assert f'href="#{anchor}"' in text_of(answer)
    assert not LossReport.objects.exists()


def test_sent_in_two_tabs_it_is_one_loss(client: Client, town: Municipality) -> None:
    form = filled()
    step = client.post(FORM, form | {"step": "wo", "action": "next"})
    first = client.post(FORM, form | {"action": "send"})
    again = client.post(FORM, form | {"action": "send"})
    assert first["Location"] == again["Location"] and first.status_code == 303
    other = client.post(FORM, form | {"action": "send", "brand": "Braun Büffel"})
    assert other.status_code == 409 and LossReport.objects.count() == 1
    fresh = re.search(r'name="client_id" value="([^"]+)"', text_of(other))
    assert fresh and fresh[1] != form["client_id"]
    assert client.get(step["Location"])["Location"] == first["Location"].removesuffix("?neu")


def test_an_erased_loss_says_so(client: Client, town: Municipality) -> None:
    form = filled()
    client.post(FORM, form | {"action": "send"})
    losses.erase(LossReport.objects.get())
    assert client.post(FORM, form | {"action": "send"}).status_code == 410


def test_what_is_kept_is_found_by_its_link_alone(client: Client, town: Municipality) -> None:
    answer = client.post(FORM, filled(step="was") | {"action": "next"})
    token = STEP.search(answer["Location"])["token"]  # type: ignore[index]
    assert token not in str(Unsent.objects.values_list("digest", flat=True)[0])
    as_report = client.get(f"/melden/{token}/ort")
    assert as_report.status_code == 404
    gone = client.get(reverse("loss-step", args=["x" * 43, "wo"]))
    assert gone.status_code == 404 and "Bitte beginnen Sie neu" in text_of(gone)


def test_the_door_refuses_other_sites_and_slows_down(
    client: Client, town: Municipality, settings: Any
) -> None:
    foreign = client.post(
        FORM, filled() | {"action": "send"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert foreign.status_code == 403
    settings.LIMITS = settings.LIMITS | {"losses": (1, 3600)}
    assert send(client).status_code == 303
    slow = send(client)
    assert slow.status_code == 429 and int(slow["Retry-After"]) > 0
    assert "Büchereiausweis" in text_of(slow)


def test_a_program_is_let_in_and_sends_no_letter(client: Client, town: Municipality) -> None:
    assert send(client, website="http://spam.example").status_code == 303
    assert not Letter.objects.exists()
    assert LossReport.objects.get().events.get().facts == {"suspect": True}


def test_the_form_costs_few_statements(
    client: Client, town: Municipality, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.get(FORM)
    with django_assert_max_num_queries(3):
        client.get(FORM)
    with django_assert_max_num_queries(24):
        send(client)


# ── The owner's page ─────────────────────────────────────────────────────────────────────────
def test_hits_come_with_coarse_reasons_and_an_answer(
    client: Client,
    make_match: Callable[..., Match],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    receipt = losses.report(draft(marks={"imei": IMEI}))
    match = make_match(receipt.loss, components={"number": {"said": "same", "score": 1.0}})
    page = reverse("loss-hits", args=[receipt.token])
    with django_assert_max_num_queries(9):
        text = text_of(client.get(page))
    assert "1 möglicher Treffer" in text and "Gleiche Art" in text and ">gut<" in text
    for secret in ("dieselbe Nummer", IMEI[-4:], f"{match.item.found_at}", "0.8"):
        assert secret not in text.replace("None", "")
    answer = reverse("loss-answer", args=[receipt.token, match.item.code])
    put_aside = client.post(answer, {"antwort": "nicht-meins"})
    assert put_aside["Location"] == f"{page}#{match.item.code}"
    assert "1 aussortiert" in text_of(client.get(page))
    client.post(answer, {"antwort": "zurueck"})
    it = client.post(answer, {"antwort": "ist-es"})
    assert it["Location"] == reverse("claim-hit", args=[match.item.code, receipt.token])
    assert Match.objects.get().state == MatchState.IS_IT


def test_the_page_belongs_to_its_link(client: Client, town: Municipality) -> None:
    receipt = losses.report(draft())
    page = client.get(reverse("loss-hits", args=[receipt.token]))
    assert page["Referrer-Policy"] == "no-referrer" and "noindex" in page["X-Robots-Tag"]
    assert client.get(reverse("loss-hits", args=["x" * 43])).status_code == 404
    LossReport.objects.update(capability_expires_at=timezone.now())
    assert client.get(reverse("loss-hits", args=[receipt.token])).status_code == 404


def test_the_search_ends_and_begins_by_a_button(client: Client, town: Municipality) -> None:
    receipt = losses.report(draft())
    found = reverse("loss-found", args=[receipt.token])
    assert "30 Tage" in text_of(client.get(found))
    assert LossReport.objects.get().state == LossState.OPEN
    client.post(found)
    assert LossReport.objects.get().state == LossState.FOUND
    client.post(reverse("loss-go-on", args=[receipt.token]))
    assert LossReport.objects.get().state == LossState.OPEN
    client.post(reverse("loss-erasure", args=[receipt.token]))
    assert not LossReport.objects.exists()


def test_only_the_button_confirms_an_address(client: Client, town: Municipality) -> None:
    loss = losses.report(draft()).loss
    link = reverse("loss-confirm", args=[token_for("loss confirm 0", loss.client_id)])
    for _scan in range(3):
        assert client.get(link).status_code == 200
    assert LossReport.objects.get().loser.confirmed_at is None
    assert client.post(link).status_code == 303
    assert "ist bestätigt" in text_of(client.get(link))
    assert client.get(reverse("loss-confirm", args=["x"])).status_code == 404


def test_an_expired_link_sends_a_new_one(client: Client, town: Municipality) -> None:
    loss = losses.report(draft()).loss
    loss.loser.confirm_expires_at = timezone.now() - dt.timedelta(minutes=1)
    loss.loser.save()
    link = reverse("loss-confirm", args=[token_for("loss confirm 0", loss.client_id)])
    assert client.get(link).status_code == 410
    client.post(link)
    assert Letter.objects.filter(kind="loss_confirmation").count() == 1
    again = reverse("loss-confirm", args=[token_for("loss confirm 1", loss.client_id)])
    assert client.post(again).status_code == 303
    assert LossReport.objects.get().loser.confirmed_at


def test_one_press_in_a_mail_program_ends_the_letters(client: Client, town: Municipality) -> None:
    loss = confirmed(losses.report(draft()).loss)
    link = reverse("loss-letters", args=[token_for("loss letters", loss.client_id)])
    body = "List-Unsubscribe=One-Click"
    form = "application/x-www-form-urlencoded"
    answer = client.post(link, body, content_type=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 303
    assert LossReport.objects.get().loser.stopped_at
    client.post(link, {"wieder": "1"})
    assert LossReport.objects.get().loser.stopped_at is None


def test_the_certificate_is_a_paper_that_says_unchecked(client: Client, town: Municipality) -> None:
    receipt = losses.report(draft(name="Uta Verlust", marks={"imei": IMEI}))
    paper = client.get(reverse("loss-paper", args=[receipt.token]))
    assert paper["Content-Type"] == "application/pdf" and paper.content.startswith(b"%PDF")


# ── The counter ──────────────────────────────────────────────────────────────────────────────
def test_the_counter_reads_every_reason_of_its_own_hits(
    client: Client,
    clerk: User,
    stranger: User,
    make_match: Callable[..., Match],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    loss = losses.report(draft(marks={"imei": IMEI}, town="06431002")).loss
    page = reverse("fund-loss", args=[loss.code])
    client.force_login(clerk)
    assert IMEI[-4:] not in text_of(client.get(page))  # nothing of theirs fits
    make_match(
        loss,
        components={
            "number": {"said": "tail", "score": 0.7, "points": 2.4},
            "colour": {"said": "other", "score": 0.0, "points": -1.75},
        },
    )
    with django_assert_max_num_queries(14):
        text = text_of(client.get(page))
    assert "dieselben letzten Zeichen" in text and "eine andere Farbe" in text
    assert f"… {IMEI[-4:]}" in text
    with django_assert_max_num_queries(11):
        assert loss.shown_code in text_of(client.get(reverse("fund-losses")))
    client.force_login(stranger)
    assert client.get(page).status_code == 404
    assert loss.shown_code not in text_of(client.get(reverse("fund-losses")))
    client.logout()
    assert client.get(page).status_code == 302


def test_the_counter_writes_down_a_loss_and_tells_by_letter(
    client: Client, clerk: User, make_match: Callable[..., Match]
) -> None:
    client.force_login(clerk)
    form = filled(reach="post", postal_address="Lindenweg 4, 64625 Bensheim", town="06431002")
    answer = client.post(reverse("fund-loss-new"), form | {"action": "send"})
    loss = LossReport.objects.get()
    assert answer["Location"] == reverse("fund-loss", args=[loss.code])
    assert loss.source == "staff" and loss.events.get().actor == clerk
    match = make_match(loss)
    page = reverse("fund-loss", args=[loss.code])
    assert "Brief drucken" in text_of(client.get(page))
    letter = client.get(reverse("fund-loss-letter", args=[loss.code]))
    assert letter.content.startswith(b"%PDF")
    told = client.post(reverse("fund-loss-told", args=[loss.code]), {"weg": "post"}, follow=True)
    assert "1 Treffer als mitgeteilt" in text_of(told)
    client.post(reverse("fund-loss-reject", args=[loss.code, match.item.code]))
    assert Match.objects.get().state == MatchState.REJECTED
    client.post(reverse("fund-loss-end", args=[loss.code]))
    assert LossReport.objects.get().state == LossState.ENDED
    assert client.post(reverse("fund-loss-new"), {"action": "send"}).status_code == 422


# ── The API ──────────────────────────────────────────────────────────────────────────────────
def test_the_api_takes_a_loss_once_and_shows_its_hits(
    client: Client, make_match: Callable[..., Match]
) -> None:
    today = timezone.localdate().isoformat()
    body = {
        "client_id": str(uuid.uuid4()),
        "kind": "phone",
        "lost_from": today,
        "lost_until": today,
        "points": [{"lat": 49.68, "lon": 8.62}],
        "marks": {"imei": IMEI},
    }

    def post(**changes: Any) -> Any:
        return client.post("/api/v1/losses/", body | changes, content_type="application/json")

    first = post()
    assert first.status_code == 201 and first["Cache-Control"] == "private, no-store"
    make_match(LossReport.objects.get())
    again = post()
    assert again.status_code == 200 and again.json()["hits"][0]["strength"] == "good"
    assert post(brand="Nokia").status_code == 409
    wrong = post(client_id=str(uuid.uuid4()), lost_until="2999-01-01")
    assert wrong.status_code == 400 and "lost_until" in wrong.json()["errors"]
    token = first.json()["url"].rsplit("/", 1)[1]
    mine = client.get(f"/api/v1/losses/{token}/").json()
    assert mine["hits"][0]["reasons"] == ["gleiche Art"] and IMEI[-4:] not in str(mine)
    assert client.get("/api/v1/losses/nonsense/").status_code == 404
    losses.erase(LossReport.objects.get())
    assert post().status_code == 410
