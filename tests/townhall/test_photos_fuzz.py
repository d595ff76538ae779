"""Photos that are a little broken: refused in words, and the decoders live on."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


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
    findings = bench.fuzz(100, seed=20261122)
    assert not findings.troubles
    assert sum(findings.outcomes.values()) == 100
    assert 0 < findings.outcomes["taken"] < 100
    assert 0 < findings.most_memory < bench.MEMORY
