"""A real uvicorn with our edge and a small application, on a socket of its own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
import uvicorn

from config.door import Door
from config.edge import Edge
from config.web import listen

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


@dataclass
class Served:
    """A running server, what its application was called with, and ways to speak to it."""

    port: int
    edge: Edge
    calls: list[Environ] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> HTTPResponse:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        answer.content = answer.read()  # type: ignore[attr-defined]
        connection.close()
        return answer

    @contextmanager
    def line(self) -> Iterator[socket.socket]:
        """A bare connection."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as line:
            yield line


def read_all(line: socket.socket) -> bytes:
    """Until the server closes."""
    received = b""
    while chunk := line.recv(65536):
        received += chunk
    return received


def until(claim: Callable[[], object], *, within_s: float = 60) -> None:
    deadline = monotonic() + within_s
    while not claim():
        assert monotonic() < deadline, "it did not become true"
        sleep(0.01)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """`serve(application, **edge settings)`: runs until the test is over."""
    with ExitStack() as stack:
        yield lambda application, **how: stack.enter_context(_running(application, tmp_path, how))


@contextmanager
def _running(application: Application, folder: Path, how: dict[str, Any]) -> Iterator[Served]:
    listener = listen("127.0.0.1", 0)
    served: Served

    def noting(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        served.calls.append(environ)
        served.bodies.append(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        return application(environ, start_response)

    edge = Edge(noting, folder=folder, **how)
    served = Served(listener.getsockname()[1], edge)
    config = uvicorn.Config(
        edge, http=Door, ws="none", lifespan="on", proxy_headers=False, server_header=False,
        access_log=False, log_config=None, timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    until(lambda: server.started)
    try:
        yield served
    finally:
        server.should_exit = True
        thread.join(60)
