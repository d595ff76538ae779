"""The hub of a process: which socket listens to which topic. Knows no database and no network."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from .ringing import RESYNC
from .sockets import Socket, event
from .topics import Topic

log = logging.getLogger(__name__)


class Hub:
    """Every message is encoded once, and the same text goes to every socket that wants it."""

    def __init__(self) -> None:
        self.sockets: set[Socket] = set()
        self._wanted: dict[str, set[Socket]] = {}
        self._addresses: Counter[str] = Counter()

    def enter(self, socket: Socket) -> None:
        self.sockets.add(socket)
        self._addresses[socket.address] += 1

    def leave(self, socket: Socket) -> None:
        """The socket is gone for good; again is harmless."""
        if socket not in self.sockets:
            return
        self.part(socket, list(socket.topics))
        self.sockets.discard(socket)
        self._addresses[socket.address] -= 1
        if not self._addresses[socket.address]:
            del self._addresses[socket.address]

    def from_address(self, address: str) -> int:
        return self._addresses[address]

    def join(self, socket: Socket, topics: Iterable[Topic]) -> None:
        if socket not in self.sockets:  # it left while its rights were being asked for
            return
        for topic in topics:
            socket.topics[topic.rung] = topic
            self._wanted.setdefault(topic.rung, set()).add(socket)

    def part(self, socket: Socket, names: Iterable[str]) -> None:
        """The socket no longer wants the topics, named as they are rung."""
        for name in names:
            socket.topics.pop(name, None)
            wanting = self._wanted.get(name)
            if wanting is not None:
                wanting.discard(socket)
                if not wanting:
                    del self._wanted[name]

    def hear(self, payload: str) -> Mapping[str, Any]:
        """Deliver a notification; returns it, so that the listener finds its own marker."""
        try:
            notification: dict[str, Any] = json.loads(payload)
            for topics, message in notification.get("rings", ()):
                self.deliver(topics, message)
        except (ValueError, TypeError, AttributeError):
            log.warning("Ignored a notification that is not ours: %.80r", payload)
            return {}
        return notification

    def deliver(self, topics: Iterable[str], message: Mapping[str, Any]) -> None:
        """Once to every socket that wants any of the topics."""
        wanting = [self._wanted[topic] for topic in topics if topic in self._wanted]
        if wanting:
            one_for_all = event(message)
            for socket in set[Socket]().union(*wanting):  # a copy: who is too slow leaves
                socket.put(one_for_all)

    def tell_all(self, message: Mapping[str, Any]) -> None:
        """To every socket that listens to anything."""
        one_for_all = event(message)
        for socket in list(self.sockets):
            if socket.topics:
                socket.put(one_for_all)

    def resync(self) -> None:
        """Notifications may have been lost: every page is to ask for what it missed."""
        self.tell_all(RESYNC)
