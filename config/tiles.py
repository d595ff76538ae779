"""`/kacheln/{z}/{x}/{y}`: the map's background, on the asynchronous side of the house.

A tile may have to be waited for, and a map asks for forty at once: in the threads that make the
pages they would stand in everybody's way. So this door never enters Django.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.gis.db.models.functions import Envelope
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils import timezone

from geo.boxes import Box
from geo.models import Area
from geo.tiles import (
    Kept,
    NoTile,
    Region,
    Shelf,
    Source,
    SourceFailed,
    Stock,
    Tile,
    Unreachable,
)
from townhall.models import Municipality

from .edge import Headers, Scope, Send
from .findings import Findings, note, ok
from .spool import Receive

PREFIX = "/kacheln/"
LEAST_ZOOM = 6
REGION_S = 600.0  # areas change by imports, and a tile more or less hurts nobody
_PATH = re.compile(r"/kacheln/(\d{1,2})/(\d{1,8})/(\d{1,8})", re.ASCII)
# Asked for again in the background of a page that shows the old one meanwhile.
_LONG = b"public, max-age=604800, stale-while-revalidate=2592000"
_SHORT = b"public, max-age=3600"


def served_region() -> Region:
    """Around the areas of the municipalities that take part. One statement."""
    keys = Municipality.objects.values("key")
    areas = Area.objects.in_layer(settings.MUNICIPALITY_LAYER).valid_on(timezone.localdate())
    boxes = areas.filter(key__in=keys).values_list(Envelope("shape"), flat=True)
    return Region(
        tuple(Box(*envelope.extent) for envelope in boxes), LEAST_ZOOM, settings.TILE_MAX_ZOOM
    )


def source() -> Source:
    return Source(settings.TILE_SOURCE, agent=f"Augenmerk (+{settings.PUBLIC_URL})")


def shelf() -> Shelf:
    folder = settings.HOME / "tiles" / source().name
    return Shelf(folder, most_bytes=settings.TILE_CACHE_MB * 1024 * 1024)


class TileDoor:
    """An ASGI application. `region`: who knows which tiles are ours."""

    def __init__(
        self, stock: Stock | None, *, region: Callable[[], Awaitable[Region]] | None = None
    ) -> None:
        self.stock = stock
        self._ask_region = region or database_sync_to_async(served_region)
        self._region: Region | None = None
        self._region_until = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status, headers, content = await self._answer(scope)
        headers += [
            (b"content-length", str(len(content)).encode()),
            (b"x-content-type-options", b"nosniff"),
        ]
        body = b"" if scope["method"] == "HEAD" else content
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope) -> tuple[int, Headers, bytes]:
        if scope["method"] not in {"GET", "HEAD"}:
            return 405, [(b"allow", b"GET, HEAD")], b""
        found = _PATH.fullmatch(scope["path"])
        if self.stock is None or found is None:
            return 404, [(b"cache-control", _SHORT)], b""
        tile = Tile(*map(int, found.groups()))
        try:
            if not (await self._served()).holds(tile):
                return 404, [(b"cache-control", _SHORT)], b""
            return _told(await self.stock.tile(tile), scope["headers"])
        except NoTile:
            return 404, [(b"cache-control", _SHORT)], b""
        except (Unreachable, DatabaseError):
            return 503, [(b"cache-control", b"no-store"), (b"retry-after", b"30")], b""

    async def _served(self) -> Region:
        """Raises DatabaseError only while it was never known."""
        if self._region is None or time.monotonic() > self._region_until:
            try:
                self._region = await self._ask_region()
            except DatabaseError:
                if self._region is None:
                    raise
            self._region_until = time.monotonic() + REGION_S
        return self._region


def _told(kept: Kept, asked: Headers) -> tuple[int, Headers, bytes]:
    etag = kept.etag.encode()
    headers = [(b"etag", etag), (b"cache-control", _LONG)]
    if any(name == b"if-none-match" and etag in value for name, value in asked):
        return 304, headers, b""
    return 200, [*headers, (b"content-type", kept.kind.encode())], kept.content


# ── For the doctor ───────────────────────────────────────────────────────────────────────────
def look_at_source() -> Findings:
    """Whether the source draws a tile of ours, and how much lies on the shelf. Waits for it."""
    file = settings.HOME / "env"
    if not settings.TILE_SOURCE:
        yield note("map background: none, maps stay plain", f"to have one: TILE_SOURCE in {file}")
        return
    host = urlsplit(settings.TILE_SOURCE).netloc
    tile = served_region().some_tile()
    if tile is None:
        yield note("map background: nothing is served yet", "import the municipalities' areas")
        return
    try:
        asyncio.run(_try(tile))
    except (SourceFailed, NoTile) as failure:
        why = str(failure) or "has no tile here"
        yield note(
            f"map background: {host}: {why}; maps stay plain",
            f"is TILE_SOURCE right in {file}? Is a firewall between (HTTPS_PROXY)?",
        )
    else:
        kept = shelf().size() / 1024**2
        yield ok(f"map background: {host} answers, {kept:.0f} MB kept")


async def _try(tile: Tile) -> None:
    asked = source()
    try:
        await asked.fetch(tile)
    finally:
        await asked.close()


door = TileDoor(Stock(source(), shelf()) if settings.TILE_SOURCE else None)


def background(request: HttpRequest) -> dict[str, Any]:
    """Context processor: what a map must know of its background; None while there is none.

    A source that does not answer now is not even mentioned, so that pages ask for nothing in vain.
    """
    if door.stock is None or door.stock.breaker.is_resting:
        return {"map_tiles": None}
    told = {
        "url": f"{PREFIX}{{z}}/{{x}}/{{y}}",
        "credit": settings.TILE_ATTRIBUTION,
        "least": LEAST_ZOOM,
        "most": settings.TILE_MAX_ZOOM,
    }
    return {"map_tiles": told}
