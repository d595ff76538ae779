"""Settings of an installation on several hosts (docs/scale-out.md)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from importlib.util import module_from_spec, spec_from_file_location
from typing import Any

import pytest
from django.core.files.storage import default_storage

from config import settings as ours
from config import several_hosts
from config.findings import Level
from config.web import listen

POOLER = "postgis://a:b@pooler:6432/augenmerk"
DIRECT = "postgis://a:b@database:5432/augenmerk"
NAMES = ("LIVE_DATABASE_URL", "AUGENMERK_DIRECT", "S3_BUCKET", "S3_ENDPOINT_URL", "REDIS_URL")
Settings = dict[str, Any]


@pytest.fixture
def settings_of(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Settings]:
    """The settings as a process with these variables has them."""

    def read(**variables: str) -> Settings:
        for name in NAMES:
            monkeypatch.delenv(name, raising=False)
        for name, value in {"DATABASE_URL": POOLER, **variables}.items():
            monkeypatch.setenv(name, value)
        spec = spec_from_file_location("config.settings_of_a_host", ours.__file__)
        assert spec and spec.loader
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        return vars(module)

    return read


Read = Callable[..., Settings]


def test_one_server_needs_none_of_it(settings_of: Read) -> None:
    settings = settings_of()
    assert settings["DATABASES"]["default"]["DISABLE_SERVER_SIDE_CURSORS"] is False
    assert settings["STORAGES"]["default"]["BACKEND"].endswith("FileSystemStorage")
    assert settings["CHANNEL_LAYERS"] == {}


def test_pages_go_through_the_pooler_and_keep_nothing_in_a_session(settings_of: Read) -> None:
    database = settings_of(LIVE_DATABASE_URL=DIRECT)["DATABASES"]["default"]
    assert database["HOST"] == "pooler"
    assert database["DISABLE_SERVER_SIDE_CURSORS"] is True
    assert "OPTIONS" not in database  # of itself Django prepares no statements


def test_worker_and_commands_go_past_the_pooler(settings_of: Read) -> None:
    database = settings_of(LIVE_DATABASE_URL=DIRECT, AUGENMERK_DIRECT="1")["DATABASES"]["default"]
    assert database["HOST"] == "database"
    assert database["DISABLE_SERVER_SIDE_CURSORS"] is False


def test_without_a_way_past_a_pooler_there_is_none(settings_of: Read) -> None:
    assert settings_of(AUGENMERK_DIRECT="1")["DATABASES"]["default"]["HOST"] == "pooler"


def test_photos_go_into_the_bucket_that_is_named(settings_of: Read) -> None:
    photos = settings_of(S3_BUCKET="fotos", S3_ENDPOINT_URL="https://s3.example.de")["STORAGES"]
    assert photos["default"]["BACKEND"] == "config.bucket.Bucket"
    assert photos["default"]["OPTIONS"]["bucket_name"] == "fotos"
    assert photos["default"]["OPTIONS"]["endpoint_url"] == "https://s3.example.de"


def test_live_processes_tell_each_other_by_redis(settings_of: Read) -> None:
    layer = settings_of(REDIS_URL="redis://:secret@redis:6379/0")["CHANNEL_LAYERS"]["default"]
    assert layer["BACKEND"] == "channels_redis.pubsub.RedisPubSubChannelLayer"
    assert layer["CONFIG"]["hosts"][0]["address"] == "redis://:secret@redis:6379/0"


# ── What the doctor says of them ─────────────────────────────────────────────────────────────
def test_one_server_hears_nothing_of_it(settings: Any) -> None:
    settings.REDIS_URL = settings.S3_BUCKET = ""
    looks = (several_hosts.packages, several_hosts.redis, several_hosts.bucket)
    assert [finding for look in looks for finding in look()] == []


def test_a_setting_whose_packages_are_missing_is_found(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REDIS_URL, settings.S3_BUCKET = "redis://localhost", "fotos"
    monkeypatch.setattr(several_hosts, "find_spec", lambda name: None)
    findings = list(several_hosts.packages())
    assert [finding.remedy for finding in findings] == ["bin/setup --scale"] * 2


def test_a_redis_that_is_gone_is_no_harm(settings: Any) -> None:
    with closing(listen("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        settings.REDIS_URL = f"redis://:secret@127.0.0.1:{port}/0"
        [answering] = several_hosts.redis()
    [silent] = several_hosts.redis()
    assert (answering.level, silent.level) == (Level.OK, Level.NOTE)
    assert "secret" not in f"{answering}{silent}"


@pytest.mark.parametrize(
    ("status", "level"), [("200 OK", Level.BROKEN), ("403 Forbidden", Level.OK)]
)
def test_a_bucket_that_everybody_can_read_is_found(
    settings: Any, monkeypatch: pytest.MonkeyPatch, status: str, level: Level
) -> None:
    monkeypatch.setattr(several_hosts, "find_spec", lambda name: True)
    with answering(status) as endpoint:
        settings.S3_BUCKET = "fotos"
        settings.STORAGES = {
            "default": {
                "BACKEND": "django.core.files.storage.InMemoryStorage",
                "OPTIONS": {},
            },
            "staticfiles": settings.STORAGES["staticfiles"],
        }
        assert not default_storage.exists("images/nobody/full.webp")
        settings.STORAGES["default"]["OPTIONS"] = {"endpoint_url": endpoint, "region_name": ""}
        [finding] = several_hosts.bucket()
    assert finding.level == level


@contextmanager
def answering(status: str) -> Iterator[str]:
    """A store in one sentence: every request gets this status."""

    def serve() -> None:
        line, _ = listener.accept()
        with line:
            line.recv(10_000)
            line.sendall(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())

    with closing(listen("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join(10)


@pytest.mark.django_db
def test_a_database_on_this_machine_needs_no_keepalives() -> None:
    assert list(several_hosts.keepalives()) == []
