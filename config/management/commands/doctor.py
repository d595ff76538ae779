"""Says what is wrong with this installation and how to mend it."""

import os
import pwd
import shutil
import socket
import stat
import sys
import zoneinfo
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.gis.gdal import gdal_full_version
from django.contrib.gis.geos import Point, geos_version
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from PIL import features
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from config import production, several_hosts, tiles
from config.findings import Findings, Level, broken, note, ok
from townhall.models import Department, Letter, LetterState

EXTENSIONS = ("postgis", "pg_trgm", "unaccent", "btree_gist")
OLDEST_POSTGRES = 15
OLDEST_POSTGIS = (3, 3)
FREE_BROKEN = 1 * 1024**3
FREE_WORRYING = 5 * 1024**3
CLOCK_APART_S = 5
HEARTBEAT_S = 60  # a worker notes every ten seconds that it lives
LETTER_LATE = timedelta(minutes=15)
MAIL_ANSWERS_S = 3.0
_USAGE = "du -xh / | sort -h | tail"


class Command(BaseCommand):
    help = "Say what is wrong with this installation and how to mend it."
    requires_system_checks = ()  # also answers when something is broken

    def handle(self, *args: Any, **options: Any) -> None:
        findings = list(examine())
        for finding in findings:
            self.stdout.write(f"{finding.level:7} {finding.what}")
            if finding.remedy:
                self.stdout.write(f"        → {finding.remedy}")
        self.stdout.flush()  # before the error that ends it
        count = sum(finding.level == Level.BROKEN for finding in findings)
        if count:
            raise CommandError(f"{count} broken. Mend from the top; what is below may follow.")


def examine() -> Findings:
    yield from python()
    yield from libraries()
    yield from secrets()
    yield from folders()
    yield from clock()
    yield from made_from_sources()
    yield from mail()
    yield from production.server()
    yield from several_hosts.packages()
    yield from several_hosts.redis()
    yield from several_hosts.bucket()
    reached = list(database())
    yield from reached
    if not any(finding.level == Level.BROKEN for finding in reached):
        for look in (
            *(extensions, migrations, database_clock, worker, letters, mailboxes),
            *(
                several_hosts.keepalives,
                production.retention,
                production.town,
                tiles.look_at_source,
            ),
        ):
            yield from _unless_it_breaks(look)


def python() -> Findings:
    version = ".".join(map(str, sys.version_info[:3]))
    if not (3, 11) <= sys.version_info < (3, 15):
        yield broken(f"Python {version}", "Augenmerk needs Python 3.11 to 3.14: bin/setup")
    else:
        yield ok(f"Python {version}")


def libraries() -> Findings:
    """GDAL and GEOS load, know their data, and photos of phones can be opened."""
    try:
        place = Point(8.61, 49.68, srid=4326)
        place.transform(25832)  # metres; 500 km and 3° from the zone's middle
        if abs(place.x - 471_870) > 500:
            yield broken(
                f"PROJ is {abs(place.x - 471_870):.0f} m off", "rm .venv/.stamp; bin/setup"
            )
            return
    except Exception as error:
        yield broken(f"GDAL or PROJ: {error}", "rm .venv/.stamp; bin/setup")
    else:
        gdal, geos = gdal_full_version().decode(), geos_version().decode()
        yield ok(f"{gdal.partition(',')[0]}, GEOS {geos.partition('-')[0]}")
    missing = [name for name in ("jpg", "webp", "avif") if not features.check(name)]
    if find_spec("pillow_heif") is None:
        missing.append("heic")
    if missing:
        yield broken(f"photos: no {', '.join(missing)}", "rm .venv/.stamp; bin/setup")
    else:
        yield ok("photos: JPEG, WebP, AVIF, HEIC")


def secrets() -> Findings:
    file = settings.HOME / "env"
    if len(settings.SECRET_KEY) < 40:
        yield broken("SECRET_KEY is short", f"remove it from {file}; bin/setup makes a new one")
    if not file.is_file():
        yield note(f"{file} does not exist", "bin/setup (or all settings come by environment)")
    elif stat.S_IMODE(file.stat().st_mode) & (0o037 if production.SERVICE else 0o077):
        mode = 640 if production.SERVICE else 600
        yield broken(f"others can read {file}", f"chmod {mode} {file}")
    else:
        yield ok(f"secrets: {file}")


def folders() -> Findings:
    photos = [] if settings.S3_BUCKET else [("photos", settings.MEDIA_ROOT)]
    for name, folder in (*photos, ("spool", settings.HOME / "spool")):
        with suppress(OSError):
            Path(folder).mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK | os.X_OK):
            yield broken(f"{name}: {folder} can't be written", _writable_remedy(folder))
            continue
        free = shutil.disk_usage(folder).free
        what = f"{name}: {folder}, {free / 1024**3:.0f} GB free"
        if free < FREE_BROKEN:
            yield broken(what, f"make room before photos are refused: {_USAGE}")
        elif free < FREE_WORRYING:
            yield note(what, f"make room in time: {_USAGE}")
        else:
            yield ok(what)


def _writable_remedy(folder: Path) -> str:
    if os.geteuid() == 0:
        return f"is it mounted read-only? findmnt -T {folder}"
    user = pwd.getpwuid(os.geteuid()).pw_name
    return f"sudo mkdir -p {folder}; sudo chown -R {user} {folder}; free space: df -h {folder}"


def clock() -> Findings:
    try:
        zoneinfo.ZoneInfo(settings.TIME_ZONE)
    except zoneinfo.ZoneInfoNotFoundError:
        yield broken(f"time zone {settings.TIME_ZONE} is unknown", "apt-get install tzdata")
        return
    now = datetime.now(UTC)
    if now.year < 2026:  # older than this code
        yield broken(f"the clock says {now:%Y-%m-%d}", "set the clock: timedatectl set-ntp true")
    else:
        yield ok(f"clock: {timezone.localtime():%Y-%m-%d %H:%M} {settings.TIME_ZONE}")


def made_from_sources() -> Findings:
    catalogues = list(settings.BASE_DIR.glob("*/locale/*/LC_MESSAGES/django.po"))
    old = [po for po in catalogues if not _is_newer(po.with_suffix(".mo"), po)]
    if old:
        names = ", ".join(str(po.relative_to(settings.BASE_DIR)) for po in old)
        yield broken(f"translations are not compiled: {names}", "bin/setup, then restart")
    else:
        yield ok(f"translations: {len(catalogues)} catalogues")
    root = Path(settings.STATIC_ROOT)
    if not root.is_dir() or not any(root.iterdir()):
        yield broken(f"assets are not collected in {root}", "bin/setup, then restart")
    else:
        yield ok(f"assets: {root}")


def mail() -> Findings:
    """Whether the mail server can be spoken to. It is not asked to take anything."""
    file = settings.HOME / "env"
    server = settings.EMAIL_HOST, settings.EMAIL_PORT
    if not settings.EMAIL_HOST:
        remedy = f"to send them: EMAIL_HOST=mail.example.de in {file}, then restart"
        yield note("no mail server: letters stay here", remedy)
        return
    try:
        socket.create_connection(server, MAIL_ANSWERS_S).close()
    except OSError as error:
        what = f"mail: {server[0]}:{server[1]} does not answer ({error.strerror or error})"
        yield broken(what, f"are EMAIL_HOST and EMAIL_PORT right in {file}? Is a firewall between?")
        return
    yield ok(f"mail: {server[0]}:{server[1]} answers")
    if settings.DEFAULT_FROM_EMAIL.rstrip(">").endswith("@localhost"):
        remedy = f"DEFAULT_FROM_EMAIL=Stadt <maengel@example.de> in {file}, then restart"
        yield broken("letters would come from localhost: many servers refuse them", remedy)


def database() -> Findings:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select current_setting('server_version_num')::int, version()")
            number, version = cursor.fetchone()
    except (DatabaseError, OSError) as error:
        sentence = str(error).strip().partition("\n")[0]
        yield broken(f"the database does not answer: {sentence}", _database_remedy())
        return
    words = " ".join(version.split()[:2])
    if number // 10_000 < OLDEST_POSTGRES:
        yield broken(words, f"Augenmerk needs PostgreSQL {OLDEST_POSTGRES} or later")
    else:
        yield ok(words)


def _database_remedy() -> str:
    private = os.environ.get("PRIVATE_DATABASE")
    if private:
        return f"bin/setup starts it; its state: pg_lsclusters; it is {private}"
    return "is it running, and is DATABASE_URL right?"


def extensions() -> Findings:
    with connection.cursor() as cursor:
        cursor.execute("select extname, extversion from pg_extension")
        found = dict(cursor.fetchall())
    missing = [name for name in EXTENSIONS if name not in found]
    if missing:
        wanted = "; ".join(f"create extension {name}" for name in missing)
        yield broken(f"extensions are missing: {', '.join(missing)}", f"as superuser: {wanted}")
        return
    postgis = tuple(int(part) for part in found["postgis"].split(".")[:2])
    if postgis < OLDEST_POSTGIS:
        yield broken(f"PostGIS {found['postgis']}", "Augenmerk needs PostGIS 3.3 or later")
    else:
        yield ok(f"PostGIS {found['postgis']}, {', '.join(EXTENSIONS[1:])}")


def migrations() -> Findings:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        yield broken(f"migrations: not applied: {len(plan)}", "bin/setup, then restart")
    else:
        yield ok("migrations: all applied")


def database_clock() -> Findings:
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        (theirs,) = cursor.fetchone()
    apart = abs((timezone.now() - theirs).total_seconds())
    if apart > CLOCK_APART_S:
        what = f"our clock and the database's are {apart:.0f} s apart"
        yield broken(what, "on both machines: timedatectl set-ntp true")


_WORKER_REMEDY = (
    f"systemctl start {production.SERVICE}-worker; journalctl -u {production.SERVICE}-worker -n 50"
    if production.SERVICE
    else "bin/serve runs one; alone: .venv/bin/python -m config.worker"
)


def worker() -> Findings:
    last = (
        ProcrastinateWorker.objects.order_by("-last_heartbeat")
        .values_list("last_heartbeat", flat=True)
        .first()
    )
    waiting = ProcrastinateJob.objects.filter(status="todo").count()
    age = (timezone.now() - last).total_seconds() if last else None
    if age is not None and age < HEARTBEAT_S:
        yield ok(f"worker: alive {age:.0f} s ago, jobs waiting: {waiting}")
    elif waiting:
        yield broken(f"no worker is running, jobs waiting: {waiting}", _WORKER_REMEDY)
    else:
        yield note("no worker is running", _WORKER_REMEDY)


def mailboxes() -> Findings:
    """A hazard alarms the department's mailbox, else the town's: one of them there must be."""
    deaf = Department.objects.filter(is_active=True, email="", serves__email="").distinct()
    for name in deaf.order_by("name").values_list("name", flat=True)[:5]:
        what = f"a hazard would alarm nobody: {name} has no mailbox, nor has its town"
        yield broken(what, f"give one of them an address: {settings.PUBLIC_URL}/verwaltung/django/")


_OUTBOX = f"why, and another try: {settings.PUBLIC_URL}/amt/post"


def letters() -> Findings:
    unsent = Letter.objects.exclude(state__in=[LetterState.SENT, LetterState.KEPT])
    late = unsent.filter(
        state=LetterState.WAITING, created_at__lt=timezone.now() - LETTER_LATE
    ).count()
    failed = unsent.filter(state=LetterState.FAILED).count()
    unclear = unsent.filter(state=LetterState.UNCLEAR).count()
    if late:
        what = f"letters: waiting for more than 15 minutes: {late}"
        yield broken(what, "is a worker running, does the mail server answer? (see above)")
    if failed:
        yield note(f"letters: failed for good: {failed}", _OUTBOX)
    if unclear:
        what = f"letters: unclear whether they arrived: {unclear}"
        yield note(what, f"ask the other side whether they did. {_OUTBOX}")
    if not late:
        yield ok("letters: none is late")


def _is_newer(made: Path, source: Path) -> bool:
    return made.is_file() and made.stat().st_mtime >= source.stat().st_mtime


def _unless_it_breaks(look: Callable[[], Findings]) -> Findings:
    try:
        yield from look()
    except DatabaseError as error:
        sentence = str(error).strip().partition("\n")[0]
        yield broken(f"{look.__name__}: {sentence}", "bin/setup")
