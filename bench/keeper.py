"""Waits until whoever started it is gone, then drops the scratch database and its folder.

    python bench/keeper.py DATABASE FOLDER < a pipe that nobody writes to

Where the server is says the environment (PGHOST, PGPORT, PGUSER).
"""

from __future__ import annotations

import shutil
import signal
import sys
import time

import psycopg
from psycopg import sql

PATIENCE_S = 60


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    database, folder = sys.argv[1:]
    sys.stdin.buffer.read()
    drop(database)
    shutil.rmtree(folder, ignore_errors=True)


def drop(database: str) -> None:
    """Another session may hold a database for a moment; of autovacuum we can't get rid."""
    command = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database))
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            with psycopg.connect(dbname="postgres", autocommit=True) as line:
                line.execute(command)
            return
        except (psycopg.errors.ObjectInUse, psycopg.errors.InsufficientPrivilege):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


if __name__ == "__main__":
    main()
