"""The one network call: a tile from whoever draws the map.

It tells the source nothing about anybody: no cookie, no referrer, no address but ours.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from dataclasses import replace
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from .region import Tile
from .shelf import Kept

PATIENCE_S = 2.0
MOST_BYTES = 1024 * 1024  # of one tile; the usual ones have 5 to 40 KB
AT_A_TIME = 6  # as many as one browser would ask for
# By first bytes: what a server says about its file is not asked.
KINDS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


class SourceFailed(Exception):
    """No answer in time, or not one that is a tile. Its text says which."""


class NoTile(Exception):
    """The source is well and has no such tile."""


class Source:
    """A server of map tiles by a template with {z}, {x} and {y} (XYZ, or WMTS by REST or KVP)."""

    def __init__(self, template: str, *, agent: str = "Augenmerk") -> None:
        self._template = template
        self._headers = {"User-Agent": agent, "Accept": "image/*", "Accept-Encoding": "identity"}
        self._client: httpx.AsyncClient | None = None
        self._making = asyncio.Lock()

    @property
    def name(self) -> str:
        """Of its folder: another source's tiles never mix with these."""
        return hashlib.sha256(self._template.encode()).hexdigest()[:12]

    def url(self, tile: Tile) -> str:
        url = self._template
        for name, number in (("{z}", tile.z), ("{x}", tile.x), ("{y}", tile.y)):
            url = url.replace(name, str(number))
        return url

    async def fetch(self, tile: Tile, known: Kept | None = None) -> Kept:
        """The tile; `known` again where the source says that it has not changed.

        Raises SourceFailed and NoTile.
        """
        line = await self._line()
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await self._ask(line, tile, known)
        except TimeoutError:
            raise SourceFailed(f"no answer within {PATIENCE_S:.0f} s") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            raise SourceFailed(type(error).__name__) from None

    async def close(self) -> None:
        if self._client is not None:
            client, self._client = self._client, None
            await client.aclose()

    async def _ask(self, line: httpx.AsyncClient, tile: Tile, known: Kept | None) -> Kept:
        headers = self._headers | _conditions(known)
        async with line.stream("GET", self.url(tile), headers=headers) as answer:
            if known is not None and answer.status_code == HTTPStatus.NOT_MODIFIED:
                return replace(known, checked_at=time.time())
            if answer.status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE, HTTPStatus.NO_CONTENT}:
                raise NoTile
            if answer.status_code != HTTPStatus.OK:  # a redirect may lead anywhere: not followed
                raise SourceFailed(f"status {answer.status_code}")
            content = await _whole(answer)
        return Kept(
            content,
            kind_of(content),
            their_etag=answer.headers.get("etag", ""),
            their_date=answer.headers.get("last-modified", ""),
            checked_at=time.time(),
        )

    async def _line(self) -> httpx.AsyncClient:
        """Made in a thread: reading all the world's certificates takes a while."""
        async with self._making:
            if self._client is None:
                self._client = await asyncio.to_thread(_new_line)
        return self._client


def _new_line() -> httpx.AsyncClient:
    return httpx.AsyncClient(
        follow_redirects=False,
        timeout=PATIENCE_S,
        limits=httpx.Limits(max_connections=AT_A_TIME, keepalive_expiry=30),
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
    )


def kind_of(content: bytes) -> str:
    """The media type. Raises SourceFailed for what is no picture."""
    for begin, kind in KINDS.items():
        if content.startswith(begin):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    raise SourceFailed("not a picture")


def _conditions(known: Kept | None) -> dict[str, str]:
    if known is None:
        return {}
    said = {"If-None-Match": known.their_etag, "If-Modified-Since": known.their_date}
    return {name: value for name, value in said.items() if value}


async def _whole(answer: httpx.Response) -> bytes:
    """The body as it came. Raises SourceFailed beyond MOST_BYTES, and for a packed one."""
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise SourceFailed("packed, though not asked to be")
    content = bytearray()
    async for chunk in answer.aiter_raw():
        content += chunk
        if len(content) > MOST_BYTES:
            raise SourceFailed(f"more than {MOST_BYTES // 1024} KB")
    return bytes(content)
