"""The watch: drops readers that are too slow, and topics whose reader lost the right to them."""

from __future__ import annotations

import asyncio
import logging

from django.conf import settings
from django.db import Error as DatabaseError

from .doorkeeper import in_thread, revoked
from .hub import Hub
from .limits import SEND_SECONDS
from .sockets import CloseCode, Socket, event

log = logging.getLogger(__name__)

_revoked = in_thread(revoked)


async def watch(hub: Hub) -> None:
    """Look for slow readers every second, for lost rights every beat, while there are sockets."""
    loop = asyncio.get_running_loop()
    next_check = loop.time() + settings.LIVE_BEAT_SECONDS
    while hub.sockets:
        await asyncio.sleep(1)
        drop_slow(hub, now=loop.time())
        if loop.time() >= next_check:
            await check_rights(hub)
            next_check = loop.time() + settings.LIVE_BEAT_SECONDS


def drop_slow(hub: Hub, *, now: float) -> None:
    """Close sockets whose present message has not left for SEND_SECONDS. `now`: loop time."""
    for socket in list(hub.sockets):
        if socket.sending_since is not None and now - socket.sending_since > SEND_SECONDS:
            socket.close(CloseCode.SLOW)


async def check_rights(hub: Hub) -> None:
    """Part sockets from topics that their session no longer opens, and say so."""
    for socket in list(hub.sockets):
        try:
            await _check(hub, socket)
        except DatabaseError as error:  # nothing rings meanwhile; asked again next time
            log.warning("Rights to live topics could not be checked: %s", str(error).strip())
            return


async def _check(hub: Hub, socket: Socket) -> None:
    guarded = [topic for topic in socket.topics.values() if not topic.kind.is_public]
    lost = await _revoked(socket.session_key, guarded) if guarded else []
    if lost:
        hub.part(socket, [topic.rung for topic in lost])
        socket.put(event({"kind": "closed", "topics": [topic.said for topic in lost]}))
