"""Assets: hashed names, one style sheet, the import map, the icon sprite.

In development and tests files are served straight from the source folders under their plain
names; `collectstatic` gives them hashed names (AssetStorage). Which of the two is in force is
decided once, in the settings.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from time import monotonic
from typing import Any
from xml.etree import ElementTree

from django.conf import settings
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.core.files.base import ContentFile
from django.templatetags.static import static
from whitenoise.storage import CompressedManifestStaticFilesStorage

SOURCE = Path(__file__).resolve().parent / "static" / "frontend"
MAIN = "frontend/css/main.css"
SHEETS = (MAIN, "frontend/css/staff.css", "frontend/css/fundbuero.css")
OUR_MODULES = "frontend/js/"
# Bare names outside our own modules: Leaflet is a classic script that is imported for its effect.
LIBRARIES = {"#leaflet": "leaflet/leaflet.js"}

_IMPORT_RULE = re.compile(r'@import "(?P<file>[^"]+)" layer\((?P<layer>\w+)\);')
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_IMPORTED = re.compile(r"""(?:from|import)\s*\(?\s*["'](#[\w./-]+)["']""")


class AssetConfig(StaticFilesConfig):
    """Collects what our pages use: no assets of the API browser or of Leaflet's editors."""

    ignore_patterns = [  # noqa: RUF012 - Django's name and type
        *StaticFilesConfig.ignore_patterns,
        "rest_framework",
        "draw",
        "mfa",
        "account",
        "leaflet-src*",
    ]


class AssetStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed names; main.css with its imports inside, so that a page waits for one sheet only.

    Modules and sheet go out minified: a third less for a phone in the rain to load.
    """

    keep_only_hashed_files = True

    def post_process(self, paths: dict[str, Any], **options: Any) -> Iterator[Any]:
        # The tool brings a runtime of its own: no business of a process that answers requests.
        minify = import_module("minify").string
        made = dict(paths)
        for sheet in made.keys() & set(SHEETS):
            made[sheet] = (_OneFile(minify("text/css", bundle(sheet))), sheet)
        for name in made:
            if name.startswith(OUR_MODULES):
                text = (SOURCE.parent / name).read_text(encoding="utf-8")
                made[name] = (_OneFile(minify("text/javascript", text)), name)
        return iter(super().post_process(made, **options))


@dataclass(frozen=True)
class _OneFile:
    """As much of a storage as `post_process` asks for."""

    text: str

    def open(self, name: str) -> ContentFile[bytes]:
        return ContentFile(self.text.encode(), name)


def bundle(sheet: str = MAIN) -> str:
    """The sheet with every imported file inside its layer, without comments."""
    folder = SOURCE / "css"

    def inside(rule: re.Match[str]) -> str:
        text = (folder / rule["file"]).resolve().read_text(encoding="utf-8")
        return f"@layer {rule['layer']} {{\n{text}\n}}"

    text = _IMPORT_RULE.sub(inside, (SOURCE.parent / sheet).read_text(encoding="utf-8"))
    return re.sub(r"\n\s*", "\n", _COMMENT.sub("", text)).strip() + "\n"


# ── Modules ──────────────────────────────────────────────────────────────────────────────────
def once(function: Any) -> Any:
    """Cached; for a second at most where files may change under a running server."""
    cached = cache(function)
    second = 0

    def answer(*args: Any) -> Any:
        nonlocal second
        if settings.ASSETS_CHANGE and second != (now := int(monotonic())):
            cached.cache_clear()
            second = now
        return cached(*args)

    return answer


@once
def modules() -> dict[str, str]:
    """Name of each module (`#js/map/box.js`) and its path among the static files."""
    ours = {
        f"#{file.relative_to(SOURCE).as_posix()}": f"frontend/{file.relative_to(SOURCE).as_posix()}"
        for file in sorted((SOURCE / "js").rglob("*.js"))
    }
    return ours | LIBRARIES


@once
def import_map() -> str:
    """The text of the one inline script: each module's name and its hashed URL."""
    imports = {name: static(path) for name, path in modules().items()}
    return json.dumps({"imports": imports}, separators=(",", ":"), sort_keys=True)


@once
def import_map_source() -> str:
    """What allows that script in the Content-Security-Policy. A nonce would break 304s."""
    digest = hashlib.sha256(import_map().encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@once
def needed_by(name: str) -> tuple[str, ...]:
    """All modules that `name` imports, directly or not, nearest first; `name` itself is last."""
    found: dict[str, None] = {}
    waiting = [name]
    while waiting:
        current = waiting.pop(0)
        if current in found:
            continue
        found[current] = None
        if current.startswith("#js/"):
            text = (SOURCE / current[1:]).read_text(encoding="utf-8")
            waiting += [other for other in _IMPORTED.findall(text) if other in modules()]
    return (*[other for other in found if other != name], name)


# ── Icons ────────────────────────────────────────────────────────────────────────────────────
SVG = "{http://www.w3.org/2000/svg}"
FALLBACK_ICON = "dot"


@once
def icons() -> dict[str, str]:
    """Inner markup of each symbol of icons.svg."""
    sprite = ElementTree.parse(SOURCE / "icons.svg").getroot()  # noqa: S314 (our own file)
    return {symbol.attrib["id"]: _inner(symbol) for symbol in sprite.iter(f"{SVG}symbol")}


def _inner(symbol: ElementTree.Element) -> str:
    def tag(element: ElementTree.Element) -> str:
        attributes = "".join(f' {name}="{value}"' for name, value in element.attrib.items())
        return f"<{element.tag.removeprefix(SVG)}{attributes}/>"

    return "".join(tag(element) for element in symbol)
