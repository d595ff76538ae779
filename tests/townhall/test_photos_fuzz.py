"""Photos that are a little broken: refused in words, and the decoders live on."""

from __future__ import annotations

import importlib.util
import sys
import threading
from pathlib import Path
from types import ModuleType

import pytest

from townhall.photos.pool import Turns


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    """The script `bench/fuzz_photos.py`, whose long form is run by hand."""
    path = Path(__file__).parents[2] / "bench" / "fuzz_photos.py"
    spec = importlib.util.spec_from_file_location("fuzz_photos", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["fuzz_photos"] = module
    spec.loader.exec_module(module)
    return module


def test_a_hundred_broken_photos_break_nothing(
    bench: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AUGENMERK_DATA", raising=False)
    monkeypatch.setattr(bench, "LONGEST_SECONDS", 60)
    findings = bench.fuzz(100, seed=20261122)
    assert not findings.troubles
    assert sum(findings.outcomes.values()) == 100
    assert 0 < findings.outcomes["taken"] < 100
    assert 0 < findings.most_memory < bench.MOST_MEMORY


def test_who_waits_for_a_decoder_goes_before_who_comes_again() -> None:
    turns = Turns(1)
    assert turns.take(0)
    order: list[str] = []

    def wait() -> None:
        assert turns.take(20)
        order.append("waited")
        turns.give_back()

    waiting = threading.Thread(target=wait)
    waiting.start()
    while not turns._waiting:
        pass
    turns.give_back()  # and at once another photo of the same thread
    assert turns.take(20)
    order.append("came again")
    turns.give_back()
    waiting.join()
    assert order == ["waited", "came again"]


def test_a_place_that_nobody_waits_for_any_more_is_free() -> None:
    turns = Turns(1)
    assert turns.take(0)
    assert not turns.take(0.01)
    turns.give_back()
    assert turns.take(0)
