"""A report taken in by staff without a mouse, timed: `.venv/bin/python bench/taking_in.py ADDRESS
LOGIN PASSWORD [--pause 70]`.

Types into a running demo what a caller says: place, kind, text, name, telephone, postal address.
`--pause`: milliseconds between two keys; 70 is a fast typist, 200 a slow one. Ends with 0 when the
number was on the screen within 45 s, else with 1.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import time

from playwright.sync_api import Page, sync_playwright

AT_MOST_S = 45


def take_in(page: Page, *, pause: int) -> float:
    """Seconds from the empty form until the receipt."""
    keys = page.keyboard
    began = time.monotonic()
    keys.type("Marktplatz", delay=pause)
    page.wait_for_selector("[name=spot]")
    keys.press("Enter")
    keys.type("Schlagloch", delay=pause)
    keys.press("Enter")
    page.wait_for_selector("#part-questions [name^=answer]")
    while page.evaluate("document.activeElement.id") != "description":
        keys.press("Tab")
    keys.type("Tiefes Loch vor der Apotheke, ein Rad ist umgefallen", delay=pause)
    keys.press("Tab")
    keys.press("Enter")
    for words in ("Erna Vogel", "06251 90009-12", "", "Lindenweg 4, 64625 Bensheim"):
        keys.type(words, delay=pause)
        keys.press("Enter")
    keys.press("Control+Enter")
    page.wait_for_selector(".code-plate .code")
    return time.monotonic() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("login")
    parser.add_argument("password")
    parser.add_argument("--pause", type=int, default=70)
    wish = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(base_url=wish.address)
        page.goto("/amt/anmelden")
        page.get_by_label("Benutzername").fill(wish.login)
        page.get_by_label("Passwort").fill(wish.password)
        page.get_by_role("button", name="Anmelden").click()
        page.wait_for_url(re.compile(r"/amt$"))
        page.goto("/amt/annahme")
        seconds = take_in(page, pause=wish.pause)
        browser.close()
    print(f"{seconds:.1f} s with {wish.pause} ms between keys")
    return 0 if seconds <= AT_MOST_S else 1


if __name__ == "__main__":
    sys.exit(main())
