"""What axe and a ruler find on a page, however it is shown."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
CONTRAST = {"type": "rule", "values": ["color-contrast"]}

# Ways in which one open page is looked at: width and height in CSS pixels, and what media say.
Look = tuple[int, int, dict[str, Any]]
SMALL: dict[str, Look] = {
    "phone": (390, 844, {}),
    "narrow": (320, 640, {}),
    "dark phone": (390, 844, {"color_scheme": "dark"}),
    "forced colours": (390, 844, {"forced_colors": "active"}),
}
LARGE: dict[str, Look] = {
    "desktop": (1280, 800, {}),
    "dark desktop": (1280, 800, {"color_scheme": "dark"}),
}
ALL = {**SMALL, **LARGE}


def findings(page: Page, rules: dict[str, Any] = RULES) -> list[str]:
    # Without preload: axe would put our sheet into the page again, which the policy forbids.
    options = {"runOnly": rules, "preload": False}
    return [
        f"{found['id']}: {node['html'][:160]}"
        for found in Axe().run(page, options=options).response["violations"]
        for node in found["nodes"]
    ]


def moves_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def flaws(page: Page, looks: dict[str, Look] = ALL) -> list[str]:
    """Everything that is wrong with the open page in each of these looks."""
    wrong: list[str] = []
    for name, (width, height, media) in looks.items():
        plain = {"color_scheme": "light", "forced_colors": "none", "reduced_motion": "reduce"}
        page.emulate_media(**{**plain, **media})
        page.set_viewport_size({"width": width, "height": height})
        # The same page in other colours: only its contrast can differ.
        rules = CONTRAST if media else RULES
        wrong += [f"{name}: {found}" for found in findings(page, rules)]
        if moves_sideways(page):
            wrong.append(f"{name}: moves sideways")
    return wrong
