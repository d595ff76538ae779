"""Clerks at the desk, through the real door: they take reports into work and finish them."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from .wire import Answer, Line, Lost, Request, as_form

_SIGN_IN: Final = "/amt/anmelden"


@dataclass
class Deed:
    """`was_told`: the desk said that it is done. Otherwise it may be, or somebody was faster."""

    code: str
    slug: str
    was_told: bool = False


@dataclass
class Clerk:
    """Works through `pile`, one report after the other, until it is told to go home."""

    login: str
    password: str
    line: Line
    luck: random.Random
    pile: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    deeds: list[Deed] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    cookies: dict[str, str] = field(default_factory=dict)
    is_busy: bool = False

    async def work(self) -> None:
        while True:
            self.is_busy = False
            code = await self.pile.get()
            self.is_busy = True
            await self._do(code, "annahme", {})
            if self.luck.random() < 0.5:
                words = {"status": "done", "text": "Ist behoben."}
                await self._do(code, "status", words)

    async def _do(self, code: str, slug: str, fields: dict[str, str]) -> None:
        """Presses the button until an answer comes, as people do."""
        deed = Deed(code, slug)
        self.deeds.append(deed)
        while True:
            answer = await self._post(f"/amt/meldung/{code}/{slug}", fields)
            if answer is not None:
                deed.was_told = answer.status == 303
                return
            await asyncio.sleep(self.luck.uniform(0.5, 2))

    async def _post(self, path: str, fields: dict[str, str]) -> Answer | None:
        """None: no answer that decides anything."""
        if "augenmerk_sitzung" not in self.cookies and not await self._sign_in():
            return None
        answer = await self.ask(as_form(path, list((self._token() | fields).items())))
        if answer is not None and answer.headers.get("location", "").startswith(_SIGN_IN):
            self.cookies.clear()
            return None
        return answer

    async def _sign_in(self) -> bool:
        await self.ask(Request("GET", _SIGN_IN))
        fields = {"username": self.login, "password": self.password}
        await self.ask(as_form(_SIGN_IN, list((self._token() | fields).items())))
        return "augenmerk_sitzung" in self.cookies

    def _token(self) -> dict[str, str]:
        return {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}

    async def ask(self, request: Request) -> Answer | None:
        """With the cookies; None while the house is broken."""
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {**request.headers, "Cookie": jar, "Sec-Fetch-Site": "same-origin"}
        try:
            answer = await self.line.ask(
                Request(request.method, request.path, request.body, headers)
            )
        except Lost:
            self.answers["lost"] += 1
            return None
        self.answers[str(answer.status)] += 1
        self.cookies.update(answer.cookies)
        return None if answer.status >= 500 else answer

    async def page(self, path: str) -> str:
        """A page behind the sign-in; "" while there is none to be had."""
        if "augenmerk_sitzung" not in self.cookies and not await self._sign_in():
            return ""
        answer = await self.ask(Request("GET", path))
        return answer.text if answer is not None and answer.status == 200 else ""


@dataclass
class Confirmations:
    """Readers of letters who press the button in them."""

    port: int
    luck: random.Random
    on_confirmed: Callable[[str], None]
    links: asyncio.Queue[tuple[str, str]] = field(default_factory=asyncio.Queue)
    confirmed: set[str] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)
    busy: int = 0

    async def press(self) -> None:
        while True:
            address, path = await self.links.get()
            self.busy += 1
            while not await self._press_once(address, path):
                await asyncio.sleep(self.luck.uniform(0.3, 2))
            self.busy -= 1

    async def _press_once(self, address: str, path: str) -> bool:
        try:
            source = f"127.200.{self.luck.randrange(250)}.{1 + self.luck.randrange(250)}"
            answer = await Line(self.port, source).ask(as_form(path, [("ja", "1")]))
        except Lost:
            return False
        if answer.status == 303:
            self.confirmed.add(address)
            self.on_confirmed(address)
        elif answer.status < 500 and answer.status != 429:
            self.refused.append(f"{answer.status} {path}")
        return answer.status < 500 and answer.status != 429
