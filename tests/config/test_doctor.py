"""What the doctor says of a sound and of an ailing installation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from config.findings import Finding, Level
from config.management.commands import doctor
from config.web import listen
from townhall.models import Letter, LetterState


def levels(findings: Iterable[Finding]) -> set[Level]:
    return {finding.level for finding in findings}


@pytest.mark.django_db
def test_a_sound_database_is_called_sound() -> None:
    for look in (doctor.database, doctor.extensions, doctor.migrations, doctor.libraries):
        assert levels(look()) == {Level.OK}


def test_secrets_that_others_can_read_are_found(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    (tmp_path / "env").write_text("SECRET_KEY=x\n")
    (tmp_path / "env").chmod(0o644)
    [finding] = doctor.secrets()
    assert finding.level == Level.BROKEN
    assert finding.remedy == f"chmod 600 {tmp_path / 'env'}"


def test_assets_that_nobody_collected_are_found(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path / "static"
    assert Level.BROKEN in levels(doctor.made_from_sources())


def test_a_mail_server_that_does_not_answer_is_found(settings: Any) -> None:
    with listen("127.0.0.1", 0) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.getsockname()
        assert levels(doctor.mail()) == {Level.OK, Level.BROKEN}  # "from localhost"
        settings.DEFAULT_FROM_EMAIL = "Stadt <maengel@bensheim.example>"
        assert levels(doctor.mail()) == {Level.OK}
    [finding] = doctor.mail()
    assert finding.level == Level.BROKEN
    assert "EMAIL_HOST" in finding.remedy


def test_a_folder_that_can_not_be_made_is_found_with_a_command(
    settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    settings.HOME = tmp_path
    settings.MEDIA_ROOT = tmp_path / "file" / "photos"
    photos, spool = doctor.folders()
    assert (photos.level, spool.level) == (Level.BROKEN, Level.OK)
    assert str(settings.MEDIA_ROOT) in photos.remedy


@pytest.mark.django_db
def test_letters_that_wait_too_long_are_found() -> None:
    letter = Letter.objects.create(key="k", kind="receipt", to="a@b.example", subject="s", text="t")
    assert levels(doctor.letters()) == {Level.OK}
    Letter.objects.update(created_at=timezone.now() - timedelta(hours=1))
    assert levels(doctor.letters()) == {Level.BROKEN}
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.FAILED)
    assert levels(doctor.letters()) == {Level.NOTE, Level.OK}


@pytest.mark.django_db
def test_the_doctor_ends_with_an_error_when_something_is_broken(
    settings: Any, tmp_path: Path
) -> None:
    settings.HOME, settings.STATIC_ROOT = tmp_path, tmp_path / "nowhere"
    said = StringIO()
    with pytest.raises(CommandError, match="broken"):
        call_command("doctor", stdout=said)
    assert "→ bin/setup, then restart" in said.getvalue()
