"""Tries every door of `/api/v1/` with what nobody thought of, against a running server.

    .venv/bin/python -m bench.fuzz_api [--cases 2000] [--seed 1]

schemathesis reads the description and sends what fits and what does not, as nobody and as somebody
signed in; then bare sockets send heads and bodies that no HTTP library would. A house of its own is
built for it. Ends with status 1 when an answer was a 5xx, had a status, a type or a shape that the
description does not know, or when bad input was accepted.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.utils import timezone  # noqa: E402

from bench.house import House, Server, build  # noqa: E402  Django must be ready
from reports.models import Crew, Report  # noqa: E402

DOORS = 100  # about as many operations as there are; each gets its share of the cases
ROUGH = 400  # requests over bare sockets
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_headers_conformance,response_schema_conformance,unsupported_method,"
    "missing_required_header,negative_data_rejection"
)


def main() -> int:
    wish = argparse.ArgumentParser(description=__doc__)
    wish.add_argument("--cases", type=int, default=2000)
    wish.add_argument("--seed", type=int, default=1)
    asked = wish.parse_args()
    with build() as house, house.serving() as server:
        total, bad = 0, False
        for who, headers in (("nobody", {}), ("somebody signed in", sign_in(house, server))):
            cases, failed = try_doors(server, headers, cases=asked.cases // 2, seed=asked.seed)
            print(f"as {who}: {cases} cases, {'FAILED' if failed else 'nothing found'}")
            total, bad = total + cases, bad or failed
        odd = rough(server, seed=asked.seed)
        print(f"over bare sockets: {ROUGH} requests, {'nothing found' if not odd else ''}")
        for request, answer in odd:
            print(f"  {request[:160]!r}\n    {answer[:120]!r}")
        print(f"{total + ROUGH} cases in all")
    return 1 if bad or odd or total < asked.cases else 0


def sign_in(house: House, server: Server) -> dict[str, str]:
    """The headers of a session of the town's dispatcher."""
    login = (house.folder / "demo-logins.txt").read_text(encoding="utf-8")
    password = re.search(r"^Passwort: (\S+)", login, re.MULTILINE)
    assert password, "no password in demo-logins.txt"
    line = HTTPConnection("127.0.0.1", server.port)
    line.request("GET", "/amt/anmelden")
    page = line.getresponse()
    token = re.search(rb'csrfmiddlewaretoken" value="([^"]+)', page.read())
    cookie = str(page.getheader("Set-Cookie")).partition(";")[0]
    assert token
    fields = {
        "csrfmiddlewaretoken": token[1].decode(),
        "username": "disposition.bensheim",
        "password": password[1],
    }
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    line.request("POST", "/amt/anmelden", urlencode(fields), headers)
    answer = line.getresponse()
    answer.read()
    cookies = [value.partition(";")[0] for value in answer.headers.get_all("Set-Cookie") or ()]
    assert answer.status == 302, answer.status
    csrf = next(each for each in cookies if each.startswith("csrftoken=")).partition("=")[2]
    return {"Cookie": "; ".join(cookies), "X-CSRFToken": csrf}


def try_doors(
    server: Server, headers: dict[str, str], *, cases: int, seed: int
) -> tuple[int, bool]:
    """How many cases schemathesis made, and whether it found something."""
    with tempfile.TemporaryDirectory(prefix="augenmerk-fuzz-") as folder:
        config = Path(folder) / "schemathesis.toml"
        code = Report.objects.public().filter(municipality__name="Bensheim").first()
        crew = Crew.objects.filter(department__serves__name="Bensheim").first()
        config.write_text(
            "[checks.missing_required_header]\n"
            "expected-statuses = [400, 401, 403, 404, 406, 415, 422, 428]\n"
            "[parameters]\n"
            f'"path.code" = "{code}"\n'
            f'"path.crew" = {crew.pk if crew else 1}\n'
            f'"path.day" = "{timezone.localdate()}"\n'
            '"header.If-Match" = "*"\n'
            '"query.layer" = "bkg/gemeinden"\n'
            if headers
            else "",
            encoding="utf-8",
        )
        command = [
            str(Path(sys.executable).parent / "schemathesis"),
            *("--config-file", str(config), "run"),
            f"http://127.0.0.1:{server.port}/api/v1/schema/?format=json",
            *("--phases", "examples,coverage,fuzzing", "--continue-on-failure"),
            *("--checks", CHECKS, "-n", str(max(10, cases // DOORS)), "--seed", str(seed)),
            *("--suppress-health-check", "all", "--generation-allow-x00", "true"),
            *("--generation-with-security-parameters", "false"),
            *("--generation-database", "none", "--warnings", "off"),
            *(word for name, value in headers.items() for word in ("-H", f"{name}: {value}")),
        ]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    made = re.search(r"(\d+) generated", done.stdout)
    if done.returncode or not made:
        print(done.stdout[-6000:], done.stderr[-2000:])
    return int(made[1]) if made else 0, done.returncode != 0


# ── Bare sockets ─────────────────────────────────────────────────────────────────────────────
PATHS = (
    b"/api/v1/reports/", b"/api/v1/reports/7K3F9QMX/", b"/api/v1/photos/", b"/api/v1/where/?lat=1",
    b"/api/v1/places/?q=%ff%00", b"/api/v1/map/14/8584/5578/", b"/api/v1/%2e%2e/%00", b"//api//v1",
    b"/api/v1/desk/reports/7K3F9QMX/hazard/", b"/api/v1/schema/?format=%F0%9F%92%A9", b"*",
)  # fmt: skip
METHODS = (b"GET", b"POST", b"PUT", b"DELETE", b"PATCH", b"OPTIONS", b"HEAD", b"TRACE", b"BREW")
HEADS = (
    b"Content-Type: application/json; charset=base64", b"Content-Type: multipart/form-data",
    b"Content-Type: multipart/form-data; boundary=" + b"x" * 300, b"Content-Type: \xff/\x00",
    b"Accept: application/xml", b"Accept: */*;q=nan", b"Accept-Language: \xff\xfe, *;q=2",
    b"Accept-Encoding: gzip;q=-1", b"If-None-Match: \xff, \"", b"If-Match: \"" + b"9" * 400 + b"\"",
    b"If-Modified-Since: Sun, 99 Xyz 0000", b"Cookie: augenmerk_sitzung=\xff; csrftoken=\"",
    b"Sec-Fetch-Site: cross-site", b"X-Forwarded-For: 1.2.3.4, \xff", b"Range: bytes=-0,9-",
    b"X-Forwarded-Proto: gopher", b"Host: \xff", b"Expect: 100-continue", b"Origin: null",
    b"Transfer-Encoding: chunked, identity", b"Content-Length: -1", b"Content-Length: 5, 5",
    b"Authorization: Basic \xff", b"Upgrade: h2c", b"X-CSRFToken: " + b"x" * 5000,
)  # fmt: skip
BODIES = (
    b"", b"{", b"[" * 9000, b"null", b'{"lat": 1e999}', b'{"lat": ' + b"9" * 5000 + b"}",
    b'{"client_id": "\\ud800"}', b"\xff\xfe\x00", b'{"a": "\\u0000"}', b"--x\r\n\r\n",
    b"\x00" * 3000,
    b'{"answers": {"\\u0000": true}}', b'{"photos": {"0": 1}, "description": {"$ne": 1}}',
)  # fmt: skip


def rough(server: Server, *, seed: int) -> list[tuple[bytes, bytes]]:
    """Requests that were answered with a 5xx, and the answers. Closing the line is an answer."""
    dice = random.Random(seed)
    odd = []
    for _number in range(ROUGH):
        body = dice.choice(BODIES)
        lines = [
            dice.choice(METHODS) + b" " + dice.choice(PATHS) + b" HTTP/1.1",
            b"Host: 127.0.0.1",
            b"Connection: close",
            *dice.sample(HEADS, dice.randint(0, 4)),
        ]
        if not any(line.startswith((b"Content-Length", b"Transfer-E")) for line in lines):
            lines.append(b"Content-Length: %d" % len(body))
        request = b"\r\n".join([*lines, b"", body])
        answer = _say(server.port, request)
        if re.match(rb"HTTP/1.1 5", answer):
            odd.append((request, answer))
    if not _say(server.port, b"GET /healthz HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 200"):
        odd.append((b"GET /healthz", b"the server is gone"))
    return odd


def _say(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=3) as line:
        line.sendall(request)
        try:
            return line.recv(4096)
        except (TimeoutError, ConnectionError):
            return b""


if __name__ == "__main__":
    sys.exit(main())
