"""A few processes that open photos, so that none is ever opened where the sockets are.

Plain child processes with a socket each, not `multiprocessing` or a pool library: those hand the
child our environment and main module, unpickle what it answers, and share one pipe that a killed
child can leave broken. Here a child knows nothing, its answer is checked bytes, and its end is its
own.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from .refusals import MAX_BYTES, PhotoRefused

SIZE = max(2, min(4, os.cpu_count() or 2))
PHOTOS_PER_CHILD = 100
START_SECONDS = 20.0
PHOTO_SECONDS = 30.0
QUEUE_SECONDS = 30.0
CHUNK = 256 * 1024
LONGEST_SIDE = 1600
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Decoded:
    """A photo made ours. Sizes in px, colour `#rrggbb`, files are WebP without metadata."""

    width: int
    height: int
    thumb_width: int
    thumb_height: int
    colour: str
    full: bytes
    thumb: bytes


class ChildGone(Exception):
    """The child ended or said something that no child of ours says."""


class Pool:
    """At most `size` photos at a time; further callers wait. Safe under threads."""

    def __init__(self, size: int = SIZE) -> None:
        self._turns = Turns(size)
        self._idle: list[Child] = []
        self._lock = threading.Lock()
        self._closed = False

    def decode(self, photo: IO[bytes], length: int) -> Decoded:
        """`photo` is read from where it stands. Raises PhotoRefused."""
        if not self._turns.take(QUEUE_SECONDS):
            raise PhotoRefused("busy")
        try:
            with self._child() as child:
                return child.decode(photo, length)
        finally:
            self._turns.give_back()

    def close(self) -> None:
        with self._lock:
            self._closed = True
            children, self._idle = self._idle, []
        for child in children:
            child.end()

    @contextmanager
    def _child(self) -> Iterator[Child]:
        """An idle child or a new one; back among the idle only if it did its work well."""
        child = self._take() or start()
        try:
            yield child
        except PhotoRefused as refused:
            if refused.reason == "slow" or not child.is_fit:
                child.end()
            else:
                self._give_back(child)
            raise
        except BaseException:
            child.end()
            raise
        self._give_back(child)

    def _take(self) -> Child | None:
        with self._lock:
            while self._idle:
                child = self._idle.pop()
                if child.is_fit:
                    return child
                child.end()
        return None

    def _give_back(self, child: Child) -> None:
        with self._lock:
            if not self._closed and child.is_fit:
                self._idle.append(child)
                return
        child.end()


class Turns:
    """At most `size` at a time, and who came first goes first.

    Not a semaphore: whoever gives a place back and wants one again takes it before those who wait
    are awake, so under load somebody waits until their time is over.
    """

    def __init__(self, size: int) -> None:
        self._free = size
        self._waiting: deque[threading.Event] = deque()
        self._lock = threading.Lock()

    def take(self, seconds: float) -> bool:
        """False when no place came free in time."""
        turn = threading.Event()
        with self._lock:
            if self._free and not self._waiting:
                self._free -= 1
                return True
            self._waiting.append(turn)
        if turn.wait(seconds):
            return True
        with self._lock:
            if turn.is_set():  # in this very moment
                return True
            self._waiting.remove(turn)
            return False

    def give_back(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1


class Child:
    """One process and our end of its socket."""

    def __init__(self, process: subprocess.Popen[bytes], line: socket.socket) -> None:
        self._process = process
        self._line = line
        self._photos = 0

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_fit(self) -> bool:
        return self._photos < PHOTOS_PER_CHILD and self._process.poll() is None

    def wait_until_ready(self) -> None:
        """Raises ChildGone when it doesn't come up."""
        if self._line_of_text(time.monotonic() + START_SECONDS) != b"ready":
            raise ChildGone

    def decode(self, photo: IO[bytes], length: int) -> Decoded:
        """Raises PhotoRefused; a child that dies over a photo refuses that photo only."""
        self._photos += 1
        deadline = time.monotonic() + PHOTO_SECONDS
        try:
            self._send(photo, length, deadline)
            return self._answer(deadline)
        except TimeoutError:
            self._process.kill()
            raise PhotoRefused("slow") from None
        except (OSError, ChildGone, ValueError, KeyError, TypeError):
            log.warning("A photo ended its decoder (exit code %s)", self._kill())
            raise PhotoRefused("damaged") from None

    def end(self) -> None:
        """Hang up, and don't wait for a child that doesn't listen."""
        self._line.close()
        self._kill()

    def _kill(self) -> int | None:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(0.2)
        self._process.kill()
        return self._process.wait()

    def _send(self, photo: IO[bytes], length: int, deadline: float) -> None:
        self._settle(deadline)
        self._line.sendall(struct.pack(">Q", length))
        while chunk := photo.read(CHUNK):
            self._settle(deadline)
            self._line.sendall(chunk)

    def _answer(self, deadline: float) -> Decoded:
        facts: dict[str, Any] = json.loads(self._line_of_text(deadline))
        if "refused" in facts:
            raise PhotoRefused(str(facts["refused"]))
        full = self._bytes(int(facts["full_bytes"]), deadline)
        thumb = self._bytes(int(facts["thumb_bytes"]), deadline)
        width, height = bare_webp_size(full)
        thumb_width, thumb_height = bare_webp_size(thumb)
        colour = bytes.fromhex(str(facts["colour"]).removeprefix("#"))
        if len(colour) != 3:
            raise ChildGone
        return Decoded(
            width, height, thumb_width, thumb_height, f"#{colour.hex()}", full=full, thumb=thumb
        )

    def _line_of_text(self, deadline: float) -> bytes:
        """Up to the newline, byte by byte: what follows is not ours to swallow."""
        text = bytearray()
        while (byte := self._bytes(1, deadline)) != b"\n":
            text += byte
            if len(text) > 1000:
                raise ChildGone
        return bytes(text)

    def _bytes(self, length: int, deadline: float) -> bytes:
        if not 0 < length <= MAX_BYTES:
            raise ChildGone
        data = bytearray()
        while len(data) < length:
            self._settle(deadline)
            piece = self._line.recv(min(length - len(data), CHUNK))
            if not piece:
                raise ChildGone
            data += piece
        return bytes(data)

    def _settle(self, deadline: float) -> None:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._line.settimeout(left)


def start() -> Child:
    """A child that has locked itself up. In a session of its own: Ctrl-C is for us."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", "-W", "ignore", str(Path(__file__).with_name("decoder.py"))],
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            env={"LANG": "C.UTF-8"},
            start_new_session=True,
        )
    child = Child(process, ours)
    try:
        child.wait_until_ready()
    except (OSError, ChildGone):
        child.end()
        log.exception("The photo decoder does not start")
        raise PhotoRefused("busy") from None
    return child


def bare_webp_size(file: bytes) -> tuple[int, int]:
    """Width and height of a lossy WebP that holds nothing but its picture. Raises ChildGone.

    Our own look at what a decoder hands over: one `VP8 ` chunk, no EXIF, XMP, ICC, no second frame.
    """
    size = int.from_bytes(file[4:8], "little") + 8
    chunk = int.from_bytes(file[16:20], "little") + 20
    is_bare = file[:4] == b"RIFF" and file[8:16] == b"WEBPVP8 " and file[23:26] == b"\x9d\x01\x2a"
    if not is_bare or size != len(file) or not 0 <= size - chunk <= 1:
        raise ChildGone
    width = int.from_bytes(file[26:28], "little") & 0x3FFF
    height = int.from_bytes(file[28:30], "little") & 0x3FFF
    if not (0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE):
        raise ChildGone
    return width, height


class _Shared:
    """The process' one pool, made at the first photo. A forked process makes its own."""

    def __init__(self) -> None:
        self._pool: Pool | None = None
        self._pid = 0
        self._lock = threading.Lock()

    def __call__(self) -> Pool:
        with self._lock:
            if self._pool is None or self._pid != os.getpid():
                self._pool, self._pid = Pool(), os.getpid()
            return self._pool

    def close(self) -> None:
        if self._pool is not None and self._pid == os.getpid():
            self._pool.close()


shared = _Shared()
atexit.register(shared.close)
