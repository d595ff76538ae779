import logging

from config.logs import WithoutCapabilities


def test_a_residents_token_is_not_written_to_a_log() -> None:
    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 0, "Not Found: %s", ("/en/r/S3cr-et_/danke",), None
    )
    assert WithoutCapabilities().filter(record)
    assert record.getMessage() == "Not Found: /en/r/…/danke"
