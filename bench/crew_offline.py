"""A crew in dead spots: `.venv/bin/python bench/crew_offline.py [--answers 100]`.

A crew answers the stops of its day list, every second one with a photo, on one real Chromium of
a phone's size. Between the browser and the product (a house of its own) connections are cut at
random bytes, in both directions; for a third of the time there is none at all, and the list is
opened from what the phone has kept. Twice the browser is killed with -9 and opened again on the
same profile; once the web process is. When all is calm again the answers that have not arrived yet
must go by themselves; then they are counted: each one exactly once, with its photo. At last staff
end the link: the phone must forget the list. Ends with 0 when it is so, else with 1.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Error, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.dead_spot import DeadSpot, Weather
from bench.house import House, build, free_port
from bench.offline import PATIENCE_S, Device, Web, photo

STATES = ("done", "not_found", "other")
KINDS = tuple(f"crew_{state}" for state in STATES)
IS_KEPT = "address => caches.match(address).then(Boolean)"
STORED = """
    SELECT event.kind, event.text, count(photo.id)
    FROM reports_event AS event LEFT JOIN reports_photo AS photo ON photo.event_id = event.id
    WHERE event.kind = ANY(%s) AND event.text LIKE %s GROUP BY event.id
"""
LINK = """
from django.utils import timezone
from reports.deeds import crews
from reports.models import Crew
crew = Crew.objects.order_by("pk").first()
print(crews.link_token(crew, timezone.localdate()))
"""
END = """
from django.utils import timezone
from reports.models import CrewLink
CrewLink.objects.update(revoked_at=timezone.now())
"""


@dataclass
class Trial:
    house: House
    answers: int
    luck: random.Random

    def run(self, folder: Path) -> bool:
        self.mark = f"Antwort aus dem Funkloch {self.luck.randrange(10**9)} Nr."
        token = self.house.manage("shell", "--no-imports", "-c", LINK).split()[-1]
        self.page = f"/trupp/{token}"
        port = free_port()
        web = Web(self.house, port)
        web.start()
        with sync_playwright() as playwright, DeadSpot(port, self.luck) as spot:
            phone = Device(playwright, spot.url, folder / "profile")
            phone.open()
            self._visit(phone)
            self._storm(phone, photo(folder, self.luck), web, spot)
            print(f"{spot.cuts} connections were cut; {self._arrived().total()} arrived so far")
            spot.turn(Weather.CALM)
            return self._come_to_rest(phone)

    def _visit(self, phone: Device) -> None:
        """In the morning, with a network; afterwards the list opens without."""
        page = phone.context.pages[0]
        page.goto(self.page)
        deadline = time.monotonic() + 30
        while not page.evaluate(IS_KEPT, self.page):
            if time.monotonic() > deadline:
                raise SystemExit("The list was not kept within 30 seconds.")
            page.wait_for_timeout(100)

    def _storm(self, phone: Device, picture: Path, web: Web, spot: DeadSpot) -> None:
        spot.turn(Weather.BAD)
        third = self.answers // 3
        for number in range(self.answers):
            if number and number in {third, 2 * third}:
                phone.crash()
            if number == self.answers // 2:
                web.crash()
            if number in {third, third * 2}:  # the middle of the day in the valley
                spot.turn(Weather.DEAD if number == third else Weather.BAD)
            self._answer(phone, number, picture if number % 2 else None)
            if number % 10 == 9:
                print(f"{number + 1} answered", flush=True)

    def _answer(self, phone: Device, number: int, picture: Path | None) -> None:
        page = phone.context.pages[0]
        for _attempt in range(20):
            try:
                if number % 5 == 0 or not page.url.endswith(self.page):
                    page.goto(self.page, wait_until="domcontentloaded")
                self._press(page, number, picture)
                return
            except Error as problem:
                print(f"  {number}: {problem.message.splitlines()[0]} {page.url}", flush=True)
                with suppress(Error):
                    page.goto("about:blank")
        raise SystemExit("neither kept nor sent after 20 tries")

    def _press(self, page: Page, number: int, picture: Path | None) -> None:
        page.locator("crew-day:defined").wait_for()
        stops = page.locator("[data-stop]")
        stop = page.locator(f"#{stops.nth(number % stops.count()).get_attribute('id')}")
        if not stop.locator("form").is_visible():
            stop.locator("summary").click()
        stop.locator("textarea").fill(f"{self.mark} {number}.")
        if picture:
            stop.locator("[name=photo]").set_input_files(picture)
        stop.locator(f"button[value={STATES[number % 3]}]").click()
        stop.locator("form").wait_for(state="hidden")

    def _come_to_rest(self, phone: Device) -> bool:
        page = phone.context.pages[0]
        page.goto(self.page)
        deadline = time.monotonic() + PATIENCE_S
        while self._arrived().total() < self.answers and time.monotonic() < deadline:
            page.wait_for_timeout(500)
        page.wait_for_timeout(2000)  # for one too many
        holds = self._judge(self._arrived())
        return self._forgets(page) and holds

    def _forgets(self, page: Page) -> bool:
        """The phone was lost: staff end the link."""
        self.house.manage("shell", "--no-imports", "-c", END)
        with suppress(Error):  # the browser has no page of its own for a 410
            page.goto(self.page)
        page.wait_for_timeout(1000)
        is_kept = page.evaluate(IS_KEPT, self.page)
        print("The lost phone", "keeps" if is_kept else "has forgotten", "the list.")
        page.context.close()
        return not is_kept

    def _arrived(self) -> Counter[tuple[str, str, int]]:
        with self.house.connect() as database:
            rows = database.execute(STORED, [list(KINDS), f"{self.mark}%"]).fetchall()
        return Counter((kind, words, photos) for kind, words, photos in rows)

    def _judge(self, arrived: Counter[tuple[str, str, int]]) -> bool:
        numbers = range(self.answers)
        wanted = Counter((KINDS[n % 3], f"{self.mark} {n}.", n % 2) for n in numbers)
        once = sum((arrived & wanted).values())
        print(f"{once} of {self.answers} answers arrived exactly once, with their photos.")
        for (kind, words, photos), times in sorted((arrived - wanted).items()):
            print(f"  too many: {kind} {words} ({photos} photos, {times} times)")
        for kind, words, photos in sorted(wanted - arrived):
            print(f"  missing: {kind} {words} ({photos} photos)")
        return arrived == wanted


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--answers", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    wanted = parser.parse_args()
    print(f"seed {wanted.seed}")
    began = time.monotonic()
    with build() as house, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        holds = Trial(house, wanted.answers, random.Random(wanted.seed)).run(Path(folder))
    print(f"{time.monotonic() - began:.0f} s")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
