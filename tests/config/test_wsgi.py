"""The door to Django: what it hears, whichever server stands before it."""

from io import BytesIO
from typing import Any

import pytest

from config import wsgi


def environ(kind: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/healthz",
        "QUERY_STRING": "q=Lindenstra%C3%9Fe",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "CONTENT_TYPE": kind,
        "wsgi.input": BytesIO(),
        "wsgi.url_scheme": "http",
    }


@pytest.mark.parametrize("charset", ["base64", '"base64"', "undefined", "rot13", "utf-16", "none"])
def test_a_claimed_charset_is_not_believed(monkeypatch: pytest.MonkeyPatch, charset: str) -> None:
    heard: list[dict[str, Any]] = []
    monkeypatch.setattr(wsgi, "_django", lambda facts, _start: heard.extend([facts]))
    wsgi.application(environ(f"text/plain; Charset={charset}; boundary=x"), print)
    wsgi.application(environ("multipart/form-data; boundary=x"), print)
    assert [facts["CONTENT_TYPE"] for facts in heard] == [
        "text/plain; boundary=x",
        "multipart/form-data; boundary=x",
    ]


def test_a_charset_that_is_none_is_no_failure_of_ours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[str] = []
    monkeypatch.setattr("django.core.signals.request_started.send", lambda **_facts: None)
    answer = wsgi.application(
        environ("text/plain; charset=base64"), lambda status, _headers: said.append(status)
    )
    assert b"".join(answer)
    assert said == ["200 OK"]
