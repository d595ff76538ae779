"""The outbox: what staff see of letters that did not leave, and what they may do about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from townhall import outbox
from townhall.models import Letter, LetterState, Municipality, Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def make_letter(town: Municipality) -> Callable[..., Letter]:
    def make(**changes: Any) -> Letter:
        fields = {
            "key": f"brief {Letter.objects.count()}",
            "kind": "status",
            "about": "report:7K3F9QMX",
            "to": "uta@example.org",
            "subject": "Erledigt: Schlagloch, Lindenweg 4",
            "text": "Geheimer Text",
            "municipality": town,
            "state": LetterState.FAILED,
            "error": "RCPT 550 5.1.1",
            "attempts": 1,
        }
        created_at = changes.pop("created_at", None)
        letter = Letter.objects.create(**fields | changes)
        if created_at:
            Letter.objects.filter(pk=letter.pk).update(created_at=created_at)
        return letter

    return make


def page(client: Client, query: str = "") -> str:
    return client.get(f"/amt/post{query}").content.decode()


def test_staff_see_what_failed_and_why_but_not_to_whom(
    client: Client, dispatcher: User, make_letter: Callable[..., Letter]
) -> None:
    make_letter()
    client.force_login(dispatcher)
    shown = page(client)
    assert "Der Mailserver nimmt für diese Adresse keine Post an." in shown
    assert "RCPT 550 5.1.1" in shown
    assert "u***@example.org" in shown
    assert 'href="/amt/meldung/7K3F9QMX">7K3F-9QMX</a>' in shown
    for secret in ("uta@", "Geheimer Text", "Lindenweg"):
        assert secret not in shown


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.DISPATCHER, 200),
        (Role.ADMINISTRATOR, 200),
        (Role.READ_ONLY, 404),
        (Role.CASEWORKER, 404),
        (Role.FIELD_CREW, 404),
        (Role.FUNDBUERO, 404),
    ],
)
def test_the_outbox_is_for_dispatchers_and_administrators(
    client: Client,
    town: Municipality,
    make_user: Callable[..., User],
    make_letter: Callable[..., Letter],
    role: Role,
    status: int,
) -> None:
    letter = make_letter()
    client.force_login(make_user("jemand", town.fallback_department, role))
    assert client.get("/amt/post").status_code == status
    again = client.post(f"/amt/post/{letter.pk}/versand").status_code
    assert again == (303 if status == 200 else 404)


def test_other_towns_letters_do_not_exist(
    client: Client, outsider: User, make_letter: Callable[..., Letter]
) -> None:
    letter = make_letter()
    client.force_login(outsider)
    assert "7K3F-9QMX" not in page(client)
    assert client.post(f"/amt/post/{letter.pk}/versand").status_code == 404
    letter.refresh_from_db()
    assert letter.state == LetterState.FAILED


def test_strangers_are_sent_to_the_sign_in(client: Client, make_letter: Any) -> None:
    letter = make_letter()
    assert client.get("/amt/post").status_code == 302
    assert client.post(f"/amt/post/{letter.pk}/versand").status_code in {302, 401, 403}
    assert Letter.objects.get().state == LetterState.FAILED


@pytest.mark.parametrize("state", [LetterState.FAILED, LetterState.UNCLEAR, LetterState.WAITING])
def test_a_letter_is_sent_again_with_fresh_patience(
    client: Client, dispatcher: User, make_letter: Callable[..., Letter], state: LetterState
) -> None:
    letter = make_letter(state=state, created_at=timezone.now() - dt.timedelta(days=9))
    client.force_login(dispatcher)
    answer = client.post(f"/amt/post/{letter.pk}/versand?liste=gescheitert", follow=True)
    assert answer.redirect_chain == [("/amt/post?liste=gescheitert", 303)]
    assert "Der Brief ist wieder unterwegs." in answer.content.decode()
    letter.refresh_from_db()
    assert (letter.state, letter.attempts, letter.error) == ("waiting", 0, "")
    assert letter.resent_at is not None
    jobs = ProcrastinateJob.objects.filter(task_name="send_letter", status="todo")
    assert [job.args for job in jobs] == [{"letter_id": str(letter.pk)}]


@pytest.mark.parametrize("state", [LetterState.SENT, LetterState.WITHDRAWN])
def test_what_has_left_or_is_not_wanted_is_not_sent_again(
    client: Client, dispatcher: User, make_letter: Callable[..., Letter], state: LetterState
) -> None:
    letter = make_letter(state=state)
    client.force_login(dispatcher)
    client.post(f"/amt/post/{letter.pk}/versand")
    letter.refresh_from_db()
    assert letter.state == state
    assert not ProcrastinateJob.objects.filter(task_name="send_letter").exists()


def test_erased_letters_are_nobodys_trouble(
    client: Client, dispatcher: User, make_letter: Callable[..., Letter]
) -> None:
    letter = make_letter(to="")
    client.force_login(dispatcher)
    assert "Alle Briefe sind aus dem Haus." in page(client)
    assert client.post(f"/amt/post/{letter.pk}/versand").status_code == 404


def test_the_lists_part_the_letters_by_state(
    client: Client, dispatcher: User, make_letter: Callable[..., Letter]
) -> None:
    codes = {
        "wartend": ("waiting", "WWWWWWWW"),
        "gescheitert": ("failed", "FFFFFFFF"),
        "unklar": ("unclear", "XXXXXXXX"),
        "behalten": ("kept", "KKKKKKKK"),
        "gesendet": ("sent", "SSSSSSSS"),
    }
    for state, code in codes.values():
        make_letter(state=state, about=f"report:{code}")
    client.force_login(dispatcher)
    for slug, (_state, code) in codes.items():
        shown = page(client, f"?liste={slug}")
        assert [other for _, other in codes.values() if f"/{other}" in shown] == [code]
    everything = page(client)
    assert all(f"/{codes[slug][1]}" in everything for slug in ("wartend", "gescheitert", "unklar"))


def test_pages_follow_each_other_without_gap_or_double(
    client: Client, dispatcher: User, make_letter: Callable[..., Letter]
) -> None:
    at = timezone.now()
    made = [
        make_letter(created_at=at - dt.timedelta(minutes=n // 3)).pk for n in range(outbox.PAGE + 7)
    ]
    first = outbox.page_of(outbox.Wish(), dispatcher)
    client.force_login(dispatcher)
    response = client.get("/amt/post", {"nach": parse_qs(first.more)["nach"][0]})
    second = response.context["page"]
    seen = [row.letter.pk for row in (*first.rows, *second.rows)]
    assert len(first.rows) == outbox.PAGE
    assert len(seen) == len(set(seen))
    assert set(seen) == set(made)
    assert second.more == ""


@pytest.mark.parametrize(
    "query",
    ["?liste=unsinn", "?nach=x", "?nach=2026-01-01~1", "?nach=%00", "?nach=2026-01-01T00:00:00~x"],
)
def test_nonsense_in_the_address_counts_as_not_asked(
    client: Client, dispatcher: User, make_letter: Callable[..., Letter], query: str
) -> None:
    make_letter()
    client.force_login(dispatcher)
    assert "7K3F-9QMX" in page(client, query)


def test_the_page_needs_eight_statements_whatever_the_row_count(
    client: Client, dispatcher: User, make_letter: Callable[..., Letter]
) -> None:
    client.force_login(dispatcher)
    page(client)
    for _ in range(30):
        make_letter()
    with CaptureQueriesContext(connection) as queries:
        page(client)
    assert len(queries) <= 8


def test_the_navigation_counts_trouble_for_those_who_may_do_something(
    client: Client, dispatcher: User, caseworker: User, make_letter: Callable[..., Letter]
) -> None:
    make_letter()
    make_letter(state=LetterState.UNCLEAR)
    make_letter(state=LetterState.SENT)
    client.force_login(dispatcher)
    shown = client.get("/amt").content.decode()
    assert '<span class="count">2<span class="visually-hidden"> Briefe' in shown
    client.force_login(caseworker)
    with CaptureQueriesContext(connection) as queries:
        shown = client.get("/amt").content.decode()
    assert "/amt/post" not in shown
    assert not any("townhall_letter" in query["sql"] for query in queries)


@pytest.mark.parametrize(
    ("address", "shown"),
    [("uta@example.org", "u***@example.org"), ("a@b.de", "a***@b.de"), ("", "***@")],
)
def test_addresses_are_masked(address: str, shown: str) -> None:
    assert outbox.masked(address) == shown
