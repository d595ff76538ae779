"""The worker's look at the clock. Real workers: tests/townhall/test_letters_worker.py."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from config import worker


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
