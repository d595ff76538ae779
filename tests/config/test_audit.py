"""`manage.py audit`, with an index of our own."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.core.management import CommandError, call_command

HOLE = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-0001"], "fixed_in": ["1.1"], "withdrawn": None}
LOCK = (
    "leaky==1.0 \\\n    --hash=sha256:00\n"
    "sound==2.0 ; python_version > '3' \\\n    --hash=sha256:00\n"
)


class Index(BaseHTTPRequestHandler):
    known: ClassVar[dict[str, list[Any]]] = {}
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        Index.asked.append(self.path)
        found = Index.known.get(self.path.split("/")[2])
        self.send_response(200 if found is not None else 404)
        self.end_headers()
        self.wfile.write(json.dumps({"vulnerabilities": found, "info": {}}).encode())

    def log_message(self, *words: Any) -> None:
        """Silent."""


@pytest.fixture
def index() -> Iterator[str]:
    Index.known, Index.asked = {"leaky": [], "sound": []}, []
    server = HTTPServer(("127.0.0.1", 0), Index)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def locks(tmp_path: Path, settings: Any) -> Path:
    settings.HOME = tmp_path
    (tmp_path / "run.lock").write_text(LOCK, encoding="utf-8")
    (tmp_path / "audit-ignore.toml").write_text("", encoding="utf-8")
    return tmp_path


def audit(index: str, locks: Path) -> str:
    said = StringIO()
    call_command("audit", index=index, locks=locks, stdout=said, stderr=said)
    return said.getvalue()


def test_nothing_known_is_asked_once_a_day(index: str, locks: Path) -> None:
    assert "2 packages: nothing known" in audit(index, locks)
    assert len(Index.asked) == 2
    assert "2 packages: nothing known" in audit(index, locks)
    assert len(Index.asked) == 2
    (locks / "test.lock").write_text("another==1", encoding="utf-8")
    assert "no answer about 1: another" in audit(index, locks)


def test_a_known_hole_fails_with_what_mends_it(index: str, locks: Path) -> None:
    Index.known["leaky"] = [HOLE, HOLE | {"id": "PYSEC-2025-9", "withdrawn": "2025-02-02"}]
    with pytest.raises(CommandError) as failure:
        audit(index, locks)
    assert str(failure.value) == "leaky 1.0: PYSEC-2026-1 CVE-2026-0001, fixed in 1.1"


@pytest.mark.parametrize(("until", "passes"), [("2999-12-31", True), ("2020-01-01", False)])
def test_a_waiver_holds_until_its_last_day(
    index: str, locks: Path, until: str, passes: bool
) -> None:
    Index.known["leaky"] = [HOLE]
    waiver = f'[[ignore]]\nid = "CVE-2026-0001"\nuntil = {until}\nreason = "Never called."\n'
    (locks / "audit-ignore.toml").write_text(waiver, encoding="utf-8")
    if passes:
        assert "nothing known" in audit(index, locks)
    else:
        with pytest.raises(CommandError, match="leaky"):
            audit(index, locks)


def test_a_waiver_without_a_reason_is_none(index: str, locks: Path) -> None:
    (locks / "audit-ignore.toml").write_text('[[ignore]]\nid = "X"\n', encoding="utf-8")
    with pytest.raises(CommandError, match="reason"):
        audit(index, locks)


def test_where_nobody_can_be_asked_it_says_so_and_goes_on(index: str, locks: Path) -> None:
    Index.known = {}
    for place in (index, "http://127.0.0.1:9"):
        said = audit(place, locks)
        assert said == f"not audited: {place} tells nothing about vulnerabilities from here\n"
