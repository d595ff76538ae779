"""What systemd hears from us: that we are ready, and that our event loop still turns.

The units are `Type=notify` with WatchdogSec: a process that is alive and does nothing any more is
ended and started again. Elsewhere nobody listens, and nothing is said.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

EVERY_S = 5
WATCHDOG_S = 60  # the loop may be busy, even on a machine that is short of breath


def turning() -> None:
    """Called from the loop every EVERY_S. The first call says that all is ready."""
    tell("READY=1\nWATCHDOG=1")


@asynccontextmanager
async def while_turning() -> AsyncIterator[None]:
    """Tells of the loop for as long as the block runs."""
    telling = asyncio.create_task(_tell_again_and_again())
    try:
        yield
    finally:
        telling.cancel()


async def _tell_again_and_again() -> None:
    while True:
        turning()
        await asyncio.sleep(EVERY_S)


def tell(state: str) -> None:
    """One datagram to whoever started us, as sd_notify(3) has it. Nobody there: no matter."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):  # an abstract socket
        address = f"\0{address[1:]}"
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.setblocking(False)
        line.sendto(state.encode(), address)
