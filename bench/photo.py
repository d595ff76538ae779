"""A phone's photo of 12 megapixels, uploaded and processed, beside Pillow alone."""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Iterator
from uuid import uuid4

from PIL import Image

from bench.house import House
from bench.load import once, request
from bench.row import Row, cost
from townhall.photos.decoder import FULL, THUMB, fit

SIZE = (4000, 3000)


def rows(house: House, *, quick: bool) -> Iterator[Row]:
    photo = _photo()
    floors, ours = [], []
    with house.serving() as server:
        _upload(server.port, photo)  # warm: the decoders are started by the first photo
        for _ in range(3 if quick else 11):
            began = time.monotonic()
            _bare(photo)
            floors.append(time.monotonic() - began)
            ours.append(_upload(server.port, photo))
    yield cost(
        "photo: 12 MP, uploaded and processed",
        floor=statistics.median(floors) * 1000,
        ours=statistics.median(ours) * 1000,
        unit="ms",
        at_most=1.3,
    )


def _upload(port: int, photo: bytes) -> float:
    """Seconds until the server has it processed, stored and on disk."""
    edge = "augenmerk-bench"
    content = (
        f'--{edge}\r\nContent-Disposition: form-data; name="id"\r\n\r\n{uuid4()}\r\n--{edge}\r\n'
        'Content-Disposition: form-data; name="photo"; filename="foto.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    ).encode() + photo
    headers = {"Content-Type": f"multipart/form-data; boundary={edge}"}
    asked = request(
        "POST",
        "/api/v1/photos/",
        port=port,
        headers=headers,
        content=content + f"\r\n--{edge}--\r\n".encode(),
    )
    answer = once(port, asked)
    assert answer.status == 201, answer.body
    return answer.seconds


def _bare(photo: bytes) -> tuple[bytes, bytes]:
    """What can't be spared: decoded by an exact draft, scaled twice, encoded twice."""
    image = Image.open(io.BytesIO(photo))
    image.draft("RGB", fit(image.size, FULL))
    image.load()
    full = image.resize(fit(image.size, FULL), Image.Resampling.LANCZOS, reducing_gap=2.0)
    thumb = full.resize(fit(full.size, THUMB), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return _webp(full), _webp(thumb)


def _webp(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "WEBP", quality=80, method=2)
    return file.getvalue()


def _photo() -> bytes:
    """Soft shapes with fine grain, about as many bytes as a phone makes of a street."""
    soft = Image.effect_noise((SIZE[0] // 40, SIZE[1] // 40), 90).resize(
        SIZE, Image.Resampling.BICUBIC
    )
    grain = Image.effect_noise(SIZE, 18)
    red = Image.blend(soft, grain, 0.35)
    green = Image.blend(soft.transpose(Image.Transpose.ROTATE_180), grain, 0.35)
    picture = Image.merge("RGB", (red, green, Image.blend(red, green, 0.5)))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=88)
    return file.getvalue()
