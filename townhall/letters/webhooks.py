"""One letter to one web address, signed. The only place that calls strangers over HTTP.

Form and signature are those of standardwebhooks.com; docs/webhooks.md tells the other side. Nobody
is followed anywhere: no redirects, no proxies of the environment, and the address that was looked
up and found public is the one that is connected to, whatever the name says a moment later.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import ipaddress
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from townhall.models import Letter

from .smtp import Fate, Outcome

STEP_SECONDS: Final = 5.0  # one step: a connection, a piece of the answer
ALL_SECONDS: Final = 15.0  # everything together
LONGEST_ANSWER: Final = 16 * 1024
_PASSING: Final = frozenset({408, 425, 429, 503})
# Somebody behind the door may have had it all the same.
_OPEN: Final = frozenset({500, 502, 504})


class Forbidden(ValueError):
    """An address that no webhook may go to."""


@dataclass(frozen=True)
class Target:
    """A checked address: the name for TLS and the Host header, the number to connect to."""

    url: SplitResult
    host: str
    port: int
    address: str

    @property
    def path(self) -> str:
        query = f"?{self.url.query}" if self.url.query else ""
        return f"{self.url.path or '/'}{query}"

    @property
    def is_secure(self) -> bool:
        return self.url.scheme == "https"


# ── Where to ─────────────────────────────────────────────────────────────────────────────────
def check(url: str) -> SplitResult:
    """The parts of an address that a webhook may have. Asks no name server. Raises Forbidden.

    https only; http and addresses inside the house need their host in WEBHOOK_PRIVATE_HOSTS.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Forbidden from None
    host = parts.hostname or ""
    is_plain = parts.scheme == "http" and is_allowed(host, port)
    if not (parts.scheme == "https" or is_plain) or not host or parts.username is not None:
        raise Forbidden
    if not url.isascii() or any(ord(each) <= 32 or ord(each) == 127 for each in url):
        raise Forbidden
    number = _number(host)
    if number and not is_public(number) and not is_allowed(host, port):
        raise Forbidden
    return parts


def is_allowed(host: str, port: int | None) -> bool:
    """Named in WEBHOOK_PRIVATE_HOSTS, with or without its port."""
    return not {host, f"{host}:{port}"}.isdisjoint(settings.WEBHOOK_PRIVATE_HOSTS)


def locate(url: str) -> Target:
    """Looks the name up. Every address it has must be public. Raises Forbidden or OSError."""
    parts = check(url)
    host = str(parts.hostname)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    if not is_allowed(host, parts.port) and not all(map(_is_public_number, addresses)):
        raise Forbidden
    return Target(parts, host, port, addresses[0])


def _is_public_number(address: str) -> bool:
    number = _number(address)
    return number is not None and is_public(number)


def _number(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


def is_public(number: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Reachable from everywhere, and not an inner address in an outer dress."""
    if isinstance(number, ipaddress.IPv6Address):
        inner = number.ipv4_mapped or number.sixtofour
        if number in _NAT64:
            inner = ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if number.teredo is not None:
            return False
    return number.is_global and not number.is_multicast


# ── Handing over ─────────────────────────────────────────────────────────────────────────────
def hand_over(letter: Letter) -> Outcome:
    """Post a letter. One that had the whole text and then fell silent leaves open what became."""
    try:
        target = locate(letter.to)
    except Forbidden:
        return Outcome(Fate.REFUSED, "Forbidden address")
    except OSError as error:
        return Outcome(Fate.LATER, type(error).__name__)
    line = _Line(target)
    has_whole_text = False
    try:
        with _at_most(ALL_SECONDS, line):
            line.request("POST", target.path, letter.text.encode(), headers(letter))
            has_whole_text = True
            answer = line.getresponse()
            return _verdict(answer.status, answer.read(LONGEST_ANSWER))
    except (OSError, http.client.HTTPException, ValueError) as error:
        fate = Fate.UNCLEAR if has_whole_text else Fate.LATER
        return Outcome(fate, type(error).__name__)
    finally:
        line.close()


def headers(letter: Letter, *, now: float | None = None) -> dict[str, str]:
    """Id and key are the letter's own, so every repeat can be recognised."""
    stamp = str(int(now or time.time()))
    return {
        "Content-Type": "application/json",
        "User-Agent": "Augenmerk",
        "Idempotency-Key": str(letter.id),
        "webhook-id": str(letter.id),
        "webhook-timestamp": stamp,
        "webhook-signature": sign(letter.secret, str(letter.id), stamp, letter.text),
        "Connection": "close",
    }


def sign(secret: str, name: str, stamp: str, body: str) -> str:
    """`v1,<base64 of HMAC-SHA256 over "name.stamp.body">`; the secret is "whsec_<base64>"."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.digest(key, f"{name}.{stamp}.{body}".encode(), hashlib.sha256)
    return f"v1,{base64.b64encode(mac).decode()}"


def _verdict(status: int, body: bytes) -> Outcome:
    error = f"HTTP {status}"
    if 200 <= status < 300:
        return Outcome(Fate.SENT, answer=_read(body))
    if status in _OPEN:
        return Outcome(Fate.UNCLEAR, error)
    return Outcome(Fate.LATER if status in _PASSING else Fate.REFUSED, error)


def _read(body: bytes) -> Mapping[str, Any]:
    """A JSON object, if it is one."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


class _Line(http.client.HTTPConnection):
    """Connects to the address that was checked, and speaks TLS with the name."""

    def __init__(self, target: Target) -> None:
        super().__init__(target.host, target.port, timeout=STEP_SECONDS)
        self.target = target
        self.default_port = 443 if target.is_secure else 80

    def connect(self) -> None:
        place = (self.target.address, self.target.port)
        self.sock = socket.create_connection(place, timeout=STEP_SECONDS)
        if self.target.is_secure:
            self.sock = _context().wrap_socket(self.sock, server_hostname=self.target.host)

    def cut(self) -> None:
        """From another thread: whoever waits on this line is woken with an error."""
        if self.sock is not None:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return


@cache
def _context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    if settings.WEBHOOK_CA_FILE:
        context.load_verify_locations(cafile=settings.WEBHOOK_CA_FILE)
    return context


@contextmanager
def _at_most(seconds: float, line: _Line) -> Iterator[None]:
    """A server that sends one byte now and then keeps no worker for longer."""
    timer = threading.Timer(seconds, line.cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
