"""Many open pages in one process: `python -m bench.crowd PORT COUNT TOPIC`.

Opens COUNT sockets to `/live/`, subscribes each to TOPIC and says so. Then, for every line on
standard input, waits until each socket has got a message that holds the line's words, and says how
many did and the moment of the last one (seconds of the machine's monotonic clock). Speaks in lines
of JSON.
"""

from __future__ import annotations

import json
import select
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

PER_ADDRESS = 100  # pages behind one client address
AT_ONCE = 100  # sockets that shake hands at the same time
PATIENCE_S = 60
TEXT, PING, PONG = 0x1, 0x9, 0xA


@dataclass
class Page:
    """One socket: what has come and is not read yet."""

    line: socket.socket
    came: bytes = b""
    in_talk: bool = False
    heard: list[bytes] = field(default_factory=list)

    def read(self) -> None:
        """Takes what is there; whole messages go to `heard`, pings are answered."""
        data = self.line.recv(65536)
        if not data:
            raise ConnectionError("the server hung up")
        self.came += data
        if not self.in_talk:
            head, end, rest = self.came.partition(b"\r\n\r\n")
            if not end:
                return
            if b" 101 " not in head.partition(b"\r\n")[0]:
                raise ConnectionError(head.decode("latin-1"))
            self.in_talk, self.came = True, rest
        for kind, said in self._frames():
            if kind == TEXT:
                self.heard.append(said)
            elif kind == PING:
                self.line.sendall(masked(PONG, said))

    def _frames(self) -> Iterator[tuple[int, bytes]]:
        while len(self.came) >= 2:
            length, start = self.came[1] & 127, 2
            if length >= 126:
                start = 4 if length == 126 else 10
                length = int.from_bytes(self.came[2:start], "big")
            if len(self.came) < start + length:
                return
            kind, said = self.came[0] & 15, self.came[start : start + length]
            self.came = self.came[start + length :]
            yield kind, said


def masked(kind: int, said: bytes) -> bytes:
    """A frame as clients send it; the mask of zeros leaves the words as they are."""
    length = bytes([128 | len(said)]) if len(said) < 126 else b"\xfe" + len(said).to_bytes(2, "big")
    return bytes([128 | kind]) + length + bytes(4) + said


class Crowd:
    """All pages, and one poll over them."""

    def __init__(self) -> None:
        self._pages: dict[int, Page] = {}
        self._poll = select.epoll()

    def open(self, port: int, count: int, topic: str) -> None:
        """Connects and subscribes all of them. Raises ConnectionError, TimeoutError."""
        said = masked(TEXT, json.dumps({"type": "subscribe", "topics": [topic]}).encode())
        for start in range(0, count, AT_ONCE):
            fresh = [self._connect(port, n) for n in range(start, min(start + AT_ONCE, count))]
            self._until(fresh, lambda page: page.in_talk)
            for page in fresh:
                page.line.sendall(said)
            self._until(fresh, lambda page: any(b'"ready"' in each for each in page.heard))

    def serve(self, orders: BinaryIO) -> None:
        """Read what comes and count as ordered, until nobody can order any more."""
        self._poll.register(orders.fileno(), select.EPOLLIN)
        while True:
            for number, _what in self._poll.poll():
                if number != orders.fileno():
                    self._read(number)
                elif words := orders.readline().strip():
                    self._count(words)
                else:
                    return

    def _count(self, words: bytes) -> None:
        """Say how many pages got a message with the words, and when the last of them did."""
        waiting, last = set(self._pages), 0.0
        deadline = time.monotonic() + PATIENCE_S
        print(json.dumps({"listening": len(waiting)}), flush=True)
        while waiting and time.monotonic() < deadline:
            for number, _what in self._poll.poll(1):
                if any(words in each for each in self._read(number)):
                    waiting.discard(number)
                    last = time.monotonic()
        print(json.dumps({"got": len(self._pages) - len(waiting), "last": last}), flush=True)

    def _read(self, number: int) -> list[bytes]:
        page = self._pages.get(number)
        if page is None:
            return []
        page.read()
        heard, page.heard = page.heard, []
        return heard

    def _connect(self, port: int, number: int) -> Page:
        line = socket.socket()
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.bind((f"127.0.1.{1 + number // PER_ADDRESS}", 0))
        line.connect(("127.0.0.1", port))
        line.sendall(
            f"GET /live/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode("ascii")
        )
        page = self._pages[line.fileno()] = Page(line)
        self._poll.register(line.fileno(), select.EPOLLIN)
        return page

    def _until(self, fresh: list[Page], is_so: Callable[[Page], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not all(map(is_so, fresh)):
            if time.monotonic() > deadline:
                raise TimeoutError
            for number, _what in self._poll.poll(1):
                self._pages[number].read()


def main() -> None:
    port, count, topic = sys.argv[1:]
    crowd = Crowd()
    crowd.open(int(port), int(count), topic)
    print(json.dumps({"ready": int(count)}), flush=True)
    crowd.serve(sys.stdin.buffer)


if __name__ == "__main__":
    main()
