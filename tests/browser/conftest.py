"""The demo town as a newcomer starts it, with real browsers in front of it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.live.houses import ROOT, House, Server, _free_port, migrated

CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESKTOP = {"viewport": {"width": 1440, "height": 900}}
FAILED = pytest.StashKey[bool]()
expect.set_options(timeout=15_000)  # two cores carry browser, server, worker and database


class Web(Server):
    """The product's own web process: edge, pages and live line on one port."""

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "config.web"],
            cwd=ROOT,
            env={**self.environment, "PORT": str(self.port)},
        )
        self._wait()


@dataclass
class Town:
    """The demo region on a real server. `password` is that of every demo login."""

    house: House
    web: Web
    password: str

    @property
    def url(self) -> str:
        return self.web.url


@pytest.fixture(scope="session")
def town_hall(tmp_path_factory: Any) -> Iterator[Town]:
    home: Path = tmp_path_factory.mktemp("home")
    own = {
        "AUGENMERK_HOME": str(home),
        "STATIC_ROOT": str(settings.STATIC_ROOT),
        "SECRET_KEY": settings.SECRET_KEY,
        "AUGENMERK_MAILBOX": "1",
    }
    house = migrated()
    before = {name: os.environ.get(name) for name in own}
    os.environ.update(own)
    try:
        house.manage("demo")
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
    port = _free_port()
    environment = {
        **os.environ,
        **own,
        "DATABASE_URL": house.database_url,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    environment.pop("LIVE_DATABASE_URL", None)
    web = Web(port, environment, "")
    web.start()
    lines = (home / "demo-logins.txt").read_text(encoding="utf-8").splitlines()
    (password,) = [line.partition(": ")[2] for line in lines if line.startswith("Passwort: ")]
    yield Town(house, web, password)
    web.stop()
    house.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = shutil.which("chromium")
    assert executable, "bin/setup --test installs chromium"
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=executable, args=CHROMIUM)
        yield found
        found.close()


class Complaints(list[str]):
    """What the browser complained about: script errors, blocked content, failed requests."""

    def listen(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.append(f"{page.url}: {error}"))
        page.on("console", lambda said: self._hear(page, said))

    def _hear(self, page: Page, said: Any) -> None:
        # A 4xx that a page asked for on purpose is logged by the browser as an error, too.
        if said.type == "error" and "Failed to load resource" not in said.text:
            self.append(f"{page.url}: {said.text}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[Any]:
    """Let fixtures know whether the test failed."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


def _picture(contexts: list[BrowserContext], name: str) -> None:
    """What everybody saw when the test failed, below tests/.artifacts/."""
    folder = ROOT / "tests" / ".artifacts"
    for number, context in enumerate(contexts):
        for page in context.pages:
            page.screenshot(path=folder / f"{name}-{number}.png", full_page=True)


@pytest.fixture
def open_window(
    request: pytest.FixtureRequest, browser: Browser, town_hall: Town
) -> Iterator[Callable[..., Page]]:
    """`open_window(**options)`: a person's window. At the end no page may have complained.

    Nothing is kept for hours without a network unless a test asks: `service_workers="allow"`.
    """
    contexts: list[BrowserContext] = []
    complaints = Complaints()

    def make(**options: Any) -> Page:
        options = {"service_workers": "block", **options}
        context = browser.new_context(base_url=town_hall.url, locale="de-DE", **options)
        context.set_default_timeout(10_000)
        context.set_default_navigation_timeout(60_000)  # the first page of a new house
        contexts.append(context)
        page = context.new_page()
        complaints.listen(page)
        return page

    yield make
    if request.node.stash.get(FAILED, False):
        _picture(contexts, request.node.name)
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def sign_in(town_hall: Town) -> Callable[[Page, str], Page]:
    def enter(page: Page, name: str) -> Page:
        page.goto("/amt/anmelden")
        page.get_by_label("Benutzername").fill(name)
        page.get_by_label("Passwort").fill(town_hall.password)
        page.get_by_role("button", name="Anmelden").click()
        page.wait_for_url(re.compile(r"/amt(/fund)?$"))
        return page

    return enter
