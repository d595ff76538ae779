"""The service worker's script: what makes the form open without a network.

Browsers load it as one classic script, and an import map does not reach it. So its modules are put
together here, in the order in which they are needed, each a function that returns its exports.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage

from .assets import SOURCE, once

WORKER = "#js/offline/worker.js"

_IMPORT = re.compile(r"""^import\s*(\{[^}]*\})\s*from\s*["'](#[\w./-]+)["']""", re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:function|class|const) (\w+))", re.MULTILINE)


@once
def worker() -> str:
    """The script. Its bytes change with any asset: then the browser takes the new version in."""
    facts = {"version": version(), "isLasting": settings.ASSETS_COLLECTED}
    head = ['"use strict"', f"globalThis.AUGENMERK = {json.dumps(facts)}", "const modules = {}"]
    return "\n".join([*head, *map(_as_function, _in_order(WORKER))])


@once
def version() -> str:
    """Sixteen hexadecimal digits that stand for all assets as they are now."""
    known = getattr(staticfiles_storage, "manifest_hash", "")
    if known:
        return hashlib.sha256(known.encode()).hexdigest()[:16]
    return state_of(SOURCE)


def state_of(folder: Path) -> str:
    """Another one whenever a file in it was written."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    stamps = [f"{file.name} {file.stat().st_mtime_ns} {file.stat().st_size}" for file in files]
    return hashlib.sha256("\n".join(stamps).encode()).hexdigest()[:16]


def _in_order(name: str) -> list[str]:
    """The module and what it imports, each after what it needs."""
    found: dict[str, None] = {}

    def visit(module: str) -> None:
        for _names, other in _IMPORT.findall(_text(module)):
            if other not in found:
                visit(other)
        found[module] = None

    visit(name)
    return list(found)


def _as_function(module: str) -> str:
    text = _IMPORT.sub(r'const \1 = modules["\2"]', _text(module))
    exported = ", ".join(name for _whole, name in _EXPORT.findall(text))
    body = _EXPORT.sub(r"\1", text)
    return f'modules["{module}"] = (() => {{\n{body}\nreturn {{ {exported} }}\n}})()\n'


def _text(module: str) -> str:
    return (SOURCE / module[1:]).read_text(encoding="utf-8")
