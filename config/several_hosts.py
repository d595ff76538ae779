"""What the doctor asks where one server is not all of it (docs/scale-out.md)."""

from __future__ import annotations

import socket
import urllib.request
from importlib.util import find_spec
from typing import cast
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection

from .findings import Findings, broken, note, ok

ANSWERS_S = 3.0
KEEPALIVE_S = 60  # a host that is cut off holds its locks for longer than this
_PACKAGES = {
    "REDIS_URL": ("channels_redis", "redis"),
    "S3_BUCKET": ("storages", "boto3"),
}
_NOBODY = "images/nobody/full.webp"


def packages() -> Findings:
    """Whether what a setting asks for is installed."""
    for setting, modules in _PACKAGES.items():
        if getattr(settings, setting) and not all(map(find_spec, modules)):
            yield broken(f"{setting} is set, and its packages are missing", "bin/setup --scale")


def redis() -> Findings:
    if not settings.REDIS_URL:
        return
    place = urlsplit(settings.REDIS_URL)
    host, port = place.hostname or "localhost", place.port or 6379
    try:
        socket.create_connection((host, port), ANSWERS_S).close()
    except OSError as error:
        what = f"Redis: {host}:{port} does not answer ({error.strerror or error})"
        yield note(what, "until it does, each live process listens by itself; is REDIS_URL right?")
    else:
        yield ok(f"Redis: {host}:{port} answers")


def bucket() -> Findings:
    """Whether the store answers us, and nobody else."""
    if not settings.S3_BUCKET or not find_spec("storages"):
        return
    try:
        default_storage.exists(_NOBODY)
    except OSError as error:
        yield broken(f"photos: bucket {settings.S3_BUCKET}: {error}", "are the S3_ settings right?")
        return
    if _is_public():
        what = f"photos: everybody can read the bucket {settings.S3_BUCKET}"
        yield broken(what, "make it private: our views hand out what may be seen")
    else:
        yield ok(f"photos: bucket {settings.S3_BUCKET} answers, and only us")


def _is_public() -> bool:
    """Whether a list of the bucket is given to anybody who asks."""
    options = cast("dict[str, str]", settings.STORAGES["default"]["OPTIONS"])
    endpoint = options["endpoint_url"] or f"https://s3.{options['region_name']}.amazonaws.com"
    try:
        with urllib.request.urlopen(  # noqa: S310  an address of our settings
            f"{endpoint}/{settings.S3_BUCKET}?list-type=2&max-keys=1", timeout=ANSWERS_S
        ) as answer:
            return bool(answer.status == 200)
    except OSError:  # also every status that says no
        return False


def keepalives() -> Findings:
    """A database that is reached by network must notice clients that are gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select inet_client_addr() is not null and inet_client_addr() <> inet_server_addr(),"
            " current_setting('tcp_keepalives_idle')::int"
        )
        is_far, idle_s = cursor.fetchone()
    if is_far and not 0 < idle_s <= KEEPALIVE_S:
        yield note(
            f"the database asks after {idle_s or 7200} s of silence whether a client still lives",
            "a host that is cut off keeps its locks so long. In postgresql.conf: "
            "tcp_keepalives_idle = 10, tcp_keepalives_interval = 3, tcp_keepalives_count = 3",
        )
