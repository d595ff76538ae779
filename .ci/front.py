"""What a visitor gets of a server: `front.py NAME ADDRESS`, run on it by .ci/server.

Page over HTTPS, the way there from HTTP, headers, assets, a photo of 20 MB, the live line, the
client's address behind the proxy, and that neither a restart nor a `kill -9` of the web process is
more than a moment. Ends with an error at the first thing that is not so.
"""

from __future__ import annotations

import asyncio
import http.client
import io
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from pathlib import Path
from urllib.parse import urlencode

from PIL import Image
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

NAME, ADDRESS = sys.argv[1:3]
TRUST = ssl.create_default_context()
TILE = "tile:12/2146/1394"  # around PLACE
PLACE = {"lat": "49.6815", "lon": "8.6188"}
BOUNDARY = "a-line-that-is-in-no-photo"
Headers = dict[str, str]


class Line(http.client.HTTPSConnection):
    """To one of the server's addresses under its public name."""

    address = ADDRESS

    def connect(self) -> None:
        line = socket.create_connection((self.address, 443), timeout=60)
        self.sock = TRUST.wrap_socket(line, server_hostname=NAME)


def ask(
    method: str,
    path: str,
    body: bytes | None = None,
    headers: Headers | None = None,
    *,
    address: str = ADDRESS,
) -> tuple[http.client.HTTPResponse, bytes]:
    line = Line(NAME)
    line.address = address
    try:
        line.request(method, path, body, {"Host": NAME, **(headers or {})})
        answer = line.getresponse()
        return answer, answer.read()
    finally:
        line.close()


def form(fields: Headers, photo: bytes | None = None) -> tuple[bytes, Headers]:
    parts = [(f'name="{name}"', value.encode()) for name, value in fields.items()]
    if photo:
        parts.append(('name="photo"; filename="photo.jpg"', photo))
    body = b"".join(
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + value + b"\r\n"
        for head, value in parts
    )
    return body + f"--{BOUNDARY}--\r\n".encode(), {
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"
    }


def report() -> int:
    words = {"category": "schlagloch", "description": "Tiefes Schlagloch vor der Bäckerei"}
    body, headers = form({"client_id": str(uuid.uuid4()), **words, **PLACE})
    return ask("POST", "/api/v1/reports/", body, headers)[0].status


def claim(what: str, holds: object, found: object = "") -> None:
    print(f"{'ok' if holds else 'WRONG':6}{what}{f': {found}' if found != '' else ''}", flush=True)
    if not holds:
        sys.exit(1)


def page() -> None:
    line = http.client.HTTPConnection(ADDRESS, 80, timeout=10)
    line.request("GET", "/melden?x=1", headers={"Host": NAME})
    answer = line.getresponse()
    goal = answer.headers["Location"]
    claim("http leads to https", goal == f"https://{NAME}/melden?x=1", answer.status)
    answer, text = ask("GET", "/")
    names = Counter(name.lower() for name in answer.headers)
    claim("the page answers", answer.status == 200 and b"Bensheim" in text)
    claim("no header stands there twice", max(names.values()) == 1)
    for name in ("strict-transport-security", "content-security-policy", "x-content-type-options"):
        claim(name, name in names, answer.headers[name][:40])
    asset = re.search(r'"(/static/[^"]+\.css)"', text.decode())
    assert asset
    answer, _ = ask("GET", asset[1], headers={"Accept-Encoding": "gzip"})
    facts = [answer.headers[name] for name in ("Content-Encoding", "Cache-Control")]
    claim("assets come compressed and for ever", facts[0] == "gzip" and "immutable" in facts[1])
    answer, _ = ask("GET", "/static/../env")
    claim("settings don't", answer.status in {400, 404}, answer.status)
    claim("nobody outside reads /metrics", ask("GET", "/metrics")[0].status == 404)


def photo() -> None:
    noise = Image.frombytes("RGB", (4000, 3000), os.urandom(36_000_000))
    file = io.BytesIO()
    noise.save(file, "JPEG", quality=86, subsampling=0)
    began = time.monotonic()
    answer, _ = ask("POST", "/api/v1/photos/", *form({"id": str(uuid.uuid4())}, file.getvalue()))
    what = f"{len(file.getvalue()) / 1e6:.1f} MB in {time.monotonic() - began:.1f} s"
    claim("a photo of 20 MB is taken", answer.status == 201, what)
    try:
        answer, said = ask("POST", "/api/v1/photos/", *form({}, bytes(112 * 1024**2)))
    except OSError as error:  # Caddy hands a body on while it comes, and hangs up with us
        claim("a body of 112 MB is not taken", True, type(error).__name__)
    else:
        claim("a body of 112 MB is refused in German", "zu viel" in said.decode(), answer.status)


async def live() -> None:
    url = f"wss://{NAME}/live/"
    async with connect(url, ssl=TRUST, host=ADDRESS, origin=f"https://{NAME}") as line:
        await line.send(json.dumps({"type": "subscribe", "topics": [TILE]}))
        await _hear(line, "ready")
        began = time.monotonic()
        claim("a report is taken", await asyncio.to_thread(report) == 201)
        await _hear(line, "report")
        claim("an open page hears of it", True, f"after {time.monotonic() - began:.2f} s")
    try:
        async with connect(url, ssl=TRUST, host=ADDRESS, origin="https://elsewhere.example"):
            claim("another site's page may not listen", False)
    except InvalidStatus as refused:
        claim("another site's page may not listen", True, refused.response.status_code)


async def _hear(line: object, kind: str) -> None:
    async with asyncio.timeout(30):
        while json.loads(await line.recv())["kind"] != kind:  # type: ignore[attr-defined]
            continue


def address() -> None:
    """By failed sign-ins, which are counted by name and by what stands for the address."""
    name = uuid.uuid4().hex
    for lie in ("203.0.113.66", "2001:db8::1, 127.0.0.1"):
        _fail_to_sign_in(name, {"X-Forwarded-For": lie, "Forwarded": f"for={lie}"}, ADDRESS)
    claim("a visitor is one and the same, whatever is said", _addresses(name) == 1)
    _fail_to_sign_in(name, {"X-Forwarded-For": ADDRESS}, "127.0.0.1")
    claim("and not the one from another address", _addresses(name) == 2)


def _fail_to_sign_in(name: str, lies: Headers, address: str) -> None:
    answer, text = ask("GET", "/amt/anmelden", address=address)
    cookies = [value for key, value in answer.getheaders() if key.lower() == "set-cookie"]
    if not all("Secure" in cookie for cookie in cookies):
        claim("the cookie is for HTTPS only", False)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text.decode())
    assert token
    words = {"csrfmiddlewaretoken": token[1], "username": name, "password": "wrong"}
    headers = {
        "Cookie": "; ".join(cookie.partition(";")[0] for cookie in cookies),
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": f"https://{NAME}",
        "Referer": f"https://{NAME}/amt/anmelden",
    }
    ask("POST", "/amt/anmelden", urlencode(words).encode(), headers | lies, address=address)


def _addresses(name: str) -> int:
    return int(_query(f"select count(*) from axes_accessattempt where username = '{name}'"))


def _query(query: str) -> str:
    (file,) = Path("/var/lib/augenmerk").glob("*/env")
    lines = dict(line.split("=", 1) for line in file.read_text().splitlines() if "=" in line)
    url = lines["DATABASE_URL"].replace("postgis", "postgresql", 1)
    done = subprocess.run(
        ["psql", "-XAtqc", query, url], cwd="/", capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def steady() -> None:
    """Four visitors who never pause, while the web process is started again, and killed."""
    for deed, command, lost in (
        ("restart", ["restart", "augenmerk-web", "augenmerk-worker"], 0),
        ("kill -9", ["kill", "--signal=KILL", "augenmerk-web"], 4),  # those it had in hand
    ):
        seen: Counter[object] = Counter()
        enough = threading.Event()

        def visit(seen: Counter[object] = seen, enough: threading.Event = enough) -> None:
            while not enough.is_set():
                try:
                    seen[ask("GET", "/healthz")[0].status] += 1
                except (OSError, http.client.HTTPException) as error:
                    seen[type(error).__name__] += 1

        visitors = [threading.Thread(target=visit) for _ in range(4)]
        for visitor in visitors:
            visitor.start()
        time.sleep(0.5)
        subprocess.run(["systemctl", *command], check=True)
        time.sleep(5)
        enough.set()
        for visitor in visitors:
            visitor.join()
        bad = seen.total() - seen[200]
        claim(f"after a {deed} at most {lost} were not answered", bad <= lost, dict(seen))


page()
photo()
asyncio.run(live())
address()
steady()
