"""„Bereich verpixeln“ on the device, by keyboard alone, and what a text's hint says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PIL import Image as Pillow
from playwright.sync_api import Page, expect

from tests.browser.axe import SMALL, flaws
from tests.browser.conftest import PHONE

# How much the middle of the first photo's picture varies: a drawing, or one block.
CONTRAST = """async () => {
  const [blob] = [...document.querySelector("photo-picker").blobs().values()]
  const picture = await createImageBitmap(blob)
  const canvas = Object.assign(document.createElement("canvas"), { width: 600, height: 600 })
  canvas.getContext("2d").drawImage(picture, 0, 0)
  const { data } = canvas.getContext("2d").getImageData(290, 290, 20, 20)
  const reds = data.filter((_, at) => at % 4 === 0)
  return Math.max(...reds) - Math.min(...reds)
}"""


def chequered(path: Path) -> Path:
    """Black and white squares of 4 px, 600 px wide."""
    small = Pillow.new("L", (150, 150))
    small.putdata([255 * ((x + y) % 2) for y in range(150) for x in range(150)])
    small.resize((600, 600), Pillow.Resampling.NEAREST).convert("RGB").save(path, quality=92)
    return path


def test_a_photo_is_pixelated_on_the_phone_without_touching_it(
    open_window: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_window(**PHONE)
    page.goto("/melden")
    page.set_input_files("[data-gallery]", chequered(tmp_path / "karo.jpg"))
    row = page.locator("photo-picker [data-photo]")
    page.wait_for_selector("photo-picker [data-photo][data-state=ready]", state="attached")
    expect(page.get_by_role("heading", name="Ort", exact=True)).to_be_visible()  # by itself
    page.locator("[data-step-back]").press("Enter")
    expect(row.locator("[data-pixelate]")).to_be_visible()
    before = row.get_attribute("data-photo")
    assert page.evaluate(CONTRAST) > 100

    row.locator("[data-pixelate]").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Bereich verpixeln")
    expect(dialog).to_be_visible()
    assert flaws(page, SMALL) == []
    dialog.get_by_role("button", name="Bereich hinzufügen").focus()
    page.keyboard.press("Enter")
    area = dialog.get_by_role("button", name="Bereich 1 von 1")
    expect(area).to_be_focused()
    for key in ("ArrowRight", "Shift+ArrowDown", "ArrowLeft"):
        page.keyboard.press(key)
    expect(area).to_have_accessible_name(
        "Bereich 1 von 1: 42 % von links, 42 % von oben, 17 % breit, 19 % hoch"
    )
    dialog.get_by_role("button", name="Verpixeln", exact=True).focus()
    with page.expect_request(lambda asked: asked.method == "DELETE") as dropped:
        page.keyboard.press("Enter")

    assert str(before) in dropped.value.url
    assert dropped.value.response().status == 204  # type: ignore[union-attr]
    expect(dialog).to_be_hidden()
    expect(row.locator("[data-pixelate]")).to_be_focused()
    assert row.get_attribute("data-photo") != before
    assert page.evaluate(CONTRAST) < 40


def test_while_somebody_types_the_page_says_what_stays_hidden(
    open_window: Callable[..., Page],
) -> None:
    page = open_window(viewport={"width": 1280, "height": 900})
    page.goto("/melden")
    page.locator("#description").press_sequentially("Rückruf unter 0171 2345678")
    hint = page.locator("text-hint").get_by_role("status")
    expect(hint).to_have_text("Im Text steht eine Telefonnummer. Sie wird öffentlich verdeckt.")
    page.locator("#description").fill("Ein Loch.")
    expect(hint).to_have_text("")
