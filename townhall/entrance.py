"""How hard the door of staff may be rattled, without shutting out a town hall behind one address.

Three counts besides django-axes' own (a name at an address): wrong passwords from one address,
wrong passwords for one name from wherever, and wrong passwords in a browser that knows the name
already. Whoever has signed in before in this browser is counted by the third alone: a stranger who
wastes the first two, from the same Wi-Fi or from the other end of the world, shuts nobody out who
works here. (https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies)
"""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Mapping
from ipaddress import IPv6Address
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from townhall import doors, limits
from townhall.limits import Knock

COOKIE = "augenmerk_geraet"  # set by a sign-in, sent to the sign-in page only
COOKIE_S = 180 * 24 * 3600
_SALT = "townhall.entrance"
_NAMES = 5  # who shares a counter's computer


def knocks(request: HttpRequest, username: str) -> list[Knock]:
    """What an attempt costs; given back when the password was right."""
    name = username.strip().casefold()[:150]
    device = _device(request)
    if _mark(name) in device["names"]:
        return [Knock("sign-in-device", f"{device['id']} {name}")]
    return [doors.by_client(request, "sign-in"), Knock("sign-in-name", name)]


def remember(request: HttpRequest, response: HttpResponse, username: str) -> None:
    """This browser has shown the right password for the name."""
    device, mark = _device(request), _mark(username.strip().casefold())
    names = [mark, *(each for each in device["names"] if each != mark)][:_NAMES]
    response.set_cookie(
        COOKIE,
        signing.dumps({"id": device["id"], "names": names}, salt=_SALT),
        max_age=COOKIE_S,
        path=request.path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def is_known(request: HttpRequest, credentials: Mapping[str, Any] | None) -> bool:
    """For django-axes: such a browser has its own count."""
    username = str((credentials or {}).get("username") or "")
    return _mark(username.strip().casefold()) in _device(request)["names"]


def pseudonym(request: HttpRequest) -> str:
    """For django-axes, which keeps addresses: one that nobody has, the same for the same client."""
    mac = _keyed(f"address {limits.client_of(request)}")
    return str(IPv6Address(b"\xfd" + mac[:15]))


def _device(request: HttpRequest) -> dict[str, Any]:
    try:
        kept: dict[str, Any] = signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=COOKIE_S
        )
    except signing.BadSignature:
        return {"id": secrets.token_urlsafe(9), "names": []}
    return kept


def _mark(name: str) -> str:
    return base64.urlsafe_b64encode(_keyed(f"name {name}")[:9]).decode()


def _keyed(text: str) -> bytes:
    return hmac.digest(
        b"augenmerk entrance " + settings.SECRET_KEY.encode(), text.encode(), "sha256"
    )
