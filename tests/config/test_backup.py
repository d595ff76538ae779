"""A backup made while people report, and what it is worth elsewhere."""

from __future__ import annotations

import io
import json
import os
import stat
import subprocess
import sys
import tarfile
import threading
import uuid
from collections.abc import Callable, Iterator
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as house_settings
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from config.backups import making, postgres, restoring
from config.backups.archive import Archive
from config.backups.postgres import Trouble, program
from reports.models import Report
from reports.receiving import intake
from tests.live.houses import ROOT, House, empty
from tests.townhall.pictures import corners, encoded
from townhall.letters import Draft, post
from townhall.live import cursor
from townhall.models import Image, Installation, Letter
from townhall.photos import stage, sweep
from townhall.photos.storing import REMOVAL

DRAFTS = Callable[..., intake.Draft]


@pytest.fixture
def elsewhere() -> Iterator[House]:
    """A database with extensions and nothing else."""
    house = empty()
    yield house
    house.close()


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir()
    return settings.HOME  # type: ignore[no-any-return]


def backup(folder: Path, *words: str) -> Path:
    before = set(folder.glob("*.tar"))
    call_command("backup", str(folder), *words, stdout=StringIO())
    (made,) = set(folder.glob("*.tar")) - before
    return made


def restore(
    house: House, archive: Path, media: Path, *words: str, typed: str | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "restore", str(archive), *words],
        cwd=ROOT,
        env=surroundings(house, media),
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )


def surroundings(house: House, media: Path) -> dict[str, str]:
    mine = {
        "DATABASE_URL": house.database_url,
        "LIVE_DATABASE_URL": "",
        "AUGENMERK_HOME": str(house_settings.HOME),
        "SECRET_KEY": house_settings.SECRET_KEY,
        "MEDIA_ROOT": str(media),
    }
    return os.environ | mine


def rows(house: House, query: str) -> list[Any]:
    with house.connect() as link:
        return link.execute(query).fetchall()


def photo() -> uuid.UUID:
    return stage(uuid.uuid4(), BytesIO(encoded(corners()))).pk


def rewritten(archive: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """A copy whose members were changed, or left out where `change` says None."""
    copy = archive.with_name("changed.tar")
    with tarfile.open(archive) as old, tarfile.open(copy, "w") as new:
        for member in old:
            data = change(member.name, old.extractfile(member).read())  # type: ignore[union-attr]
            if data is not None:
                member.size = len(data)
                new.addfile(member, io.BytesIO(data))
    return copy


# ── While people report ──────────────────────────────────────────────────────────────────────
class Crowd(threading.Thread):
    """Hands in reports with photos until it is told to stop."""

    def __init__(self, make_draft: DRAFTS) -> None:
        super().__init__()
        self._draft = make_draft
        self._enough = threading.Event()
        self.sent = 0
        self.begun = threading.Event()

    def run(self) -> None:
        try:
            while not self._enough.is_set():
                intake.submit(self._draft(photo_ids=(photo(),), email="erika@example.org"))
                self.sent += 1
                self.begun.set()
        finally:
            connection.close()

    def stop(self) -> None:
        self._enough.set()
        self.join(30)


@pytest.mark.django_db(transaction=True)
def test_a_backup_of_a_busy_house_is_whole_elsewhere(
    make_draft: DRAFTS, elsewhere: House, tmp_path: Path, transactional_db: None
) -> None:
    Installation.objects.get_or_create(pk=1)
    old_cursor, old_epoch = cursor(), Installation.objects.get().epoch
    crowd = Crowd(make_draft)
    crowd.start()
    assert crowd.begun.wait(30)
    before = crowd.sent
    archive = backup(tmp_path)
    crowd.stop()
    after = crowd.sent

    done = restore(elsewhere, archive, tmp_path / "media")
    assert done.returncode == 0, done.stderr
    ((reports,),) = rows(elsewhere, "SELECT count(*) FROM reports_report")
    assert before <= reports <= after
    folders = [folder for (folder,) in rows(elsewhere, "SELECT folder FROM townhall_image")]
    assert len(folders) >= reports
    for folder in folders:
        for size in ("full", "thumb"):
            name = f"{folder}/{size}.webp"
            with default_storage.open(name) as original:
                assert (tmp_path / "media" / name).read_bytes() == original.read()
    claimed = "SELECT count(*) FROM reports_photo p JOIN townhall_image i ON i.id = p.image_id"
    assert rows(elsewhere, claimed) == [(reports,)]

    ((epoch,),) = rows(elsewhere, "SELECT epoch FROM townhall_installation")
    assert epoch != old_epoch
    asking = (
        "from townhall.live import CursorUnknown, missed_condition\n"
        f"try: missed_condition({old_cursor!r})\n"
        "except CursorUnknown: print('unknown')"
    )
    assert elsewhere.manage("shell", "--no-imports", "-c", asking).strip() == "unknown"


@pytest.mark.django_db(transaction=True)
def test_photos_are_not_swept_while_they_are_copied(tmp_path: Path) -> None:
    photo()
    Image.objects.update(created_at="2020-01-01T00:00Z")
    with postgres.Database.here().connect() as keeper:
        making._pause_sweep(keeper)
        assert sweep() == 0
        with pytest.raises(Trouble, match="Another backup"), _impatient(keeper) as other:
            making._pause_sweep(other)
    assert sweep() == 1
    assert REMOVAL


class _impatient:  # noqa: N801 - reads as a function
    """A second connection that does not wait for half a minute."""

    def __init__(self, _: Any) -> None:
        self.link = postgres.Database.here().connect()

    def __enter__(self) -> Any:
        link = self.link

        class Hasty:
            def execute(self, query: str, *more: Any) -> Any:
                return link.execute(query.replace("30s", "50ms"), *more)

        return Hasty()

    def __exit__(self, *_: object) -> None:
        self.link.close()


# ── Letters ──────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db(transaction=True)
def test_sent_letters_stay_sent_and_waiting_ones_have_one_job(
    elsewhere: House, tmp_path: Path, transactional_db: None
) -> None:
    Installation.objects.get_or_create(pk=1)
    with transaction.atomic():
        for key in ("sent", "waiting", "in hand"):
            post(Draft(key, "receipt", "erika@example.org", "Ihre Meldung", "Danke.\n"))
    letters = {letter.key: letter for letter in Letter.objects.all()}
    Letter.objects.filter(key="sent").update(state="sent")
    with connection.cursor() as query:
        query.execute("SELECT worker_id FROM procrastinate_register_worker_v1()")
        (worker,) = query.fetchone()
        job = (
            "UPDATE procrastinate_jobs SET status = %s, worker_id = %s WHERE args->>'letter_id'=%s"
        )
        query.execute(job, ["succeeded", None, str(letters["sent"].id)])
        query.execute(job, ["doing", worker, str(letters["in hand"].id)])
    assert ProcrastinateJob.objects.count() == 3

    done = restore(elsewhere, backup(tmp_path), tmp_path / "media")
    assert done.returncode == 0, done.stderr
    found = rows(
        elsewhere,
        """SELECT letter.key, letter.state, job.status::text, job.worker_id
           FROM townhall_letter letter JOIN procrastinate_jobs job
             ON job.args->>'letter_id' = letter.id::text ORDER BY 1""",
    )
    assert found == [
        ("in hand", "waiting", "todo", None),
        ("sent", "sent", "succeeded", None),
        ("waiting", "waiting", "todo", None),
    ]
    assert rows(elsewhere, "SELECT count(*) FROM procrastinate_workers") == [(0,)]


@pytest.mark.django_db(transaction=True)
def test_transaction_ids_of_another_cluster_are_not_missed_for_ever(
    make_report: Callable[..., Report], elsewhere: House, tmp_path: Path, transactional_db: None
) -> None:
    make_report()
    with connection.cursor() as query:
        query.execute("UPDATE reports_event SET xid = '9000000000000'")
    assert restore(elsewhere, backup(tmp_path), tmp_path / "media").returncode == 0
    future = (
        "SELECT count(*) FROM reports_event WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())"
    )
    assert rows(elsewhere, future) == [(0,)]


# ── What is refused ──────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db(transaction=True)
def test_a_changed_archive_is_refused_before_anything_is_touched(
    make_draft: DRAFTS, elsewhere: House, tmp_path: Path, transactional_db: None
) -> None:
    intake.submit(make_draft(photo_ids=(photo(),)))
    archive = backup(tmp_path)
    changed = rewritten(
        archive, lambda name, data: data[:-1] + b"x" if name.endswith("full.webp") else data
    )
    done = restore(elsewhere, changed, tmp_path / "media", "--yes")
    assert done.returncode != 0
    assert "changed or is damaged" in done.stderr
    assert rows(elsewhere, "SELECT to_regclass('reports_report')") == [(None,)]
    assert not (tmp_path / "media").exists()

    cases: list[Callable[[str, bytes], bytes | None]] = [
        lambda name, data: data.replace(b"PGDMP", b"PGDMQ") if name == "database.dump" else data,
        lambda name, data: None if name == "manifest.json" else data,
        lambda name, data: None if name == "SHA256SUMS" else data,
        lambda name, data: None if name.endswith("thumb.webp") else data,
        lambda name, data: b"" if name == "SHA256SUMS" else data,
        lambda name, data: b"{}" if name == "manifest.json" else data,
        lambda name, data: data.replace(b'"photos": 1', b'"photos": 2'),
    ]
    for change in cases:
        with pytest.raises(Trouble):
            Archive(rewritten(archive, change))
    Archive(rewritten(archive, lambda name, data: data))


@pytest.mark.django_db(transaction=True)
def test_a_cut_archive_is_refused(tmp_path: Path) -> None:
    photo()
    archive = backup(tmp_path)
    whole = archive.read_bytes()
    for cut in (0, 100, 4096, len(whole) // 2, whole.rindex(b"seal"), whole.rindex(b"SHA256SUMS")):
        archive.write_bytes(whole[:cut])
        with pytest.raises(Trouble):
            Archive(archive)


@pytest.mark.django_db(transaction=True)
def test_names_that_lead_out_of_the_house_are_refused(tmp_path: Path) -> None:
    archive = tmp_path / "evil.tar"
    for name, kind in [("../../etc/cron.d/x", tarfile.REGTYPE), ("media/images", tarfile.SYMTYPE)]:
        with tarfile.open(archive, "w") as tar:
            member = tarfile.TarInfo(name)
            member.type = kind
            tar.addfile(member)
        with pytest.raises(Trouble):
            Archive(archive)


@pytest.mark.django_db(transaction=True)
def test_a_house_with_data_is_not_replaced_unasked(
    make_report: Callable[..., Report], elsewhere: House, tmp_path: Path, transactional_db: None
) -> None:
    archive = backup(tmp_path)
    make_report()
    full = backup(tmp_path, "--keep", "5")
    assert restore(elsewhere, full, tmp_path / "media").returncode == 0
    refused = restore(elsewhere, archive, tmp_path / "media", typed="")
    assert refused.returncode != 0
    assert "1 reports" in refused.stderr
    assert "--yes" in refused.stderr
    assert rows(elsewhere, "SELECT count(*) FROM reports_report") == [(1,)]
    assert restore(elsewhere, archive, tmp_path / "media", "--yes").returncode == 0
    assert rows(elsewhere, "SELECT count(*) FROM reports_report") == [(0,)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("script", ["echo 'SELECT 1/0;'", "echo 'SELECT 1;'; exit 1"])
def test_a_restore_that_fails_half_way_leaves_the_old_state(
    elsewhere: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    archive = Archive(backup(tmp_path))
    broken = tmp_path / "pg_restore"
    broken.write_text(f"#!/bin/sh\n[ $1 = --list ] && exit\n{script}\n")
    broken.chmod(0o755)
    real = program
    monkeypatch.setattr(
        restoring,
        "program",
        lambda name, server: broken if name == "pg_restore" else real(name, server=server),
    )
    there = postgres.Database({**elsewhere.parameters, "dbname": elsewhere.database})
    with elsewhere.connect() as link:
        link.execute("CREATE TABLE precious AS SELECT 1 AS one")
    with pytest.raises(Trouble):
        restoring.Restore(archive, there, print)._replace(tmp_path / "x", tmp_path / "list")
    assert rows(elsewhere, "SELECT one FROM precious") == [(1,)]


@pytest.mark.django_db(transaction=True)
def test_a_restore_waits_until_nobody_is_connected(elsewhere: House, tmp_path: Path) -> None:
    archive = backup(tmp_path)
    with elsewhere.connect():
        done = restore(elsewhere, archive, tmp_path / "media", "--yes")
    assert done.returncode != 0
    assert "End web server" in done.stderr


@pytest.mark.django_db(transaction=True)
def test_an_archive_of_tomorrow_is_refused(elsewhere: House, tmp_path: Path) -> None:
    with connection.cursor() as query:
        query.execute(
            "INSERT INTO django_migrations (app, name, applied) "
            "VALUES ('reports', '9999_of_tomorrow', now())"
        )
        try:
            archive = backup(tmp_path)
        finally:
            query.execute("DELETE FROM django_migrations WHERE name = '9999_of_tomorrow'")
    done = restore(elsewhere, archive, tmp_path / "media")
    assert done.returncode != 0
    assert "newer Augenmerk" in done.stderr


# ── Files and programs ───────────────────────────────────────────────────────────────────────
@pytest.mark.django_db(transaction=True)
def test_only_the_owner_reads_a_backup_and_old_ones_go(tmp_path: Path, home: Path) -> None:
    folder = tmp_path / "backups"
    for year in (2020, 2021, 2022):
        folder.mkdir(exist_ok=True)
        (folder / f"augenmerk-{year}-01-01T000000Z.tar").write_bytes(b"old")
    (folder / "augenmerk-notes.tar").write_bytes(b"not ours")
    (folder / ".augenmerk-2020-01-02T000000Z.tar.new").write_bytes(b"of a killed one")
    call_command("backup", str(folder), "--keep", "2", stdout=StringIO())
    names = sorted(path.name for path in folder.iterdir())
    assert names[0] == "augenmerk-2022-01-01T000000Z.tar"
    assert names[2] == "augenmerk-notes.tar"
    assert len(names) == 3
    assert stat.S_IMODE((folder / names[1]).stat().st_mode) == 0o600
    assert json.loads((home / making.LAST).read_text())["bytes"] > 1000


@pytest.mark.django_db(transaction=True)
def test_a_missing_photo_is_told_and_does_not_stop_the_backup(tmp_path: Path) -> None:
    image = Image.objects.get(pk=photo())
    default_storage.delete(f"{image.folder}/thumb.webp")
    err = StringIO()
    call_command("backup", str(tmp_path), stdout=StringIO(), stderr=err)
    assert "1 files of photos are not in the storage" in err.getvalue()
    (archive,) = tmp_path.glob("*.tar")
    assert Archive(archive).manifest.missing == [f"{image.folder}/thumb.webp"]


@pytest.mark.django_db(transaction=True)
def test_a_backup_that_fails_leaves_nothing_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "program", lambda name, server: Path("/bin/false"))
    with pytest.raises(CommandError, match="No backup was made"):
        call_command("backup", str(tmp_path / "b"), stdout=StringIO())
    assert list((tmp_path / "b").iterdir()) == []


def test_the_programs_of_the_servers_version_are_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for version in ("14.2", "15.18", "17.0"):
        folder = tmp_path / version.partition(".")[0] / "bin"
        folder.mkdir(parents=True)
        (folder / "pg_dump").write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version} (x)'\n")
        (folder / "pg_dump").chmod(0o755)
    monkeypatch.setattr(postgres, "DEBIAN", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert program("pg_dump", server=15).parts[-3] == "15"
    assert program("pg_dump", server=16).parts[-3] == "17"
    with pytest.raises(Trouble, match="postgresql-client-18"):
        program("pg_dump", server=18)
