"""What a socket's handshake tells about its client."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings
from django.http import parse_cookie


def client_address(scope: Mapping[str, Any]) -> str:
    """The client's IP address, of IPv6 the /64 of its connection; empty if it can't be told.

    config/asgi.py has looked behind trusted proxies. Loopback tells nothing: that is a proxy
    which TRUSTED_PROXIES does not name, or this machine itself.
    """
    peer, _port = scope.get("client") or ("", 0)
    try:
        address = ip_address(peer)
    except ValueError:
        return ""
    if address.is_loopback:
        return ""
    return str(ip_network((address, 64), strict=False) if address.version == 6 else address)


def session_key(scope: Mapping[str, Any]) -> str | None:
    """The sign-in of the page that opened the socket, unverified."""
    cookies = [value for name, value in scope.get("headers", ()) if name == b"cookie"]
    key: str | None = parse_cookie(b"; ".join(cookies).decode("latin-1")).get(
        settings.SESSION_COOKIE_NAME
    )
    return key
