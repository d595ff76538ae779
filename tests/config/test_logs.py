import json
import logging
import sys
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import URLResolver, get_resolver

from config import env
from config.logs import JsonLines, Lines, WithoutCapabilities, hide
from townhall.capabilities import token_for


def test_a_residents_token_is_not_written_to_a_log() -> None:
    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 0, "Not Found: %s", ("/en/r/S3cr-et_/danke",), None
    )
    assert WithoutCapabilities().filter(record)
    assert record.getMessage() == "Not Found: /en/r/…/danke"


def doors(patterns: list[Any], before: str = "/") -> Iterator[str]:
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from doors(each.url_patterns, route)
        elif "<str:token>" in route:
            yield route


def test_no_door_that_a_token_opens_is_written_to_a_log() -> None:
    token = token_for("view", uuid.UUID(int=7))
    routes = list(doors(get_resolver().url_patterns))
    assert len(routes) > 40
    for route in routes:
        assert token not in hide(f"Gone: {route.replace('<str:token>', token)}"), route


def broken() -> logging.LogRecord:
    """An error of the database, which quotes the row, with a line break in its message."""
    words = "duplicate key\nDETAIL:  Key (email)=(x) erika@example.org, 0621 1234"
    try:
        raise ValueError(words)
    except ValueError:
        return logging.LogRecord(
            "reports", logging.ERROR, "", 0, "to %s\nfor /r/S3cr-et_", ("erika@example.org",),
            sys.exc_info(),
        )  # fmt: skip


def test_a_json_log_is_one_object_per_line() -> None:
    line = JsonLines().format(broken())
    assert "\n" not in line
    facts = json.loads(line)
    assert (facts["level"], facts["logger"], facts["error"]) == ("ERROR", "reports", "ValueError")
    assert facts["time"].endswith("+00:00")
    assert "duplicate key" in facts["traceback"]


@pytest.mark.parametrize("formatter", [JsonLines(), Lines()])
def test_no_log_holds_addresses_tokens_or_rows(formatter: logging.Formatter) -> None:
    text = formatter.format(broken())
    for secret in ("erika", "example.org", "0621", "S3cr"):
        assert secret not in text


def test_an_unknown_log_format_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_FORMAT", "xml")
    with pytest.raises(ImproperlyConfigured, match="LOG_FORMAT"):
        env.one_of("LOG_FORMAT", ("line", "json"))
