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
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NamedTuple

from django.contrib.gis.geos import Point

from geo import exif

from .refusals import MAX_BYTES, PhotoRefused

SIZE = max(2, min(4, os.cpu_count() or 2))
PHOTOS_PER_CHILD = 100
START_SECONDS = 20.0
PATIENCE_SECONDS = 4.5  # for waiting and opening: nobody waits 5 s for an answer
FAIR_SECONDS = 2.0  # a photo that had so long was itself too slow; with less, the others were
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
    position: Point | None = None  # as the camera noted it: to be offered, not to be trusted


class Area(NamedTuple):
    """A rectangle in px of the finished picture; what lies beyond its edges is cut off."""

    left: int
    top: int
    width: int
    height: int


class ChildGone(Exception):
    """The child ended or said something that no child of ours says."""


class Pool:
    """At most `size` photos at a time; further callers wait. Safe under threads."""

    def __init__(self, size: int = SIZE) -> None:
        self._turns = Turns(size)
        self._idle: list[Child] = []
        self._lock = threading.Lock()
        self._closed = False

    def decode(
        self,
        photo: IO[bytes],
        length: int,
        *,
        areas: Sequence[Area] = (),
        deadline: float | None = None,
    ) -> Decoded:
        """`photo` is read from where it stands. Raises PhotoRefused.

        `areas`: what of the finished picture is pixelated. `deadline`: moment (monotonic) by which
        there must be an answer; None: `patience()`.
        """
        deadline = deadline or patience()
        left = deadline - time.monotonic()
        if left <= 0 or not self._turns.take(left):
            raise PhotoRefused("busy")
        try:
            with self._child() as child:
                child.wait_until_ready(deadline)
                return child.decode(photo, length, areas=areas, deadline=deadline)
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
        except PhotoRefused:
            if child.is_fit:
                self._give_back(child)
            else:
                child.end()
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
        self._is_ready = False
        self._is_at_work = False
        self._since = time.monotonic()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_fit(self) -> bool:
        if not self._is_ready and time.monotonic() - self._since > START_SECONDS:
            return False
        is_free = self._photos < PHOTOS_PER_CHILD and not self._is_at_work
        return is_free and self._process.poll() is None

    def wait_until_ready(self, deadline: float) -> None:
        """Raises PhotoRefused. A child that is still starting is not ended: the next one waits."""
        if self._is_ready:
            return
        try:
            self._is_ready = self._line_of_text(deadline) == b"ready"
        except TimeoutError:
            log.warning("The photo decoder is slow to start")
            raise PhotoRefused("busy") from None
        except (OSError, ChildGone):
            log.exception("The photo decoder does not start")
        if not self._is_ready:
            self._kill()
            raise PhotoRefused("busy")

    def decode(
        self, photo: IO[bytes], length: int, *, areas: Sequence[Area], deadline: float
    ) -> Decoded:
        """Raises PhotoRefused; a child that dies over a photo refuses that photo only."""
        self._photos += 1
        self._is_at_work = True
        given = deadline - time.monotonic()
        try:
            self._send(photo, length, areas, deadline)
            answer = self._answer(deadline)
        except PhotoRefused:
            self._is_at_work = False
            raise
        except TimeoutError:
            self._process.kill()
            raise PhotoRefused("slow" if given > FAIR_SECONDS else "busy") from None
        except (OSError, ChildGone, ValueError, KeyError, TypeError):
            status = self._kill()
            log.warning("A photo ended its decoder (exit code %s)", status)
            is_slow = status == -signal.SIGXCPU  # the processor's time it is granted
            raise PhotoRefused("slow" if is_slow else "damaged") from None
        self._is_at_work = False
        return answer

    def end(self) -> None:
        """Hang up, and don't wait for a child that doesn't listen."""
        self._line.close()
        self._kill()

    def _kill(self) -> int | None:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(0.2)
        self._process.kill()
        return self._process.wait()

    def _send(self, photo: IO[bytes], length: int, areas: Sequence[Area], deadline: float) -> None:
        self._settle(deadline)
        head = struct.pack(">QI", length, len(areas))
        self._line.sendall(head + b"".join(struct.pack(">4I", *area) for area in areas))
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
            width,
            height,
            thumb_width,
            thumb_height,
            f"#{colour.hex()}",
            full=full,
            thumb=thumb,
            position=exif.position(facts.get("gps")),
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
    """A child on its way up. In a session of its own: Ctrl-C is for us."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", "-W", "ignore", str(Path(__file__).with_name("decoder.py"))],
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            env={"LANG": "C.UTF-8"},
            start_new_session=True,
        )
    return Child(process, ours)


def patience() -> float:
    """The moment (monotonic) by which whoever asks now must have an answer.

    A request with several photos asks once, for all of them.
    """
    return time.monotonic() + PATIENCE_SECONDS


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
