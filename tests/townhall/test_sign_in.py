"""How staff come in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.test import Client

from townhall.models import User

pytestmark = pytest.mark.django_db

PATH = "/amt/anmelden"
RIGHT = "kein-geheimnis-im-test"


def sign_in(client: Client, username: str, password: str, **more: Any) -> Any:
    return client.post(PATH, {"username": username, "password": password, **more})


def test_staff_sign_in_with_the_right_password(client: Client, dispatcher: User) -> None:
    response = sign_in(client, dispatcher.username, RIGHT)

    assert (response.status_code, response["Location"]) == (302, "/amt")
    assert client.get("/amt").status_code == 200


def test_passwords_are_kept_as_argon2(dispatcher: User) -> None:
    """By Django's own hasher: tests make it cheap, the product leaves its costs alone."""
    assert settings.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    assert dispatcher.password.startswith("argon2$argon2id$")


def test_a_wrong_password_is_told_without_saying_what_was_wrong(
    client: Client, dispatcher: User
) -> None:
    known = sign_in(client, dispatcher.username, "falsch").content.decode()
    unknown = sign_in(client, "niemand", "falsch")

    sentence = "Benutzername oder Passwort stimmt nicht. Prüfen Sie beides."
    assert sentence in known
    assert sentence in unknown.content.decode()
    assert unknown.status_code == 422
    assert 'value="niemand"' in unknown.content.decode()
    assert "<title>Fehler: " in known


def test_empty_fields_are_named(client: Client) -> None:
    text = sign_in(client, "", "").content.decode()

    assert "Geben Sie Ihren Benutzernamen ein." in text
    assert "Geben Sie Ihr Passwort ein." in text


@pytest.mark.parametrize("username", ["\0", "x" * 10_000, "ä" * 150, "<script>", "' OR 1=1"])
def test_nonsense_is_no_crash(client: Client, username: str) -> None:
    assert sign_in(client, username, "x").status_code == 422


def test_after_five_wrong_passwords_the_door_stays_shut_for_a_while(
    client: Client, dispatcher: User
) -> None:
    for _ in range(4):
        assert sign_in(client, dispatcher.username, "falsch").status_code == 422
    fifth = sign_in(client, dispatcher.username, "falsch")
    right = sign_in(client, dispatcher.username, RIGHT)

    for response in (fifth, right):
        assert response.status_code == 429
        assert "in 15 Minuten" in response.content.decode()
        assert int(response["Retry-After"]) == 15 * 60
    assert client.get("/amt").status_code == 302


def test_a_colleague_at_the_same_address_is_not_shut_out(
    client: Client, dispatcher: User, caseworker: User
) -> None:
    for _ in range(5):
        sign_in(client, dispatcher.username, "falsch")

    assert sign_in(client, caseworker.username, RIGHT).status_code == 302


def test_a_lockout_keeps_no_secrets_and_nobody_logs_when_staff_come(
    client: Client, dispatcher: User
) -> None:
    sign_in(client, dispatcher.username, "falsch-geheim", draft="mein Text", next="/amt")
    kept = AccessAttempt.objects.get().post_data
    sign_in(client, dispatcher.username, RIGHT)

    assert "geheim" not in kept
    assert "mein Text" not in kept
    assert AccessLog.objects.count() == 0


@pytest.mark.parametrize(
    ("wish", "goal"),
    [
        ("/amt?ansicht=alle", "/amt?ansicht=alle"),
        ("https://boese.example/", "/amt"),
        ("//boese.example/", "/amt"),
        ("javascript:alert(1)", "/amt"),
        ("", "/amt"),
    ],
)
def test_after_the_sign_in_one_lands_with_us_only(
    client: Client, dispatcher: User, wish: str, goal: str
) -> None:
    assert sign_in(client, dispatcher.username, RIGHT, next=wish)["Location"] == goal


def test_the_session_changes_its_key_at_the_sign_in(client: Client, dispatcher: User) -> None:
    client.get(PATH)
    session = client.session
    session["before"] = 1
    session.save()
    before = session.session_key

    sign_in(client, dispatcher.username, RIGHT)

    assert client.session.session_key != before


def test_the_sign_in_page_sets_one_cookie_only(client: Client, db: None) -> None:
    client.get(PATH)

    assert set(client.cookies) == {"csrftoken"}


def test_signing_out_takes_a_post(client: Client, dispatcher: User) -> None:
    client.force_login(dispatcher)
    assert client.get("/amt/abmelden").status_code == 405
    assert client.get("/amt").status_code == 200

    response = client.post("/amt/abmelden", follow=True)

    assert "Sie sind abgemeldet." in response.content.decode()
    assert client.get("/amt").status_code == 302


def test_the_inactive_stay_outside(client: Client, make_user: Callable[..., User]) -> None:
    make_user("weg", is_active=False)

    assert sign_in(client, "weg", RIGHT).status_code == 422


def test_a_forged_draft_is_forgotten(client: Client, dispatcher: User) -> None:
    response = sign_in(client, dispatcher.username, RIGHT, draft="gefälscht")

    assert response.status_code == 302
    assert "draft" not in client.session


def test_the_page_speaks_english_too(client: Client, db: None) -> None:
    assert "Sign in" in client.get("/en/amt/anmelden").content.decode()
