"""The bare floor of the live line: `python -m bench.broadcast PORT`.

The `websockets` library with its own `broadcast`, nothing around it. Sends every line of standard
input to all sockets that have said something.
"""

from __future__ import annotations

import asyncio
import sys

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve

pages: set[ServerConnection] = set()


async def page(connection: ServerConnection) -> None:
    await connection.recv()
    pages.add(connection)
    await connection.send('{"kind":"ready"}')
    await connection.wait_closed()


async def main() -> None:
    loop = asyncio.get_running_loop()
    orders = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    async with serve(page, "127.0.0.1", int(sys.argv[1]), compression=None, backlog=2048):
        while line := await orders.readline():
            broadcast(pages, line.decode().strip())


if __name__ == "__main__":
    uvloop.run(main())
