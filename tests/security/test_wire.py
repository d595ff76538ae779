"""Requests as nobody's browser sends them, on a bare line to the edge."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest

from config import door
from config.headers import EVERYWHERE
from config.refusals import refusal
from tests.config.conftest import Served, read_all, serve  # noqa: F401  (a fixture)
from tests.config.test_edge import hello

Serve = Callable[..., Served]
TWO = b"GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"


def say(served: Served, head: str, body: bytes = b"") -> bytes:
    with served.line() as line:
        line.sendall(head.replace("\n", "\r\n").encode("latin-1") + b"\r\n\r\n" + body)
        line.shutdown(1)
        return read_all(line)


@pytest.mark.parametrize(
    "head",
    [
        "POST / HTTP/1.1\nHost: a\nContent-Length: 5\nTransfer-Encoding: chunked",
        "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\nContent-Length: 5",
        "POST / HTTP/1.1\nHost: a\nContent-Length: 5\nContent-Length: 36",
        "POST / HTTP/1.1\nHost: a\nContent-Length: 5, 5",
        "POST / HTTP/1.1\nHost: a\nContent-Length: -1",
        "POST / HTTP/1.1\nHost: a\nContent-Length: +5",
        "POST / HTTP/1.1\nHost: a\nContent-Length: 0x5",
        "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: identity, chunked, gzip",
        "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: xchunked",
        "POST / HTTP/1.1\nHost: a\nContent-Length : 5",
        "POST / HTTP/1.1\nHost: a\n Content-Length: 5",
        "POST / HTTP/1.1\nHost: a\nX: a\x00b",
        "GET / HTTP/9.9\nHost: a",
        "GET /\x00 HTTP/1.1\nHost: a",
    ],
)
def test_two_minds_about_a_body_are_no_second_request(serve: Serve, head: str) -> None:  # noqa: F811
    served = serve(hello)
    answer = say(served, head, b"0\r\n\r\n" + TWO)
    assert not [call for call in served.calls if call["PATH_INFO"] == "/smuggled"]
    assert answer.count(b"HTTP/1.1 200") <= 1


def test_what_is_no_request_is_refused_with_our_headers(serve: Serve) -> None:  # noqa: F811
    answer = say(serve(hello), "BLAH\nHost: a").lower()
    assert answer.startswith(b"http/1.1 400")
    for name, value in EVERYWHERE.items():
        assert f"\r\n{name}: {value}\r\n".lower().encode() in answer
    assert b"\r\nserver:" not in answer


def test_a_thousand_headers_are_too_many(serve: Serve) -> None:  # noqa: F811
    served = serve(hello)
    lines = "".join(f"\nX-{number}: {'y' * 100}" for number in range(1000))
    answer = say(served, f"GET / HTTP/1.1\nHost: a{lines}")
    assert b" 200 " not in answer[:20]
    assert served.calls == []


def test_a_head_that_comes_by_drops_is_cut_off(
    serve: Serve,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(door, "HEAD_S", 0.2)
    served = serve(hello)
    with served.line() as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ")
        try:
            answer = line.recv(65536)
        except ConnectionResetError:
            answer = b""
    assert answer == b""
    assert served.calls == []


@pytest.mark.parametrize(
    ("path", "languages", "sentence"),
    [
        ("/api/v1/photos/", "en-GB,de;q=0.5", "That is too much at once"),
        ("/api/v1/photos/", "fr, de-AT;q=0.8", "Das ist zu viel auf einmal"),
        ("/api/v1/photos/", "\xff;q=x,,", "Das ist zu viel auf einmal"),
        ("/melden", "en", "Das ist zu viel auf einmal"),
        ("/en/melden", "de", "That is too much at once"),
    ],
)
def test_a_refusal_speaks_the_programs_or_the_pages_language(
    path: str, languages: str, sentence: str
) -> None:
    headers, body = refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, path, "*/*", languages)
    told: dict[bytes, Any] = dict(headers)
    assert sentence in body.decode()
    assert told[b"x-content-type-options"] == b"nosniff"
    assert told[b"cache-control"] == b"no-store"
