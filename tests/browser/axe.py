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
    # Only violations in full: describing what is well takes longer than looking for it.
    options = {"runOnly": rules, "preload": False, "resultTypes": ["violations"]}
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


# What a Tab must come to. Of a group of radio buttons it comes to one.
_CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
_LISTEN = """({ within, controls }) => {
  const isThere = element =>
    element.checkVisibility({ visibilityProperty: true }) && !element.closest("[inert]")
  const stop = element => (element.type === "radio" && element.name) || element
  const name = element => element.outerHTML.slice(0, 120)
  const top = document.querySelector(within)
  const all = [...top.querySelectorAll(controls)].filter(isThere)
  const unreached = new Map()
  for (const element of all)
    if (!element.disabled && element.tabIndex >= 0) unreached.set(stop(element), element)
  const isSmall = element => {
    const { left, width, height } = element.getBoundingClientRect()
    const isInText = getComputedStyle(element).display === "inline"
    return left >= 0 && width > 0 && !isInText && Math.min(width, height) < 24
  }
  const wrong = all.filter(isSmall).map(element => `too small: ${name(element)}`)
  top.setAttribute("tabindex", "-1")
  top.focus()
  addEventListener("focusin", ({ target }) => {
    unreached.delete(stop(target))
    const { outlineStyle, outlineWidth } = getComputedStyle(target)
    const isSeen = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2
    if (top.contains(target) && !isSeen) wrong.push(`focus not seen: ${name(target)}`)
  })
  window.keysDone = () =>
    [...wrong, ...[...unreached.values()].filter(isThere).map(each => `passed by: ${name(each)}`)]
  window.keysLeft = () => unreached.size
  // A day has a stop of its own for each of its parts, and one for the calendar; a box that
  // scrolls may be one, too.
  const days = all.filter(element => element.type === "date").length
  return unreached.size + 3 * days + SPARE
}""".replace("SPARE", "12")


# What lies over the middle of that which has the focus; its label does not count.
_COVER = """() => {
  const element = document.activeElement
  const { left, right, top, bottom } = element.getBoundingClientRect()
  const middle = (from, to, end) => (Math.max(from, 0) + Math.min(to, end)) / 2
  const [x, y] = [middle(left, right, innerWidth), middle(top, bottom, innerHeight)]
  const over = document.elementFromPoint(x, y)
  const isOwn = !over || element.contains(over) || over.contains(element) ||
    [...(element.labels ?? [])].some(label => label.contains(over))
  const name = element => element.outerHTML.slice(0, 120)
  return isOwn ? "" : `covered: ${name(element)} by ${name(over)}`
}"""


def out_of_reach(page: Page, within: str = "main") -> list[str]:
    """Controls that Tab passes by, whose focus nobody sees, or that a finger misses (24 px)."""
    covered: set[str] = set()
    for _stop in range(page.evaluate(_LISTEN, {"within": within, "controls": _CONTROLS})):
        page.keyboard.press("Tab")
        covered.add(page.evaluate(_COVER))
        if not page.evaluate("keysLeft()"):
            break
    found: list[str] = page.evaluate("keysDone()")
    return [*found, *sorted(covered - {""})]
