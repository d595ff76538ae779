"""A real mail server with moods, which remembers what it was given."""

from __future__ import annotations

import asyncio
import enum
import hashlib
import logging
import random
import re
import socket
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

_CONFIRM = re.compile(r"/r/[\w-]+/bestaetigen")


class Mood(enum.Enum):
    NORMAL = "normal"
    GREYLISTING = "greylisting"  # 451 to whom it does not know yet
    CUTTING = "cut in mid-transfer"
    MUTE = "silent after the whole text"  # half of them are taken all the same
    DOWN = "down"


@dataclass
class PostOffice:
    """`taken`: how often each Message-ID was accepted. `on_receipt` gets (address, link)."""

    luck: random.Random
    on_receipt: Callable[[str, str], None]
    port: int = 0
    mood: Mood = Mood.NORMAL
    taken: Counter[str] = field(default_factory=Counter)
    contents: dict[str, set[str]] = field(default_factory=dict)
    turned_away: Counter[str] = field(default_factory=Counter)
    _known: set[str] = field(default_factory=set)
    _controller: Any = None

    async def open(self) -> None:
        if not self.port:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self.port = probe.getsockname()[1]
        self._controller = _Controller(self)
        await asyncio.to_thread(self._controller.start)

    async def close(self) -> None:
        controller, self._controller = self._controller, None
        if controller:
            await asyncio.to_thread(controller.stop)

    async def become(self, mood: Mood) -> None:
        self.mood = mood
        if mood is Mood.DOWN:
            await self.close()
        elif self._controller is None:
            await self.open()

    # ── aiosmtpd's hooks, called in its thread ───────────────────────────────────────────
    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.mood is Mood.GREYLISTING and address not in self._known:
            self._known.add(address)
            self.turned_away[self.mood.value] += 1
            return "451 4.7.1 Greylisted, please come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.mood is Mood.MUTE:
            self.turned_away[self.mood.value] += 1
            if self.luck.random() < 0.5:
                self._take(envelope)
            server.transport.abort()
            return "421 never read"
        self._take(envelope)
        return "250 OK"

    def _take(self, envelope: Any) -> None:
        mail: Any = message_from_bytes(envelope.content, policy=policy.default)
        key = str(mail["Message-ID"])
        text = mail.get_body(("plain",)).get_content()
        self.taken[key] += 1
        sum_ = hashlib.sha256(f"{mail['To']}{mail['Date']}{mail['Subject']}{text}".encode())
        self.contents.setdefault(key, set()).add(sum_.hexdigest())
        if found := _CONFIRM.search(text):
            self.on_receipt(str(mail["To"]), found[0])


logging.getLogger("mail.log").setLevel(logging.ERROR)  # who was cut off leaves a line behind


class _Impatient(SMTP):
    """Hangs up in the middle of a text while the office is in that mood."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        office: PostOffice = self.event_handler
        if office.mood is not Mood.CUTTING:
            await super().smtp_DATA(arg)
            return
        office.turned_away[office.mood.value] += 1
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        await self._reader.read(100)
        transport: Any = self.transport
        transport.abort()


class _Controller(Controller):
    def __init__(self, office: PostOffice) -> None:
        super().__init__(office, hostname="127.0.0.1", port=office.port)

    def factory(self) -> SMTP:
        return _Impatient(self.handler, **self.SMTP_kwargs)
