"""Ten thousand people who report something and do not give up before they are told a number."""

from __future__ import annotations

import asyncio
import io
import random
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from PIL import Image

from .wire import Answer, Line, Lost, Request, as_form, as_json

_CODE: Final = re.compile(r'class="code"[^>]*>.*?([0-9A-Z]{4})-([0-9A-Z]{4})', re.DOTALL)
_LONGEST_PAUSE_S: Final = 6.0
_AT_ONCE: Final = 96  # people with the form in their hands at the same time


@dataclass(frozen=True)
class Spot:
    """A place with what can be reported there without further questions."""

    lon: float
    lat: float
    town: str
    categories: tuple[str, ...]


@dataclass
class Submission:
    """One report to be. `told`: every number that an answer named; there must be one in the end."""

    number: int
    client_id: UUID
    door: str  # api, api-form, page
    manner: str  # plain, cut, twice, impatient
    spot: Spot
    category: str
    email: str
    photos: list[tuple[UUID, bytes]]
    told: set[str] = field(default_factory=set)
    refused: str = ""

    @property
    def text(self) -> str:
        return f"Meldung {self.number} aus dem Sturm: ein Loch, so tief wie ein Schuh."

    @property
    def source(self) -> str:
        """An address of its own, as on a real day: 127.1.0.1, 127.1.0.2, …"""
        return f"127.{1 + self.number // 62500}.{self.number // 250 % 250}.{1 + self.number % 250}"


def people(
    count: int, spots: Sequence[Spot], luck: random.Random, album: Sequence[bytes]
) -> list[Submission]:
    """An empty album: nobody brings a photo."""
    return [_somebody(number, spots, luck, album) for number in range(count)]


def _somebody(
    number: int, spots: Sequence[Spot], luck: random.Random, album: Sequence[bytes]
) -> Submission:
    door = luck.choices(("api", "api-form", "page"), (83, 5, 12))[0]
    spot = luck.choice(spots)
    with_photo = bool(album) and (door == "api-form" or luck.random() < 0.08)
    count = luck.choice((1, 1, 1, 2)) if with_photo else 0
    return Submission(
        number=number,
        client_id=_uuid(luck),
        door=door,
        manner=luck.choices(("plain", "cut", "twice", "impatient"), (79, 7, 7, 7))[0],
        spot=spot,
        category=luck.choice(spot.categories),
        email=f"person{number}@sturm.example" if luck.random() < 0.3 else "",
        photos=[(_uuid(luck), luck.choice(album)) for _ in range(count)],
    )


def _uuid(luck: random.Random) -> UUID:
    return UUID(int=luck.getrandbits(128), version=4)


def album(luck: random.Random) -> list[bytes]:
    """Small photos, and one of more than a megabyte, which the edge must lay on disk."""
    return [_photo(luck, side) for side in [*[160] * 24, 900]]


def _photo(luck: random.Random, side: int) -> bytes:
    noise = Image.frombytes("RGB", (side, side), luck.randbytes(side * side * 3))
    file = io.BytesIO()
    noise.save(file, "JPEG", quality=60 if side < 500 else 95)
    return file.getvalue()


@dataclass
class Crowd:
    """Everybody who reports. `on_told` hears of each first answer."""

    submissions: list[Submission]
    port: int
    luck: random.Random
    on_told: Callable[[Submission], None]
    answers: Counter[str] = field(default_factory=Counter)
    wordless: Counter[str] = field(default_factory=Counter)  # a 5xx that told nobody anything
    sentences: Counter[tuple[int, str]] = field(default_factory=Counter)

    async def come(self, per_second: float) -> None:
        """Evenly, however the house is; returns when everybody was told a number or refused."""
        seats = asyncio.Semaphore(_AT_ONCE)
        started = asyncio.get_running_loop().time()
        async with asyncio.TaskGroup() as group:
            for submission in self.submissions:
                due = started + submission.number / per_second
                await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
                await seats.acquire()
                group.create_task(self._one(submission, seats))

    async def _one(self, submission: Submission, seats: asyncio.Semaphore) -> None:
        try:
            await self._hand_in(submission)
        finally:
            seats.release()

    async def _hand_in(self, one: Submission) -> None:
        line = Line(self.port, one.source)
        if one.door == "api":
            for photo_id, content in one.photos:
                if not await self._insist(lambda: self._stage(line, photo_id, content)):  # noqa: B023
                    one.refused = "photo"
                    return
        request = request_of(one)
        if one.manner == "cut":
            await line.hang_up_in(request, at=self.luck.uniform(0.05, 0.95))
        elif one.manner == "impatient":
            await self._try(one, line, request, patience_s=self.luck.uniform(0.005, 0.4))
        elif one.manner == "twice":
            await asyncio.gather(
                self._try(one, line, request), self._try(one, line, request), return_exceptions=True
            )
        if not one.told:
            await self._insist(lambda: self._try(one, line, request))
        if one.told:
            self.on_told(one)

    async def _insist(self, attempt: Callable[[], Awaitable[bool | None]]) -> bool:
        """Again and again until there is an answer that means something: yes or no."""
        for n in range(10_000):
            verdict = await attempt()
            if verdict is not None:
                return verdict
            pause = min(0.3 * 1.7**n, _LONGEST_PAUSE_S)
            await asyncio.sleep(pause * self.luck.uniform(0.5, 1.5))
        return False

    async def _stage(self, line: Line, photo_id: UUID, content: bytes) -> bool | None:
        request = as_form("/api/v1/photos/", [("id", str(photo_id))], [("photo", content)])
        answer = await self._ask(line, request)
        return None if answer is None else answer.status in {200, 201}

    async def _try(
        self, one: Submission, line: Line, request: Request, **how: float
    ) -> bool | None:
        answer = await self._ask(line, request, **how)
        if answer is None:
            return None
        code = await self._code_of(one, line, answer)
        if code:
            one.told.add(code)
            return True
        one.refused = f"{answer.status} {answer.text[:300]}"
        return False

    async def _code_of(self, one: Submission, line: Line, answer: Answer) -> str:
        """The number in the answer, or on the page that it leads to; "" where there is none."""
        if answer.status not in {200, 201, 303}:
            return ""
        if one.door != "page":
            return str(answer.json()["code"])
        goal = answer.headers.get("location", "")
        for _ in range(1000):
            page = await self._ask(line, Request("GET", goal))
            if page is not None:
                found = _CODE.search(page.text)
                return "".join(found.groups()) if found else ""
            await asyncio.sleep(self.luck.uniform(0.3, 2))
        return ""

    async def _ask(self, line: Line, request: Request, **how: float) -> Answer | None:
        """None: nothing is decided, try again."""
        try:
            answer = await line.ask(request, patience_s=how.get("patience_s", 20.0))
        except Lost as lost:
            self.answers[f"lost: {lost}"] += 1
            return None
        self.answers[str(answer.status)] += 1
        if answer.status >= 500 or answer.status in {408, 429}:
            self.note_trouble(request, answer)
            return None
        return answer

    def note_trouble(self, request: Request, answer: Answer) -> None:
        if not answer.has_words:
            self.wordless[f"{answer.status} {request.path} {answer.text[:60]!r}"] += 1
        elif answer.headers["content-type"].startswith("application/problem+json"):
            said = answer.json()
            self.sentences[answer.status, f"{said.get('title')} {said.get('detail', '')}"] += 1
        else:
            found = re.search(r"<title>(.*?)</title>.*?<h1[^>]*>(.*?)</h1>", answer.text, re.DOTALL)
            self.sentences[answer.status, " / ".join(found.groups()) if found else "page"] += 1


def request_of(one: Submission) -> Request:
    """The same bytes of content each time: that is what makes it a repeat."""
    fields = {
        "client_id": str(one.client_id),
        "category": one.category,
        "description": one.text,
        "email": one.email,
    }
    match one.door:
        case "api":
            place = {"lat": one.spot.lat, "lon": one.spot.lon}
            photos = [str(photo_id) for photo_id, _content in one.photos]
            return as_json("/api/v1/reports/", fields | place | {"photos": photos})
        case "api-form":
            more = {"lat": str(one.spot.lat), "lon": str(one.spot.lon)}
            files = [("photo", content) for _id, content in one.photos]
            return as_form("/api/v1/reports/", list((fields | more).items()), files)
    more = {"spot": f"{one.spot.lon},{one.spot.lat}", "action": "send"}
    ids = [("photo_id", str(photo_id)) for photo_id, _content in one.photos]
    files = [("photo", content) for _id, content in one.photos]
    return as_form("/melden?teil=danke", [*(fields | more).items(), *ids], files)
