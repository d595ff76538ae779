"""Broken photos against the decoder pool: `python bench/fuzz_photos.py [--count 2000] [--seed 1]`.

Takes good photos made here (JPEG, PNG, WebP, HEIC, AVIF; with AUGENMERK_DATA also real ones),
breaks each a little, and gives them to the pool that `townhall.photos.stage` uses. Holds when every
file is taken or refused in words, no child outlives a photo that broke it, none goes beyond its
memory, and none takes longer than allowed. Prints counts; exits with 1 where that does not hold.
"""

from __future__ import annotations

import argparse
import io
import logging
import os
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django
from PIL import Image

django.setup()

from pillow_heif import register_heif_opener  # noqa: E402

from townhall.photos import MAX_BYTES, PhotoRefused, refusal_words  # noqa: E402
from townhall.photos.pool import SIZE, Pool  # noqa: E402

register_heif_opener()
LONGEST_SECONDS = 5.0
MOST_MEMORY = 300_000_000  # bytes in use, of one decoder
BIGGEST_REAL = 4 * 1024 * 1024
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF")


# ── Good photos ──────────────────────────────────────────────────────────────────────────────
def own_photos(rng: random.Random) -> dict[str, bytes]:
    """One of each format and mode that a phone may send, some with EXIF, profile or layers."""
    photos: dict[str, bytes] = {}
    scene = Image.effect_noise((320, 240), 60).convert("RGB")
    scene.paste((200, 30, 30), (20, 20, 160, 120))
    exif = Image.Exif()
    exif[0x0112] = rng.choice((3, 6, 8))
    exif.get_ifd(0x8825).update({1: "N", 2: (49.0, 40.0, 52.0), 3: "E", 4: (8.0, 37.0, 14.0)})
    for fmt in FORMATS:
        photos[f"{fmt}/plain"] = encoded(scene, fmt)
        photos[f"{fmt}/exif"] = encoded(scene, fmt, exif=exif)
    photos["JPEG/progressive"] = encoded(scene, "JPEG", progressive=True)
    photos["JPEG/grey"] = encoded(scene.convert("L"), "JPEG")
    photos["JPEG/cmyk"] = encoded(scene.convert("CMYK"), "JPEG")
    photos["PNG/palette"] = encoded(scene.convert("P"), "PNG")
    photos["PNG/alpha"] = encoded(scene.convert("RGBA"), "PNG")
    photos["PNG/sixteen bits"] = encoded(scene.convert("I;16"), "PNG")
    photos["WEBP/lossless"] = encoded(scene, "WEBP", lossless=True)
    photos["WEBP/alpha"] = encoded(scene.convert("RGBA"), "WEBP")
    return photos


def encoded(image: Image.Image, fmt: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, fmt, **options)
    return file.getvalue()


def real_photos() -> dict[str, bytes]:
    """Of AUGENMERK_DATA, up to 4 MB each; none where it is not set."""
    folder = Path(os.environ.get("AUGENMERK_DATA") or "missing") / "photos"
    files = (path for path in sorted(folder.glob("*/*")) if path.is_file())
    return {
        f"{path.parent.name}/{path.name}": path.read_bytes()
        for path in files
        if path.stat().st_size <= BIGGEST_REAL
    }


# ── Broken ones ──────────────────────────────────────────────────────────────────────────────
def flip_bits(photo: bytearray, rng: random.Random) -> None:
    for _ in range(rng.choice((1, 2, 8, 64))):
        photo[rng.randrange(len(photo))] ^= 1 << rng.randrange(8)


def break_head(photo: bytearray, rng: random.Random) -> None:
    """Where sizes, boxes and tables stand."""
    for _ in range(rng.choice((1, 3, 10))):
        photo[rng.randrange(min(len(photo), 400))] = rng.choice((0, 1, 127, 128, 255))


def lie_about_sizes(photo: bytearray, rng: random.Random) -> None:
    at = rng.randrange(min(len(photo), 600))
    size = rng.choice((2, 4))
    photo[at : at + size] = rng.choice((0, 1, 0x7FFFFFFF, 0xFFFFFFFF, 65500)).to_bytes(4, "big")[
        -size:
    ]


def cut_off(photo: bytearray, rng: random.Random) -> None:
    del photo[rng.randrange(len(photo)) :]


def take_out(photo: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(photo))
    del photo[at : at + rng.choice((1, 4, 100, 4000))]


def repeat(photo: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(photo))
    piece = photo[at : at + rng.choice((4, 64, 2000))]
    photo[at:at] = piece * rng.choice((1, 2, 30))


def fill(photo: bytearray, rng: random.Random) -> None:
    at, length = rng.randrange(len(photo)), rng.choice((4, 64, 1000))
    photo[at : at + length] = bytes([rng.choice((0, 255, 65))]) * length


def append(photo: bytearray, rng: random.Random) -> None:
    photo += rng.randbytes(rng.choice((1, 100, 5000)))


BREAKS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    *(flip_bits, break_head, lie_about_sizes, cut_off, take_out, repeat, fill, append),
)


def broken(photos: dict[str, bytes], count: int, rng: random.Random) -> Iterator[tuple[str, bytes]]:
    """`count` files, evenly from all photos; now and then two formats grafted together."""
    names = sorted(name for name in photos if photos[name])
    for number in range(count):
        name = names[number % len(names)]
        photo = bytearray(photos[name])
        if rng.random() < 0.05:
            other = photos[rng.choice(names)]
            photo[rng.randrange(len(photo)) :] = other[rng.randrange(len(other)) :]
        for how in rng.sample(BREAKS, rng.choice((1, 1, 2, 3))):
            if photo:
                how(photo, rng)
        yield name, bytes(photo[:MAX_BYTES])


# ── The trial ────────────────────────────────────────────────────────────────────────────────
@dataclass
class Findings:
    """What became of the files. `troubles` must stay empty; memory in bytes, time in seconds."""

    outcomes: Counter[str] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)
    deaths: int = 0
    most_memory: int = 0
    longest: float = 0.0

    @property
    def holds(self) -> bool:
        return not self.troubles


class Deaths(logging.Handler):
    """The pool's own words about children that a photo ended."""

    def __init__(self, findings: Findings) -> None:
        super().__init__()
        self._findings = findings

    def emit(self, record: logging.LogRecord) -> None:
        if "ended its decoder" in record.getMessage():
            self._findings.deaths += 1


class Watch(threading.Thread):
    """Reads the memory of our children, some fifty times a second."""

    def __init__(self, findings: Findings) -> None:
        super().__init__(daemon=True)
        self._findings = findings
        self._is_over = threading.Event()

    def run(self) -> None:
        while not self._is_over.wait(0.02):
            for pid in children():
                resident = memory_of(pid)
                self._findings.most_memory = max(self._findings.most_memory, resident)
                if resident > MOST_MEMORY:
                    self._findings.troubles.append(f"a child had {resident / 1e6:.0f} MB")

    def stop(self) -> None:
        self._is_over.set()
        self.join()


def children() -> list[int]:
    """Decoders that this process started."""
    found = []
    for task in Path("/proc/self/task").glob("*/children"):
        with suppress(OSError):
            found += [int(pid) for pid in task.read_text().split() if is_decoder(int(pid))]
    return found


def is_decoder(pid: int) -> bool:
    with suppress(OSError):
        return b"decoder.py" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def memory_of(pid: int) -> int:
    """Memory in use, bytes. 0 for the dead."""
    with suppress(OSError, ValueError, IndexError):
        resident = Path(f"/proc/{pid}/statm").read_text().split()[1]
        return int(resident) * os.sysconf("SC_PAGE_SIZE")
    return 0


def fuzz(count: int, *, seed: int = 1) -> Findings:
    """Give `count` broken files to a pool, as many at a time as it takes and one more."""
    rng = random.Random(seed)
    findings = Findings()
    photos = own_photos(rng) | real_photos()
    others = set(children())  # of another pool of this process
    pool, watch, deaths = Pool(), Watch(findings), Deaths(findings)
    logging.getLogger("townhall.photos.pool").addHandler(deaths)
    watch.start()
    try:
        with ThreadPoolExecutor(SIZE + 1) as crowd:
            for name, outcome, seconds in crowd.map(
                lambda file: tried(pool, *file), broken(photos, count, rng)
            ):
                findings.outcomes[outcome] += 1
                findings.longest = max(findings.longest, seconds)
                if outcome.startswith("!"):
                    findings.troubles.append(f"{name}: {outcome}")
                if seconds > LONGEST_SECONDS:
                    findings.troubles.append(f"{name}: {seconds:.0f} s")
        check_life(pool, photos, findings)
    finally:
        watch.stop()
        pool.close()
        logging.getLogger("townhall.photos.pool").removeHandler(deaths)
    if left := set(children()) - others:
        findings.troubles.append(f"{len(left)} children outlived the pool")
    return findings


def tried(pool: Pool, name: str, photo: bytes) -> tuple[str, str, float]:
    """Name, outcome ("!" before what must not happen) and seconds."""
    start = time.monotonic()
    try:
        found = pool.decode(io.BytesIO(photo), len(photo))
        outcome = "taken" if max(found.width, found.height) <= 1600 else "!too large"
    except PhotoRefused as refused:
        outcome = refused.reason if str(refusal_words(refused.reason)) else "!no words"
        outcome = f"!{outcome}" if outcome in {"busy", "slow"} else outcome
    except BaseException as error:
        outcome = f"!{type(error).__name__}"
    return name, outcome, time.monotonic() - start


def check_life(pool: Pool, photos: dict[str, bytes], findings: Findings) -> None:
    """After all that every slot still takes a good photo."""
    good = photos["JPEG/plain"]
    with ThreadPoolExecutor(SIZE) as crowd:
        for _, outcome, _ in crowd.map(lambda _n: tried(pool, "good", good), range(2 * SIZE)):
            if outcome != "taken":
                findings.troubles.append(f"afterwards a good photo was not taken: {outcome}")


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--count", type=int, default=2000)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    logging.getLogger("townhall.photos.pool").propagate = False
    start = time.monotonic()
    findings = fuzz(asked.count, seed=asked.seed)
    for outcome, n in findings.outcomes.most_common():
        print(f"{n:6} {outcome}")
    print(f"{findings.deaths:6} children ended by a photo")
    print(f"{findings.most_memory / 1e6:6.0f} MB most in one child (limit 300 MB)")
    print(f"{findings.longest:6.2f} s longest, {time.monotonic() - start:.0f} s in all")
    for trouble in findings.troubles[:20]:
        print(f"  does not hold: {trouble}")
    return 0 if findings.holds else 1


if __name__ == "__main__":
    sys.exit(main())
