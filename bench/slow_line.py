"""A report from a phone on a bad line: `.venv/bin/python bench/slow_line.py [--cpu 4]`.

One real Chromium as a phone (360 × 780, touch, leave for the position given before), nothing
cached, 400 kbit/s and 400 ms each way. It opens the form, takes a photo of about 250 KB, says yes
to the place, taps a kind, leaves out the contact and sends. Printed are the taps, the seconds until
the thanks stand there, and what the first step's page weighed. Ends with 0 when there were at most
6 taps, 60 s and 60 KB (page, styles and scripts, compressed, without headers and typefaces).
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, CDPSession, Locator, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from bench.house import build, free_port
from config.serve import ready

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
LATENCY_MS = 400
BYTES_PER_S = 400_000 / 8
PATIENCE_MS = 60_000
MOST_TAPS, MOST_S, MOST_BYTES = 6, 60, 60_000
PHOTO_BYTES = "[...document.querySelector('photo-picker').blobs().values()][0].size"
WEIGHED = ("Document", "Stylesheet", "Script")


def photo(folder: Path) -> Path:
    """As a phone hands it over; made small by the page it has about 250 KB."""
    noise = Image.effect_noise((640, 480), 20).resize((3200, 2400), Image.Resampling.BICUBIC)
    path = folder / "foto.jpg"
    noise.convert("RGB").save(path, "JPEG", quality=92)
    return path


def somewhere() -> dict[str, float]:
    """In Bensheim, but not where it reported before: else the form asks whether it is the same."""
    lon, lat = random.uniform(8.60, 8.63), random.uniform(49.67, 49.69)
    return {"longitude": lon, "latitude": lat, "accuracy": 12}


@dataclass
class Wire:
    """The line, and what came over it by kind."""

    session: CDPSession
    bytes_in: Counter[str] = field(default_factory=Counter)
    _kinds: dict[str, tuple[str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.session.send("Network.enable")
        self.session.on("Network.responseReceived", self._answered)
        self.session.on("Network.loadingFinished", self._finished)
        limits = {"downloadThroughput": BYTES_PER_S, "uploadThroughput": BYTES_PER_S}
        facts = {"offline": False, "latency": LATENCY_MS, **limits}
        self.session.send("Network.emulateNetworkConditions", facts)

    def _answered(self, event: dict[str, Any]) -> None:
        """The headers are here; HTTP/2, which a server in front speaks, packs them into little."""
        headers = int(event["response"]["encodedDataLength"])
        self._kinds[event["requestId"]] = (event["type"], headers)

    def _finished(self, event: dict[str, Any]) -> None:
        kind, headers = self._kinds.get(event["requestId"], ("Other", 0))
        self.bytes_in[kind] += int(event["encodedDataLength"]) - headers


@dataclass
class Resident:
    """Somebody with a phone; every press of a button or a tile is a tap."""

    page: Page
    taps: int = 0

    def tap(self, goal: Locator) -> None:
        goal.wait_for()
        goal.tap()
        self.taps += 1

    def report(self, picture: Path, wire: Wire) -> None:
        page = self.page
        self.taps += 1  # "Mangel melden", wherever that stood
        page.goto("/melden")
        page.locator("report-form[data-ready]").wait_for()
        self.first_load = dict(wire.bytes_in)
        self.ready_s = time.monotonic() - self.began
        self.taps += 1  # "Foto aufnehmen"; shutter and "use" are the system's
        page.locator("[data-capture]").set_input_files(picture)
        self.tap(page.get_by_role("button", name="Ja", exact=True))
        self.tap(page.locator(".step.is-current label:has([value=bewuchs])"))
        self.photo_bytes = page.evaluate(PHOTO_BYTES)
        self.tap(page.get_by_role("button", name="Ohne Kontakt weiter"))
        self.tap(page.get_by_role("button", name="Meldung senden"))
        page.wait_for_url("**/danke")
        page.get_by_role("heading", level=1).wait_for()

    def begin(self) -> None:
        self.began = time.monotonic()


def watch(browser: Browser, url: str, picture: Path, *, cpu: float) -> bool:
    options: dict[str, Any] = {
        "viewport": {"width": 360, "height": 780},
        "is_mobile": True,
        "has_touch": True,
        "geolocation": somewhere(),
        "permissions": ["geolocation"],
    }
    with closing(browser.new_context(base_url=url, locale="de-DE", **options)) as context:
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": cpu})
        wire = Wire(session)
        resident = Resident(page)
        resident.begin()
        resident.report(picture, wire)
        return judge(resident, took_s=time.monotonic() - resident.began)


def judge(resident: Resident, *, took_s: float) -> bool:
    weight = sum(resident.first_load.get(kind, 0) for kind in WEIGHED)
    parts = ", ".join(f"{kind} {size:,}" for kind, size in sorted(resident.first_load.items()))
    print(f"first step ready after {resident.ready_s:.1f} s; {weight:,} bytes ({parts})")
    print(f"photo as sent: {resident.photo_bytes:,} bytes")
    print(f"{resident.taps} taps, {took_s:.1f} s until the thanks")
    return resident.taps <= MOST_TAPS and took_s <= MOST_S and weight <= MOST_BYTES


def own_house(*, cpu: float) -> bool:
    """With the demo, and gone afterwards."""
    with build() as house:
        port = free_port()
        web = house.start("-m", "config.web", HOST="127.0.0.1", PORT=str(port))
        house.wait_until(lambda: ready("127.0.0.1", port), web)
        return run(f"http://127.0.0.1:{port}", cpu=cpu)


def run(url: str, *, cpu: float) -> bool:
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        chromium = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        with closing(browser):
            return watch(browser, url, photo(Path(folder)), cpu=cpu)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cpu", type=float, default=1, help="so many times slower than this one")
    parser.add_argument("--url", help="of a server that runs already, with the demo in it")
    wanted = parser.parse_args()
    holds = run(wanted.url, cpu=wanted.cpu) if wanted.url else own_house(cpu=wanted.cpu)
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
