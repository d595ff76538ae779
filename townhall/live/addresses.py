"""What a socket's handshake tells about its client."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings
from django.http import parse_cookie


def client_address(scope: Mapping[str, Any]) -> str:
    """The client's IP address, of IPv6 the /64 of its connection; empty if it can't be told.

    Loopback can't: that is a proxy which TRUSTED_PROXIES does not name, or this machine.
    """
    peer = (scope.get("client") or ("",))[0]
    hops = [hop.strip() for hop in _header(scope, b"x-forwarded-for").split(",") if hop.strip()]
    while peer in settings.TRUSTED_PROXIES and hops:
        peer = hops.pop()
    try:
        address = ip_address(peer)
    except ValueError:
        return ""
    if address.is_loopback or peer in settings.TRUSTED_PROXIES:
        return ""
    return str(ip_network((address, 64), strict=False) if address.version == 6 else address)


def session_key(scope: Mapping[str, Any]) -> str | None:
    """The sign-in of the page that opened the socket, unverified."""
    cookies = parse_cookie(_header(scope, b"cookie"))
    key: str | None = cookies.get(settings.SESSION_COOKIE_NAME)
    return key


def _header(scope: Mapping[str, Any], name: bytes) -> str:
    values = [value.decode("latin-1") for key, value in scope.get("headers", ()) if key == name]
    return (";" if name == b"cookie" else ",").join(values)
