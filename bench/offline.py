"""Exactly once from a dead spot: `.venv/bin/python bench/offline.py [--reports 100]`.

Somebody hands in reports, every second one with a photo, from three tabs of one real Chromium in
which a member of staff is signed in, too. Between the browser and the product (a house of its own)
connections are cut at random bytes, in both directions. Twice the browser is killed with -9 and
opened again on the same profile; once the web process is. When all is calm again the reports that
have not arrived yet must go by themselves; then they are counted: each one exactly once, with its
photo. Ends with 0 when it is so, else with 1.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from playwright.sync_api import (
    BrowserContext,
    Error,
    Geolocation,
    Page,
    Playwright,
    sync_playwright,
)

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from bench.dead_spot import DeadSpot, Weather  # noqa: E402  Django must be ready
from bench.house import House, build, free_port  # noqa: E402
from config.serve import ready  # noqa: E402

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PLACE = Geolocation(longitude=8.6188, latitude=49.6815)
TABS = 3
PATIENCE_S = 180  # after the storm, until the last report has arrived
# On the way to the thanks (which may be cut off, too), or kept.
IS_OUT = """() => location.pathname.endsWith("/danke") ||
    Boolean(document.querySelector("[data-handed-in]:not([hidden])"))"""
STORED = """
    SELECT description, count(photo.id)
    FROM reports_report AS report LEFT JOIN reports_photo AS photo ON photo.report_id = report.id
    WHERE description LIKE %s GROUP BY report.id, description
"""


def photo(folder: Path, luck: random.Random) -> Path:
    """About 60 KB that do not compress further."""
    picture = Image.new("RGB", (320, 240))
    picture.frombytes(luck.randbytes(320 * 240 * 3))
    path = folder / "foto.jpg"
    picture.save(path, "JPEG", quality=80)
    return path


@dataclass
class Device:
    """A browser with a profile of its own, which may be killed and opened again."""

    playwright: Playwright
    url: str
    profile: Path
    context: BrowserContext = field(init=False)

    def open(self) -> None:
        self.context = self.playwright.chromium.launch_persistent_context(
            self.profile,
            executable_path=shutil.which("chromium"),
            args=FLAGS,
            base_url=self.url,
            locale="de-DE",
            geolocation=PLACE,
            permissions=["geolocation"],
            viewport={"width": 1280, "height": 900},
        )
        self.context.set_default_timeout(20_000)
        while len(self.context.pages) < TABS:
            self.context.new_page()

    def crash(self) -> None:
        """As when the battery is dead: nobody has time to tidy up."""
        os.kill(self._pid(), signal.SIGKILL)
        with suppress(Error):
            self.context.close()
        for lock in self.profile.glob("Singleton*"):
            lock.unlink()
        self.open()

    def _pid(self) -> int:
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                words = (process / "cmdline").read_text(errors="replace").split("\0")
                is_ours = f"--user-data-dir={self.profile}" in words
                if is_ours and not any(word.startswith("--type=") for word in words):
                    return int(process.name)
        raise ProcessLookupError(self.profile)


def sign_in(page: Page, password: str) -> None:
    page.goto("/amt/anmelden")
    page.get_by_label("Benutzername").fill("disposition.bensheim")
    page.get_by_label("Passwort").fill(password)
    page.get_by_role("button", name="Anmelden").click()
    page.wait_for_url("**/amt")


def visit(page: Page) -> None:
    """The first time with a network; afterwards the form opens without."""
    page.goto("/melden")
    deadline = time.monotonic() + 30
    while not page.evaluate("caches.match('/melden/ohne-netz').then(Boolean)"):
        if time.monotonic() > deadline:
            raise SystemExit("The form was not kept within 30 seconds.")
        page.wait_for_timeout(100)


def hand_in(page: Page, words: str, picture: Path | None) -> None:
    """Fill in the form and press "send"; back when it has been kept or has arrived."""
    page.goto("/melden", wait_until="domcontentloaded")
    page.locator("report-form[data-ready]").wait_for()
    if picture:
        page.locator("[data-gallery]").set_input_files(picture)
    page.get_by_role("button", name="Mein Standort").click()
    page.locator("[data-place-card]").wait_for()
    page.locator("[name=category][value=bewuchs]").check()
    page.get_by_label("Beschreibung").fill(words)
    page.get_by_role("button", name="Meldung senden").click()
    wait_until_out(page)


def wait_until_out(page: Page) -> None:
    """Asked again and again, since the page may change under the question."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(Error):
            if page.evaluate(IS_OUT):
                return
        page.wait_for_timeout(100)
    raise SystemExit(f"neither kept nor sent within a minute: {page.url}")


@dataclass
class Web:
    """The web process of the house, always on the same port."""

    house: House
    port: int
    _process: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        self._process = self.house.start("-m", "config.web", HOST="127.0.0.1", PORT=str(self.port))
        self.house.wait_until(lambda: ready("127.0.0.1", self.port), self._process)

    def crash(self) -> None:
        self._process.kill()
        self._process.wait()
        self.start()


@dataclass
class Trial:
    house: House
    reports: int
    luck: random.Random

    def run(self, folder: Path) -> bool:
        port = free_port()
        self.mark = f"Meldung aus dem Funkloch {self.luck.randrange(10**9)} Nr."
        web = Web(self.house, port)
        web.start()
        with sync_playwright() as playwright, DeadSpot(port, self.luck) as spot:
            device = Device(playwright, spot.url, folder / "profile")
            device.open()
            password = (self.house.folder / "demo-logins.txt").read_text("utf-8")
            sign_in(device.context.pages[0], password.rsplit("Passwort: ")[1].split()[0])
            visit(device.context.pages[0])
            spot.turn(Weather.BAD)
            self._storm(device, photo(folder, self.luck), web)
            print(f"{spot.cuts} connections were cut; {self._arrived().total()} arrived so far")
            spot.turn(Weather.CALM)
            return self._come_to_rest(device)

    def _storm(self, device: Device, picture: Path, web: Web) -> None:
        disasters: dict[int, Callable[[], None]] = {
            self.reports // 3: device.crash,
            self.reports // 2: web.crash,
            self.reports * 2 // 3: device.crash,
        }
        for number in range(self.reports):
            if number and number in disasters:
                disasters[number]()
            page = device.context.pages[number % TABS]
            for _attempt in range(20):
                try:
                    hand_in(page, f"{self.mark} {number}.", picture if number % 2 else None)
                    break
                except Error as problem:
                    print(f"  {number}: {problem.message.splitlines()[0]} {page.url}", flush=True)
            if number % 10 == 9:
                print(f"{number + 1} handed in", flush=True)

    def _come_to_rest(self, device: Device) -> bool:
        device.context.pages[0].goto("/")
        deadline = time.monotonic() + PATIENCE_S
        while self._arrived().total() < self.reports and time.monotonic() < deadline:
            device.context.pages[0].wait_for_timeout(500)
        device.context.pages[0].wait_for_timeout(2000)  # for one too many
        device.context.close()
        return self._judge(self._arrived())

    def _arrived(self) -> Counter[tuple[str, int]]:
        with self.house.connect() as database:
            rows = database.execute(STORED, [f"{self.mark}%"]).fetchall()
        return Counter((words, photos) for words, photos in rows)

    def _judge(self, arrived: Counter[tuple[str, int]]) -> bool:
        wanted = Counter((f"{self.mark} {n}.", n % 2) for n in range(self.reports))
        once = sum((arrived & wanted).values())
        print(f"{once} of {self.reports} reports arrived exactly once, with their photos.")
        for (words, photos), times in sorted((arrived - wanted).items()):
            print(f"  too many: {words} ({photos} photos, {times} times)")
        for words, photos in sorted(wanted - arrived):
            print(f"  missing: {words} ({photos} photos)")
        return arrived == wanted


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--reports", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    wanted = parser.parse_args()
    print(f"seed {wanted.seed}")
    began = time.monotonic()
    with build() as house, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        trial = Trial(house, wanted.reports, random.Random(wanted.seed))
        holds = trial.run(Path(folder))
    print(f"{time.monotonic() - began:.0f} s")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
