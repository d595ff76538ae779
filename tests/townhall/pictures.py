"""Pictures made by code, in every format a resident's phone may send."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageCms, PngImagePlugin
from pillow_heif import register_heif_opener

register_heif_opener()

RED, GREEN, BLUE, WHITE = (220, 20, 20), (20, 160, 40), (20, 40, 220), (250, 250, 250)
SECRET = b"Geheimer Ort 49.6811"
GPS = {1: "N", 2: (49.0, 40.0, 52.0), 3: "E", 4: (8.0, 37.0, 14.0)}
GPS_NOTED = ("N", [49.0, 40.0, 52.0], "E", [8.0, 37.0, 14.0])


def corners(width: int = 120, height: int = 80) -> Image.Image:
    """Upright: red and green above, blue and white below."""
    image = Image.new("RGB", (width, height), WHITE)
    image.paste(RED, (0, 0, width // 2, height // 2))
    image.paste(GREEN, (width // 2, 0, width, height // 2))
    image.paste(BLUE, (0, height // 2, width // 2, height))
    return image


STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def held(image: Image.Image, orientation: int) -> Image.Image:
    """As the sensor saw it when the phone was held that way."""
    way = STORED[orientation]
    return image if way is None else image.transpose(way)


def encoded(image: Image.Image, fmt: str = "JPEG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, fmt, **options)
    return file.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    """With the place, the device and a note."""
    found = Image.Exif()
    found[0x0112] = orientation
    found[0x010F] = "Fairphone"
    found[0x010E] = SECRET.decode()
    found.get_ifd(0x8825).update(GPS)
    return found


def telling(fmt: str) -> bytes:
    """A photo that tells everything about who took it: EXIF with place, XMP, profile, comment."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">' + SECRET + b"</x:xmpmeta>"
    options: dict[str, Any] = {"exif": exif(), "icc_profile": profile, "xmp": xmp}
    if fmt == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", SECRET.decode())
        text.add_itxt("XML:com.adobe.xmp", xmp.decode())
        options = {"exif": exif(), "icc_profile": profile, "pnginfo": text}
    if fmt == "JPEG":
        options["comment"] = SECRET
    return encoded(corners(), fmt, **options)


def animated(fmt: str) -> bytes:
    frames = [corners(), Image.new("RGB", (120, 80), RED), Image.new("RGB", (120, 80), BLUE)]
    return encoded(frames[0], fmt, save_all=True, append_images=frames[1:], duration=100)


def noise(width: int = 400, height: int = 300) -> Image.Image:
    """Compresses badly, so a cut loses something."""
    return Image.effect_noise((width, height), 90).convert("RGB")


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header announces a huge picture."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def jpeg_that_claims(width: int, height: int) -> bytes:
    photo = bytearray(encoded(corners()))
    at = photo.index(b"\xff\xc0") + 5
    photo[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(photo)


def swapped_profile() -> bytes:
    """A colour profile in which red is green and green is red."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = profile.index(b"rXYZ"), profile.index(b"gXYZ")
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    name = "sRGB built-in".encode("utf-16-be")
    return bytes(profile).replace(name, "Verdrehtes RG".encode("utf-16-be"))
