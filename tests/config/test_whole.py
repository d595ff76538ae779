"""Under granian: what Django hears of a request, and what it never hears."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from config.edge import FileBody
from config.peers import Proxies
from config.spool import Body, Limits
from config.whole import Whole

Environ = dict[str, Any]
KB = 1024


class Seen:
    """An application that notes what it is given."""

    def __init__(self) -> None:
        self.calls: list[Environ] = []
        self.bodies: list[bytes] = []

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.calls.append(dict(environ))
        self.bodies.append(environ["wsgi.input"].read())
        start_response("200 OK", [])
        return [b"thank", b"s"]


class Trickle(BytesIO):
    """As granian's: gives what has come, and nothing more when the connection is lost."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size or 1, 1000))


def request(content: bytes = b"", *, announced: int | None = None, **more: Any) -> Environ:
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/api/v1/reports/",
        "REMOTE_ADDR": "10.0.0.1",
        "CONTENT_LENGTH": str(len(content) if announced is None else announced),
        "wsgi.input": Trickle(content),
        "wsgi.url_scheme": "http",
        **more,
    }


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def ask(seen: Seen, tmp_path: Path) -> Iterator[Callable[..., tuple[str, bytes]]]:
    """The status and the body of an answer."""
    proxies = Proxies.parse(["10.0.0.0/24"])
    limits = Limits(body=100 * KB, memory=4 * KB)
    whole = Whole(seen, folder=tmp_path / "spool", proxies=proxies, limits=limits)

    def one(environ: Environ) -> tuple[str, bytes]:
        statuses: list[str] = []
        answer = whole(environ, lambda status, headers: statuses.append(status))
        return statuses[0], b"".join(answer)

    yield one
    assert not list((tmp_path / "spool").iterdir())


Ask = Callable[[Environ], tuple[str, bytes]]


@pytest.mark.parametrize("size", [0, 1, 999, 50 * KB])
def test_a_whole_body_is_handed_on(ask: Ask, seen: Seen, size: int) -> None:
    content = os.urandom(size)
    assert ask(request(content)) == ("200 OK", b"thanks")
    assert seen.bodies == [content]


@pytest.mark.parametrize("came", [0, 1, 50 * KB - 1])
def test_a_body_that_was_cut_never_reaches_django(ask: Ask, seen: Seen, came: int) -> None:
    ask(request(b"x" * came, announced=50 * KB))
    assert seen.calls == []


def test_a_body_in_chunks_could_be_cut_unnoticed_and_is_refused(ask: Ask, seen: Seen) -> None:
    status, _ = ask(request(b"x", HTTP_TRANSFER_ENCODING="chunked"))
    assert status == "411 Length Required"
    assert seen.calls == []


def test_more_than_fits_is_refused_in_a_sentence(ask: Ask, seen: Seen) -> None:
    status, content = ask(request(b"", announced=100 * KB + 1))
    assert status == "413 Request Entity Too Large"
    assert "zu viel auf einmal" in content.decode()
    assert seen.calls == []


def test_a_disk_without_room_refuses_in_words_what_would_go_there(
    seen: Seen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Whole(seen, folder=tmp_path, limits=Limits(memory=4 * KB))
    full = Path("/dev/full")
    monkeypatch.setattr(whole, "_new_body", lambda n: Body(full.open("r+b", buffering=0), n))
    said: list[Any] = []
    content = b"".join(
        whole(request(b"x" * 50 * KB, PATH_INFO="/melden"), lambda *told: said.extend(told))
    )
    status, headers = said
    assert status == "503 Service Unavailable"
    assert "in einer Minute noch einmal" in content.decode()
    assert dict(headers)["retry-after"] == "10"
    assert seen.calls == []


def test_the_client_is_whom_the_proxy_saw(ask: Ask, seen: Seen) -> None:
    said: Environ = {
        "HTTP_X_FORWARDED_FOR": "6.6.6.6, 192.0.2.7",
        "HTTP_X_FORWARDED_PROTO": "https",
    }
    ask(request(**said))
    ask(request(**said, REMOTE_ADDR="198.51.100.9"))  # not a proxy of ours
    behind, stranger = seen.calls
    assert (behind["REMOTE_ADDR"], behind["wsgi.url_scheme"]) == ("192.0.2.7", "https")
    assert (stranger["REMOTE_ADDR"], stranger["wsgi.url_scheme"]) == ("198.51.100.9", "http")
    assert not [name for call in seen.calls for name in call if name.startswith("HTTP_X_")]


def test_secrets_of_the_process_are_no_part_of_a_request(ask: Ask, seen: Seen) -> None:
    ask({**os.environ, **request()})
    assert seen.calls
    assert not {"PATH", "HOME", "DATABASE_URL", "SECRET_KEY"} & set(seen.calls[0])


def test_an_answer_is_handed_over_at_once_and_a_file_bit_by_bit(tmp_path: Path) -> None:
    file = tmp_path / "picture"
    file.write_bytes(b"x" * 600 * KB)

    class Page(list[bytes]):
        streaming = False
        closed = False

        def close(self) -> None:
            self.closed = True

    page, picture = Page([b"a", b"b"]), FileBody(file.open("rb"))
    answers: list[Iterable[bytes]] = [page, picture]
    whole = Whole(lambda environ, start: answers.pop(0), folder=tmp_path / "spool")
    assert whole(request(), print) == [b"ab"]
    assert page.closed
    with picture.file:
        assert [len(chunk) for chunk in whole(request(), print)] == [256 * KB, 256 * KB, 88 * KB]
