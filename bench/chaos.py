"""Nothing lost, nothing doubled: `.venv/bin/python bench/chaos.py [--submissions 10000]`.

Builds a house of its own (database cluster, pages, live line, worker, mail server) in a temporary
folder, lets people hand in reports while web, worker, live line and database are killed, disks are
full, mail is down for hours and the clock is put forward and back, waits until all is calm, and
then counts: each submission one report, each letter sent or waiting in sight, each deed its event,
each open page the truth. Ends with 0 when everything holds, else with 1.

Bounded by --minutes. Full disks need root (small file systems are mounted), clock changes and the
hours without mail need a C compiler; without them these parts are left out and it says so.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.storm import audit, residents
from bench.storm.audit import Books, Claim
from bench.storm.database import crashes
from bench.storm.house import Broken, House
from bench.storm.listeners import Listener, tile_of
from bench.storm.mischief import HOUR, Agent
from bench.storm.plan import Plan
from bench.storm.post import PostOffice
from bench.storm.residents import Crowd, Submission
from bench.storm.staff import Clerk, Confirmations
from bench.storm.wire import Line

TOWNS = ("bensheim", "heppenheim", "lampertheim", "viernheim")
PAGES = 24  # open map pages, half at the web process, half at the live one
READERS = 4  # who press the button in the letter


@dataclass
class Storm:
    """One run, from the first submission to the verdict."""

    plan: Plan
    house: House
    post: PostOffice
    began: float = field(default_factory=time.monotonic)
    claims: list[Claim] = field(default_factory=list)

    def say(self, sentence: str) -> None:
        print(f"{time.monotonic() - self.began:6.1f} s  {sentence}", flush=True)

    async def run(self, links: asyncio.Queue[tuple[str, str]]) -> None:
        plan, house = self.plan, self.house
        spots = await house.spots(TOWNS, plan.seed)
        luck = plan.luck("people")
        people = residents.people(plan.submissions, spots, luck, residents.album(luck))
        self.readers = Confirmations(house.port, plan.luck("readers"), self._confirmed, links)
        self.clerks = self._clerks()
        self.crowd = Crowd(people, house.port, plan.luck("crowd"), self._told)
        self.listeners = self._listeners(people)
        self.by_email = {one.email: one for one in people if one.email}
        self.agent = Agent(house, self.post, plan.luck("agent"), self.say)
        async with _at_work(
            *(page.listen() for page in self.listeners),
            *(clerk.work() for clerk in self.clerks.values()),
            *(self.readers.press() for _ in range(READERS)),
            self._report_progress(),
        ):
            await self._storm()
            await self._come_to_rest()
            self._judge()

    # ── The cast ─────────────────────────────────────────────────────────────────────────
    def _clerks(self) -> dict[str, Clerk]:
        password = self.house.password
        return {
            town: Clerk(
                f"disposition.{town}", password, Line(self.house.port, f"127.0.9.{number}"),
                self.plan.luck(town),
            )
            for number, town in enumerate(TOWNS, 1)
        }  # fmt: skip

    def _listeners(self, people: Sequence[Submission]) -> list[Listener]:
        busy = Counter(tile_of(one.spot.lon, one.spot.lat) for one in people)
        tiles = [tile for tile, _count in busy.most_common()]
        luck = self.plan.luck("pages")
        ports = (self.house.port, self.house.live_port)
        return [
            Listener(
                ports[number % 2], self.house.port, f"127.0.8.{number + 1}",
                tuple(luck.sample(tiles, min(3, len(tiles)))), luck,
            )
            for number in range(PAGES)
        ]  # fmt: skip

    def _told(self, one: Submission) -> None:
        """A part of the reports without a reader goes to the desk as well."""
        if not one.email and one.number % 25 == 0:
            self._to_desk(one)

    def _confirmed(self, address: str) -> None:
        """Who will be told what happens: about every fourth of their reports is worked on."""
        one = self.by_email[address]
        if one.number % 4 == 0:
            self._to_desk(one)

    def _to_desk(self, one: Submission) -> None:
        if one.spot.town in self.clerks and one.told:
            self.clerks[one.spot.town].pile.put_nowait(next(iter(one.told)))

    # ── The course of things ─────────────────────────────────────────────────────────────
    async def _storm(self) -> None:
        self.began = time.monotonic()
        limit = self.plan.minutes * 60
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(limit), asyncio.TaskGroup() as group:
                group.create_task(self.crowd.come(self.plan.per_second))
                group.create_task(self.agent.rage(self.plan.storm_s))
        await self.agent.calm()
        self.say("everybody was answered")

    async def _come_to_rest(self) -> None:
        ends = self.began + self.plan.minutes * 60
        await self.house.cluster.answers()
        for port in (self.house.port, self.house.live_port):
            await self.house.is_ready(port, within_s=60)
        self.say("the house is ready")
        await self._seen_at_the_desk()
        while time.monotonic() < ends:
            waiting = self._waiting_letters()
            if not waiting and not self._is_busy():
                break
            await self._let_time_pass(waiting)
        await self._close_the_desk()

    async def _close_the_desk(self) -> None:
        """What lies there stays there, what is at hand is finished, and the last postcard comes."""
        piles: list[asyncio.Queue[Any]] = [clerk.pile for clerk in self.clerks.values()]
        for pile in (self.readers.links, *piles):
            while not pile.empty():
                pile.get_nowait()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(60):
                while self._is_busy() or not all(page.is_ready for page in self.listeners):
                    await asyncio.sleep(0.2)
        await asyncio.sleep(3)

    async def _seen_at_the_desk(self) -> None:
        """What waits is on the outbox page, with a reason."""
        waiting = self._waiting_letters()
        pages = [await clerk.page("/amt/post?liste=wartend") for clerk in self.clerks.values()]
        seen = sum(page.count("***@") for page in pages)
        self.say(f"{waiting} letters wait; the outbox pages of {len(TOWNS)} towns show {seen}")

    def _waiting_letters(self) -> int:
        with self.house.cluster.connect() as connection:
            statement = "SELECT count(*) FROM townhall_letter WHERE state = 'waiting'"
            return int(connection.execute(statement).fetchone()[0])

    def _is_busy(self) -> bool:
        at_desk = any(clerk.is_busy or clerk.pile.qsize() for clerk in self.clerks.values())
        return bool(at_desk or self.readers.busy or self.readers.links.qsize())

    async def _let_time_pass(self, waiting: int) -> None:
        """Where the clock can be set, nobody needs to wait six hours for an attempt."""
        with self.house.cluster.connect() as connection:
            due, pause = connection.execute(_DUE).fetchone()
        if waiting and not due and pause and self.house.clock.can_be_set:
            self.say(f"{waiting} letters wait for {pause / HOUR:.1f} h: clock forward")
            self.house.clock.put(int(pause) + 2)
        await asyncio.sleep(2)

    async def _report_progress(self) -> None:
        while True:
            await asyncio.sleep(20)
            told = sum(bool(one.told) for one in self.crowd.submissions)
            self.say(f"{told} told, {len(self.post.taken)} mails, {_short(self.crowd.answers)}")

    # ── The verdict ──────────────────────────────────────────────────────────────────────
    def _judge(self) -> None:
        with self.house.cluster.connect() as connection, connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            books = Books.read(connection)
        people, media = self.crowd.submissions, self.house.home_disk.folder / "media"
        deeds = [deed for clerk in self.clerks.values() for deed in clerk.deeds]
        self.claims = [
            *audit.of_reports(people, books),
            *audit.of_photos(people, books, media),
            *audit.of_letters(people, books, self.post),
            *audit.of_deeds(deeds, self.readers.confirmed, books),
            *audit.of_listeners(self.listeners, books),
            audit.claim("refusals that say why", ((k, False) for k in self.crowd.wordless)),
            audit.claim("answers 500", ((k, False) for k in self.crowd.answers if k == "500")),
            audit.claim("links in letters that work", ((k, False) for k in self.readers.refused)),
            audit.claim("the map's counts, by manage.py pyramid --check", [self._pyramid()]),
            audit.claim("doctor", [(line, False) for line in self._doctor()]),
        ]
        self._summary(books)

    def _pyramid(self) -> tuple[str, bool]:
        status, text = self.house.run("pyramid", "--check")
        return text[-200:], status == 0

    def _doctor(self) -> list[str]:
        """Lines about what is broken, without what a throwaway house can't have."""
        lines = self.house.run("doctor")[1].splitlines()
        small = ("GB free", "assets")
        return [x for x in lines if x.startswith("BROKEN") and not any(s in x for s in small)]

    def _summary(self, books: Books) -> None:
        crowd, post = self.crowd, self.post
        states = Counter(letter["state"] for letter in books.letters)
        again = sum(count - 1 for count in post.taken.values())
        print(f"\nAnswers to residents: {_short(crowd.answers)}")
        for (status, sentence), count in crowd.sentences.most_common(12):
            print(f"  {status} {count:5} × {sentence}")
        print(f"Mischief: {_short(self.agent.done)}")
        for skipped in self.agent.skipped:
            print(f"  left out: {skipped}")
        log = self.house.folder / "logs" / "postgres.log"
        print(f"Recoveries of the database: {crashes(log)}; starts: "
              f"{self.house.cluster.keeper.starts} database, {self.house.supervisor.starts} house, "
              f"{self.house.live.starts} live")  # fmt: skip
        print(f"Letters: {_short(states)}; repeats with the same Message-ID: {again}; "
              f"turned away: {_short(post.turned_away)}")  # fmt: skip
        heard = sum((page.heard for page in self.listeners), Counter[str]())
        print(f"Confirmed addresses: {len(self.readers.confirmed)}")
        print(f"Open pages heard: {_short(heard)}\n")
        for each in self.claims:
            print(each)
        lost = sum(len(c.wrong) for c in self.claims if "(0 lost)" in c.what)
        doubled = sum(len(c.wrong) for c in self.claims if "(0 doubled)" in c.what)
        verdict = "everything holds" if all(c.holds for c in self.claims) else "IT DOES NOT HOLD"
        print(f"\n{self.plan.submissions} submissions, {sum(books.reports.values())} reports: "
              f"{lost} lost, {doubled} doubled; {verdict} "
              f"(seed {self.plan.seed}, {time.monotonic() - self.began:.0f} s)")  # fmt: skip


# Letters whose turn it is, and seconds until the last one's.
_DUE = """
    SELECT count(*) FILTER (WHERE status = 'doing' OR coalesce(scheduled_at, now()) <= now()),
           extract(epoch FROM max(scheduled_at) - now())
    FROM procrastinate_jobs WHERE task_name = 'send_letter' AND status IN ('todo', 'doing')
"""


@contextlib.asynccontextmanager
async def _at_work(*people: object) -> AsyncIterator[None]:
    """They work beside us until we are done. Whoever fails, fails the run."""
    tasks = [asyncio.ensure_future(person) for person in people]  # type: ignore[call-overload]
    try:
        yield
        for task in tasks:
            if task.done():
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _short(counts: Counter[str]) -> str:
    return ", ".join(f"{name}: {count}" for name, count in sorted(counts.items())) or "none"


async def storm(plan: Plan, folder: Path) -> bool:
    """Whether everything held."""
    loop = asyncio.get_running_loop()
    links: asyncio.Queue[tuple[str, str]] = asyncio.Queue()

    def on_receipt(address: str, link: str) -> None:
        loop.call_soon_threadsafe(links.put_nowait, (address, link))

    post = PostOffice(plan.luck("post"), on_receipt)
    await post.open()
    house = House.build(folder, mail_port=post.port)
    try:
        print(f"Setting up in {folder}", flush=True)
        await house.open()
        run = Storm(plan, house, post)
        await run.run(links)
        return all(each.holds for each in run.claims)
    finally:
        await house.close()
        await post.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--submissions", type=int, default=10_000)
    parser.add_argument("--minutes", type=float, default=10, help="for load, mischief and calm")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="600 submissions in 2 minutes")
    parser.add_argument("--keep", action="store_true", help="leave the folder with its logs")
    wish = parser.parse_args()
    plan = Plan(wish.submissions, wish.minutes, wish.seed)
    if wish.quick:
        plan = Plan(600, 2, wish.seed)
    folder = Path(tempfile.mkdtemp(prefix="chaos-"))
    folder.chmod(0o755)  # the database's own user must get in
    held = False
    try:
        held = asyncio.run(storm(plan, folder))
    except Broken as broken:
        print(f"The house could not be set up: {broken}", file=sys.stderr)
    finally:
        if wish.keep or not held:
            print(f"Logs: {folder / 'logs'}")
        if not wish.keep:
            _clear(folder, but_logs=not held)
    return 0 if held else 1


def _clear(folder: Path, *, but_logs: bool) -> None:
    for place in folder.iterdir():
        if place.name == "logs" and but_logs:
            continue
        shutil.rmtree(place, ignore_errors=True) if place.is_dir() else place.unlink()
    if not but_logs:
        folder.rmdir()


if __name__ == "__main__":
    sys.exit(main())
