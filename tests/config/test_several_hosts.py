"""Settings of an installation on several hosts (docs/scale-out.md)."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from typing import Any

import pytest

from config import settings as ours

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
