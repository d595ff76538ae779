"""A Monday at the desk: twenty reports by keys alone, and two colleagues at the same report."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect
from psycopg import sql

from tests.browser.axe import findings, out_of_reach
from tests.browser.conftest import DESKTOP, Town

Window = Callable[..., Page]
REPORTS = """
import uuid
from django.contrib.gis.geos import Point
from reports.receiving import intake
for n in range({n}):
    draft = intake.Draft(
        client_id=uuid.uuid4(),
        category="graffiti",
        position=Point(8.4640 + n % 5 * 0.004, 49.5950 + n // 5 * 0.003, srid=4326),
        description="{word} Nummer " + str(n + 1),
    )
    print("code:", intake.submit(draft).report.code)
"""
STATES = """
    SELECT status, count(*), count(assignee_id) FROM reports_report
    WHERE description LIKE %s GROUP BY status
"""
# What a finger or a mouse would have done; keys press buttons without a pointer's coordinates.
_WATCH = """() => {
  window.pointed = 0
  for (const name of ["pointerdown", "mousedown"])
    addEventListener(name, () => (window.pointed += 1), true)
}"""


def arrive(town: Town, n: int, word: str) -> list[str]:
    said = town.house.manage("shell", "-c", REPORTS.format(n=n, word=word))
    return re.findall(r"code: (\w{8})", said)


def states(town: Town, word: str) -> dict[str, tuple[int, int]]:
    """How many reports are in which status, and how many of them are somebody's."""
    with town.house.connect() as database:
        rows = database.execute(STATES, [f"{word}%"]).fetchall()
    return {status: (n, mine) for status, n, mine in rows}


def moved(town: Town, word: str) -> int:
    """Those that left the inbox, or are somebody's."""
    found = states(town, word)
    _waiting, mine = found.get("new", (0, 0))
    return mine + sum(n for status, (n, _mine) in found.items() if status != "new")


def column(town: Town, code: str, name: str) -> Any:
    query = sql.SQL("SELECT {} FROM reports_report WHERE code = %s").format(sql.Identifier(name))
    with town.house.connect() as database:
        row = database.execute(query, [code]).fetchone()
        assert row
        return row[0]


class Keyboard:
    """Somebody who touches nothing else. Every step waits for what a person would see."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.dialog = page.locator("[data-deed-dialog]")
        self.toasts = page.locator(".toast")

    @property
    def row(self) -> str:
        """The code of the row that has the focus; "" where none has."""
        found = self.page.evaluate(
            "document.activeElement.closest('tr[data-code]')?.dataset.code ?? ''"
        )
        return str(found)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def tab_to(self, selector: str) -> None:
        for _stop in range(60):
            if self.page.evaluate("s => document.activeElement.matches(s)", selector):
                return
            self.press("Tab")
        raise AssertionError(f"Tab does not come to {selector}")

    def lands_on(self, code: str) -> None:
        expect(self.page.locator(f"tr[data-code='{code}'] th a")).to_be_focused()

    def does(self, said: str) -> None:
        expect(self.toasts.last).to_contain_text(said)
        expect(self.dialog).to_be_hidden()

    def opens(self, key: str) -> None:
        self.press(key)
        expect(self.dialog).to_be_visible()

    def writes(self, key: str, text: str) -> None:
        """A deed with one text, sent from within it."""
        self.opens(key)
        self.tab_to("dialog textarea")
        self.page.keyboard.type(text)
        self.press("Control+Enter")


def test_twenty_reports_are_triaged_without_a_mouse(
    open_window: Window, sign_in: Callable[[Page, str], Page], town_hall: Town
) -> None:
    arrive(town_hall, 22, "Tastenrunde")
    page = sign_in(open_window(**DESKTOP), "disposition.lampertheim")
    page.evaluate(_WATCH)
    keys = Keyboard(page)

    # Off until somebody asks for them.
    keys.press("j")
    assert keys.row == ""
    keys.press("?")
    expect(page.get_by_role("dialog", name="Tastatur")).to_be_visible()
    assert findings(page) == []
    keys.press("Escape", "/")
    expect(page.locator("#suche")).to_be_focused()
    page.keyboard.type("Tastenrunde")
    keys.press("Enter")
    expect(page.locator("tr[data-code]")).to_have_count(22)
    page.evaluate(_WATCH)
    codes = page.eval_on_selector_all("tr[data-code]", "rows => rows.map(r => r.dataset.code)")
    left = iter(codes)

    # Taken into work, one after the other: the focus goes on by itself.
    keys.press("j")
    code = next(left)
    keys.lands_on(code)
    keys.press("b")
    keys.does("In Arbeit genommen.")
    code = next(left)
    keys.lands_on(code)

    # A slip is taken back with z.
    keys.press("b")
    after = next(left)
    keys.lands_on(after)
    keys.press("z")
    keys.does("Zurückgenommen.")
    keys.lands_on(code)
    assert column(town_hall, code, "status") == "new"
    keys.press("b")
    keys.lands_on(after)
    code = after

    # Mine, with a note and haste, then into work.
    keys.press("i")
    keys.does("Die Zuweisung ist gespeichert.")
    keys.lands_on(code)
    keys.writes("n", "Kollegin fragen, j und k und z bleiben Buchstaben.")
    keys.does("Die Notiz ist gespeichert.")
    keys.lands_on(code)
    keys.press("n")
    expect(keys.dialog.locator("textarea")).to_be_focused()
    keys.press("Escape")
    keys.lands_on(code)
    keys.press("b")
    code = next(left)
    keys.lands_on(code)

    # Assigned by typing a part of the name.
    keys.press("a")
    expect(keys.dialog.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("kern")
    assert findings(page) == []
    keys.press("Enter")
    expect(keys.dialog.get_by_role("combobox")).to_have_value("Nadja Kern")
    keys.press("Enter")
    keys.does("Die Zuweisung ist gespeichert.")
    keys.press("b")
    code = next(left)
    keys.lands_on(code)

    # A mistake leads to its field; then refused, answered, handed on.
    keys.writes("l", "")
    expect(keys.dialog.locator(".error-summary")).to_be_focused()
    keys.tab_to("dialog .error-summary a")
    keys.press("Enter")
    expect(keys.dialog.locator("textarea")).to_be_focused()
    page.keyboard.type("Das Bild ist bestellt und bleibt.")
    keys.press("Control+Enter")
    keys.does("ohne Maßnahme")
    code = next(left)
    keys.lands_on(code)
    keys.opens("s")
    keys.tab_to("dialog input[name=status]")
    keys.press("ArrowDown", "ArrowDown")
    keys.tab_to("dialog textarea")
    page.keyboard.type("Ist überstrichen.")
    keys.press("Control+Enter")
    code = next(left)
    keys.lands_on(code)
    keys.press("u")
    expect(keys.dialog.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("mobil")
    keys.press("Enter", "Enter")
    keys.does("Die Meldung ist weitergeleitet.")
    code = next(left)
    keys.lands_on(code)

    # All commands by their names.
    keys.press("Control+k")
    expect(page.get_by_role("combobox", name="Befehl")).to_be_focused()
    page.keyboard.type("in arbeit neh")
    assert findings(page) == []
    keys.press("Enter")
    keys.does("In Arbeit genommen.")
    code = next(left)
    keys.lands_on(code)

    # The rest of them, and the last three together.
    for _one in range(9):
        keys.press("b")
        code = next(left)
        keys.lands_on(code)
    assert moved(town_hall, "Tastenrunde") == 17

    # Three together, with a result for each.
    keys.press("x", "Shift+J", "Shift+J")
    expect(page.locator("tr[aria-selected=true] input[name=codes]:checked")).to_have_count(3)
    keys.press("a")
    page.wait_for_url("**/amt/sammeln**")
    expect(page.locator("#zuweisung-zuweisung-to")).to_be_focused()
    page.keyboard.type("nad")
    keys.tab_to("form .form-buttons button")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("3 Meldungen geändert")
    expect(page.get_by_role("button", name="Rückgängig")).to_be_visible()
    assert moved(town_hall, "Tastenrunde") == 20

    # The last but one is the same as the last.
    page.goto(f"/amt/meldung/{codes[-2]}")
    expect(page.locator("live-state")).to_have_attribute("data-state", "live")
    assert out_of_reach(page) == []
    page.goto(f"/amt/meldung/{codes[-2]}")
    page.evaluate(_WATCH)
    expect(page.locator("live-state")).to_have_attribute("data-state", "live")
    keys.press("d")
    page.wait_for_url("**/zusammenfuehrung")
    keys.tab_to("#mit")
    page.keyboard.type(codes[-1])
    keys.press("Enter")
    page.wait_for_url("**mit=**")
    keys.tab_to("input[name=haupt]")
    keys.tab_to("form .form-buttons button")
    keys.press("Enter")
    expect(page.get_by_text("Die Meldungen sind zusammengeführt").first).to_be_visible()
    assert sorted(column(town_hall, each, "status") for each in codes[-2:]) == [
        "duplicate",
        "new",
    ]
    assert page.evaluate("window.pointed ?? 0") == 0


def test_two_colleagues_at_one_report_lose_nothing(
    open_window: Window, sign_in: Callable[[Page, str], Page], town_hall: Town
) -> None:
    (code,) = arrive(town_hall, 1, "Gleichzeitig")
    one = sign_in(open_window(**DESKTOP), "disposition.lampertheim")
    other = sign_in(open_window(**DESKTOP), "admin.bergstrasse")
    for page in (one, other):
        page.goto(f"/amt/meldung/{code}")
        expect(page.locator("live-state")).to_have_attribute("data-state", "live")
        page.keyboard.press("?")
        page.keyboard.press("Escape")

    # While one writes, the other is faster.
    hers, his = Keyboard(one), Keyboard(other)
    hers.opens("l")
    hers.tab_to("dialog textarea")
    one.keyboard.type("Das Bild ist bestellt.")
    his.press("b")
    his.does("In Arbeit genommen.")

    # Nothing is overwritten, nothing typed is lost: she reads what he did and decides anew.
    hers.press("Control+Enter")
    late = hers.dialog.locator(".case-late")
    expect(late).to_be_focused()
    expect(late).to_contain_text("In Arbeit genommen")
    expect(hers.dialog.locator("textarea")).to_have_value("Das Bild ist bestellt.")
    assert column(town_hall, code, "status") == "in_progress"
    assert findings(one) == []
    hers.tab_to("dialog textarea")
    hers.press("Control+Enter")
    hers.does("ohne Maßnahme")
    assert column(town_hall, code, "status") == "no_action"

    # He hears of it at once.
    expect(other.locator(".case-head .status-no_action")).to_be_visible()
