"""The files for a server, and what the doctor says of one."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from config import production, units
from config.backups.making import LAST
from config.findings import Finding, Level
from reports.models import Erasure
from townhall.models import Municipality

URL = "https://maengel.bensheim.example"


@pytest.fixture(autouse=True)
def server(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> units.Server:
    settings.HOME = settings.MEDIA_ROOT = settings.BACKUP_FOLDER = tmp_path
    settings.PUBLIC_URL = URL
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "maengel.bensheim.example"]
    settings.TRUSTED_PROXIES = ["127.0.0.1", "::1"]
    settings.SECURE_HSTS_SECONDS = 31_536_000
    monkeypatch.setattr(production, "SERVICE", "augenmerk")
    monkeypatch.setattr(production, "SYSTEMD", tmp_path)
    for name, value in {"SERVICE_USER": "", "HOST": "127.0.0.1", "PORT": "8000"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("LIVE_PORT", raising=False)
    return units.Server.here()


def said(findings: Iterable[Finding], level: Level) -> str:
    return "; ".join(each.what for each in findings if each.level == level)


# ── The files ────────────────────────────────────────────────────────────────────────────────
def test_every_unit_starts_what_this_checkout_holds(server: units.Server) -> None:
    files = units.written(server)
    assert set(files) == {
        *("augenmerk.target", "augenmerk-web.socket", "augenmerk-web.service"),
        *("augenmerk-worker.service", "augenmerk-backup.service", "augenmerk-backup.timer"),
        *("nginx.conf", "Caddyfile"),
    }
    for name, text in files.items():
        assert "{{" not in text and "{%" not in text, name
        if name.endswith(".service"):
            assert f"ExecStart={server.checkout}/.venv/bin/python " in text
            assert f"-{server.home}/state" in text
            assert "\nUser=augenmerk\n" in text


def test_a_live_line_of_its_own_gets_a_unit_and_a_way_to_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LIVE_PORT", "8001")
    files = units.written(units.Server.here())
    assert "ListenStream=127.0.0.1:8001" in files["augenmerk-live.socket"]
    assert "augenmerk-live.service" in files["augenmerk.target"]
    assert "proxy_pass http://augenmerk-live;" in files["nginx.conf"]
    assert "reverse_proxy 127.0.0.1:8001" in files["Caddyfile"]


def test_the_web_server_takes_what_we_take_and_says_who_asks(server: units.Server) -> None:
    nginx = units.written(server)["nginx.conf"]
    assert "client_max_body_size 120m;" in nginx  # ours: 110, and our refusal is in German
    assert nginx.count("X-Forwarded-For $remote_addr;") == 2
    assert "return 301 https://$host$request_uri;" in nginx


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_finds_nothing_wrong_with_them(tmp_path: Path) -> None:
    call_command("units", write=tmp_path / "units", stdout=StringIO())
    found = sorted(map(str, (tmp_path / "units").glob("augenmerk*")))
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *found], capture_output=True, text=True
    )
    # What is wrong with other units of the machine, and an unknown user, is not ours.
    ours = [line for line in checked.stderr.splitlines() if "/units/" in line]
    assert ours == []


def test_what_an_earlier_version_wrote_goes_and_the_rest_stays(tmp_path: Path) -> None:
    (tmp_path / "augenmerk-live.service").write_text("# Written by bin/setup for X\n")
    (tmp_path / "notes.txt").write_text("mine\n")
    call_command("units", write=tmp_path, stdout=StringIO())
    assert not (tmp_path / "augenmerk-live.service").exists()
    assert (tmp_path / "notes.txt").exists()


@pytest.mark.parametrize("port", ["acht", "-1"])
def test_a_port_that_is_none_is_told(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVE_PORT", port)
    with pytest.raises(CommandError, match="LIVE_PORT"):
        call_command("units", stdout=StringIO())


def test_a_path_that_systemd_would_break_at_is_told(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path / "mit Leerzeichen"
    with pytest.raises(CommandError, match="stumble"):
        call_command("units", stdout=StringIO())


# ── The doctor ───────────────────────────────────────────────────────────────────────────────
def test_an_open_line_to_the_world_is_found(settings: Any) -> None:
    settings.PUBLIC_URL = "http://maengel.bensheim.example"
    assert "openly" in said(production.front_door(), Level.BROKEN)
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    assert list(production.front_door()) == []


def test_a_proxy_that_nobody_trusts_is_found(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(production, "certificate", lambda host, port: Finding(Level.OK, host))
    assert said(production.front_door(), Level.BROKEN) == ""
    settings.TRUSTED_PROXIES = []
    assert "proxy" in said(production.front_door(), Level.BROKEN)


def test_a_web_server_that_does_not_answer_is_told() -> None:
    assert production.certificate("127.0.0.1", 1).level == Level.NOTE


@pytest.mark.parametrize(
    ("hours", "level"), [(None, Level.BROKEN), (30, Level.BROKEN), (3, Level.OK)]
)
def test_the_age_of_the_last_backup_counts(hours: int | None, level: Level, tmp_path: Path) -> None:
    if hours is not None:
        (tmp_path / LAST).parent.mkdir()
        facts = {"at": time.time() - hours * 3600, "bytes": 5_000_000, "photos": 1}
        (tmp_path / LAST).write_text(json.dumps(facts))
    assert "backup" in said(production.backups(), level)


def test_units_that_are_not_of_this_version_are_found(server: units.Server, tmp_path: Path) -> None:
    assert "not up to date" in said(production.units(), Level.BROKEN)
    call_command("units", write=tmp_path, stdout=StringIO())
    assert "start with the machine" in said(production.units(), Level.BROKEN)
    wants = tmp_path / "multi-user.target.wants"
    wants.mkdir()
    (wants / "augenmerk.target").symlink_to(tmp_path / "augenmerk.target")
    assert "units" in said(production.units(), Level.OK)


def test_photos_that_belong_to_root_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "images").mkdir()
    assert list(production.owners()) == []
    monkeypatch.setattr("os.geteuid", lambda: 12345)
    assert "images" in said(production.owners(), Level.BROKEN)


@pytest.mark.django_db
def test_a_town_that_nobody_has_set_up_is_told(town: Municipality) -> None:
    town.hazard_phone = ""
    town.save()
    notes = said(production.town(), Level.NOTE)
    assert "nobody may set up" in notes
    assert "no number to call" in notes


@pytest.mark.django_db
def test_retention_that_stands_still_is_found() -> None:
    assert list(production.retention()) == []
    long_ago = timezone.now() - 2 * production.NIGHTLY
    Erasure.objects.create(due_on=long_ago.date(), started_at=long_ago, finished_at=long_ago)
    assert "retention" in said(production.retention(), Level.BROKEN)


def test_the_generator_says_which_files_there_are() -> None:
    assert "Caddyfile" in run("units")
    assert run("units", "augenmerk.target").startswith("# Written by bin/setup")
    with pytest.raises(CommandError, match="Known: "):
        run("units", "apache.conf")


def run(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_the_wrapper_speaks_from_every_folder(settings: Any, tmp_path: Path) -> None:
    answer = subprocess.run(
        [settings.BASE_DIR / "bin" / "manage", "help", "units"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "nginx and Caddy" in " ".join(answer.stdout.split()), answer.stderr + sys.executable
