"""What a server needs beyond what a desk does; asked by `manage.py doctor`."""

from __future__ import annotations

import json
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from reports.models import Erasure
from townhall.models import Municipality, Site, User

from .backups.making import LAST
from .demo.loading import is_demo
from .findings import Finding, Findings, broken, note, ok
from .serve import ready
from .units import LOOPBACK, Server, Unwritable, written

# The system user that runs this installation (bin/setup --service); empty on a desk.
SERVICE = os.environ.get("SERVICE_USER", "")
SYSTEMD = Path("/etc/systemd/system")
NIGHTLY = timedelta(hours=26)
ANSWERS_S = 5.0
EXPIRES_SOON = timedelta(days=14)  # a web server that renews does so at thirty


def server() -> Findings:
    """Nothing on a desk but who must not see it from outside."""
    yield from front_door()
    if SERVICE:
        yield from owners()
        yield from units()
        yield from process()
        yield from synchronised()
        yield from backups()


def front_door() -> Findings:
    """How the world comes in: by TLS, through a proxy whose word we take."""
    url = urlsplit(settings.PUBLIC_URL)
    if f"{url.hostname}" in LOOPBACK:
        return
    file = settings.HOME / "env"
    if url.scheme != "https":
        remedy = f"PUBLIC_URL=https://{url.hostname} in {file}, and a web server in front"
        yield broken(f"{settings.PUBLIC_URL}: names and passwords travel openly", remedy)
        return
    if os.geteuid() == 0 and not SERVICE:
        yield note("root runs this installation", "bin/setup --service gives it a user of its own")
    if not settings.TRUSTED_PROXIES:
        remedy = f"TRUSTED_PROXIES=127.0.0.1,::1 in {file}, then restart"
        yield broken("no proxy is trusted: all visitors have the web server's address", remedy)
    yield certificate(str(url.hostname), url.port or 443)


def certificate(host: str, port: int) -> Finding:
    """What visitors get to see: by the public name, with the system's certificates."""
    remedy = "nginx -t; systemctl status nginx caddy; docs/operations.md"
    try:
        with (
            socket.create_connection((host, port), ANSWERS_S) as line,
            ssl.create_default_context().wrap_socket(line, server_hostname=host) as secure,
        ):
            ends = dict(secure.getpeercert() or {}).get("notAfter")
    except ssl.SSLCertVerificationError as error:
        return broken(
            f"https://{host}: {error.verify_message}", "certbot certificates; docs/operations.md"
        )
    except OSError as error:
        return note(f"https://{host} does not answer from here ({error.strerror or error})", remedy)
    left = timedelta(seconds=ssl.cert_time_to_seconds(str(ends)) - time.time())
    if left < EXPIRES_SOON:
        what = f"https://{host}: the certificate ends in {left.days} days"
        return broken(what, "is it renewed? systemctl list-timers; certbot renew --dry-run")
    return ok(f"https://{host}: the certificate holds {left.days} more days")


def owners() -> Findings:
    """What root once wrote into our folders can't be written or removed by the service."""
    strange = next(_not_ours(Path(settings.MEDIA_ROOT)), None)
    if strange:
        yield broken(f"{strange} belongs to somebody else", "bin/setup gives it back")


def _not_ours(folder: Path) -> Iterator[Path]:
    """In the folder and in those right below: more would take long, and new files come there."""
    us = os.geteuid()
    with suppress(OSError):
        for level in ("*", "*/*"):
            yield from (path for path in folder.glob(level) if path.lstat().st_uid != us)


def units() -> Findings:
    """The installed units are those of this version and these settings, and they run."""
    try:
        files = written(Server.here())
    except Unwritable as reason:
        yield broken(str(reason), "docs/operations.md")
        return
    ours = [name for name in files if name.startswith(f"{SERVICE}")]
    old = [name for name in ours if _text(SYSTEMD / name) != files[name]]
    if old:
        yield broken(f"units are not up to date: {', '.join(old)}", "bin/setup, then restart")
    elif not (SYSTEMD / "multi-user.target.wants" / f"{SERVICE}.target").is_symlink():
        remedy = f"systemctl enable {SERVICE}.target"
        yield broken("it would not start with the machine", remedy)
    else:
        yield ok(f"units: {len(ours)} in {SYSTEMD}")
    failed = [name for name in ours if _systemctl("is-failed", name)]
    if failed:
        yield broken(f"failed: {', '.join(failed)}", f"journalctl -u {failed[0]} -n 50")


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError:
        return ""


def _systemctl(*words: str) -> bool:
    """Whether it agrees. False where systemd does not run."""
    if not Path("/run/systemd/system").is_dir():
        return False
    command = ["/usr/bin/systemctl", "--quiet", *words]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0  # noqa: S603


def process() -> Findings:
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    if ready(host, port):
        yield ok(f"web: ready at {host}:{port}")
    else:
        remedy = f"systemctl start {SERVICE}.target; journalctl -u {SERVICE}-web -n 50"
        yield broken(f"web: not ready at {host}:{port}", remedy)


def synchronised() -> Findings:
    """Whether somebody keeps the clock right; said by systemd, where it knows."""
    timedatectl = shutil.which("timedatectl")
    if timedatectl is None:
        return
    command = [timedatectl, "show", "--property=NTPSynchronized", "--value"]
    said = subprocess.run(command, check=False, capture_output=True, text=True).stdout.strip()  # noqa: S603
    if said == "no":
        remedy = "apt-get install systemd-timesyncd; timedatectl set-ntp true"
        yield note("nobody keeps the clock right", remedy)


def backups() -> Findings:
    """When the last one ended well, and whether it would survive the disk."""
    remedy = f"now: bin/manage backup; nightly: systemctl status {SERVICE}-backup.timer"
    try:
        last = json.loads((settings.HOME / LAST).read_text(encoding="utf-8"))
        age = timedelta(seconds=time.time() - float(last["at"]))
    except (OSError, ValueError, KeyError, TypeError):
        yield broken("there is no backup yet", remedy)
        return
    hours = age.total_seconds() / 3600
    if age > NIGHTLY:
        yield broken(f"the last backup is {hours:.0f} hours old", remedy)
    else:
        yield ok(f"backup: {hours:.0f} hours old, {int(last['bytes']) / 1024**2:.0f} MB")
    with suppress(OSError):
        if settings.BACKUP_FOLDER.stat().st_dev == Path(settings.MEDIA_ROOT).stat().st_dev:
            what = f"backups lie on the same disk as what they save: {settings.BACKUP_FOLDER}"
            yield note(what, "copy them to another building every night: docs/operations.md")


# ── What the database tells ──────────────────────────────────────────────────────────────────
def retention() -> Findings:
    last = Erasure.objects.aggregate(last=Max("finished_at"))["last"]
    if last and timezone.now() - last > NIGHTLY and SERVICE:
        what = f"retention last ran on {timezone.localdate(last)}"
        yield broken(what, "the worker does it at 02:47 UTC: is one running? (see above)")


def town() -> Findings:
    """Whether anybody can report anything, and to whom."""
    if not Municipality.objects.exists():
        yield note("there is no municipality yet", "bin/manage municipality 06431002 …")
    if not User.objects.filter(is_superuser=True, is_active=True).exists():
        yield note("nobody may set up anything", "bin/manage administrator erika.muster")
    for each in Municipality.objects.filter(hazard_phone="").order_by("name")[:3]:
        remedy = f"bin/manage municipality {each.key} --hazard-phone …"
        yield note(f"{each}: in danger there is no number to call", remedy)
    for door in Site.objects.filter(imprint="").order_by("name")[:3]:
        remedy = f"{settings.PUBLIC_URL}/verwaltung/django/townhall/site/{door.pk}/change/"
        yield note(f"{door}: the imprint is missing, which the law wants", remedy)
    if SERVICE and is_demo():
        yield note("this is the demo region, not a town", "a town of its own: docs/operations.md")
