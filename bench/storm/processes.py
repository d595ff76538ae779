"""Starting, finding and killing processes. Only our own."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_libc = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


@dataclass
class Kept:
    """A program that is started again when it ends, as systemd would after `pause_s`."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    folder: Path
    user: str | None = None  # None: whoever runs us
    pause_s: float = 1.0
    starts: int = 0
    process: subprocess.Popen[bytes] | None = None
    _watch: asyncio.Task[None] | None = field(default=None, repr=False)

    @property
    def pid(self) -> int:
        """0 while it does not run."""
        return self.process.pid if self.process and self.process.poll() is None else 0

    def start(self) -> None:
        as_user: dict[str, Any] = {}
        if self.user:
            as_user = {"user": self.user, "group": self.user, "extra_groups": []}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                list(self.command),
                env=dict(self.environment),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with(os.getpid()),
                **as_user,
            )
        self.starts += 1

    def keep(self) -> None:
        """From now on start it again whenever it ends."""
        self._watch = asyncio.create_task(self._look_after())

    async def _look_after(self) -> None:
        while True:
            if not self.pid:
                await asyncio.sleep(self.pause_s)
                self.start()
            await asyncio.sleep(0.1)

    async def close(self, number: signal.Signals = signal.SIGTERM, *, within_s: float = 15) -> None:
        if self._watch:
            self._watch.cancel()
        if not self.pid or self.process is None:
            return
        self.process.send_signal(number)
        try:
            await asyncio.to_thread(self.process.wait, within_s)
        except subprocess.TimeoutExpired:
            kill([*descendants(self.process.pid), self.process.pid])


def kill(pids: Sequence[int]) -> None:
    """kill -9, in this order, as close together as it gets."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def descendants(pid: int) -> list[int]:
    """Children, their children, and so on."""
    found = children(pid)
    return [each for child in found for each in (child, *descendants(child))]


def children(pid: int) -> list[int]:
    with suppress(OSError):
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        return [int(each) for each in text.split()]
    return []


def called(pids: Sequence[int], words: str) -> Iterator[int]:
    """Those whose command line holds the words."""
    for pid in pids:
        with suppress(OSError):
            line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")
            if words.encode() in line:
                yield pid


def _die_with(parent: int) -> Callable[[], None]:
    """Nothing of ours outlives us, however we end."""

    def in_child() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return in_child
