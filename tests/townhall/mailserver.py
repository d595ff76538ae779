"""A real mail server on a free loopback port, with moods."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

OK = "250 OK"


class MailServer:
    """Answers as its script says, then with yes; keeps what it took."""

    def __init__(self) -> None:
        self.at_rcpt: list[str] = []
        self.at_data: list[str] = []
        self.letters: list[EmailMessage] = []
        self.is_busy = threading.Event()  # it has the text and thinks
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.port = 0

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        answer = self.at_rcpt.pop(0) if self.at_rcpt else OK
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.is_busy.set()
        answer = self.at_data.pop(0) if self.at_data else OK
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        while not self.may_answer.is_set():
            await asyncio.sleep(0.02)
        return answer


@contextmanager
def running() -> Iterator[MailServer]:
    server = MailServer()
    with free_port(server) as controller:
        server.port = controller.server.sockets[0].getsockname()[1]
        yield server


@contextmanager
def free_port(server: MailServer) -> Iterator[Any]:
    controller = Started(server, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        yield controller
    finally:
        server.may_answer.set()
        controller.stop()


class Started(Controller):
    def _trigger_server(self) -> None:
        """aiosmtpd knocks at the port it was asked for; ours is the system's choice."""
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()
