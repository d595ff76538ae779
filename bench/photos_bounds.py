"""What photos cost: `python bench/photos_bounds.py [--keep FOLDER]`.

Starts a web process of its own on a free port, sends it every photo over HTTP (made here: 64
megapixels and bombs in all formats; with AUGENMERK_DATA also the whole of `photos/`), and tells for
each how long the answer took and the most memory that the web process and its decoders had in use.
Holds when none has more than 300 MB or takes 5 s, and every answer is a 201 or a sentence. Exits
with 1 where that does not hold. Needs the database of DATABASE_URL; leaves photos that no report
names, which are swept after a day. On a machine that is busy otherwise, times are longer.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
import time
import uuid
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from PIL import Image
from pillow_heif import register_heif_opener

ROOT = Path(__file__).resolve().parent.parent
MOST_MEMORY = 300_000_000  # bytes in use, any process
LONGEST_SECONDS = 5.0
MOST_BYTES = 20 * 1024 * 1024  # what the door takes at all
Image.MAX_IMAGE_PIXELS = None
register_heif_opener()


# ── Photos ───────────────────────────────────────────────────────────────────────────────────
def scene(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Something that is neither flat nor noise, and as a PNG fits through the door."""
    small = Image.effect_noise((width // 64, height // 64), 60)
    return small.resize((width, height), Image.Resampling.BILINEAR).convert(mode)


def encoded(image: Image.Image, fmt: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, fmt, **options)
    return file.getvalue()


def made_photos() -> Iterator[tuple[str, bytes]]:
    """Large ones, and ones that only pretend to be small. One at a time: they fill the memory."""
    yield "12 MP JPEG", encoded(scene(4000, 3000), "JPEG", quality=85)
    yield "50 MP JPEG", encoded(scene(8192, 6144), "JPEG", quality=80)
    yield "250 MP JPEG", encoded(scene(20_000, 12_500, "L"), "JPEG", quality=40)
    yield "250 MP JPEG in colour", encoded(Image.new("RGB", (20_000, 12_500)), "JPEG", quality=30)
    yield "251 MP JPEG", encoded(Image.new("L", (20_000, 12_550)), "JPEG", quality=30)
    yield "64 MP JPEG, progressive", encoded(scene(8000, 8000), "JPEG", progressive=True)
    yield "250 MP JPEG, progressive", progressive(20_000, 12_500)
    yield "JPEG of very many scans", many_scans()
    yield "64 MP PNG", encoded(scene(8000, 8000), "PNG")
    yield "64 MP PNG, transparent", encoded(Image.new("RGBA", (8000, 8000)), "PNG")
    yield "64 MP PNG, palette", encoded(scene(8000, 8000, "L").convert("P"), "PNG")
    yield "64 MP PNG, black and white", encoded(Image.new("1", (8000, 8000)), "PNG")
    yield "64 MP PNG, 16 bits", encoded(Image.new("I;16", (8000, 8000)), "PNG")
    yield "64 MP PNG, interlaced", empty_png(8000, 8000, interlaced=1)
    yield "PNG of one column", empty_png(1, 13_000_000)
    yield "PNG of one row", empty_png(13_000_000, 1)
    yield "65 MP PNG", empty_png(8125, 8000)
    yield "64 MP WebP", encoded(scene(8000, 8000), "WEBP", quality=60, method=0)
    yield "64 MP WebP, lossless", encoded(Image.new("RGB", (8000, 8000)), "WEBP", lossless=True)
    yield (
        "64 MP WebP, transparent",
        encoded(scene(8000, 8000, "LA").convert("RGBA"), "WEBP", method=0),
    )
    for width, height in ((4032, 3024), (8064, 6048), (8000, 8000)):
        size = f"{width * height // 1_000_000} MP"
        yield f"{size} AVIF", encoded(scene(width, height), "AVIF", quality=40, speed=10)
        quick = {"preset": "ultrafast"}
        yield f"{size} HEIC", encoded(scene(width, height), "HEIF", quality=20, enc_params=quick)


def progressive(width: int, height: int) -> bytes:
    return encoded(Image.new("RGB", (width, height)), "JPEG", progressive=True, quality=30)


def many_scans() -> bytes:
    """A progressive JPEG whose last scan stands there as often as 10 MB allow."""
    photo = encoded(scene(4000, 3000), "JPEG", progressive=True, quality=30)
    last = photo.rindex(b"\xff\xda")
    scan = photo[last:-2]
    return photo[:-2] + scan * (10_000_000 // len(scan)) + photo[-2:]


def empty_png(width: int, height: int, *, interlaced: int = 0) -> bytes:
    """A black PNG of any size, made without its pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        crc = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", crc)

    fold, left, rows = zlib.compressobj(1), height * (1 + 3 * width) + 64 * height, b""
    while left > 0:
        rows += fold.compress(bytes(min(left, 10_000_000)))
        left -= 10_000_000
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, interlaced)
    parts = ((b"IHDR", head), (b"IDAT", rows + fold.flush()), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(name, content) for name, content in parts)


def real_photos() -> Iterator[tuple[str, bytes]]:
    folder = Path(os.environ.get("AUGENMERK_DATA") or "missing") / "photos"
    for path in sorted(folder.glob("*/*")):
        yield f"{path.parent.name}/{path.name}", path.read_bytes()


# ── The house ────────────────────────────────────────────────────────────────────────────────
@contextmanager
def web() -> Iterator[tuple[str, int]]:
    """A web process of its own; its address and its id."""
    with tempfile.TemporaryDirectory() as media:
        environment = {**os.environ, "HOST": "127.0.0.1", "TILE_SOURCE": ""}
        environment |= {"MEDIA_ROOT": media, "ALLOWED_HOSTS": "127.0.0.1"}
        port = free_port()
        environment["PORT"] = str(port)
        process = subprocess.Popen([sys.executable, "-m", "config.web"], cwd=ROOT, env=environment)
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz")
            yield f"http://127.0.0.1:{port}", process.pid
        finally:
            process.terminate()
            process.wait(20)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_for(url: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(httpx.HTTPError):
            if httpx.get(url, timeout=2).status_code == 200:
                return
        time.sleep(0.1)
    raise SystemExit("The web process does not answer; is DATABASE_URL set?")


def children_of(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += [int(child) for child in task.read_text().split()]
    return found


def peak(pid: int) -> int:
    """The most memory in use since it was forgotten, bytes; 0 for the dead."""
    with suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) * 1024
    return 0


def forget_peak(pid: int) -> None:
    """Needs the same user or root; else the most of all photos so far is told."""
    with suppress(OSError):
        Path(f"/proc/{pid}/clear_refs").write_text("5")


# ── The trial ────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Cost:
    name: str
    outcome: str
    seconds: float
    web: int
    decoder: int

    @property
    def holds(self) -> bool:
        is_told = self.outcome == "taken" or self.outcome.startswith("refused: ")
        is_small = max(self.web, self.decoder) <= MOST_MEMORY
        return is_told and is_small and self.seconds <= LONGEST_SECONDS

    def __str__(self) -> str:
        sign = " " if self.holds else "!"
        return (
            f"{sign} {self.seconds:5.2f} s {self.web / 1e6:4.0f} MB {self.decoder / 1e6:4.0f} MB  "
            f"{self.name:32} {self.outcome[:70]}"
        )


def cost_of(name: str, photo: bytes, *, address: str, pid: int, number: int) -> Cost:
    """Each from another client's address: one address may send so many an hour."""
    for process in (pid, *children_of(pid)):
        forget_peak(process)
    line = httpx.HTTPTransport(local_address=f"127.0.{1 + number // 200}.{1 + number % 200}")
    with httpx.Client(transport=line, timeout=60) as client:
        start = time.monotonic()
        answer = client.post(
            f"{address}/api/v1/photos/",
            data={"id": str(uuid.uuid4())},
            files={"photo": ("foto", photo)},
            headers={"Accept-Language": "en"},
        )
        seconds = time.monotonic() - start
    decoders = max((peak(child) for child in children_of(pid)), default=0)
    return Cost(name, told(answer), seconds, peak(pid), decoders)


def told(answer: httpx.Response) -> str:
    if answer.status_code in {200, 201}:
        return "taken"
    with suppress(json.JSONDecodeError, KeyError, TypeError):
        word = "refused" if answer.status_code < 500 else str(answer.status_code)
        return f"{word}: {answer.json()['errors']['photo'][0]}"
    return f"status {answer.status_code}"


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--keep", type=Path, help="write the photos made here into this folder")
    asked = options.parse_args()
    costs: list[Cost] = []
    print("  answer  web  decoder  photo")
    with web() as (address, pid):
        cost_of("warm", encoded(scene(64, 64), "JPEG"), address=address, pid=pid, number=0)
        for number, (name, photo) in enumerate([*real_photos()], start=1):
            costs.append(cost_of(name, photo, address=address, pid=pid, number=number))
            print(costs[-1], flush=True)
        for number, (name, photo) in enumerate(made_photos(), start=300):
            if asked.keep:
                (asked.keep / name.replace(" ", "_")).write_bytes(photo)
            costs.append(cost_of(name, photo, address=address, pid=pid, number=number))
            print(costs[-1], f"({len(photo) / 1e6:.1f} MB)", flush=True)
    worst = max(costs, key=lambda cost: cost.seconds)
    web_most, most = max(cost.web for cost in costs), max(cost.decoder for cost in costs)
    print(f"{sum(cost.outcome == 'taken' for cost in costs)} of {len(costs)} taken")
    print(f"longest: {worst.seconds:.2f} s ({worst.name})")
    print(f"most memory: web {web_most / 1e6:.0f} MB, decoder {most / 1e6:.0f} MB")
    return 0 if all(cost.holds for cost in costs) else 1


if __name__ == "__main__":
    sys.exit(main())
