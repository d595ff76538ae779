"""HTTP load from as few cycles as possible: the server shall have the machine for itself.

Plain sockets and one poll, since a client library costs as much as what we measure.
"""

from __future__ import annotations

import json
import select
import socket
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median

PATIENCE_S = 60


class Failed(Exception):
    """An answer that the bench did not expect. Carries its beginning."""


@dataclass(frozen=True)
class Answer:
    status: int
    head: str
    body: bytes
    seconds: float

    def header(self, name: str) -> str:
        """ "" if there is none."""
        for line in self.head.split("\r\n")[1:]:
            found, _colon, value = line.partition(":")
            if found.lower() == name.lower():
                return value.strip()
        return ""


@dataclass(frozen=True)
class Load:
    """What came back from all clients within `seconds`."""

    seconds: float
    times: list[float]
    statuses: Counter[int]

    @property
    def per_second(self) -> float:
        return len(self.times) / self.seconds

    @property
    def ms(self) -> float:
        """The median."""
        return median(self.times) * 1000


def request(
    method: str,
    path: str,
    *,
    port: int,
    headers: Mapping[str, str] | None = None,
    content: bytes = b"",
) -> bytes:
    """As it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if content or method == "POST":
        lines.append(f"Content-Length: {len(content)}")
    return "\r\n".join([*lines, "", ""]).encode() + content


def json_request(path: str, said: object, *, port: int) -> bytes:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    return request("POST", path, port=port, headers=headers, content=json.dumps(said).encode())


def once(port: int, asked: bytes) -> Answer:
    """One answer, on a connection of its own."""
    client = _Client(port)
    try:
        began = time.monotonic()
        client.ask(asked)
        while not client.read():
            pass
        return client.answer(time.monotonic() - began)
    finally:
        client.line.close()


def keep_asking(
    port: int,
    next_request: Callable[[], bytes],
    *,
    expected: int,
    clients: int = 8,
    seconds: float = 10,
) -> Load:
    """Each client asks again as soon as it has its answer.

    Goes on until there is an answer, so that a server just started has its time. Raises Failed for
    another status, and when nothing came within PATIENCE_S.
    """
    crowd = {
        client.line.fileno(): client
        for client in (_Client(port, number) for number in range(clients))
    }
    poll = select.epoll()
    for number, client in crowd.items():
        poll.register(number, select.EPOLLIN)
        client.ask(next_request())
    times: list[float] = []
    statuses: Counter[int] = Counter()
    began = time.monotonic()
    while (now := time.monotonic()) < began + (seconds if times else PATIENCE_S):
        for number, _what in poll.poll(1):
            client = crowd[number]
            if client.read():
                answer = client.answer(time.monotonic() - client.asked_at)
                if answer.status != expected:
                    raise Failed(f"{answer.status}: {answer.body[:500]!r}")
                statuses[answer.status] += 1
                times.append(answer.seconds)
                client.ask(next_request())
    for client in crowd.values():
        client.line.close()
    if not times:
        raise Failed(f"No answer came within {PATIENCE_S:g} seconds.")
    return Load(now - began, times, statuses)


@dataclass
class _Client:
    """A keep-alive connection with one question at a time, from an address of its own."""

    port: int
    number: int = 0
    line: socket.socket = field(init=False)
    asked_at: float = 0.0
    _came: bytearray = field(default_factory=bytearray)
    _whole: int | None = None  # bytes of head and body, as soon as the head is known

    def __post_init__(self) -> None:
        self.line = socket.create_connection(
            ("127.0.0.1", self.port), PATIENCE_S, (f"127.0.2.{1 + self.number}", 0)
        )
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, asked: bytes) -> None:
        self._came.clear()
        self._whole = None
        self.asked_at = time.monotonic()
        self.line.sendall(asked)

    def read(self) -> bool:
        """Takes what is there; True when the answer is whole. Raises ConnectionError."""
        data = self.line.recv(262_144)
        if not data:
            raise ConnectionError("the server hung up")
        self._came += data
        if self._whole is None and (end := self._came.find(b"\r\n\r\n")) >= 0:
            self._whole = end + 4 + _length(bytes(self._came[:end]))
        return self._whole is not None and len(self._came) >= self._whole

    def answer(self, seconds: float) -> Answer:
        head, _end, body = bytes(self._came).partition(b"\r\n\r\n")
        return Answer(int(head[9:12]), head.decode("latin-1"), body, seconds)


def _length(head: bytes) -> int:
    """Of the body. The edge measures every answer that fits into a megabyte."""
    for line in head.split(b"\r\n")[1:]:
        name, _colon, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
