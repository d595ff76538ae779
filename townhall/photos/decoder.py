"""The process that opens strangers' pictures. Run by pool.py, one photo at a time.

This file is started alone (`python -I decoder.py`), with an empty environment and one socket as
file 0: it imports neither Django nor anything of ours. Before it reads the first byte of a photo it
gives up root, the right to gain privileges, to open files or sockets, and memory beyond a limit.

Asked: 8 bytes length (big-endian), then the photo. Answered: one line of JSON, then, where it says
so, the bytes of the full picture and of the thumbnail.
"""

from __future__ import annotations

import contextlib
import ctypes
import io
import json
import os
import pwd
import re
import resource
import socket
import struct
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from PIL import Image, ImageCms
from pillow_heif import register_heif_opener

FULL = 1600  # px, longer side
THUMB = 480
MAX_JPEG_PIXELS = 250_000_000  # decoded at an eighth of the size
MAX_PIXELS = 64_000_000
MEMORY = 2 * 1024**3  # a progressive JPEG of 250 MP needs 1.5 GB of coefficients
CPU_SECONDS = 25

Image.MAX_IMAGE_PIXELS = None  # our own limits, which tell a JPEG from the others
Image.init()  # all codecs now: nothing can be opened later
register_heif_opener(thumbnails=False)
SRGB = ImageCms.createProfile("sRGB")
# What most cameras write; spares 30 ms.
ALREADY_SRGB = {"sRGB IEC61966-2.1", "sRGB IEC61966-2-1", "sRGB built-in", "sRGB"}


class Refused(Exception):
    """This photo is not taken. `reason` is one of the words in photos/refusals.py."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Picture:
    """What is known of a processed photo. Sizes in px, colour `#rrggbb`."""

    width: int
    height: int
    thumb_width: int
    thumb_height: int
    colour: str
    full_bytes: int
    thumb_bytes: int


def process(photo: bytes) -> tuple[Picture, bytes, bytes]:
    """Upright, at most 1600 px, on white, in sRGB, as WebP without any metadata."""
    kind = kind_of(photo)
    if not is_whole(kind, photo):
        raise Refused("truncated")
    with refusals():
        full = upright(opened(kind, photo))
        thumb = fitted(full, THUMB)
        full_file, thumb_file = as_webp(full), as_webp(thumb)
        red, green, blue = thumb.resize((1, 1), Image.Resampling.BOX).tobytes()
    facts = Picture(
        width=full.width,
        height=full.height,
        thumb_width=thumb.width,
        thumb_height=thumb.height,
        colour=f"#{red:02x}{green:02x}{blue:02x}",
        full_bytes=len(full_file),
        thumb_bytes=len(thumb_file),
    )
    return facts, full_file, thumb_file


# ── What is it? ──────────────────────────────────────────────────────────────────────────────
HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"mif2"}
AVIF_BRANDS = {b"avif", b"avis"}


def kind_of(photo: bytes) -> str:
    """By its first bytes; neither name nor declared type is asked. Raises Refused."""
    if photo.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if photo.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if photo[:4] == b"RIFF" and photo[8:12] == b"WEBP":
        return "WEBP"
    if photo[4:8] == b"ftyp":
        size = int.from_bytes(photo[:4], "big")
        brands = {photo[at : at + 4] for at in (8, *range(16, min(size, 128), 4))}
        if brands & AVIF_BRANDS:
            return "AVIF"
        if brands & HEIF_BRANDS:
            return "HEIF"
    raise Refused("format" if photo else "empty")


def is_whole(kind: str, photo: bytes) -> bool:
    """Whether a container holds the bytes it announces. JPEG and PNG tell while decoding."""
    if kind == "WEBP":
        return int.from_bytes(photo[4:8], "little") + 8 <= len(photo)
    if kind in {"AVIF", "HEIF"}:
        return boxes_fit(photo)
    return True


def boxes_fit(photo: bytes) -> bool:
    """Whether no top-level box of an ISO media file reaches beyond its end."""
    at = 0
    while at + 8 <= len(photo):
        size = int.from_bytes(photo[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(photo[at + 8 : at + 16], "big")
        if size == 0:  # "to the end of the file"
            return True
        if size < 8:  # something was appended; what came before is complete
            return True
        at += size
    return at <= len(photo)


def canvas_of(photo: bytes) -> tuple[int, int]:
    """Size of an extended WebP's canvas, which the library allocates on opening."""
    if photo[12:16] != b"VP8X":
        return (0, 0)
    return (
        int.from_bytes(photo[24:27], "little") + 1,
        int.from_bytes(photo[27:30], "little") + 1,
    )


@contextlib.contextmanager
def refusals() -> Iterator[None]:
    """Whatever a codec throws at a stranger's file is a fact about the file."""
    try:
        yield
    except Refused:
        raise
    except MemoryError:
        raise Refused("pixels") from None
    except Exception as error:
        truncated = re.search("truncated|end of file|premature|EOF", str(error), re.IGNORECASE)
        raise Refused("truncated" if truncated else "damaged") from None


def opened(kind: str, photo: bytes) -> Image.Image:
    """The first picture of the file, not yet decoded, its size within limits."""
    if kind == "WEBP":
        check_size(canvas_of(photo), MAX_PIXELS)
    formats = ("JPEG", "MPO") if kind == "JPEG" else (kind,)
    image = Image.open(io.BytesIO(photo), formats=formats)
    check_size(image.size, MAX_JPEG_PIXELS if kind == "JPEG" else MAX_PIXELS)
    if kind in {"PNG", "WEBP", "AVIF"} and getattr(image, "is_animated", False):
        raise Refused("animated")
    return image


def check_size(size: tuple[int, int], most: int) -> None:
    if size[0] * size[1] > most:
        raise Refused("pixels")


# ── Make it ours ─────────────────────────────────────────────────────────────────────────────
def upright(image: Image.Image) -> Image.Image:
    """Decoded, at most FULL px, turned as its EXIF says, RGB in sRGB on white, no metadata."""
    turn = orientation(image)
    profile = image.info.get("icc_profile")
    if image.format in {"JPEG", "MPO"}:
        # Exact target: draft() shrinks only while both sides stay above it.
        image.draft(image.mode, fit(image.size, FULL))
    image.load()
    small = fitted(plain(image), FULL)
    coloured = in_srgb(flat(small), profile)
    clean = Image.new("RGB", coloured.size)
    clean.paste(coloured)
    return clean.transpose(turn) if turn is not None else clean


TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def orientation(image: Image.Image) -> Image.Transpose | None:
    """How to turn it. Broken EXIF is common in real photos and says nothing."""
    try:
        return TURNS.get(image.getexif().get(0x0112, 1))
    except Exception:
        return None


def plain(image: Image.Image) -> Image.Image:
    """In a mode that can be scaled: L, RGB, RGBA or CMYK."""
    if image.mode in {"I", "F"} or image.mode.startswith("I;16"):
        return eight_bits(image)
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode in {"L", "RGB", "CMYK"}:
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def eight_bits(image: Image.Image) -> Image.Image:
    """Grey of 16 bits, scaled, not clipped."""
    return image.convert("F").point(lambda value: value * (1 / 257) + 0).convert("L")


def fit(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """The size with its longer side at most `longest`, never enlarged."""
    scale = min(1.0, longest / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def fitted(image: Image.Image, longest: int) -> Image.Image:
    size = fit(image.size, longest)
    if size == image.size:
        return image
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def flat(image: Image.Image) -> Image.Image:
    """On white paper."""
    if image.mode != "RGBA":
        return image
    paper = Image.new("RGBA", image.size, "white")
    paper.alpha_composite(image)
    return paper.convert("RGB")


def in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours of the profile it came with as sRGB. An unusable profile is ignored."""
    if profile:
        with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if image.mode == "RGB" and source.profile.profile_description in ALREADY_SRGB:
                return image
            moved = ImageCms.profileToProfile(image, source, SRGB, outputMode="RGB")
            if moved is not None:
                return moved
    return image.convert("RGB")


def as_webp(image: Image.Image) -> bytes:
    """Method 2: a third smaller than JPEG for 0.2 s at 2 MP."""
    file = io.BytesIO()
    image.save(file, "WEBP", quality=80, method=2)
    return file.getvalue()


# ── The process ──────────────────────────────────────────────────────────────────────────────
def lock_up() -> None:
    """Nothing but the processor, some memory and file 0 from here on."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")  # first to go
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.setgroups([])
        os.setgid(nobody.pw_gid)
        os.setuid(nobody.pw_uid)
    if sys.platform == "linux":
        no_new_privileges = 38
        ctypes.CDLL(None).prctl(no_new_privileges, 1, 0, 0, 0)
    os.chdir("/")
    quiet = os.open(os.devnull, os.O_RDWR)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    os.close(quiet)
    for what, limit in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 3),
        (resource.RLIMIT_AS, MEMORY),
    ):
        resource.setrlimit(what, (limit, limit))


def grant_time() -> None:
    """CPU seconds for the next photo, beyond those already spent."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(spent.ru_utime + spent.ru_stime) + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def answer(photo: bytes) -> bytes:
    try:
        facts, full, thumb = process(photo)
    except Refused as refused:
        return json.dumps({"refused": refused.reason}).encode() + b"\n"
    return json.dumps(asdict(facts)).encode() + b"\n" + full + thumb


def serve(line: socket.socket) -> None:
    """Answer until the other side hangs up."""
    reader = line.makefile("rb")
    line.sendall(b"ready\n")
    while len(head := reader.read(8)) == 8:
        (length,) = struct.unpack(">Q", head)
        grant_time()
        line.sendall(answer(reader.read(length)))


if __name__ == "__main__":
    lock_up()
    with contextlib.suppress(ConnectionError):
        serve(socket.socket(fileno=0))
