"""Small hosts on this one: network namespaces on a bridge, and what runs in them.

A host has an address, processes and a cable. The cable can be pulled (nobody hears of it: no FIN,
no RST), its processes can be killed. Everything is gone at the end, also after Ctrl-C; what a
killed run left behind is removed by the next one.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

MARK = "augmsc"  # our namespaces and bridges: <mark><pid of the run>…
PATIENCE_S = 30.0
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


class Trouble(Exception):
    """A sentence for the person at the terminal."""


def until(true: Callable[[], object], what: str, *, within_s: float = PATIENCE_S) -> float:
    """Seconds until it is true. Raises Trouble."""
    started = time.monotonic()
    while not true():
        if time.monotonic() - started > within_s:
            raise Trouble(f"{what}: not within {within_s:.0f} s")
        time.sleep(0.05)
    return time.monotonic() - started


def run(*command: str | Path, env: dict[str, str] | None = None, feed: str | None = None) -> str:
    """What a program says. Raises Trouble when it fails."""
    done = subprocess.run(command, env=env, input=feed, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Trouble(f"{command[0]} failed: {(done.stderr or done.stdout).strip()[-2000:]}")
    return done.stdout


@dataclass
class Host:
    """One namespace with one address. `programs` are started in the order given."""

    name: str
    space: str
    address: str
    log: Path
    programs: list[tuple[list[str], dict[str, str]]] = field(default_factory=list)
    _running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def add(self, command: Sequence[str | Path], **environment: str) -> None:
        """A program of this host, started now."""
        self.programs.append(([str(word) for word in command], environment))
        self._start(*self.programs[-1])

    def start_again(self) -> None:
        """What was killed; what still runs is left alone."""
        if not self._running:
            for command, environment in self.programs:
                self._start(command, environment)

    def _start(self, command: list[str], environment: dict[str, str]) -> None:
        with self.log.open("ab") as log:
            self._running.append(
                subprocess.Popen(
                    ["ip", "netns", "exec", self.space, *command],
                    env={**os.environ, **environment},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    preexec_fn=_die_with_us,
                )
            )

    def cut(self) -> None:
        """Pull the cable."""
        self.run("ip", "link", "set", "eth0", "down")

    def mend(self) -> None:
        self.run("ip", "link", "set", "eth0", "up")

    def kill(self) -> None:
        """As a power cut: every process of this host at once."""
        for pid in run("ip", "netns", "pids", self.space).split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
        self._wait()

    def stop(self) -> float:
        """SIGTERM, as systemd does; seconds until all have ended by themselves."""
        for process in self._running:
            process.terminate()
        took = until(lambda: all(p.poll() is not None for p in self._running), f"{self.name} ends")
        self._wait()
        return took

    def _wait(self) -> None:
        for process in self._running:
            process.wait(PATIENCE_S)
        self._running.clear()

    def run(self, *command: str) -> str:
        """A program inside, to its end."""
        return run("ip", "netns", "exec", self.space, *command)


@dataclass
class Lan:
    """A bridge in this machine's own network, and the hosts on it. This machine is `.1`."""

    net: str  # "10.231.7": the first three numbers of a /24
    bridge: str
    folder: Path
    hosts: list[Host] = field(default_factory=list)

    def at(self, last: int) -> str:
        return f"{self.net}.{last}"

    def host(self, name: str, last: int) -> Host:
        space, cable = f"{self.bridge}-{name}", f"v{len(self.hosts)}{self.bridge}"[:15]
        run("ip", "netns", "add", space)
        host = Host(name, space, self.at(last), self.folder / f"{name}.log")
        self.hosts.append(host)
        run("ip", "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", space)
        run("ip", "link", "set", cable, "master", self.bridge, "up")
        host.run("ip", "address", "add", f"{host.address}/24", "dev", "eth0")
        host.run("ip", "link", "set", "eth0", "up")
        host.run("ip", "link", "set", "lo", "up")
        return host


@contextlib.contextmanager
def lan() -> Iterator[Lan]:
    """The network and a temporary folder. Raises Trouble without the rights."""
    if os.geteuid():
        raise Trouble("network namespaces need root: sudo …")
    _remove_leftovers()
    bridge = f"{MARK}{os.getpid()}"
    net = _free_net()
    folder = Path(tempfile.mkdtemp(prefix=f"{bridge}-"))
    folder.chmod(0o755)  # the database has a user of its own
    made = Lan(net, bridge, folder)
    try:
        run("ip", "link", "add", bridge, "type", "bridge")
        run("ip", "address", "add", f"{net}.1/24", "dev", bridge)
        run("ip", "link", "set", bridge, "up")
        yield made
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not leave half of it
        _remove(bridge)
        shutil.rmtree(folder, ignore_errors=True)
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _free_net() -> str:
    known = run("ip", "-4", "-o", "address")
    for third in range(os.getpid() % 200, 255):
        if f" 10.231.{third}." not in known:
            return f"10.231.{third}"
    raise Trouble("no free network in 10.231.0.0/16")


def _remove_leftovers() -> None:
    for space in run("ip", "netns", "list").split():
        found = re.match(rf"({MARK}(\d+))-", space)
        if found and not Path(f"/proc/{found[2]}").exists():
            _remove(found[1])
            for folder in Path(tempfile.gettempdir()).glob(f"{found[1]}-*"):
                shutil.rmtree(folder, ignore_errors=True)


def _remove(bridge: str) -> None:
    """All processes, namespaces and cables of one run, and nothing else."""
    for line in run("ip", "netns", "list").splitlines():
        space = line.split()[0] if line.split() else ""
        if not space.startswith(f"{bridge}-"):
            continue
        for pid in run("ip", "netns", "pids", space).split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
        run("ip", "netns", "delete", space)
    subprocess.run(["ip", "link", "delete", bridge], capture_output=True, check=False)


def _die_with_us() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
