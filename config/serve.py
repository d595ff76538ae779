"""`python -m config.serve`: web and worker as one command, which ends both.

Children die with us even by `kill -9` (PR_SET_PDEATHSIG); a child that dies is started again.
The listening socket is ours and handed to the web process, so that its restart refuses nobody.
"""

import ctypes
import errno
import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from . import settings
from .web import listen

READY_WITHIN_S = 60
ENDED_WITHIN_S = 6
STEADY_S = 10  # who ran for so long did not fail at its start, and is needed soon
LONGEST_PAUSE_S = 30
_LOOPBACK = ("127.", "localhost", "::1")

_libc = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


class Refused(Exception):
    """We can't start. Carries a sentence for the person at the terminal."""


@dataclass
class Child:
    """A process that shall run, and when it may be started again."""

    name: str
    command: list[str]
    pass_fds: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    not_before: float = 0.0
    pause_s: float = field(default=1.0)

    def start(self) -> None:
        parent = os.getpid()
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603
            self.command,
            pass_fds=self.pass_fds,
            preexec_fn=lambda: die_with(parent),
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C at the terminal comes to us alone
        )

    def look_after(self) -> None:
        """Starts the child when it is not running, slower each time it fails at once."""
        now = time.monotonic()
        if self.process is not None:
            status = self.process.poll()
            if status is None:
                return
            self.process = None
            self.pause_s = 1.0 if now - self.started > STEADY_S else self.pause_s * 2
            self.not_before = now + min(self.pause_s, LONGEST_PAUSE_S)
            say(f"{self.name} ended ({_ending(status)}); starting it again")
        if now >= self.not_before:
            self.start()

    def signal(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, number)

    def gone(self) -> bool:
        return self.process is None or self.process.poll() is not None


def main() -> int:
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    try:
        listener = take_port(host, port)
    except Refused as refused:
        print(f"\n{refused}", file=sys.stderr)  # noqa: T201
        return 1
    os.set_inheritable(listener.fileno(), True)
    os.environ["AUGENMERK_LISTENER"] = str(listener.fileno())
    web = Child("web", [sys.executable, "-m", "config.web"], (listener.fileno(),))
    worker = Child("worker", [sys.executable, "-m", "config.worker"])
    return run([web, worker], when_ready=lambda: greet(host, port), address=(host, port))


def take_port(host: str, port: int) -> socket.socket:
    """The listening socket. Raises Refused with what to do instead."""
    try:
        return listen(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Refused(
                f"Port {port} on {host} is taken: another server answers there.\n"
                f"Choose another port: PORT={port + 1} bin/serve"
            ) from None
        if error.errno == errno.EACCES:
            raise Refused(
                f"Port {port} may be opened by root only. Choose one above 1023, "
                "and put a web server (nginx, Caddy) in front."
            ) from None
        raise Refused(f"{host}:{port} can't be opened: {error.strerror or error}.") from None


def run(children: list[Child], *, when_ready: Callable[[], None], address: tuple[str, int]) -> int:
    """Until SIGTERM or Ctrl-C; the second Ctrl-C does not wait for anybody."""
    asked: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        asked.append(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    give_up = time.monotonic() + READY_WITHIN_S
    waiting = True
    while not asked:
        for child in children:
            child.look_after()
        if waiting and ready(*address):
            waiting = False
            when_ready()
        elif waiting and time.monotonic() > give_up:
            waiting = False
            say("still not ready; what is wrong: .venv/bin/python manage.py doctor")
        time.sleep(0.2)
    end(children, asked)
    return 0


def end(children: list[Child], asked: list[int]) -> None:
    say("ending (Ctrl-C again: at once)")
    for child in children:
        child.signal(signal.SIGTERM)
    deadline = time.monotonic() + ENDED_WITHIN_S
    while time.monotonic() < deadline and len(asked) < 2:
        if all(child.gone() for child in children):
            break
        time.sleep(0.05)
    for child in children:
        child.signal(signal.SIGKILL)


def ready(host: str, port: int) -> bool:
    """Whether the server says itself that it is."""
    url = f"http://{_reachable(host)}:{port}/readyz"
    request = urllib.request.Request(url, headers={"Host": settings.ALLOWED_HOSTS[0]})
    try:
        with urllib.request.urlopen(request, timeout=2) as answer:  # noqa: S310  our own address
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def greet(host: str, port: int) -> None:
    here = f"http://{_reachable(host)}:{port}"
    lines = [
        "",
        "Augenmerk is running.",
        "",
        f"  Map        {here}/",
        f"  Report     {here}/melden",
    ]
    lines.append(f"  Staff      {here}/amt")
    if settings.MAILBOX_PAGE:
        lines.append(f"  Mailbox    {here}/postkasten   (no mail server is set: letters stay here)")
    if not host.startswith(_LOOPBACK):
        names = ", ".join(settings.ALLOWED_HOSTS)
        lines.append(f"\n  Answers only to these names: {names}")
        lines.append("  To a name of its own: PUBLIC_URL=https://maengel.example.de bin/serve")
    lines += logins(settings.HOME / "demo-logins.txt")
    lines.append("\nCtrl-C ends it.")
    print("\n".join(lines), flush=True)  # noqa: T201


def logins(file: Path) -> list[str]:
    """The demo's sign-ins; a file that others may read is not printed but named."""
    if not file.is_file():
        return []
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        return [f"\n  {file} may be read by others: chmod 600 {file}"]
    lines = file.read_text(encoding="utf-8").splitlines()
    return ["", *(f"  {line}".rstrip() for line in lines)]


def say(sentence: str) -> None:
    print(f"augenmerk: {sentence}", file=sys.stderr, flush=True)  # noqa: T201


def die_with(parent: int) -> None:
    """In the child, before it becomes another program."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before we could ask
        os._exit(1)


def _ending(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"status {status}"


def _reachable(host: str) -> str:
    if host == "0.0.0.0":  # noqa: S104
        return "127.0.0.1"
    return {"::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)


if __name__ == "__main__":
    sys.exit(main())
