"""What systemd hears from the web process and the worker."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from config import notify
from config.web import listen

SAID = b"READY=1\nWATCHDOG=1"


@pytest.fixture
def ear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """The end that systemd holds."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(str(tmp_path / "notify"))
        line.settimeout(30)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        yield line


def test_nobody_there_is_no_trouble(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    notify.turning()
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nowhere"))
    notify.turning()


def test_a_loop_that_turns_says_so(ear: socket.socket) -> None:
    async def work() -> None:
        async with notify.while_turning():
            await asyncio.sleep(0)

    asyncio.run(work())
    assert ear.recv(100) == SAID


def test_the_web_process_takes_over_a_socket_and_says_when_it_is_ready(
    ear: socket.socket,
) -> None:
    with listen("127.0.0.1", 0) as listener:
        os.set_inheritable(listener.fileno(), True)
        web = subprocess.Popen(
            [sys.executable, "-m", "config.web"],
            cwd=settings.BASE_DIR,
            env={**os.environ, "AUGENMERK_LISTENER": str(listener.fileno())},
            pass_fds=[listener.fileno()],
        )
        try:
            assert ear.recv(100) == SAID
            with socket.create_connection(listener.getsockname(), timeout=60) as line:
                line.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                assert line.recv(100).startswith(b"HTTP/1.1 200 ")
        finally:
            web.send_signal(signal.SIGTERM)
            assert web.wait(10) == -signal.SIGTERM
