"""From a template and facts to a PDF. The only place that starts the printer.

A template is Typst (https://typst.app/docs) and reads `facts.json` beside it; what people wrote is
data there and never becomes code. The printer is a process of its own with bounds for time,
processor and memory, in a folder that holds only what the paper needs, so a strange text or picture
can at worst leave us without this one paper. Result: PDF/UA-1, tagged, fonts inside.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Final

from PIL import Image as Picture

from .glyphs import legible

HOME: Final = Path(__file__).parent
SECONDS: Final = 30
LARGEST: Final = 64 * 1024 * 1024


class NotPrinted(Exception):
    """The printer gave up; `because` is its first line, about the template."""

    def __init__(self, because: str) -> None:
        super().__init__(because)
        self.because = because


@dataclass(frozen=True)
class Paper:
    """A template (a .typ file), what stands in it, and its pictures by the names in the facts."""

    template: Path
    facts: Mapping[str, Any]
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def print_paper(paper: Paper) -> bytes:
    """Raises NotPrinted."""
    with tempfile.TemporaryDirectory(prefix="augenmerk-paper-") as name:
        folder = Path(name)
        lay_out(paper, folder)
        return _print(folder)


def lay_out(paper: Paper, folder: Path) -> None:
    for source, goal in ((HOME / "house.typ", "house.typ"), (paper.template, "paper.typ")):
        (folder / goal).write_bytes(source.read_bytes())
    facts = json.dumps(_legible(paper.facts), ensure_ascii=False)
    (folder / "facts.json").write_text(facts, encoding="utf-8")
    for each, data in paper.pictures.items():
        (folder / each).write_bytes(data)


def _legible(said: Any) -> Any:
    """Every text in the facts as the font can draw it."""
    match said:
        case str():
            return legible(said)
        case Mapping():
            return {name: _legible(each) for name, each in said.items()}
        case list() | tuple():
            return [_legible(each) for each in said]
    return said


def _print(folder: Path) -> bytes:
    command = [sys.executable, "-I", str(HOME / "press.py"), str(folder), str(HOME / "fonts")]
    try:
        done = subprocess.run(  # noqa: S603 (our own program)
            command, capture_output=True, timeout=SECONDS, check=False, cwd=folder
        )
    except subprocess.TimeoutExpired:
        raise NotPrinted("too slow") from None
    if done.returncode or not done.stdout.startswith(b"%PDF") or len(done.stdout) > LARGEST:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no paper"]
        raise NotPrinted(lines[-1][:200])
    return done.stdout


def small_jpeg(source: IO[bytes], *, edge: int = 900) -> bytes:
    """One of our own pictures, at most `edge` pixels wide and high, as paper takes it."""
    with Picture.open(source) as picture:
        picture.thumbnail((edge, edge))
        out = BytesIO()
        picture.convert("RGB").save(out, "JPEG", quality=80)
        return out.getvalue()
