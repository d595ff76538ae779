"""What somebody has besides a password: an app's codes, passkeys, codes on paper.

The mathematics are django-allauth's; here is who may use what how often. A code opens once: the
number of the last one is kept with its secret, so that it holds for all processes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal import auth as webauthn
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from townhall.models import AccountEvent, AccountEventKind, Membership, Municipality, User

MOST_PASSKEYS = 10
MOST_LETTERS = 60


class WrongCode(Exception):
    """It is not the code of this moment, or has been used, or the passkey is not one of theirs."""


class LastOne(Exception):
    """A second factor is required here, and this is the only one left."""


class TooManyPasskeys(Exception):
    pass


class Adapter(DefaultMFAAdapter):
    """Secrets lie encrypted in the database: a copy of it alone opens no account."""

    def get_totp_issuer(self) -> str:
        return "Augenmerk"

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> Fernet:
    key = hashlib.sha256(b"augenmerk second factor " + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


@dataclass(frozen=True)
class Factors:
    app: Authenticator | None = None
    passkeys: tuple[Authenticator, ...] = ()
    paper: Authenticator | None = None

    @property
    def is_any(self) -> bool:
        """Whether a password alone no longer opens the account. Paper is only a spare key."""
        return bool(self.app or self.passkeys)

    @property
    def named_passkeys(self) -> list[tuple[Authenticator, str]]:
        return [(row, str(webauthn.WebAuthn(row).name)) for row in self.passkeys]

    @property
    def left_on_paper(self) -> int:
        return len(RecoveryCodes(self.paper).get_unused_codes()) if self.paper else 0


def factors_of(user: User) -> Factors:
    """One statement."""
    rows = list(Authenticator.objects.filter(user=user).order_by("created_at", "pk"))
    kinds = Authenticator.Type
    return Factors(
        app=next((row for row in rows if row.type == kinds.TOTP), None),
        passkeys=tuple(row for row in rows if row.type == kinds.WEBAUTHN),
        paper=next((row for row in rows if row.type == kinds.RECOVERY_CODES), None),
    )


def is_required_of(user: User) -> bool:
    """Whether a town they work for lets nobody in by a password alone. One statement."""
    towns = Municipality.objects.filter(requires_second_factor=True)
    if not user.is_superuser:  # who sets up the towns reaches into all of them
        towns = towns.filter(departments__memberships__user=user, departments__is_active=True)
    return towns.exists()


def lacking() -> QuerySet[User]:
    """Who must have a second factor and has none."""
    towns = Municipality.objects.filter(requires_second_factor=True)
    works_there = Membership.objects.filter(
        user=OuterRef("pk"), department__is_active=True, department__serves__in=towns
    )
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    own = Authenticator.objects.filter(user=OuterRef("pk"), type__in=kinds)
    must = Exists(works_there) | (Q(is_superuser=True) & Exists(towns))
    return User.objects.filter(must, ~Exists(own))


# ── Showing one ──────────────────────────────────────────────────────────────────────────────
def check_code(user: User, code: str) -> None:
    """Of the app, or from the paper. Raises WrongCode."""
    kinds = Authenticator.Type
    typed = normalize_user_code(code)
    with transaction.atomic():
        rows = Authenticator.objects.select_for_update().filter(
            user=user, type__in=(kinds.TOTP, kinds.RECOVERY_CODES)
        )
        for row in rows:
            is_right = (
                _opens(row, typed) if row.type == kinds.TOTP else row.wrap().validate_code(typed)
            )
            if is_right:
                row.record_usage()
                return
    raise WrongCode


def _opens(row: Authenticator, code: str) -> bool:
    """Whether it is the app's code of about now, and newer than the last one that opened."""
    secret, last = decrypt(row.data["secret"]), row.data.get("last", 0)
    for counter in totp.yield_hotp_counters_from_time():
        expected = totp.format_hotp_value(totp.hotp_value(secret, counter))
        if hmac.compare_digest(expected.encode(), code.encode()) and counter > last:
            row.data["last"] = counter
            row.save(update_fields=["data"])
            return True
    return False


def ask_for_passkey(user: User) -> dict[str, Any]:
    """What the browser needs to ask for one of theirs; the challenge lies in the session."""
    options: dict[str, Any] = webauthn.begin_authentication(user)
    return options


def check_passkey(user: User, credential: Any) -> None:
    """Raises WrongCode."""
    try:
        webauthn.parse_authentication_response(credential)
        row = webauthn.complete_authentication(user, credential)
    except (ValidationError, *_NONSENSE) as wrong:
        raise WrongCode from wrong
    row.record_usage()


# What the library throws at credentials that no browser made.
_NONSENSE = (ValueError, TypeError, KeyError, AttributeError)


# ── Keeping them ─────────────────────────────────────────────────────────────────────────────
def new_secret() -> str:
    secret: str = totp.generate_totp_secret()
    return secret


def address_of(user: User, secret: str) -> str:
    """`otpauth://…`: what an app reads from the square code."""
    address: str = Adapter().build_totp_url(user, secret)
    return address


def add_app(user: User, secret: str, code: str) -> None:
    """Instead of the one there may be. Raises WrongCode."""
    if not totp.validate_totp_code(secret, normalize_user_code(code)):
        raise WrongCode
    with transaction.atomic():
        Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
        totp.TOTP.activate(user, secret)
        _write_down(user, AccountEventKind.APP_ADDED)


def offer_passkey(user: User) -> dict[str, Any]:
    """What the browser needs to make one; the challenge lies in the session."""
    options: dict[str, Any] = webauthn.begin_registration(user, passwordless=False)
    return options


def add_passkey(user: User, name: str, credential: Any) -> None:
    """Raises WrongCode, TooManyPasskeys."""
    if len(factors_of(user).passkeys) >= MOST_PASSKEYS:
        raise TooManyPasskeys
    try:
        webauthn.parse_registration_response(credential)
        webauthn.complete_registration(credential)
    except (ValidationError, *_NONSENSE) as wrong:
        raise WrongCode from wrong
    with transaction.atomic():
        webauthn.WebAuthn.add(user, name[:MOST_LETTERS], credential)
        _write_down(user, AccountEventKind.PASSKEY_ADDED)


def remove(user: User, row: Authenticator) -> None:
    """Raises LastOne. With the last one the paper goes, too: it opens nothing any more."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        have = factors_of(user)
        left = [each for each in (have.app, *have.passkeys) if each and each.pk != row.pk]
        if not left and is_required_of(user):
            raise LastOne
        row.delete()
        if not left and have.paper:
            have.paper.delete()
        is_app = row.type == Authenticator.Type.TOTP
        _write_down(
            user, AccountEventKind.APP_REMOVED if is_app else AccountEventKind.PASSKEY_REMOVED
        )


def new_paper(user: User) -> list[str]:
    """Codes for the drawer, each for one sign-in; earlier ones open nothing any more."""
    with transaction.atomic():
        Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
        codes: list[str] = RecoveryCodes.activate(user).get_unused_codes()
        _write_down(user, AccountEventKind.PAPER_MADE)
    return codes


def reset(user: User, *, by: User | None) -> bool:
    """A lost phone: all factors gone, so that new ones can be set up. False: there were none."""
    with transaction.atomic():
        gone, _by_kind = Authenticator.objects.filter(user=user).delete()
        if gone:
            _write_down(user, AccountEventKind.FACTORS_RESET, by=by)
    return bool(gone)


def _write_down(user: User, kind: AccountEventKind, *, by: User | None = None) -> None:
    AccountEvent.objects.create(user=user, actor=by or user, kind=kind)


def shown(codes: list[str]) -> list[str]:
    """„1234 5678“, as people copy them."""
    return [f"{code[:4]} {code[4:]}" for code in codes]
