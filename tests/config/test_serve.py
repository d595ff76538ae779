"""The supervisor behind `bin/serve`, with small programs in the place of web and worker."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from config import serve
from config.web import listen

from .conftest import until

# One write, so that the lines of two children don't mix.
STEADY = "import os, time; os.write(1, b'%d\\n' % os.getpid()); time.sleep(600)"
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {STEADY}"
SUPERVISOR = """
import sys
from config.serve import Child, run
children = [Child(f"child {n}", [sys.executable, "-c", code]) for n, code
            in enumerate(sys.argv[1:])]
sys.exit(run(children, when_ready=lambda: None, address=("127.0.0.1", 1)))
"""
Start = Callable[..., tuple[subprocess.Popen[str], list[int]]]


@pytest.fixture
def start() -> Iterator[Start]:
    """`start(*programs)`: a supervisor and the process ids of its children."""
    running: list[subprocess.Popen[str]] = []

    def begin(*programs: str) -> tuple[subprocess.Popen[str], list[int]]:
        process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISOR, *programs],
            cwd=settings.BASE_DIR, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        running.append(process)
        assert process.stdout is not None
        return process, [int(process.stdout.readline()) for _ in programs]

    yield begin
    for process in running:
        process.kill()
        process.communicate()


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_nothing_survives_a_killed_supervisor(start: Start) -> None:
    supervisor, children = start(STEADY, DEAF)
    assert all(map(alive, children))
    supervisor.kill()
    until(lambda: not any(map(alive, children)))


def test_a_child_that_dies_is_started_again(start: Start) -> None:
    supervisor, [first, _] = start(STEADY, STEADY)
    os.kill(first, signal.SIGKILL)
    assert supervisor.stdout is not None
    again = int(supervisor.stdout.readline())
    assert again != first
    assert alive(again)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_one_signal_ends_it_all(start: Start, number: signal.Signals) -> None:
    supervisor, children = start(STEADY, STEADY)
    supervisor.send_signal(number)
    assert supervisor.wait(5) == 0
    until(lambda: not any(map(alive, children)))


def test_a_second_ctrl_c_waits_for_nobody(start: Start) -> None:
    supervisor, [deaf] = start(DEAF)
    supervisor.send_signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        supervisor.wait(0.5)
    supervisor.send_signal(signal.SIGINT)
    assert supervisor.wait(2) == 0
    until(lambda: not alive(deaf))


def test_a_taken_port_is_named_with_a_way_out() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(serve.Refused, match=rf"Port {port} .*\n.*PORT={port + 1} bin/serve"):
            serve.take_port("127.0.0.1", port)


@pytest.mark.parametrize("port", ["0", "65536", "080", "-1", "acht", "8000 ", "9" * 30])
def test_a_port_that_is_none_is_refused_before_anything_else(port: str) -> None:
    answer = subprocess.run(
        ["bin/serve"], cwd=settings.BASE_DIR, env={**os.environ, "PORT": port},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert answer.returncode == 1
    assert answer.stdout == ""
    assert answer.stderr == f"\nserve: PORT must be a number from 1 to 65535, not '{port}'.\n"


def test_an_address_of_another_machine_is_refused_in_words() -> None:
    with pytest.raises(serve.Refused, match=r"203\.0\.113\.1:8000 can't be opened"):
        serve.take_port("203.0.113.1", 8000)


def test_a_port_is_free_again_at_once() -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            accepted, _ = first.accept()
            accepted.close()
    listen("127.0.0.1", port).close()


def test_logins_that_others_may_read_are_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "demo-logins.txt"
    assert serve.logins(file) == []
    file.write_text("Für alle dasselbe.\n\nPasswort: geheim\n")
    file.chmod(0o600)
    assert serve.logins(file) == ["", "  Für alle dasselbe.", "", "  Passwort: geheim"]
    file.chmod(0o644)
    assert "geheim" not in "".join(serve.logins(file))
