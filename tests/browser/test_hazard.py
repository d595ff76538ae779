"""A danger at night: reported, alarmed by a real mail, confirmed on a phone, seen at the desk."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import SMALL, flaws
from tests.browser.conftest import DESKTOP, PHONE, Town
from tests.live.houses import ROOT
from tests.townhall import mailserver
from tests.townhall.mailserver import MailServer

PATIENCE = 60.0  # seconds


@pytest.fixture
def mail(town_hall: Town) -> Iterator[MailServer]:
    """A mail server, and the worker that sends to it."""
    with mailserver.running() as server:
        surroundings = {
            **os.environ,
            **town_hall.web.environment,
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(server.port),
            "EMAIL_USE_TLS": "0",
        }
        worker = subprocess.Popen(
            [sys.executable, "-m", "config.worker"], cwd=ROOT, env=surroundings
        )
        yield server
        worker.kill()
        worker.wait()


def link_in(mail: MailServer) -> str:
    """The path in the first alarm that arrives."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for letter in list(mail.letters):
            part: Any = letter.get_body(("plain",))
            if found := re.search(r"/gefahr/\S+", part.get_content()):
                return found[0]
        time.sleep(0.1)
    raise AssertionError("no alarm came")


def test_a_danger_is_confirmed_on_a_phone_and_the_desk_sees_it(
    mail: MailServer, open_window: Callable[..., Page], sign_in: Callable[[Page, str], Page]
) -> None:
    desk = sign_in(open_window(**DESKTOP), "disposition.bensheim")
    sent = desk.request.post(
        "/api/v1/reports/",
        data={
            "client_id": str(uuid.uuid4()),
            "category": "kanaldeckel",
            "lat": 49.6811,
            "lon": 8.6206,
            "description": "Der Deckel fehlt, mitten auf dem Gehweg.",
        },
    )
    assert sent.ok, sent.text()
    path = link_in(mail)
    band = desk.locator(".desk-alarm").first
    expect(band).to_contain_text("alarmiert", timeout=PATIENCE * 1000)

    phone = open_window(**PHONE)
    phone.goto(path)
    assert flaws(phone, {"phone": SMALL["phone"], "dark phone": SMALL["dark phone"]}) == []
    phone.get_by_role("button", name="Ich kümmere mich darum").tap()
    expect(phone.get_by_text("Niemand wird mehr alarmiert.")).to_be_visible()
    expect(band).to_contain_text("noch nicht gesichert", timeout=PATIENCE * 1000)

    secure_by_keyboard(desk)
    expect(desk.locator(".desk-alarm")).to_have_count(0, timeout=PATIENCE * 1000)
    phone.reload()
    expect(phone.get_by_text("Absperrung steht")).to_be_visible()
    expect(phone.get_by_role("button", name="Die Stelle ist gesichert")).to_have_count(0)


def secure_by_keyboard(desk: Page) -> None:
    """From the band above the list to the place's safety, without a mouse."""
    desk.locator("body").focus()
    go_to(desk, "a:text('Zur Gefahr springen')", most=2)
    desk.keyboard.press("Enter")
    expect(desk.locator(".desk-alarm a").first).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.locator(".case h2").first).to_be_focused()  # the report, beside the list
    go_to(desk, "summary:has-text('Stelle gesichert')", most=25)
    desk.keyboard.press("Enter")
    go_to(desk, "details:has(> summary:has-text('Stelle gesichert')) textarea", most=2)
    desk.keyboard.type("Absperrung steht")
    go_to(desk, "button:has-text('Die Stelle ist gesichert')", most=2)
    desk.keyboard.press("Enter")
    expect(desk.locator(".case-message")).to_be_focused()


def go_to(page: Page, goal: str, *, most: int) -> None:
    """By Tab, in at most so many steps."""
    target = page.locator(goal).first
    for _step in range(most):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{goal} is more than {most} steps away")
