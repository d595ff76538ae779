"""From a pothole in front of a phone to a repaired road, each step seen live on the other side."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE

LIVE = 2_000  # ms: so soon must the other side see it


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A phone's photo, lying on its side, with a position and a camera's name inside."""
    picture = Image.new("RGB", (2400, 1800), "#8a8a86")
    ImageDraw.Draw(picture).ellipse((800, 700, 1600, 1200), fill="#2c2b29")
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x0110] = "Testtelefon"
    exif.get_ifd(0x8825)[1] = "N"
    file = io.BytesIO()
    picture.save(file, "JPEG", exif=exif)
    path = tmp_path / "loch.jpg"
    path.write_bytes(file.getvalue())
    return path


OTHER = "Nein, das ist etwas anderes"


def hand_in(page: Page, photo: Path, words: str) -> str:
    """Report a pothole step by step; returns the code as people read it."""
    page.goto("/")
    page.get_by_role("link", name="Mangel melden").last.click()
    page.locator("[data-gallery]").set_input_files(photo)
    expect(page.get_by_text("Schritt 2 von 5")).to_be_visible()
    page.get_by_label("Adresse oder Ort").fill("lindenstr bensh")
    page.get_by_label("Adresse oder Ort").press("Enter")
    expect(page.get_by_role("radio", name="Lindenstraße")).to_be_checked()
    page.get_by_role("button", name="Weiter", exact=True).click()
    page.get_by_role("radio", name="Schlagloch", exact=True).check()
    page.get_by_role("radio", name="Auf der Fahrbahn").check()
    page.get_by_role("group", name="Besteht akute Gefahr?").get_by_label("Nein").check()
    page.get_by_label("Beschreibung").fill(words)
    page.get_by_role("button", name="Weiter", exact=True).click()
    contact, other = page.get_by_label("E-Mail für"), page.get_by_role("button", name=OTHER)
    expect(contact.or_(other).and_(page.locator(":visible")).first).to_be_visible()
    if other.is_visible():  # what an earlier run reported there
        other.click()
    contact.fill("uta@example.org")
    page.get_by_role("button", name="Weiter", exact=True).click()
    expect(page.locator("#part-summary")).to_contain_text("uta@example.org")
    page.get_by_role("button", name="Meldung senden").click()
    page.wait_for_url("**/danke")
    found = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", page.locator("main").inner_text())
    assert found
    return found[0]


def test_a_pothole_goes_from_report_to_done_before_all_eyes(
    open_window: Callable[..., Page], sign_in: Callable[[Page, str], Page], photo: Path
) -> None:
    staff = sign_in(open_window(**DESKTOP), "disposition.bensheim")
    inbox = staff.get_by_role("link", name=re.compile("^Eingang")).last
    before = int(re.findall(r"\d+", inbox.inner_text())[0])
    expect(staff.locator("live-state")).to_have_attribute("data-state", "live")

    resident = open_window(**PHONE)
    code = hand_in(resident, photo, "Tiefes Loch auf Höhe der Bäckerei, 15 cm.")

    # Staff hear of it without reloading, and the list does not jump under their hands.
    expect(inbox).to_contain_text(str(before + 1), timeout=LIVE)
    staff.get_by_role("link", name="1 neue Meldung anzeigen").click(timeout=LIVE)
    staff.get_by_role("link", name=code).click()
    expect(staff.get_by_text("Tiefes Loch auf Höhe der Bäckerei").first).to_be_visible()

    # The reporter's page and, on a third device, the public page are open.
    resident.get_by_role("link", name="Zu Ihrer Meldung").click()
    expect(resident.get_by_role("heading", level=1)).to_contain_text("Schlagloch")
    expect(resident.locator("live-state")).to_have_attribute("data-state", "live")
    neighbour = open_window(**DESKTOP)
    neighbour.goto(f"/meldung/{code}")
    expect(neighbour.get_by_text("Tiefes Loch")).to_have_count(0)
    expect(neighbour.locator("live-state")).to_have_attribute("data-state", "live")

    staff.get_by_role("button", name="In Arbeit nehmen").click()
    for page in (resident, neighbour):
        expect(page.locator("main").get_by_text("In Bearbeitung").first).to_be_visible(timeout=LIVE)

    # What goes out to everybody is shown as they will read it, and asked about once.
    staff.get_by_role("radio", name="Öffentlich").check()
    staff.get_by_label("Text", exact=True).fill("Das Loch ist mit Heißasphalt verfüllt.")
    staff.get_by_label("Neuer Status").select_option(label="Erledigt")
    expect(staff.locator("#antwort [data-live-preview]")).to_contain_text("Heißasphalt")
    staff.get_by_role("button", name="Speichern", exact=True).click()
    expect(neighbour.get_by_text("Heißasphalt")).to_have_count(0)
    staff.get_by_role("button", name="Ja, veröffentlichen").click()
    for page in (resident, neighbour):
        expect(page.get_by_text("Das Loch ist mit Heißasphalt verfüllt.").first).to_be_visible(
            timeout=LIVE
        )
        expect(page.locator("main").get_by_text("Erledigt").first).to_be_visible()
