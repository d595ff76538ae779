"""What every public page keeps: a strict policy, no cookie, no stranger, a calm error page."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils.translation import override
from PIL import Image

from config.headers import FOR_WINDOWS
from frontend import assets, problems, views

PAGES = [
    "/",
    "/impressum",
    "/datenschutz",
    "/barrierefreiheit",
    "/quelltext",
    "/en/",
    "/en/datenschutz",
]
ERRORS = [400, 403, 404, 405, 410, 413, 429, 500, 503]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", PAGES)
def test_public_pages_set_no_cookie_and_ask_no_stranger(client: Client, path: str) -> None:
    answer = client.get(path)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert not answer.cookies
    page = page.replace("http://testserver/", "/")  # in other languages
    assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', page)


@pytest.mark.parametrize("path", PAGES)
def test_nothing_inline_but_the_import_map(client: Client, path: str) -> None:
    page = client.get(path).content.decode()
    inline = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", page)
    assert all('type="importmap"' in each or 'type="application/json"' in each for each in inline)
    assert not re.findall(r"<[^>]+\s(?:style|on\w+)=", page)
    assert "<style" not in page


def test_the_import_map_is_allowed_by_its_hash_and_nothing_else_is(client: Client) -> None:
    answer = client.get("/datenschutz")
    policy = answer["Content-Security-Policy"]
    text = re.search(r'<script type="importmap">(.*?)</script>', answer.content.decode())
    assert text
    digest = base64.b64encode(hashlib.sha256(text[1].encode()).digest()).decode()
    assert f"script-src 'self' 'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_every_module_finds_what_it_imports() -> None:
    known = assets.modules()
    for name in known:
        if name.startswith("#js/"):
            text = (assets.SOURCE / name[1:]).read_text(encoding="utf-8")
            wanted = re.findall(r"""(?:from|import)\s+["']([^"']+)["']""", text)
            assert all(other in known for other in wanted), (name, wanted)


def test_a_module_is_announced_with_all_it_needs() -> None:
    needed = assets.needed_by("#js/home/page.js")
    assert needed[-1] == "#js/home/page.js"
    assert {"#leaflet", "#js/map/leaflet.js", "#js/live.js", "#js/map/box.js"} <= set(needed)


def test_one_sheet_holds_every_imported_file() -> None:
    sheet = assets.bundle()
    assert "@import" not in sheet
    assert ".report-card" in sheet
    assert sheet.startswith("@layer reset, vendor, tokens, base, components, pages, utilities;")
    assert sheet.count("{") == sheet.count("}")


def test_collected_assets_have_lasting_names_and_stay_small(settings: Any, tmp_path: Any) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "frontend.assets.AssetStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    names = json.loads((tmp_path / "staticfiles.json").read_text(encoding="utf-8"))["paths"]
    sheet = tmp_path / f"{names['frontend/css/main.css']}.gz"
    assert sheet.stat().st_size < 50_000
    scripts = [names[assets.modules()[name]] for name in assets.needed_by("#js/home/page.js")]
    assert sum(_on_the_wire(tmp_path / name) for name in scripts) < 80_000
    form = [names[assets.modules()[name]] for name in assets.needed_by("#js/report/form.js")]
    assert sum(_on_the_wire(tmp_path / name) for name in form) < 45_000
    fonts = [path for path in names.values() if path.endswith(".woff2")]
    assert len(fonts) == 2
    assert sum((tmp_path / path).stat().st_size for path in fonts) < 50_000


def _on_the_wire(file: Path) -> int:
    """Bytes, compressed where that pays: the smallest modules go as they are."""
    packed = file.with_name(f"{file.name}.gz")
    return (packed if packed.exists() else file).stat().st_size


def test_a_module_is_spared_the_headers_that_only_a_window_heeds(client: Client) -> None:
    with closing(client.get("/static/frontend/js/languages.js")) as module:
        assert module["Content-Type"].startswith("text/javascript")
    assert module["X-Content-Type-Options"] == "nosniff"
    assert module["Cross-Origin-Resource-Policy"] == "same-origin"
    assert not FOR_WINDOWS & set(module.headers)
    with closing(client.get("/static/frontend/img/mark.svg")) as picture:  # a window may show it
        assert set(picture.headers) >= FOR_WINDOWS


def test_every_public_page_says_what_it_is_good_for(client: Client) -> None:
    answer = client.get("/quelltext").content.decode()
    assert '<meta name="description" content="Mängel auf Straßen und Plätzen melden' in answer


def test_an_unknown_address_gets_a_calm_page_with_a_next_step(client: Client) -> None:
    answer = client.get("/gibt-es-nicht")
    assert answer.status_code == 404
    assert "Hier ist nichts" in answer.content.decode()
    assert "Zur Karte" in answer.content.decode()


@pytest.mark.parametrize("status", ERRORS)
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_error_page_works_without_a_database(
    rf: RequestFactory, status: int, language: str, django_assert_num_queries: Any
) -> None:
    with override(language), django_assert_num_queries(0):
        answer = views.error_page(rf.get("/irgendwo"), status)
    assert answer.status_code == status
    assert b"<h1>" in answer.content


def test_programs_get_problems_instead_of_pages(client: Client) -> None:
    answer = client.get("/api/v1/gibt-es-nicht/")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "about:blank",
        "title": "Nicht gefunden",
        "status": 404,
        "detail": "Unter dieser Adresse gibt es nichts.",
    }


def test_a_wrong_method_is_a_problem_document(client: Client) -> None:
    answer = client.post("/api/v1/areas/")
    assert answer.status_code == 405
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["title"] == "Diese Methode geht hier nicht"


def test_a_bad_request_says_a_sentence_per_field(client: Client) -> None:
    answer = client.get("/api/v1/areas/")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert list(answer.json()["errors"]) == ["layer"]
    assert answer.json()["detail"] == answer.json()["errors"]["layer"][0]


def test_nested_errors_keep_the_way_to_their_field() -> None:
    nested = {"photos": [{}, {"id": ["Fehlt."]}], "non_field_errors": ["Passt nicht zusammen."]}
    assert problems.sentences(nested) == {
        "photos.1.id": ["Fehlt."],
        "": ["Passt nicht zusammen."],
    }


def test_the_manifest_is_all_that_a_phone_needs_to_install_us(client: Client) -> None:
    content = client.get("/manifest.webmanifest").json()
    assert content["start_url"] == content["id"] == "/"
    assert (content["display"], content["scope"]) == ("standalone", "/")
    assert {icon["purpose"] for icon in content["icons"]} == {"any", "maskable"}
    (shortcut,) = content["shortcuts"]
    assert (shortcut["name"], shortcut["url"]) == ("Mangel melden", "/melden")
    for icon in [*content["icons"], *shortcut["icons"]]:
        with Image.open(assets.SOURCE / icon["src"].removeprefix("/static/frontend/")) as drawn:
            assert "{}x{}".format(*drawn.size) == icon["sizes"]


@pytest.mark.parametrize("colour", ["1a3da5", "FFE600"])
def test_a_towns_colour_comes_as_a_sheet_of_its_own(client: Client, colour: str) -> None:
    answer = client.get(f"/farbe/{colour}.css")
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in answer["Cache-Control"]
    assert "--brand: light-dark(#" in answer.content.decode()


@pytest.mark.parametrize("colour", ["red", "12345", "1a3da5}", "%00"])
def test_nonsense_is_no_colour(client: Client, colour: str) -> None:
    assert client.get(f"/farbe/{colour}.css").status_code == 404


def test_texts_of_the_site_are_shown_as_text(rf: RequestFactory) -> None:
    class Door:
        name = "Bensheim"
        imprint = "Stadt <script>alert(1)</script>\n\nKirchbergstraße 18"

    request: HttpRequest = rf.get("/impressum")
    page = render_to_string("frontend/imprint.html", {"site": Door(), "request": request})
    assert "&lt;script&gt;" in page
    assert "<p>Kirchbergstraße 18</p>" in page


def test_the_other_language_is_one_link_away(client: Client) -> None:
    assert 'href="/en/datenschutz" lang="en"' in client.get("/datenschutz").content.decode()
    assert 'href="/datenschutz" lang="de"' in client.get("/en/datenschutz").content.decode()
