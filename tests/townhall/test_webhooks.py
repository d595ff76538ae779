"""Webhooks: to whom they go, and what a stranger's server can and cannot do with us."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from townhall import letters, outbox
from townhall.models import Letter
from townhall.models.duty import new_secret

pytestmark = pytest.mark.django_db


class Gateway(HTTPServer):
    """Answers as told; keeps what came."""

    status, body = 200, b"{}"
    came: list[tuple[str, dict[str, str], bytes]]


class Answers(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.came.append((self.path, dict(self.headers), body))
        if self.server.status == 0:  # silence
            self.close_connection = True
            return
        self.send_response(self.server.status)
        self.send_header("Location", "http://169.254.169.254/")
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_words: Any) -> None:
        return


@pytest.fixture
def gateway(settings: Any) -> Iterator[Gateway]:
    server = Gateway(("127.0.0.1", 0), Answers)
    server.came = []
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    settings.WEBHOOKS = True
    settings.WEBHOOK_PRIVATE_HOSTS = [f"127.0.0.1:{server.server_port}"]
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def letter(gateway: Gateway) -> Letter:
    return hook(f"http://127.0.0.1:{gateway.server_port}/call?x=1")


def hook(url: str, **changes: Any) -> Letter:
    facts = {"key": "k", "kind": "hazard_hook", "subject": "S", "text": '{"text": "Gefahr"}'}
    return Letter.objects.create(**facts, channel="webhook", to=url, secret=new_secret(), **changes)


def sent(letter: Letter) -> tuple[str, str]:
    try:
        letters.send(letter.id)
    except letters.NotYet:
        assert Letter.objects.get(pk=letter.pk).state == "waiting"
    letter.refresh_from_db()
    return letter.state, letter.error


def test_a_call_is_signed_and_carries_its_key(gateway: Gateway, letter: Letter) -> None:
    assert sent(letter) == ("sent", "")
    path, headers, body = gateway.came[0]
    assert path == "/call?x=1"
    assert headers["Idempotency-Key"] == headers["webhook-id"] == str(letter.id)
    signed = f"{letter.id}.{headers['webhook-timestamp']}.{body.decode()}".encode()
    key = base64.b64decode(letter.secret.removeprefix("whsec_"))
    mac = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{mac}"
    assert json.loads(body) == {"text": "Gefahr"}


@pytest.mark.parametrize(
    ("status", "state"),
    [(302, "failed"), (404, "failed"), (503, "waiting"), (502, "unclear"), (0, "unclear")],
)
def test_what_becomes_of_a_call_by_the_gateways_answer(
    gateway: Gateway, letter: Letter, status: int, state: str
) -> None:
    gateway.status = status
    assert sent(letter)[0] == state
    assert len(gateway.came) == 1  # nobody is followed anywhere
    assert str(outbox.in_words(letter))


def test_an_unclear_call_is_tried_again_where_repeats_are_recognised(
    gateway: Gateway, letter: Letter
) -> None:
    Letter.objects.filter(pk=letter.pk).update(may_repeat=True)
    gateway.status = 502
    assert sent(letter)[0] == "waiting"
    gateway.status, gateway.body = 200, b"[" * 20000  # nonsense is no answer
    assert sent(letter)[0] == "sent"
    assert len({headers["webhook-id"] for _path, headers, _body in gateway.came}) == 1


def test_where_nothing_may_leave_the_house_a_call_is_kept(
    gateway: Gateway, letter: Letter, settings: Any
) -> None:
    settings.WEBHOOKS = False
    assert sent(letter)[0] == "kept"
    assert not gateway.came


@pytest.mark.parametrize(
    "url",
    [
        "http://sms.example.org/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://10.0.0.7/",
        "https://169.254.169.254/latest",
        "https://[::ffff:10.0.0.7]/",
        "https://[64:ff9b::a00:7]/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "https://user:word@sms.example.org/",
        "https://sms.example.org/\r\nX: 1",
        "https://sms.example.org:99999/",
        "https:///x",
        "file:///etc/passwd",
        "https://[",
        "",
    ],
)
def test_no_call_goes_inside_the_house_or_in_the_clear(url: str, settings: Any) -> None:
    settings.WEBHOOKS = True
    assert sent(hook(url)) == ("failed", "Forbidden address")


@pytest.mark.parametrize("inside", [["10.0.0.7"], ["93.184.216.34", "127.0.0.1"]])
def test_a_name_that_leads_inside_is_refused(
    inside: list[str], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOKS = True
    found = [(0, 0, 0, "", (address, 443)) for address in inside]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: found)
    assert sent(hook("https://harmless.example.org/")) == ("failed", "Forbidden address")
