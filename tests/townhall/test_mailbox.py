"""The mailbox page: for who sits at the machine, where no mail server is set."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from townhall.models import Letter, LetterState

pytestmark = pytest.mark.django_db
HERE = {"REMOTE_ADDR": "127.0.0.1"}


@pytest.fixture
def open_page(settings: Any) -> None:
    settings.MAILBOX_PAGE = True


def kept(key: str = "eins", **changes: Any) -> Letter:
    fields = {
        "kind": "receipt",
        "to": "erika@example.org",
        "subject": f"Meldung {key}",
        "text": "Danke.\n\nIhre Meldung: http://127.0.0.1:8000/r/abc\n<b>fett</b>",
        "state": LetterState.KEPT,
    }
    created_at = changes.pop("created_at", timezone.now())
    letter = Letter.objects.create(key=key, **fields | changes)
    Letter.objects.filter(pk=letter.pk).update(created_at=created_at)
    return letter


@pytest.mark.usefixtures("open_page")
def test_kept_letters_are_shown_newest_first(client: Client) -> None:
    kept("alt", created_at=timezone.now() - dt.timedelta(hours=1))
    kept("neu")
    page = client.get("/postkasten", **HERE).content.decode()
    assert page.index("Meldung neu") < page.index("Meldung alt")
    assert "erika@example.org" in page
    assert "2 Briefe" in page
    assert "weil kein Mailserver eingerichtet ist" in page


@pytest.mark.usefixtures("open_page")
def test_links_can_be_followed_and_nothing_else_is_markup(client: Client) -> None:
    kept()
    page = client.get("/postkasten/", **HERE).content.decode()
    assert '<a href="http://127.0.0.1:8000/r/abc"' in page
    assert "&lt;b&gt;fett" in page


@pytest.mark.usefixtures("open_page")
def test_letters_that_left_are_not_shown(client: Client) -> None:
    kept(state=LetterState.SENT)
    page = client.get("/postkasten", **HERE).content.decode()
    assert "Noch kein Brief" in page
    assert "Meldung eins" not in page


@pytest.mark.usefixtures("open_page")
def test_at_most_a_hundred_letters_are_shown(client: Client) -> None:
    for n in range(101):
        kept(f"nummer {n}")
    page = client.get("/postkasten", **HERE).content.decode()
    assert page.count('class="letter"') == 100
    assert "Die neuesten 100 Briefe" in page


@pytest.mark.usefixtures("open_page")
def test_nobody_keeps_or_finds_the_page(client: Client) -> None:
    answer = client.get("/postkasten", **HERE)
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer["X-Robots-Tag"]
    assert not answer.cookies


@pytest.mark.usefixtures("open_page")
@pytest.mark.parametrize(
    "visitor",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"REMOTE_ADDR": "::ffff:192.0.2.7"},
        {"REMOTE_ADDR": ""},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.7"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=192.0.2.7"},
    ],
)
def test_from_elsewhere_there_is_no_such_page(client: Client, visitor: dict[str, str]) -> None:
    kept()
    answer = client.get("/postkasten", **visitor)
    assert answer.status_code == 404
    assert b"erika" not in answer.content


@pytest.mark.usefixtures("open_page")
def test_the_page_opens_over_ipv6_loopback_too(client: Client) -> None:
    assert client.get("/postkasten", REMOTE_ADDR="::1").status_code == 200


def test_with_a_mail_server_there_is_no_such_page(client: Client, settings: Any) -> None:
    settings.MAILBOX_PAGE = False
    assert client.get("/postkasten", **HERE).status_code == 404
