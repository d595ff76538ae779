"""The socket at /live/: authorises, joins topics, forwards. Knows no report and no found thing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.db import Error as DatabaseError

from .addresses import client_address, session_key
from .doorkeeper import admit, in_thread, news
from .limits import CLOSE_SECONDS, MISTAKES, TOPICS_PER_SOCKET
from .line import NoListener, line_here
from .pace import Pace
from .sockets import CloseCode, Socket, direct_writer, event
from .topics import Topic, named
from .wishes import Nonsense, Ping, Subscribe, Unsubscribe, Wish, wish

_admit = in_thread(admit)
_news = in_thread(news)
_PONG = event({"kind": "pong"})


class LiveConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """No channel layer: a group per topic costs each socket a message of its own."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self._task = asyncio.current_task()
        self._closing: asyncio.Task[None] | None = None
        self._line = line_here()
        self._pace = Pace()
        self._mistakes = 0
        self._socket = Socket(
            send,
            close=self._close,
            write=direct_writer(scope),
            address=client_address(scope),
            session_key=session_key(scope),
        )
        try:
            await super().__call__(scope, receive, send)
        except asyncio.CancelledError:
            if self._closing is None:  # not we, the server ends the socket
                raise
        finally:
            self._line.hub.leave(self._socket)

    async def dispatch(self, message: dict[str, Any]) -> None:
        """As in the base class, without its hop into a thread for every message."""
        await getattr(self, message["type"].replace(".", "_"))(message)

    async def websocket_disconnect(self, message: dict[str, Any]) -> None:
        raise StopConsumer

    async def connect(self) -> None:
        await self.accept()
        address = self._socket.address
        if address and self._line.hub.from_address(address) >= settings.LIVE_SOCKETS_PER_ADDRESS:
            self._close(CloseCode.TOO_MANY)
        else:
            self._line.hub.enter(self._socket)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self._closing is not None:
            return
        try:
            await self._grant(wish(text_data))
        except Nonsense as nonsense:
            self._mistakes += 1
            self._say({"kind": "error", "message": str(nonsense)})
            if self._mistakes >= MISTAKES:
                self._close(CloseCode.NONSENSE)
        except (DatabaseError, NoListener):
            self._say({"kind": "error", "message": "The database does not answer."})
            self._close(CloseCode.TRY_AGAIN_LATER)

    async def _grant(self, wish: Wish) -> None:
        match wish:
            case Ping():
                self._socket.put(_PONG)
            case Unsubscribe(topics):
                known = filter(None, map(named, topics))
                self._line.hub.part(self._socket, [topic.rung for topic in known])
            case Subscribe(topics, cursor):
                await asyncio.sleep(self._pace.wait(asyncio.get_running_loop().time()))
                await self._subscribe(topics, cursor)

    async def _subscribe(self, said: tuple[str, ...], cursor: str | None) -> None:
        """Join first, read what was missed then: so nothing falls between the two."""
        await self._line.listening()
        admission = await _admit(self._socket.session_key, said)
        accepted, beyond = self._that_fit(admission.accepted)
        self._line.hub.join(self._socket, accepted)
        found = await _news(cursor, accepted, admission.visitor)
        names = [topic.said for topic in accepted]
        if found.messages is None:
            self._say({"kind": "reload", "topics": names})
        for message in found.messages or ():
            self._say(message)
        refused = [*admission.refused, *(topic.said for topic in beyond)]
        self._say({"kind": "ready", "topics": names, "refused": refused, "cursor": found.cursor})

    def _that_fit(self, topics: list[Topic]) -> tuple[list[Topic], list[Topic]]:
        """The topics up to the limit of a socket, and those beyond it."""
        have = set(self._socket.topics)
        fit, beyond = [], []
        for topic in topics:
            if topic.rung in have or len(have) < TOPICS_PER_SOCKET:
                have.add(topic.rung)
                fit.append(topic)
            else:
                beyond.append(topic)
        return fit, beyond

    def _say(self, message: Mapping[str, Any]) -> None:
        self._socket.put(event(message))

    def _close(self, code: CloseCode) -> None:
        """Close from our side: for the hub at once, and without waiting for the reader."""
        if self._closing is None:
            self._line.hub.leave(self._socket)
            self._closing = asyncio.create_task(self._farewell(code))

    async def _farewell(self, code: CloseCode) -> None:
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._socket.finish(unsaid=code is CloseCode.SLOW)
                await self.close(code=int(code))
        except OSError:  # TimeoutError too: it does not even take the farewell
            if self._task is not None:
                self._task.cancel()
