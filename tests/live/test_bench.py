"""The bench: a row runs end to end, and nothing is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from bench import live
from bench.house import ROOT, House

from . import houses


def test_a_message_is_measured_over_a_real_server(
    open_house: Callable[[], houses.House], tmp_path: Path
) -> None:
    house = House(open_house().database, tmp_path)
    try:
        (row, missed, memory) = live.rows_of(house, 5, rounds=1)
    finally:
        house.close()
    assert row.floor and row.ours > 0 and row.unit == "ms"
    assert (missed.ours, missed.holds) == (0, True)
    assert memory.unit == "kB per socket"


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL])
def test_the_scratch_database_goes_with_whoever_made_it(
    tmp_path: Path, ending: signal.Signals
) -> None:
    """The keeper waits for the end of its starter, whatever it is."""
    scratch = houses.migrated()
    starter = (
        "import subprocess, sys, time; subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE,"
        " start_new_session=True); print(flush=True); time.sleep(600)"
    )
    keeper = [sys.executable, str(ROOT / "bench" / "keeper.py"), scratch.database, str(tmp_path)]
    host = {f"PG{name.upper()}": str(value) for name, value in scratch.parameters.items()}
    process = subprocess.Popen(
        [sys.executable, "-c", starter, *keeper], env=os.environ | host, stdout=subprocess.PIPE
    )
    with process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(ending)
    deadline = time.monotonic() + 60
    while _exists(scratch) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _exists(scratch)


def _exists(house: houses.House) -> bool:
    with psycopg.connect(**house.parameters, dbname="postgres") as line:
        found = line.execute("SELECT 1 FROM pg_database WHERE datname = %s", [house.database])
        return found.fetchone() is not None
