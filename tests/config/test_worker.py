"""The worker's look at the clock, and what our processes keep out of their logs.

Real workers: tests/townhall/test_letters_worker.py.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import pytest
from django.db import OperationalError

from config import web, worker


def shows(*moments: float) -> Callable[[], float]:
    """A clock that is looked at so often."""
    return iter(moments).__next__


@pytest.mark.parametrize("jump", [3600.0, -7200.0])
def test_a_clock_that_was_set_is_noticed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], jump: float
) -> None:
    monkeypatch.setattr(worker, "LOOK_S", 0)
    clock = shows(1000, 1002, 1004 + jump, 1004 + jump)
    asyncio.run(worker.clock_jump(clock=clock, pace=shows(10, 12, 14, 14)))
    assert f"the clock was set by {jump:+.0f} s" in capsys.readouterr().err


def test_a_clock_that_is_slewed_is_let_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "LOOK_S", 0)
    with pytest.raises(RuntimeError, match="StopIteration"):  # it would look on and on
        asyncio.run(worker.clock_jump(clock=shows(100, 102.4, 104.8), pace=shows(0, 2, 4)))


def error(reason: Exception | asyncio.CancelledError) -> logging.LogRecord:
    found = (type(reason), reason, None)
    return logging.LogRecord("any", logging.ERROR, __file__, 1, "broken", None, found)


def test_a_lost_database_and_a_request_cut_off_at_the_end_leave_no_traceback() -> None:
    assert not worker.WithoutOutages().filter(error(OperationalError("gone")))
    assert not web.WithoutEndings().filter(error(asyncio.CancelledError()))


def test_other_errors_are_told_with_their_traceback() -> None:
    assert worker.WithoutOutages().filter(error(LookupError("ours")))
    assert web.WithoutEndings().filter(error(LookupError("ours")))
