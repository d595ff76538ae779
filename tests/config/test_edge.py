"""The edge, seen from the wire."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from time import monotonic

import pytest

from config.edge import FileBody
from config.peers import Proxies
from config.spool import Body, Limits

from .conftest import Environ, Served, read_all, until

Serve = Callable[..., Served]
KB = 1024


def hello(environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"hello ", environ["PATH_INFO"].encode("latin-1")]


def post(length: int, *, path: str = "/", extra: str = "") -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n{extra}\r\n".encode()


# ── What arrives ─────────────────────────────────────────────────────────────────────────────
def test_a_page_comes_whole_and_measured(serve: Serve) -> None:
    answer = serve(hello).ask("GET", "/gr%C3%BC%C3%9Fe?x=%20")
    assert answer.content == "hello /grüße".encode()  # type: ignore[attr-defined]
    assert answer.headers["Content-Length"] == "14"
    assert "Server" not in answer.headers


def test_the_application_learns_path_query_type_and_length(serve: Serve) -> None:
    served = serve(hello)
    served.ask("POST", "/a/b?x=1&y=%20", b"four", {"Content-Type": "text/x"})
    call = served.calls[0]
    assert (call["PATH_INFO"], call["QUERY_STRING"]) == ("/a/b", "x=1&y=%20")
    assert (call["CONTENT_TYPE"], call["CONTENT_LENGTH"]) == ("text/x", "4")


@pytest.mark.parametrize("size", [0, 1, 70 * KB, 3 * 1024 * KB])
def test_a_body_arrives_whole_in_memory_or_on_disk(serve: Serve, size: int) -> None:
    served = serve(hello)
    body = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    assert served.ask("POST", "/", body).status == 200
    assert served.bodies == [body]


def test_a_body_in_chunks_arrives_whole_with_its_length(serve: Serve) -> None:
    served = serve(hello)
    parts = [b"a" * 100_000, b"b", b"c" * 2_000_000]
    assert served.ask("POST", "/", iter(parts)).status == 200
    assert served.bodies == [b"".join(parts)]
    assert served.calls[0]["CONTENT_LENGTH"] == str(len(served.bodies[0]))


def test_nothing_of_a_body_is_left_behind(serve: Serve, tmp_path: Path) -> None:
    served = serve(hello)
    served.ask("POST", "/", b"x" * 3_000_000)
    until(lambda: served.edge._spooler.held == 0)
    assert list(tmp_path.iterdir()) == []


# ── What is cut off ──────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("cut", ["closed", "reset"])
@pytest.mark.parametrize("sent", [10, 90_000, 2_900_000])
def test_an_upload_cut_in_the_middle_makes_no_call(serve: Serve, sent: int, cut: str) -> None:
    served = serve(hello)
    with served.line() as line:
        line.sendall(post(3_000_000) + b"x" * sent)
        if cut == "reset":
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert served.ask("GET", "/after").status == 200
    until(lambda: served.edge._spooler.taking == 0 and served.edge._spooler.held == 0)
    assert [call["PATH_INFO"] for call in served.calls] == ["/after"]


def test_a_body_shorter_than_announced_makes_no_call(serve: Serve) -> None:
    served = serve(hello)
    with served.line() as line:
        line.sendall(post(100) + b"x" * 99)
        line.shutdown(socket.SHUT_WR)
        assert read_all(line) == b""
    assert served.calls == []


def test_chunks_without_an_end_make_no_call(serve: Serve) -> None:
    served = serve(hello)
    with served.line() as line:
        line.sendall(
            b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
        )
        line.shutdown(socket.SHUT_WR)
        assert read_all(line) == b""
    assert served.calls == []


def test_twelve_stalled_uploads_do_not_delay_a_page(serve: Serve) -> None:
    served = serve(hello, threads=2)
    with ExitStack() as stack:
        for number in range(12):
            line = stack.enter_context(served.line())
            line.sendall(post(5_000_000) + b"x" * (1 + 90_000 * (number % 3)))
        until(lambda: served.edge._spooler.taking == 12)
        started = monotonic()
        assert served.ask("GET", "/page").status == 200
        assert monotonic() - started < 1
    assert len(served.calls) == 1


# ── What is refused ──────────────────────────────────────────────────────────────────────────
def refused_with(status: int, answer: bytes) -> bool:
    return answer.startswith(b"HTTP/1.1 %d " % status) and b"\r\nconnection: close" in answer


def test_too_large_a_body_is_refused_before_it_is_sent(serve: Serve) -> None:
    served = serve(hello)
    with served.line() as line:
        line.sendall(post(200 * 1024 * KB, extra="Expect: 100-continue\r\n"))
        answer = line.recv(65536)
    assert refused_with(413, answer)
    assert "weniger oder kleinere Fotos" in answer.decode()
    assert served.calls == []


def test_whoever_sends_too_much_gets_to_read_why(serve: Serve) -> None:
    """A socket closed on unread bytes would reset the connection and lose the answer."""
    served = serve(hello, limits=Limits(body=1_000_000))
    with served.line() as line:
        line.sendall(post(4_000_000))
        writer = threading.Thread(target=_push, args=(line, 4_000_000))
        writer.start()
        answer = line.recv(65536)
        line.shutdown(socket.SHUT_RDWR)
        writer.join(5)
    assert refused_with(413, answer)


def _push(line: socket.socket, size: int) -> None:
    try:
        line.sendall(b"x" * size)
    except OSError:
        return


def test_chunks_that_grow_too_large_are_refused(serve: Serve) -> None:
    served = serve(hello, limits=Limits(body=200_000))
    with served.line() as line:
        line.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(5):
            line.sendall(b"%x\r\n%s\r\n" % (50_000, b"x" * 50_000))
        assert refused_with(413, line.recv(65536))
    assert served.calls == []


def test_a_program_is_refused_with_a_problem_document(serve: Serve) -> None:
    with serve(hello).line() as line:
        line.sendall(post(200 * 1024 * KB, path="/api/v1/reports/"))
        answer = line.recv(65536)
    assert refused_with(413, answer)
    assert b"application/problem+json" in answer


def test_an_upload_without_a_byte_for_too_long_is_ended(serve: Serve) -> None:
    served = serve(hello, limits=Limits(idle_s=0.2))
    with served.line() as line:
        line.sendall(post(100) + b"x")
        assert refused_with(408, line.recv(65536))
    assert served.calls == []


def test_a_trickle_is_ended(serve: Serve) -> None:
    served = serve(hello, limits=Limits(idle_s=5, grace_s=0.3, slowest=1_000_000))
    stop = threading.Event()
    with served.line() as line:
        line.sendall(post(1_000_000))
        drip = threading.Thread(target=_drip, args=(line, stop))
        drip.start()
        answer = line.recv(65536)
        stop.set()
        drip.join(5)
    assert refused_with(408, answer)
    assert served.calls == []


def _drip(line: socket.socket, stop: threading.Event) -> None:
    while not stop.wait(0.02):
        try:
            line.sendall(b"x")
        except OSError:
            return


def test_too_many_uploads_at_once_are_asked_to_come_back(serve: Serve) -> None:
    served = serve(hello, limits=Limits(bodies=2))
    with ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(served.line()).sendall(post(1000) + b"x")
        until(lambda: served.edge._spooler.taking == 2)
        third = stack.enter_context(served.line())
        third.sendall(post(1000) + b"x")
        answer = third.recv(65536)
        assert refused_with(503, answer)
        assert b"\r\nretry-after: " in answer
        assert served.ask("POST", "/", b"whole at once").status == 200


def test_a_full_spool_refuses_what_does_not_fit(serve: Serve) -> None:
    served = serve(hello, limits=Limits(spooled=150_000))
    with served.line() as line:
        line.sendall(post(1_000_000) + b"x" * 200_000)
        assert refused_with(503, line.recv(65536))
    until(lambda: served.edge._spooler.held == 0)


def test_who_gave_up_while_waiting_is_not_worked_for(serve: Serve) -> None:
    busy, may_go_on = threading.Event(), threading.Event()

    def slow(environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
        busy.set()
        may_go_on.wait(10)
        return hello(environ, start_response)

    served = serve(slow, threads=1)
    with served.line() as first, served.line() as third:
        first.sendall(post(1, path="/first") + b"x")
        assert busy.wait(10)
        with served.line() as second:
            second.sendall(post(1, path="/second") + b"x")
            until(lambda: served.edge._at_work == 2)
        third.sendall(post(1, path="/third") + b"x")
        until(lambda: served.edge._at_work == 3)
        may_go_on.set()
        assert b"hello /first" in first.recv(65536)
        assert b"hello /third" in third.recv(65536)
    assert [call["PATH_INFO"] for call in served.calls] == ["/first", "/third"]


def test_a_disk_without_room_refuses_in_words_what_would_go_there(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = serve(hello, limits=Limits(memory=64 * KB))
    full = Path("/dev/full")
    monkeypatch.setattr(
        served.edge._spooler, "_new_body", lambda: Body(full.open("r+b", buffering=0), 0)
    )
    with served.line() as line:
        line.sendall(post(300 * KB) + b"x" * 300 * KB)
        assert refused_with(503, line.recv(65536))
    assert served.calls == []
    assert served.edge._spooler.held == 0


def test_a_head_without_end_is_cut_off(serve: Serve) -> None:
    with serve(hello).line() as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nX: ")
        _push(line, 400_000)
        try:
            answer = line.recv(65536)
        except ConnectionResetError:
            answer = b""
    assert b"200" not in answer[:20]


# ── Who it comes from ────────────────────────────────────────────────────────────────────────
FORGED = {"X-Forwarded-For": "6.6.6.6", "X-Forwarded-Proto": "https", "X_Forwarded_For": "6.6.6.6"}


def test_a_forged_address_is_not_believed(serve: Serve) -> None:
    served = serve(hello)
    served.ask("GET", "/", headers=FORGED)
    call = served.calls[0]
    assert (call["REMOTE_ADDR"], call["wsgi.url_scheme"]) == ("127.0.0.1", "http")
    assert not [name for name in call if "FORWARDED" in name]


def test_a_trusted_proxy_is_believed(serve: Serve) -> None:
    served = serve(hello, proxies=Proxies.parse(["127.0.0.1"]))
    served.ask("GET", "/", headers=FORGED)
    call = served.calls[0]
    assert (call["REMOTE_ADDR"], call["wsgi.url_scheme"]) == ("6.6.6.6", "https")


# ── What goes back ───────────────────────────────────────────────────────────────────────────
class Stream:
    """A long answer that notes when it is closed."""

    def __init__(self, chunks: int, *, size: int = 100_000) -> None:
        self.chunks, self.size = chunks, size
        self.made = 0
        self.closed = threading.Event()

    def __call__(self, environ: Environ, start_response: Callable[..., object]) -> Stream:
        start_response("200 OK", [("Content-Type", "text/csv")])
        return self

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(self.chunks):
            self.made += 1
            yield b"y" * self.size

    def close(self) -> None:
        self.closed.set()


@pytest.mark.parametrize("chunks", [1, 30])
def test_a_streamed_answer_arrives_whole_and_is_closed(serve: Serve, chunks: int) -> None:
    stream = Stream(chunks)
    answer = serve(stream).ask("GET", "/")
    assert len(answer.content) == chunks * 100_000  # type: ignore[attr-defined]
    assert stream.closed.wait(5)


def test_a_slow_reader_slows_the_stream_down(serve: Serve) -> None:
    stream = Stream(2_000)
    served = serve(stream)
    with served.line() as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        line.recv(1000)
        until(lambda: stream.made > 12)
        assert not stream.closed.wait(0.3)
        assert stream.made < 2_000


def test_a_client_that_leaves_ends_the_stream(serve: Serve) -> None:
    stream = Stream(100_000)
    served = serve(stream)
    with served.line() as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        line.recv(1000)
    assert stream.closed.wait(10)
    assert stream.made < 100_000


def test_a_reader_that_takes_nothing_is_hung_up_on(serve: Serve) -> None:
    stream = Stream(100_000)
    served = serve(stream, stall_s=0.3)
    with served.line() as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert stream.closed.wait(10)


class Photo(BytesIO):
    """A file that notes when it is closed."""

    def __init__(self, size: int) -> None:
        super().__init__(b"z" * size)
        self.done = threading.Event()

    def close(self) -> None:
        super().close()
        self.done.set()


def test_slow_readers_of_large_files_hold_no_thread(serve: Serve) -> None:
    files: list[Photo] = []

    def application(environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
        start_response("200 OK", [])
        if environ["PATH_INFO"] == "/page":
            return [b"page"]
        files.append(Photo(50_000_000))
        return FileBody(files[-1])

    served = serve(application, threads=2)
    with ExitStack() as stack:
        for _ in range(4):
            line = stack.enter_context(served.line())
            line.sendall(b"GET /file HTTP/1.1\r\nHost: a\r\n\r\n")
            line.recv(1000)
        assert served.ask("GET", "/page").content == b"page"  # type: ignore[attr-defined]
    assert all(file.done.wait(10) for file in files)


@pytest.mark.parametrize("size", [10, 3_000_000])
def test_a_file_arrives_whole_and_is_closed(serve: Serve, size: int) -> None:
    photo = Photo(size)

    def application(environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Length", str(size))])
        return FileBody(photo)

    answer = serve(application).ask("GET", "/")
    assert answer.content == b"z" * size  # type: ignore[attr-defined]
    assert photo.done.wait(5)


def test_head_tells_the_length_and_sends_nothing(serve: Serve) -> None:
    stream = Stream(3)

    def application(environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Length", "300000")])
        return stream

    answer = serve(application).ask("HEAD", "/")
    assert answer.headers["Content-Length"] == "300000"
    assert answer.content == b""  # type: ignore[attr-defined]
    assert stream.closed.wait(5)


@pytest.mark.parametrize("status", ["304 Not Modified", "204 No Content"])
def test_an_answer_without_a_body_has_none(serve: Serve, status: str) -> None:
    def application(environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
        start_response(status, [("ETag", '"1"'), ("Content-Length", "0")])
        return [b""]

    answer = serve(application).ask("GET", "/")
    assert answer.status == int(status[:3])
    assert answer.headers["Content-Length"] is None


def test_one_connection_serves_many_requests(serve: Serve) -> None:
    served = serve(hello)
    with served.line() as line:
        for number in range(5):
            line.sendall(post(3, path=f"/{number}") + b"abc")
            assert line.recv(65536).endswith(f"hello /{number}".encode())
    assert len(served.calls) == 5


def test_an_application_that_breaks_is_a_500_and_the_next_one_works(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    def application(environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/broken":
            raise LookupError("broken on purpose")
        return hello(environ, start_response)

    served = serve(application)
    assert served.ask("GET", "/broken").status == 500
    assert "broken on purpose" in caplog.text
    assert served.ask("GET", "/").status == 200
