"""One's own account: a second factor, sessions, the password."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from townhall.account import factors, sessions
from townhall.models import AccountEvent, AccountEventKind, Municipality, StaffSession, User

pytestmark = pytest.mark.django_db
PASSWORD = "vier-Woerter-im-Test"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def clerk(caseworker: User) -> User:
    caseworker.set_password(PASSWORD)
    caseworker.save()
    return caseworker


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The app's clock and the server's: both stand still until the test says otherwise."""

    class Clock:
        now = 1_800_000_000

        def time(self) -> int:
            return self.now

    clock = Clock()
    monkeypatch.setattr(totp, "time", clock)
    return clock


def code_of(secret: str, *, later: int = 0) -> str:
    counters = list(totp.yield_hotp_counters_from_time())
    return totp.format_hotp_value(totp.hotp_value(secret, counters[1] + later))


def with_app(user: User) -> str:
    secret = factors.new_secret()
    factors.add_app(user, secret, code_of(secret))
    return secret


def sign_in(client: Client, user: User, **more: Any) -> Any:
    facts = {"username": user.username, "password": PASSWORD}
    return client.post("/amt/anmelden", facts | more, headers={"User-Agent": FIREFOX})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


# ── Signing in ───────────────────────────────────────────────────────────────────────────────
def test_without_a_second_factor_the_password_is_enough(client: Client, clerk: User) -> None:
    sign_in(client, clerk)
    assert is_in(client)


def test_with_one_the_password_alone_opens_nothing(client: Client, clerk: User) -> None:
    with_app(clerk)
    answer = sign_in(client, clerk, next="/amt/zahlen")
    assert answer.headers["Location"] == "/amt/anmelden/zweiter-faktor"
    assert not is_in(client)
    assert client.get("/amt").headers["Location"].startswith("/amt/anmelden")
    assert client.get("/api/v1/desk/reports/").status_code in {401, 403}


def test_the_app_s_code_leads_where_one_wanted_to_go(client: Client, clerk: User) -> None:
    secret = with_app(clerk)
    sign_in(client, clerk, next="/amt/zahlen")
    answer = client.post("/amt/anmelden/zweiter-faktor", {"code": code_of(secret)})
    assert answer.headers["Location"] == "/amt/zahlen"
    assert is_in(client)


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "１２３４５６", "9" * 400])
def test_nonsense_is_told_in_a_sentence(client: Client, clerk: User, code: str) -> None:
    with_app(clerk)
    sign_in(client, clerk)
    answer = client.post("/amt/anmelden/zweiter-faktor", {"code": code})
    assert answer.status_code == 422
    assert "id_code-fehler" in answer.text
    assert not is_in(client)


@pytest.mark.parametrize(
    "credential", ["", "{}", "[]", "7", '{"id": 1}', "kein JSON", '{"rawId":"x"}']
)
def test_a_made_up_passkey_opens_nothing(client: Client, clerk: User, credential: str) -> None:
    with_app(clerk)
    sign_in(client, clerk)
    answer = client.post("/amt/anmelden/zweiter-faktor", {"credential": credential})
    assert answer.status_code == 422
    assert not is_in(client)


def test_a_code_opens_once(clerk: User) -> None:
    secret = with_app(clerk)
    factors.check_code(clerk, code_of(secret))
    with pytest.raises(factors.WrongCode):
        factors.check_code(clerk, code_of(secret))
    with pytest.raises(factors.WrongCode):  # nor an earlier one
        factors.check_code(clerk, code_of(secret, later=-1))


def test_a_clock_half_a_minute_off_still_fits(clerk: User, clock: Any) -> None:
    secret = with_app(clerk)
    early = code_of(secret, later=1)
    factors.check_code(clerk, early)
    clock.now += 120
    with pytest.raises(factors.WrongCode):
        factors.check_code(clerk, code_of(secret, later=3))


def test_a_code_from_the_paper_opens_once(client: Client, clerk: User) -> None:
    with_app(clerk)
    codes = factors.new_paper(clerk)
    sign_in(client, clerk)
    client.post("/amt/anmelden/zweiter-faktor", {"code": factors.shown(codes)[0]})
    assert is_in(client)
    with pytest.raises(factors.WrongCode):
        factors.check_code(clerk, codes[0])
    assert factors.factors_of(clerk).left_on_paper == len(codes) - 1


def test_guessing_is_stopped(client: Client, clerk: User, settings: Any) -> None:
    secret = with_app(clerk)
    settings.LIMITS = settings.LIMITS | {"second-factor": (2, 900)}
    sign_in(client, clerk)
    for _ in range(2):
        client.post("/amt/anmelden/zweiter-faktor", {"code": "000000"})
    answer = client.post("/amt/anmelden/zweiter-faktor", {"code": code_of(secret)})
    assert answer.status_code == 429
    assert "Retry-After" in answer.headers
    assert not is_in(client)


def test_who_waits_too_long_begins_anew(
    client: Client, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = with_app(clerk)
    sign_in(client, clerk)
    monkeypatch.setattr("townhall.account.waiting.LASTS_S", -1)
    answer = client.post("/amt/anmelden/zweiter-faktor", {"code": code_of(secret)})
    assert answer.headers["Location"] == "/amt/anmelden"
    assert not is_in(client)


def test_nobody_comes_to_the_second_step_past_the_first(client: Client) -> None:
    for page in ("/amt/anmelden/zweiter-faktor", "/amt/konto/app", "/amt/konto/passkey"):
        assert client.get(page).headers["Location"] == "/amt/anmelden"


# ── A town that requires one ─────────────────────────────────────────────────────────────────
@pytest.fixture
def strict(town: Municipality) -> Municipality:
    town.requires_second_factor = True
    town.save()
    return town


def test_who_has_none_sets_it_up_before_getting_in(
    client: Client, clerk: User, strict: Municipality
) -> None:
    clerk.memberships.get().department.serves.add(strict)
    sign_in(client, clerk, next="/amt/zahlen")
    assert not is_in(client)
    page = client.get("/amt/anmelden/zweiter-faktor", follow=True)
    assert "Authenticator-App einrichten" in page.text
    secret = client.session["secret_of_a_new_app"]
    answer = client.post("/amt/konto/app", {"code": code_of(secret)})
    assert is_in(client)
    assert answer.headers["Location"] == "/amt/konto/notfallcodes"
    assert 'href="/amt/zahlen"' in client.get("/amt/konto/notfallcodes").text


def test_the_last_one_stays_where_one_is_required(
    clerk: User, strict: Municipality, outsider: User
) -> None:
    clerk.memberships.get().department.serves.add(strict)
    with_app(clerk)
    with pytest.raises(factors.LastOne):
        factors.remove(clerk, Authenticator.objects.get(user=clerk))
    assert not factors.is_required_of(outsider)


def test_in_a_setup_half_done_nobody_takes_over_an_account_that_has_a_factor(
    client: Client, clerk: User
) -> None:
    with_app(clerk)
    sign_in(client, clerk)
    for page in ("/amt/konto/app", "/amt/konto/passkey"):
        assert client.get(page).headers["Location"] == "/amt/anmelden/zweiter-faktor"
        assert client.post(page).headers["Location"] == "/amt/anmelden/zweiter-faktor"


# ── Keeping keys ─────────────────────────────────────────────────────────────────────────────
def test_the_secret_lies_encrypted(clerk: User) -> None:
    secret = with_app(clerk)
    assert secret not in str(Authenticator.objects.get(user=clerk).data)


def test_keys_change_only_for_who_has_shown_the_password_lately(
    client: Client, clerk: User
) -> None:
    client.force_login(clerk)
    answer = client.get("/amt/konto/app")
    assert answer.headers["Location"].startswith("/amt/konto/bestaetigung")
    wrong = client.post("/amt/konto/bestaetigung", {"password": "falsch", "next": "/amt/konto/app"})
    assert wrong.status_code == 422
    right = client.post("/amt/konto/bestaetigung", {"password": PASSWORD, "next": "/amt/konto/app"})
    assert right.headers["Location"] == "/amt/konto/app"
    assert client.get("/amt/konto/app").status_code == 200
    away = client.post(
        "/amt/konto/bestaetigung", {"password": PASSWORD, "next": "https://boese.example/"}
    )
    assert away.headers["Location"] == "/amt/konto"


def test_the_codes_of_the_paper_are_shown_once(client: Client, clerk: User) -> None:
    sign_in(client, clerk)
    with_app(clerk)
    client.post("/amt/konto/notfallcodes")
    assert client.get("/amt/konto/notfallcodes").status_code == 200
    assert client.get("/amt/konto/notfallcodes").headers["Location"] == "/amt/konto"


def test_nobody_removes_anybody_else_s_factor(client: Client, clerk: User, outsider: User) -> None:
    with_app(outsider)
    row = Authenticator.objects.get(user=outsider)
    sign_in(client, clerk)
    assert client.post(f"/amt/konto/faktor/{row.pk}/entfernung").status_code == 404
    assert Authenticator.objects.filter(pk=row.pk).exists()


def test_a_lost_phone_is_answered_at_the_server(clerk: User) -> None:
    with_app(clerk)
    call_command("reset_second_factor", clerk.username)
    assert not factors.factors_of(clerk).is_any
    event = AccountEvent.objects.filter(user=clerk).first()
    assert event is not None
    assert event.kind == AccountEventKind.FACTORS_RESET


# ── Sessions ─────────────────────────────────────────────────────────────────────────────────
def test_a_session_elsewhere_can_be_ended(client: Client, clerk: User) -> None:
    other = Client()
    sign_in(other, clerk)
    sign_in(client, clerk)
    page = client.get("/amt/konto")
    assert "Firefox, Linux" in page.text
    seat = StaffSession.objects.exclude(key=client.session.session_key).get()
    client.post(f"/amt/konto/sitzungen/{seat.pk}/ende")
    assert other.get("/amt").headers["Location"].startswith("/amt/anmelden")
    assert is_in(client)


def test_nobody_ends_somebody_else_s_session(client: Client, clerk: User, make_user: Any) -> None:
    sign_in(client, clerk)
    stranger = make_user("fremde-hand")
    rows = StaffSession.objects.all()
    assert sessions.end(stranger, rows, by=stranger) == 0


def test_a_new_password_signs_out_everywhere_else(client: Client, clerk: User) -> None:
    other = Client()
    sign_in(other, clerk)
    sign_in(client, clerk)
    facts = {
        "old_password": PASSWORD,
        "new_password1": "ganz-neue-Woerter-hier",
        "new_password2": "ganz-neue-Woerter-hier",
    }
    assert client.post("/amt/konto/passwort", facts).status_code == 302
    assert client.get("/amt/konto").status_code == 200
    assert other.get("/amt").status_code == 302


def test_a_wrong_new_password_says_what_is_wrong(client: Client, clerk: User) -> None:
    client.force_login(clerk)
    facts = {"old_password": "x", "new_password1": "kurz", "new_password2": "anders"}
    answer = client.post("/amt/konto/passwort", facts)
    assert answer.status_code == 422
    assert "nicht Ihr jetziges Passwort" in answer.text


def test_the_present_password_cannot_be_guessed_for_ever(client: Client, clerk: User) -> None:
    client.force_login(clerk)
    facts = {"old_password": "x", "new_password1": "neue-Woerter-hier", "new_password2": ""}
    tries = [client.post("/amt/konto/passwort", facts).status_code for _n in range(20)]
    assert tries[-1] == 429
    answer = client.post("/amt/konto/passwort", facts | {"old_password": PASSWORD})
    assert answer.status_code == 429
    assert "Zu viele falsche Eingaben" in answer.text


def test_a_town_that_asks_for_a_second_factor_ends_sessions_without_one(
    client: Client, clerk: User, dispatcher: User, town: Municipality
) -> None:
    sign_in(client, clerk)
    dispatcher.set_password(PASSWORD)
    dispatcher.save()
    proven = Client()
    sign_in(proven, dispatcher)
    with_app(dispatcher)
    assert sessions.end_unproven(by=None) == 0
    Municipality.objects.filter(pk=town.pk).update(requires_second_factor=True)
    assert sessions.end_unproven(by=None) == 1
    assert client.get("/amt").headers["Location"].startswith("/amt/anmelden")
    assert proven.get("/amt").status_code == 200


def test_what_nobody_is_signed_in_by_is_forgotten(client: Client, clerk: User) -> None:
    sign_in(client, clerk)
    StaffSession.objects.create(user=clerk, key="x" * 32, device="", began_at=timezone.now())
    assert sessions.sweep() == 1
    assert StaffSession.objects.count() == 1


@pytest.mark.parametrize(
    ("header", "device"),
    [
        (FIREFOX, "Firefox, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) … Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) … Safari/604.1", "Safari, iPhone"),
        ("curl/8", ""),
    ],
)
def test_a_browser_is_named_as_people_name_it(header: str, device: str) -> None:
    assert sessions.device_of(header) == device
