"""What every door of the API may answer, as status codes and sentences."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rest_framework import status
from rest_framework.exceptions import APIException

from townhall.doors import told
from townhall.limits import TooMany


class TooFast(APIException):
    """429: why, what to do, and Retry-After (DRF takes it from `wait`, in seconds)."""

    status_code = status.HTTP_429_TOO_MANY_REQUESTS
    default_code = "throttled"

    def __init__(self, refused: TooMany) -> None:
        super().__init__(told(refused))
        self.wait = refused.wait_s


@contextmanager
def in_measure() -> Iterator[None]:
    """TooMany as an answer of the API."""
    try:
        yield
    except TooMany as refused:
        raise TooFast(refused) from None
